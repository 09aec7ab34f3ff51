"""The benchmark of the judge: every kind of claim is in its sample, and a judge that is wrong fails it."""

import importlib.util
import sys
from pathlib import Path

import pytest

from workbench.catalogue import builtin
from workbench.judging import judge

PATH = Path(__file__).parents[3] / "benchmarks" / "judge.py"


@pytest.fixture(scope="module")
def benchmark():
    sys.path.insert(0, str(PATH.parent))
    spec = importlib.util.spec_from_file_location("benchmark_of_the_judge", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path.remove(str(PATH.parent))


def test_the_quick_sample_holds_every_kind_of_claim(benchmark):
    entries = {entry.id: entry for entry in builtin().entries}
    assert {entries[name].kind for name in benchmark.CHEAP} == {entry.kind for entry in entries.values()}


def test_a_right_judge_passes(benchmark):
    said, cost = benchmark.counted(True, 6, 0, 1)
    assert benchmark.total(said, "right") >= 6 and benchmark.total(said, "wrong") >= 6 and cost > 0
    assert said["right supported"] > said["right undecided"] and not [key for key in said if ", trial " in key]


@pytest.mark.parametrize(("always", "mistake"), [("supported", "wrong supported"), ("refuted", "right refuted")])
def test_a_judge_that_always_says_the_same_is_found_out(benchmark, monkeypatch, always, mistake):
    monkeypatch.setattr(judge, "decide", lambda *looks, **how: (always, ""))
    said, _ = benchmark.counted(True, 4, 0, 1)
    assert said[mistake] and [key for key in said if ", trial " in key and key.endswith(mistake)]
