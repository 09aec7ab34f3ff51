"""Recursions of means: what closes, what does not and why, and what a wrong recursion is refuted by."""

import pytest
from sympy import ImmutableMatrix

from workbench.calculus import rules
from workbench.calculus.agreement import Refuted
from workbench.calculus.errors import NoCrossing, NotAffine, NotClosed
from workbench.exact.instances import draw, letters_of
from workbench.judging.sizes import expressions_in
from workbench.language.laws import gaussian, sphere
from workbench.language.letters import (
    count,
    dot,
    form,
    matrix,
    positive,
    probability,
    scalar,
    size,
    spd,
    tr,
    unit_vector,
    vector,
)

d, T = size("d"), count("T")
eta, sigma, r, s, h = positive("eta"), positive("sigma"), positive("r"), positive("s"), positive("h")
u, v, momentum = scalar("u"), scalar("v"), probability("momentum")
e, w, m, S, Lambda, W = vector("e", d), vector("w", d), vector("m", d), spd("S", d), spd("Lambda", d), matrix("W", d, d)
x, xi, key, unit = gaussian("x", d), gaussian("xi", 1), gaussian("key", d, cov=Lambda), sphere("unit", d)
DELTA = {e: e - eta * x * (x.T * e + sigma * xi)}
ANY = {e: e - eta * key * key.T * e}


def refuted(rule, line, after, **arguments):
    point = draw(letters_of(line, after, *expressions_in(arguments)), "wrong", {"d": 2, "T": 2})
    with pytest.raises(Refuted) as problem:
        rules.check_line(rule, line, after, point, arguments)
    return str(problem.value)


def test_the_squared_error_of_the_delta_rule_closes_on_itself():
    after = rules.recursion(dot(e, e), update=DELTA, means={r: dot(e, e)})
    assert (after - (1 - 2 * eta + (d + 2) * eta**2) * r - d * sigma**2 * eta**2).expand() == 0


def test_keys_of_length_one_shrink_errors_by_their_share_of_the_directions():
    update = {e: e - eta * unit * unit.T * e}
    after = rules.recursion(dot(e, e), update=update, means={r: dot(e, e)})
    assert (after - (1 - eta * (2 - eta) / d) * r).expand() == 0


def test_a_distance_from_a_target_is_followed_as_one_mean():
    update = {e: e + eta * x * (x.T * (w - e))}
    after = rules.recursion(dot(e - w, e - w), update=update, means={r: dot(e - w, e - w)})
    assert not after.has(w) and (after - (1 - 2 * eta + (d + 2) * eta**2) * r).expand() == 0


def test_the_mean_state_shrinks_by_the_covariance_of_the_keys():
    assert rules.recursion(e, update=ANY, means={m: e}) == m - eta * Lambda * m


def test_a_missing_mean_is_named():
    update = {W: W - eta * W * x * x.T + eta * x * x.T}
    with pytest.raises(NotClosed, match=r"asks for the mean of Trace\(W\) as well"):
        rules.recursion(tr(W * W.T), update=update, means={r: tr(W * W.T)})


def test_traces_that_never_end_advise_to_follow_the_matrix():
    with pytest.raises(NotClosed, match=r"goes on to ask for .*Lambda.*follow a matrix"):
        rules.after_steps(form(e, Lambda, e), update=ANY, times=T)


def test_an_update_that_is_not_linear_has_no_end():
    with pytest.raises(NotClosed, match=r"the next mean of u\*\*2 asks for that of u\*\*6"):
        rules.after_steps(u**2, update={u: u - eta * u**3}, times=T)


@pytest.mark.parametrize(
    ("line", "arguments", "says"),
    [
        (dot(e, e), {"update": DELTA, "means": {r: dot(e, w)}}, "that of the line"),
        (dot(e, e), {"update": {}, "means": {r: dot(e, e)}}, "the update of the state is missing"),
        (dot(e, e), {"update": {e: W}, "means": {r: dot(e, e)}}, "another shape"),
        (e * e.T, {"update": ANY, "means": {S: e * e.T, r: dot(e, e)}}, "one matrix is followed"),
    ],
)
def test_what_cannot_be_followed_is_said_in_a_sentence(line, arguments, says):
    with pytest.raises(NotAffine, match=says):
        rules.recursion(line, **arguments)


