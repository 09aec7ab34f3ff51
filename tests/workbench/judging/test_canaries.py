"""Canaries: every run refutes what is known to be wrong, and a broken judge voids the run."""

import ast
import json
from dataclasses import replace
from math import exp
from pathlib import Path

import pytest
import sympy as sp

from workbench.judging import canaries, judge, proofs
from workbench.judging.canaries import FLOCK, Canary, fate, flock
from workbench.judging.decoys import decoys
from workbench.judging.judge import Finding
from workbench.theorem_files import KINDS

OWN = "vectors.gaussian.length"


@pytest.fixture
def fresh():
    """Canaries judged anew, and forgotten afterwards."""
    flock.cache_clear()
    yield
    flock.cache_clear()


@pytest.fixture
def broken_judge(monkeypatch, fresh):
    """A judge that supports whatever it is asked."""
    monkeypatch.setattr(judge, "decide", lambda *looks, **how: ("supported", ""))


@pytest.mark.parametrize("canary", FLOCK, ids=lambda canary: f"{canary.kind}: {canary.slip}")
def test_a_canary_is_refuted(canary):
    assert fate(canary) == "refuted"


def test_there_is_a_canary_of_every_kind_and_all_fall(fresh):
    assert {canary.kind for canary in FLOCK} == set(KINDS)
    fared = flock()
    assert not fared.void and fared.refuted == fared.total == len(FLOCK) + len(decoys())


RIGHT = {
    "fourth_moment": 3 * canaries.s**4,
    "tilted_mean": canaries.s**2 * canaries.u / 2,
    "squared_uniform": canaries.s / 3,
    "sample_variance": canaries.s**2,
    "slope": 2 * canaries.u * canaries.s**2,
    "trained_weight": canaries.v,
    "trained_risk": sp.S.One + 0 * canaries.s,
    "curvature": 2 * canaries.alpha,
    "onset": 1 / canaries.s**2,
    "shrinking_variance": canaries.s**2,
    "slack": 2 * canaries.s**4,
    "quadratic_form": sp.Trace(canaries.Lambda * canaries.A**2),
}


@pytest.mark.parametrize("canary", FLOCK, ids=lambda canary: f"{canary.kind}: {canary.slip}")
def test_a_canary_falls_by_its_slip_and_not_by_a_broken_twin(canary):
    if canary.twin.__name__ in RIGHT:
        assert fate(replace(canary, wrong=RIGHT[canary.twin.__name__])) == "supported"


def test_the_flows_are_right_up_to_their_steps():
    letters = {"s": 1.25, "u": 0.5, "v": 2.0}
    decay, balance = canaries.decay(1.25, 0.5, draw=None), canaries.balance(**letters, draw=None)
    exact = 0.5 * exp(-1.25 * canaries.TIME)
    assert exact < float(decay) < exact + canaries.STEPS**-4
    assert abs(float(balance) - (0.5**2 - 2.0**2)) < canaries.STEPS**-4


def test_a_broken_judge_voids_the_run_and_nothing_is_supported(broken_judge, workbench, folder, tmp_path):
    places = [tmp_path / name for name in ("v.json", "v.xml", "report")]
    reply = workbench("verify", folder.root, "--json", places[0], "--junit", places[1], "--report", places[2])
    assert reply.code == 4 and "void run" in reply.err and "0 supported" in reply.out
    (record,) = json.loads(places[0].read_text())["verdicts"]
    assert record["claim"] == OWN and record["status"] == "undecided" and "canary" in record["reason"]
    assert record["canaries"]["refuted"] < record["canaries"]["total"]
    assert "the run is void" in (places[2] / "index.html").read_text(encoding="utf-8")
    assert "<error" in places[1].read_text()


def test_a_void_run_leaves_nothing_in_the_record(broken_judge, workbench, folder, monkeypatch):
    assert workbench("verify", folder.root).code == 4
    monkeypatch.undo()
    flock.cache_clear()
    monkeypatch.chdir(folder.root.parent / "empty")
    again = workbench("verify", folder.root)
    assert again.code == 0 and "from the record" not in again.out


def test_a_void_process_supports_nothing_from_python_either(broken_judge):
    from workbench import conjecture, verify

    name = "measures.softmax_affine.linear_output"
    for verdict in (verify(name), conjecture(name, "V*(Sigma + mu*mu.T)*K.T*Q*x")):
        assert verdict.status == "undecided" and "void run" in verdict.reason


def test_a_conjecture_in_a_void_process_exits_4(broken_judge, workbench):
    reply = workbench("conjecture", "measures.softmax_affine.linear_output", "V*(Sigma + mu*mu.T)*K.T*Q*x")
    assert reply.code == 4 and "void run" in reply.err and "SUPPORTED" not in reply.out


@pytest.mark.parametrize("blind", ["look", "proofs"])
def test_a_judge_blind_in_one_eye_is_noticed(blind, monkeypatch, fresh):
    if blind == "look":
        monkeypatch.setattr(judge, "look", lambda *_: Finding(1e-9, 0.0, frozenset()))
    else:
        monkeypatch.setattr(proofs, "check", lambda claim: proofs.Proof(claim, ()))
    assert flock().void


def test_a_canary_that_raises_has_survived(monkeypatch, fresh):
    def raising(s, *, draw):
        raise RuntimeError("no")

    monkeypatch.setattr(canaries, "FLOCK", (Canary("rate", "raises", canaries.s, raising),))
    assert flock().survivors == ("rate: raises",)


def test_every_run_says_how_many_canaries_fell(workbench, folder, tmp_path, fresh):
    place = tmp_path / "v.json"
    first, second = (workbench("verify", folder.root, "--json", place, "--report", tmp_path / "r") for _ in range(2))
    total = len(FLOCK) + len(decoys())
    said = f"{total} of {total} canaries refuted"
    assert said in first.out and said in second.out and "from the record" in second.out
    assert json.loads(place.read_text())["verdicts"][0]["canaries"] == {"refuted": total, "total": total}
    assert said in (tmp_path / "r" / "index.html").read_text(encoding="utf-8")


def test_canaries_depend_on_no_chapter():
    tree = ast.parse(Path(canaries.__file__).read_text(encoding="utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [name for name in modules if name.startswith(("derivations", "numerics"))]
