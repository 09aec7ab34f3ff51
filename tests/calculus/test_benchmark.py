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
    assert "the calculus > 9 s" in ladder.shortfalls("risk", 1, ladder.Answer(why="> 9 s"), {}, None, 1.0)[0]


def test_ratios(ladder):
    family = ladder.LADDER["quadratic"]
    mine = ladder.Answer(0.01, ("3",))
    assert ladder.wanting("quadratic", 2, mine, {"tensorgrad": ladder.Answer(11.0, ("3",))}, family) == []
    assert "not 1000" in ladder.wanting("quadratic", 2, mine, {"tensorgrad": ladder.Answer(2.0, ("3",))}, family)[0]
    last = max(family.peers["pairings"])
    assert (
        "slower than" in ladder.wanting("quadratic", last, mine, {"pairings": ladder.Answer(0.001, ("3",))}, family)[0]
    )


def test_an_absent_peer_is_named(ladder):
    runner = ladder.Runner([], cap=1)
    assert str(runner.run("tensorgrad", "risk", 1)) == "not installed"


def test_two_peers_agree_on_a_real_case(ladder):
    runner = ladder.Runner([sys.executable], cap=20)
    ours, theirs = (runner.run(peer, "arbitrary", 3) for peer in ("workbench", "pairings"))
    assert ours.value == theirs.value and ours.cpu is not None


def test_every_target_is_on_the_ladder(ladder):
    for name, (sizes, peers) in ladder.QUICK.items():
        assert set(sizes) <= set(ladder.LADDER[name].sizes) and set(peers) <= set(ladder.LADDER[name].peers)
        assert set(ladder.LADDER[name].targets) <= set(sizes) | {1}
