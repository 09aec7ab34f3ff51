"""Errors of the calculus: each names what was asked, where it failed and what to do next."""

from __future__ import annotations

UNSOLVED = "write it down yourself with so(…), which is checked exactly; that it was missed is a fault of the workbench"


class CalculusError(ValueError):
    """A question that the calculus cannot answer exactly."""


class NotAffine(CalculusError):
    """An equation that is not affine in the unknown, or a letter with no eigenvalue given."""


class NotClosed(CalculusError):
    """A recursion of means that asks for a mean which is not followed."""


class NoClosedForm(CalculusError):
    """An equation whose solution is not a closed expression of the kind asked for."""


class NoCrossing(CalculusError):
    """A condition that holds for no, or for more than one, value of the parameter."""


class NotASolution(CalculusError):
    """A candidate that fails when it is substituted back."""


class DivergentMean(CalculusError):
    """A mean that is infinite: the exponent grows faster than the Gaussian law decays."""


class ShapeMismatch(CalculusError):
    """Two matrices that do not fit together."""


class NotTranslatable(CalculusError):
    """An expression that has no place in the algebra of trace words."""


class NotPolynomial(CalculusError):
    """A mean of something that is not a polynomial in its random letters."""


class NotGaussianCalculus(NotPolynomial):
    """A mean that the rules for Gaussian projections cannot compute."""


class NotSymmetric(CalculusError):
    """A covariance that is not its own transpose."""


class DegreeTooHigh(CalculusError):
    """A moment beyond the stated limit."""


class NotDifferentiable(CalculusError):
    """A derivative that the calculus does not know."""


class NoSuchMoment(CalculusError):
    """A mean that is infinite or undefined at the sizes given."""


class UnknownLaw(CalculusError):
    """A letter whose law is not of the kind that a mean is asked for."""
