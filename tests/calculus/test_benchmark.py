"""The ladder of the benchmark notices a wrong result, a missed target, a small ratio and an absent peer."""

import importlib.util
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "calculus.py"


@pytest.fixture(scope="module")
def ladder():
    spec = importlib.util.spec_from_file_location("ladder_of_the_calculus", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_results_and_targets(ladder):
    mine, other = ladder.Answer(0.1, ("3",)), ladder.Answer(5.0, ("3",))
    assert ladder.shortfalls("risk", 1, mine, {"tensorgrad": other}, 0.2, 1.0) == []
    wrong = ladder.Answer(5.0, ("4",))
    assert "another value" in ladder.shortfalls("risk", 1, mine, {"tensorgrad": wrong}, 0.2, 1.0)[0]
    assert "the target is 0.05" in ladder.shortfalls("risk", 1, mine, {}, 0.05, 1.0)[0]
    assert ladder.shortfalls("risk", 1, mine, {}, 0.05, 3.0) == []
    assert "the calculus > 9 s" in ladder.shortfalls("risk", 1, ladder.Answer(why="> 9 s", beyond=9), {}, None, 1.0)[0]


def test_the_bar_lies_at_the_largest_size_that_tensorgrad_finishes(ladder):
    mine, quick, slow = ladder.Answer(0.01, ("3",)), ladder.Answer(0.1, ("3",)), ladder.Answer(11.0, ("3",))
    dead = ladder.Answer(why="> 20 s", beyond=20)
    assert ladder.bar("risk", [(1, mine, quick), (2, mine, slow)]) == ("the bar is at k=2: ×1100, held", [])
    assert ladder.bar("risk", [(1, mine, slow), (2, mine, dead)]) == ("the bar is at k=1: ×1100, held", [])
    assert ladder.bar("risk", [(1, mine, quick), (2, mine, dead)]) == ("the bar is at k=2: at least ×2000, held", [])
    missed = ladder.bar("risk", [(1, mine, ladder.Answer(2.0, ("3",)))])
    assert missed == ("the bar is at k=1: ×200, missed", ["risk k=1: 200× faster than tensorgrad, not 1000×"])
    assert ladder.bar("risk", [(1, mine, quick)]) == ("no bar: every size here takes tensorgrad under 1 s", [])
    assert ladder.bar("risk", []) == ("", [])


def test_a_specialist_is_to_be_slower_at_its_largest_size(ladder):
    family, mine = ladder.LADDER["quadratic"], ladder.Answer(0.01, ("3",))
    faster, last = {"pairings": ladder.Answer(0.001, ("3",))}, max(ladder.LADDER["quadratic"].peers["pairings"])
    assert "slower than" in ladder.slower("quadratic", last, mine, faster, family)[0]
    assert ladder.slower("quadratic", last - 1, mine, faster, family) == []


def test_short_times_are_the_least_of_several_processes(ladder, monkeypatch):
    times = iter([(0.03, 0.02), (0.01, None), (0.02, 0.015)])
    runner = ladder.Runner([], cap=1)
    monkeypatch.setattr(runner, "once", lambda *_: ladder.Answer(*(pair := next(times))[:1], ("3",), pair[1]))
    assert runner.run("workbench", "risk", 1, repeat=True) == ladder.Answer(0.01, ("3",), 0.015)


def test_an_absent_peer_is_named(ladder):
    runner = ladder.Runner([], cap=1)
    assert str(runner.run("tensorgrad", "risk", 1)) == "not installed"


def test_two_peers_agree_on_a_real_case(ladder):
    runner = ladder.Runner([sys.executable], cap=20)
    ours, theirs = (runner.run(peer, "arbitrary", 3) for peer in ("workbench", "pairings"))
    assert ours.value == theirs.value and ours.cold is not None


def test_every_target_is_on_the_ladder(ladder):
    for name, (sizes, peers) in ladder.QUICK.items():
        assert set(sizes) <= set(ladder.LADDER[name].sizes) and set(peers) <= set(ladder.LADDER[name].peers)
        assert set(ladder.LADDER[name].targets) <= set(sizes) | {1}
