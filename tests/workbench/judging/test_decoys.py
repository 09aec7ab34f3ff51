"""Decoys: false equations that agree where a careless re-check looks; each is told apart, and by its slip alone."""

import pytest

from workbench.exact.instances import as_rational
from workbench.exact.values import evaluate
from workbench.judging import proofs, statement
from workbench.judging.canaries import stands
from workbench.judging.decoys import KNOWN, A, Lambda, d, decoys, preferred_sizes


@pytest.mark.parametrize("wrong", decoys())
def test_a_false_line_does_not_stand(wrong):
    before, after = decoys()[wrong]
    assert not stands(before, after) and stands(before, before)


def test_the_sizes_to_vanish_at_are_read_from_the_judge(monkeypatch):
    small, _many = preferred_sizes()
    assert {shape[0] for shape in statement.SHAPES} <= set(small) and 11 not in small
    monkeypatch.setattr(proofs, "SIZES", ((11, 13),))
    assert 11 in preferred_sizes()[0] and 13 in preferred_sizes()[1]
    _, after = decoys()["a polynomial that vanishes at the judge's dimensions"]
    assert (after - KNOWN).subs(d, 11) == 0 != (after - KNOWN).subs(d, 10)


def test_a_recheck_at_small_sizes_alone_is_noticed(monkeypatch):
    for further in ("refute_far_away", "refute_at_generic_sizes"):
        monkeypatch.setattr(proofs, further, lambda *_: None)
    survivors = {wrong for wrong, pair in decoys().items() if stands(*pair)}
    assert {"a polynomial that vanishes at d = 1 … 6", "a kink beyond usual magnitudes"} <= survivors


def test_special_letters_satisfy_what_general_ones_do_not():
    point = {d: as_rational(2), A: as_rational([[0, 1], [1, 0]]), Lambda: as_rational([[2, 0], [0, 3]])}
    for kind in ("symmetric", "diagonal", "orthogonal"):
        before, after = (evaluate(side, point) for side in decoys()[f"right for {kind} matrices only"])
        assert before == after
