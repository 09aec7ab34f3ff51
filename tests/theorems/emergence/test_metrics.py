"""Hand cases for emergence.metrics: what one can do on paper, and text that is sampled."""

import numpy as np
import sympy as sp

from derivations.emergence import metrics as theorem
from numerics.emergence.metrics import all_known


def test_from_one_in_sixteen_to_one_in_four_the_rank_doubles():
    # ln 16 = 2 ln 4, and α = 1
    levels = {theorem.q: sp.Rational(1, 16), theorem.s: sp.Rational(1, 4), theorem.alpha: sp.S.One}
    assert sp.simplify(theorem.width.formula.subs(levels) - sp.log(2)) == 0


def test_where_the_metric_rises_fastest_one_task_in_e_is_solved():
    steepest = theorem.solved.formula.subs(theorem.rho, sp.exp(theorem.inflection.formula))
    assert sp.simplify(steepest.subs(theorem.alpha, 1) - sp.exp(-1)) == 0
    assert theorem.sharpness.formula == theorem.alpha / sp.E


def test_sampled_readers_know_sampled_tasks_as_often_as_is_summed():
    rng, sigma, r, often = np.random.default_rng(0), 2.0, 20.0, 10.0
    rarity = np.arange(1.0, 4_001) ** -sigma
    tries = 4_000
    known = sum(
        not ((rng.poisson(r**sigma * rarity) == 0) & (rng.poisson(often * rarity) > 0)).any() for _ in range(tries)
    )
    chance = float(all_known(1.0, often, np.log(r)))
    assert abs(known / tries - chance) < 4 * np.sqrt(chance * (1 - chance) / tries)
