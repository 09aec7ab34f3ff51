"""Hand cases for acquisition.queries: one verb, one role, what one can do on paper."""

from flint import arb, fmpq

from derivations.acquisition import queries as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters, enclosed in balls."""
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_one_verb_with_one_role_moves_its_score_by_the_squares_of_query_and_key():
    # −(1·3² + 2²·1)
    found = worth(theorem.score_speed, K=1, R=1, width=1, Q=[[2]], C=[[3]], G=[[1]])
    assert arb(found.reshape(-1)[0]).overlaps(arb(-13))


def test_orthogonal_verbs_do_not_teach_each_other_and_others_do():
    def taught(second):
        """What the second verb is moved by a lesson of the first one alone, where keys are zero."""
        letters = {"K": 2, "R": 1, "width": 2, "C": [[0, 0]], "G": [[1], [0]], "Q": [[1, 0], second]}
        return arb(worth(theorem.score_speed, **letters).reshape(-1)[1])

    assert taught([0, 1]).overlaps(arb(0)) and taught([fmpq(1, 2), 1]).overlaps(arb(-1) / 2)


def test_with_two_nouns_the_saddle_is_left_at_a_quarter_of_the_root_of_two():
    # N = 2: √(8 − 12 + 6)/4, p m = 1
    assert worth(theorem.query_escape, p=fmpq(1, 2), m=2, g=0, V=5).overlaps(arb(2).sqrt() / 4)


def test_a_start_that_is_as_close_is_not_delayed():
    assert worth(theorem.query_delay, p=fmpq(1, 2), m=2, g=1, V=7, y=1).contains(0)
