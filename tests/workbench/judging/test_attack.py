"""The attack on the judge: many statements of known truth, and a judge that is wrong about one is found out."""

import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

import workbench
from workbench.errors import BadInput
from workbench.judging import judge

PLACE = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture(scope="module")
def attack():
    sys.path.insert(0, str(PLACE))
    import attack

    yield attack
    sys.path.remove(str(PLACE))


def test_there_are_two_hundred_statements_of_either_truth_and_none_twice(attack):
    every = attack.chosen(False, 0)
    assert min(Counter(one.right for one in every).values()) >= 200
    assert len({(one.text, one.where, one.claim) for one in every if not one.right}) == sum(not o.right for o in every)


def test_a_seed_draws_a_few_statements_of_every_family(attack):
    few, again, others = (attack.chosen(True, seed) for seed in (0, 0, 1))
    assert few == again != others
    assert min(Counter(one.right for one in few).values()) >= 200
    assert {one.family for one in few} == {one.family for one in attack.chosen(False, 0)}


def test_the_sizes_to_vanish_at_are_read_from_the_judge(attack, monkeypatch):
    from families.wrong import preferred

    small, many = preferred()
    assert len(small) > 2 and len(many) > 2 and not {11, 13} & {*small, *many}
    monkeypatch.setattr(judge, "PLANTED", ((11, 13),), raising=False)
    assert preferred() == ([*small, 11], [*many, 13])


def test_a_wrong_statement_has_no_right_twin(attack):
    every = attack.chosen(False, 0)
    right = {(one.text, one.where, one.claim) for one in every if one.right}
    assert not [one for one in every if not one.right and (one.text, one.where, one.claim) in right]


def answering(monkeypatch, answer):
    monkeypatch.setattr(workbench, "check", lambda text, where: answer() if callable(answer) else answer)


@pytest.mark.parametrize(
    ("status", "mistaken"),
    [("supported", {False}), ("supported at sizes", {False}), ("refuted", {True}), ("undecided", set())],
)
def test_a_wrong_verdict_is_a_mistake(attack, monkeypatch, status, mistaken):
    answering(monkeypatch, SimpleNamespace(status=status, reason="", compared="", witness=None, correction=None))
    for right in (False, True):
        (found,) = attack.fates([attack.Statement("t == t", right=right, family="one")], 1)
        assert found.mistaken is (right in mistaken)
        assert attack.mistakes([found]) == ([str(found)] if found.mistaken else [])


def test_a_refusal_is_an_answer_and_a_traceback_is_a_mistake(attack, monkeypatch):
    def raising(error):
        raise error

    for error, said, mistaken in ((BadInput("no"), "refused", False), (KeyError("no"), "crashed", True)):
        answering(monkeypatch, lambda error=error: raising(error))
        (found,) = attack.fates([attack.Statement("t == t", family="one")], 1)
        assert (found.said, found.mistaken) == (said, mistaken)
        assert attack.cells([found])[1 + attack.ANSWERED.index(said)] == "1"
