"""Hand cases for emergence.shared_heads: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import shared_heads as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

ONE = {"K": 1, "N": 2, "lamda": 1, "p": [[1]], "rules": [[1]]}  # c = 1 + 2/2
ALONE = {"K": 1, "rules": [[1]], "N": 2, "f": 1, "lamda": 1}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_head_that_says_nothing_loses_the_variance_of_the_answer():
    assert worth(theorem.shared_loss, **ONE, v=0, u=[[1]]) == 1


def test_one_skill_is_a_parabola_in_the_gain():
    # 1 − 2vu + 2(vu)² at vu = 1
    assert worth(theorem.shared_loss, **ONE, v=1, u=[[1]]) == 1


def test_a_blind_head_learns_nothing_through_its_keys():
    assert not worth(theorem.key_gradient, **ONE, v=0, u=[[1]]).any()


def test_what_a_step_takes_from_the_read_out_it_takes_from_the_keys():
    assert worth(theorem.balance) == 0


def test_a_balanced_head_ends_at_the_length_of_its_rules():
    # c = 1 + 2/2 = 2, |ρ| = 5: v² = 5/2
    letters = {"N": 2, "lamda": 1, "K": 2, "rules": [[3], [4]], "u0": [[1], [0]], "v0": 1}
    assert worth(theorem.read_out_at_rest, **letters) == fmpq(5, 2)


def test_a_head_that_knows_half_needs_no_time():
    # one skill: what will be known is 1/c = 1/2
    time = theorem.shared_emergence_time.formula
    assert evaluate(time, as_point(time, **ALONE, g0=fmpq(1, 4)), Balls()) == 0


def test_four_skills_in_one_head_take_half_of_the_time_of_one():
    four = {**ALONE, "K": 4, "rules": [[1], [1], [1], [1]]}
    time = theorem.shared_emergence_time.formula
    alone, together = (
        evaluate(time, as_point(time, **letters), Balls())
        for letters in ({**ALONE, "g0": fmpq(1, 8)}, {**four, "g0": fmpq(1, 4)})  # an eighth of what is to be known
    )
    assert (2 * together).overlaps(alone) and not together.overlaps(alone)
