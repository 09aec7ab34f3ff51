"""Rules that average: each preserves the value, and is re-checked by the exact oracle."""

from __future__ import annotations

from typing import Any

from workbench.calculus.rules.making import rule
from workbench.calculus.rules.values_compared import same_value, same_value_given_others


@rule(same_value)
def expectation(line: Any) -> Any:
    """Average every random letter by the rule of its law."""
    from workbench.calculus.means.expectation import expect

    return expect(line)


@rule(same_value_given_others)
def averaging(line: Any, over: tuple[Any, ...]) -> Any:
    """Average some random letters, whatever the others are."""
    from workbench.calculus.means.expectation import expect
    from workbench.language.laws import E, ScalarMean

    means = {mean: [letter for letter in mean.args[1:] if letter in over] for mean in line.atoms(ScalarMean)}
    return line.xreplace({mean: E(expect(mean.inside, *here)) for mean, here in means.items() if here})


@rule(same_value)
def tilting(line: Any) -> Any:
    """A Gaussian tilted by exp(aᵀx) is a Gaussian shifted by Σa."""
    from workbench.calculus.means.projections.tilts import tilt

    return tilt(line)


@rule(same_value)
def projecting(line: Any) -> Any:
    """Average erf, relu, sign and steps of Gaussian projections by Stein, Price and tilting."""
    from workbench.calculus.means.projections.projections import expect_projections

    return expect_projections(line)


@rule(same_value)
def inverse_wishart(line: Any) -> Any:
    """Average words in the inverse of a Wishart matrix over pairings."""
    from workbench.calculus.means.pairings.inverse_wishart import expect_inverse_wishart

    return expect_inverse_wishart(line)


@rule(same_value)
def over_outcomes(line: Any) -> Any:
    """Average masks and random indices over the ways in which their places coincide."""
    from workbench.calculus.means.finite.finite_laws import expect_finite

    return expect_finite(line)


@rule(same_value)
def over_labels(line: Any) -> Any:
    """Average a mixture given its labels, and then the labels."""
    from workbench.calculus.means.expectation import expect
    from workbench.calculus.means.finite.mixtures import expect_mixture

    return expect_mixture(line, given_labels=expect)


@rule(same_value)
def over_rotations(line: Any) -> Any:
    """Average a uniformly random orthogonal matrix by Weingarten functions."""
    from workbench.calculus.means.pairings.haar import expect_haar

    return expect_haar(line)