def test_a_unit_vector_is_no_state():
    axis = unit_vector("axis", d)
    with pytest.raises(NotAffine, match="cannot be the state"):
        rules.recursion(dot(axis, axis), update={axis: axis + e}, means={r: dot(axis, axis)})


def test_wrong_recursions_are_refuted():
    followed = {"update": DELTA, "means": {r: dot(e, e)}}
    right = rules.recursion(dot(e, e), **followed)
    assert "after one step" in refuted(rules.recursion, dot(e, e), right - 2 * eta**2 * r, **followed)
    assert "holds the state" in refuted(rules.recursion, dot(e, e), right + dot(e, w), **followed)
    assert "first mean" in refuted(rules.recursion, 2 * dot(e, e), right, **followed)


def test_the_square_of_a_mean_is_not_taken_for_the_mean_of_a_square():
    # from a given u the next u² is u⁴, and r² at r = u²; but E u⁴ is not (E u²)²
    assert "affine" in refuted(rules.recursion, u**2, r**2, update={u: u**2}, means={r: u**2})


def test_a_mean_after_steps_forgets_neither_start_nor_noise():
    after = rules.after_steps(dot(e, e), update=DELTA, times=T)
    for wrong in (after.xreplace({sigma: 2 * sigma}), after.xreplace({T: T + 1}), after + T * eta):
        refuted(rules.after_steps, dot(e, e), wrong, update=DELTA, times=T)


def test_equal_eigenvalues_grow_with_the_number_of_steps():
    assert rules.after_steps(u**2, update={u: u + eta * tr(xi)}, times=T) == u**2 + T * eta**2
    twice = {u: u + v, v: v + h}
    assert (rules.after_steps(u, update=twice, times=T) - u - T * v - h * T * (T - 1) / 2).expand() == 0


def test_two_means_of_a_matrix_are_followed_together():
    update = {W: W - eta * W * x * x.T + eta * x * x.T}
    after = rules.after_steps(tr(W * W.T), update=update, times=T)
    kept = 1 - 2 * eta + (d + 2) * eta**2
    error = tr(W * W.T) - 2 * tr(W) + d
    expected = d + 2 * (1 - eta) ** T * (tr(W) - d) + kept**T * error
    assert (after - expected).xreplace({tr(W * W.T): r, tr(W): s}).equals(0)


def test_momentum_bears_larger_steps():
    step = ImmutableMatrix([u - eta * h * u + momentum * v, momentum * v - eta * h * u])
    rate = rules.critical_rate(step, unknowns=[u, v], parameter=eta)
    assert (rate * h - 2 - 2 * momentum).expand() == 0


def test_a_complex_pair_leaves_through_the_circle():
    step = ImmutableMatrix([u - eta * u + s * v, s * v - eta * u])
    assert rules.critical_rate(step, unknowns=[u, v], parameter=s, hypotheses=[eta < 1]) == 1


def test_a_wrong_rate_is_refuted():
    line = (1 - 2 * eta + (d + 2) * eta**2) * r
    asked = {"unknowns": [r], "parameter": eta}
    assert rules.critical_rate(line, **asked) == 2 / (d + 2)
    for wrong in (2 / d, 1 / (d + 2), 4 / (d + 2)):
        refuted(rules.critical_rate, line, wrong, **asked)


def test_a_recursion_that_is_never_stable_has_no_critical_rate():
    with pytest.raises(NoCrossing, match="does not begin stable"):
        rules.critical_rate((1 + eta) * r, unknowns=[r], parameter=eta)


def test_a_recursion_that_is_no_number_is_refused():
    with pytest.raises(NotAffine, match="one letter for each number"):
        rules.critical_rate(ImmutableMatrix([r, s]), unknowns=[r], parameter=eta)
    with pytest.raises(NotAffine, match="not linear"):
        rules.critical_rate(eta * r**2, unknowns=[r], parameter=eta)
