"""Counts: binomial and Poisson numbers, and how often each of d equally likely categories was drawn."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Identity, OneMatrix, S, sympify
from sympy.core.symbol import Str

from workbench.language.laws import Random


class Binomial(Random):
    """A column of independent counts of successes in so many trials, each with the probability `rate`."""

    @property
    def trials(self) -> Expr:
        return self._args[3]  # type: ignore[return-value]

    @property
    def rate(self) -> Expr:
        return self._args[4]  # type: ignore[return-value]


class Poisson(Random):
    """A column of independent Poisson counts with the mean `rate`."""

    @property
    def rate(self) -> Expr:
        return self._args[3]  # type: ignore[return-value]


class Multinomial(Random):
    """How often each of the categories came up in so many draws, every category equally likely."""

    @property
    def trials(self) -> Expr:
        return self._args[3]  # type: ignore[return-value]


COUNTS = (Binomial, Poisson, Multinomial)


def binomial(name: str, d: Any, trials: Any, rate: Any) -> Binomial:
    """Let `name` be a d×1 column of independent counts of successes in `trials` trials of probability `rate`.

    Raises ValueError when the rate is a number outside [0, 1], or trials are no whole number.
    """
    rate = sympify(rate)
    if rate.is_number and not 0 <= rate <= 1:
        raise ValueError(f"binomial {name!r}: {rate} is not a probability; give a rate between 0 and 1")
    return Binomial(Str(name), sympify(d), S.One, whole(name, trials), rate)


def poisson(name: str, d: Any, rate: Any) -> Poisson:
    """Let `name` be a d×1 column of independent Poisson counts with that mean.

    Raises ValueError when the rate is a number below 0.
    """
    rate = sympify(rate)
    if rate.is_negative:
        raise ValueError(f"poisson {name!r}: the rate {rate} is negative; a mean count is at least 0")
    return Poisson(Str(name), sympify(d), S.One, rate)


def multinomial(name: str, d: Any, trials: Any) -> Multinomial:
    """Let `name` count how often each of d equally likely categories comes up in `trials` draws; its entries sum to it.

    Raises ValueError when trials are no whole number.
    """
    return Multinomial(Str(name), sympify(d), S.One, whole(name, trials))


def whole(name: str, trials: Any) -> Expr:
    """A number of trials."""
    trials = sympify(trials)
    if not trials.is_integer or trials.is_negative:
        raise ValueError(f"{name}: {trials} is no number of trials; take a whole number, or a letter that is a count")
    return trials


def two_moments(letter: Any) -> tuple[Any, Any]:
    """The mean and the covariance of a column of counts."""
    d, ones = letter.rows, OneMatrix(letter.rows, 1)
    if isinstance(letter, Binomial):
        n, q = letter.trials, letter.rate
        return n * q * ones, n * q * (1 - q) * Identity(d)
    if isinstance(letter, Poisson):
        return letter.rate * ones, letter.rate * Identity(d)
    if isinstance(letter, Multinomial):
        n = letter.trials
        return n / d * ones, n / d * Identity(d) - n / d**2 * OneMatrix(d, d)
    raise TypeError(f"{letter} is no column of counts")
