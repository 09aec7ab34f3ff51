"""Fixed points enclosed: the certificate, the slope, and the refusal where none is isolated."""

import pytest
from flint import arb, fmpq
from sympy import Rational

from workbench.exact import fixed_points
from workbench.exact.rings import Balls, Dual, NotRational, Undefined
from workbench.exact.values import Walker, evaluate
from workbench.language.fixed_points import fixed_point
from workbench.language.letters import positive

s = positive("s")
golden = fixed_point(lambda t: 1 + t / (s + t))  # at s = 1: t² = 1 + t


def at(value):
    return evaluate(golden, {s: value}, Balls())


def test_the_ball_holds_the_fixed_point_and_is_narrow():
    found = at(fmpq(1))
    assert found.overlaps((1 + arb(5).sqrt()) / 2)
    assert found.rad() < 1e-14


def test_its_slope_is_that_of_the_implicit_function():
    moved = at(Dual(fmpq(1), fmpq(1)))
    steps = [at(fmpq(1) + fmpq(sign, 2**20)) for sign in (1, -1)]
    slope = (steps[0] - steps[1]) * 2**19
    assert abs(moved.slope - slope) < 2**-30
    assert moved.slope < 0


def test_a_fixed_point_is_no_rational_number():
    with pytest.raises(NotRational):
        evaluate(golden, {s: fmpq(1)})


def test_what_runs_away_is_not_called_a_fixed_point():
    with pytest.raises(Undefined, match="fixed point"):
        evaluate(fixed_point(lambda t: 1 + t * Rational(3, 2)), {}, Balls())


def test_what_turns_negative_is_given_up_at_once(monkeypatch):
    rounds, plain = [], fixed_points.Images.values
    monkeypatch.setattr(fixed_points.Images, "values", lambda of, at: rounds.append(1) or plain(of, at))
    with pytest.raises(Undefined, match="negative"):
        evaluate(fixed_point(lambda t: (t - 1) / (s + t)), {s: fmpq(1)}, Balls())
    assert len(rounds) == 1


def test_what_has_no_value_is_tried_once(monkeypatch):
    tries, plain = [], fixed_points.enclose_fixed_point
    monkeypatch.setattr(fixed_points, "enclose_fixed_point", lambda *given: tries.append(1) or plain(*given))
    walker, nowhere = Walker({}, Balls()), fixed_point(lambda t: 1 + t * Rational(3, 2))
    for line in (nowhere, nowhere + 1):
        with pytest.raises(Undefined, match="fixed point"):
            walker.visit(line)
    assert len(tries) == 1
