"""For which sizes a line holds: every size is said only where the algebra, or analytic functions, say so."""

import pytest
import sympy as sp

from workbench.calculus import rules
from workbench.claims import Claim, by, given, so
from workbench.judging.proofs import check, equality
from workbench.judging.sizes import analytic, for_every_size, smooth
from workbench.language import letters as L
from workbench.language.laws import E, gaussian, haar, mask

d, N = L.size("d"), L.count("N")
g, t, n = L.positive("g"), L.scalar("t"), L.positive("n")
A, W = L.matrix("A", d, d), L.matrix("W", d, d)
Sigma, Q, u = L.spd("Sigma", d), L.orthogonal("Q", d), L.vector("u", d)


def every(*steps):
    """For which of the lines after the first the check vouches for every size."""
    proof = check(Claim("identity", "", {}, (), (), lambda: iter(steps)))
    assert proof.stands, [line.reason for line in proof.lines]
    return [line.every for line in proof.lines[1:]]


HOLDS = {
    "numbers": [given("", g / N + g), so("", g * (N + 1) / N)],
    "a root of the size": [given("", sp.sqrt(N * g**2)), so("", g * sp.sqrt(N))],
    "an exponent": [given("", g**N * g), so("", g ** (N + 1))],
    "traces": [given("", N * L.tr(A * W)), so("", L.tr(N * W * A))],
    "a matrix": [given("", A * (W + W)), so("", 2 * A * W)],
    "a trace under a root": [given("", sp.sqrt(4 * L.tr(A * A.T))), so("", 2 * sp.sqrt(L.tr(A.T * A)))],
    "a gradient": [given("", L.tr(W * Sigma * W.T)), by(rules.gradient, wrt=W)],
    "letters replaced": [given("", L.tr(W * A)), by(rules.substitute, letters={W: Sigma * W})],
    "no size at all": [given("", g + g), so("", 2 * g)],
}


@pytest.mark.parametrize("what", HOLDS)
def test_equal_for_every_size(what):
    assert every(*HOLDS[what]) == [True]


def vouched(before, after):
    """Whether every size is said of two sides that are equal at some sizes only."""
    return for_every_size(equality, before, after, {}, ())


def test_what_is_equal_at_some_sizes_only_is_not_said_to_be_equal_at_every_size():
    assert not vouched(sp.S.Zero * d, (d - 1) * (d - 2) * (d - 3))
    assert not vouched(L.tr(A), L.tr(A) * (1 + (N - 2) * (N - 3)))
    assert not vouched(sp.sqrt((N - 9) ** 2), N - 9)  # the branch turns at N = 9
    assert not vouched(sp.Max(N, 3), N)
    assert not vouched(sp.sqrt(L.tr(A) ** 2), L.tr(A))  # at the sizes tried hypotheses may make the trace positive
    assert vouched(sp.sqrt(L.tr(A * Sigma * A.T) ** 2), L.tr(Sigma * A.T * A))
    assert not vouched(N * d, N * d + sp.exp(-(10**4) * (N - 37) ** 2))  # smaller than any ball at most sizes


def test_an_identity_of_matrices_of_two_rows_is_not_taken_for_one_of_all():
    two = A**2 - L.tr(A) * A  # Cayley and Hamilton, less the determinant
    assert not vouched(L.tr(two * A), L.tr(A) * (L.tr(A**2) - L.tr(A) ** 2) / 2)


def test_a_mean_over_gaussian_letters_and_masks_holds_for_every_size_and_another_one_at_the_sizes_tried():
    q = L.probability("q")
    x, o, turn = gaussian("x", d, cov=Sigma), mask("o", d, q), haar("H", d, d)
    assert every(given("", E(L.dot(x, x) ** 2)), by(rules.expectation)) == [True]
    assert every(given("", E(L.dot(o, o))), by(rules.expectation)) == [True]
    assert every(given("", E(L.tr(turn * A * turn * A))), by(rules.expectation)) == [False]
    wrong = L.tr(Sigma) * (1 + (d - 2) * (d - 3))
    assert not for_every_size(equality, E(L.dot(x, x)), wrong, {}, ())
    assert not for_every_size(equality, E(L.dot(o, o)), q * d * (1 + (d - 2) * (d - 3)), {}, ())


def test_the_state_after_so_many_steps_is_one_of_every_number_of_steps():
    assert every(given("", t / 2), by(rules.iterated, unknown=t, times=N, initial=g)) == [True]
    assert not for_every_size(equality, g / 2**N, g / 2**N * (1 + N * (N - 1) * (N - 2) * (N - 3)), {}, ())


def test_kinks_and_branches_are_not_analytic():
    assert analytic(sp.exp(N) * g, [N]) and analytic(sp.Abs(t) * N, [N])
    assert not analytic(sp.Abs(N - g), [N]) and not analytic(sp.sqrt(N - g), [N])
    assert smooth(g * sp.exp(t)) and not smooth(sp.Max(t, 0)) and not smooth(L.tr(Q)) and not smooth(sp.acos(sp.cos(g)))
