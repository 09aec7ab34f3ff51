"""Hand cases for emergence.metrics: what one can do on paper, compared exactly."""

import sympy as sp

from derivations.emergence import metrics as theorem


def test_a_task_of_one_token_rises_fastest_at_a_size_of_c():
    assert theorem.inflection.formula.subs(theorem.L, 1) == 0


def test_there_its_slope_is_the_exponent_over_e():
    # d/dx exp(−e^{−ax}) at 0 is a e^{−1}
    at_size_c = theorem.slope.formula.subs({theorem.L: 1, theorem.x: 0})
    assert at_size_c == theorem.a / sp.E == theorem.sharpness.formula


def test_from_one_in_sixteen_to_one_in_four_the_size_doubles():
    # ln 16 = 2 ln 4, and a = 1
    levels = {theorem.q: sp.Rational(1, 16), theorem.r: sp.Rational(1, 4), theorem.a: sp.S.One}
    assert sp.simplify(theorem.width.formula.subs(levels) - sp.log(2)) == 0


def test_a_task_is_solved_with_the_chance_of_its_critical_size():
    # two tokens, a = 1, q = 1/e²: each is right with chance 1/e, at size c
    assert theorem.critical_size.formula.subs({theorem.L: 2, theorem.q: sp.exp(-2)}) == 0
