"""Means through lengths, enclosed: against known moments of χ², and what has no mean or cannot be enclosed."""

import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq

from workbench.exact.lengths import chi_mean
from workbench.exact.rings import Balls, NotRational, Rationals, Undefined
from workbench.exact.values import evaluate
from workbench.language.laws import E, gaussian
from workbench.language.letters import dot, size, spd

d = size("d")
S = spd("Sigma", d)
x, w = gaussian("x", d), gaussian("w", d, cov=S)


@pytest.mark.parametrize("freedom", [1, 2, 5])
@pytest.mark.parametrize("power", [fmpq(-1, 4), fmpq(1, 2), fmpq(3)], ids=str)
def test_powers_and_logarithms_of_chi_squares_are_the_known_ones(freedom, power):
    half = arb(freedom) / 2
    known = arb(2) ** arb(power) * (half + arb(power)).gamma() / half.gamma()
    found = chi_mean(freedom, power)
    assert found.overlaps(known)
    assert found.rad() < 1e-9
    logarithm = chi_mean(freedom, power, 1, fmpq(3))
    assert logarithm.overlaps(known * ((half + arb(power)).digamma() + arb(6).log()))


def test_a_mean_that_is_infinite_has_no_value():
    for n in (1, 2):
        with pytest.raises(Undefined):
            evaluate(E(1 / dot(x, x)), {d: fmpq(n)}, Balls())
    assert evaluate(E(1 / dot(x, x)), {d: fmpq(3)}, Balls()).overlaps(arb(1))


def test_lengths_that_are_not_isotropic_and_exact_values_are_left_alone():
    uneven = {d: fmpq(2), S: np.array([[fmpq(1), fmpq(0)], [fmpq(0), fmpq(2)]])}
    with pytest.raises(NotRational, match="isotropic"):
        evaluate(E(sp.sqrt(dot(w, w))), uneven, Balls())
    with pytest.raises(NotRational):
        evaluate(E(sp.sqrt(dot(x, x))), {d: fmpq(2)}, Rationals())
