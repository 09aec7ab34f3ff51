"""Runs: verdicts depend on neither workers nor order, and nothing finished is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from workbench.catalogue import Catalogue
from workbench.errors import BadInput
from workbench.record import Record
from workbench.runs import attempt, entries_of, run

SETTINGS = {"standard": "quick", "seed": 0}


def records(outcomes):
    """What was found, by claim, without how long it took."""
    return {o.entry.id: replace(o.verdict, seconds=0).record() for o in outcomes}


@pytest.fixture
def entries(folder):
    """Three claims in a folder of their own."""
    folder.write("vectors.second").write("other.third")
    return Catalogue((folder.root,)).entries


def test_one_worker_and_two_find_the_same(entries):
    alone, together = (records(run(entries, jobs=jobs, **SETTINGS)) for jobs in (1, 2))
    assert alone == together and len(alone) == 3
    assert all(found["status"] == "supported" for found in alone.values())


def test_the_order_changes_nothing(entries):
    assert records(run(entries[::-1], **SETTINGS)) == records(run(entries, **SETTINGS))


def test_an_executor_of_ones_own_finds_the_same(entries):
    with ThreadPoolExecutor(1) as executor:
        assert records(run(entries, executor=executor, **SETTINGS)) == records(run(entries, **SETTINGS))


def test_another_seed_measures_elsewhere(entries):
    one, other = (records(run(entries[:1], standard="quick", seed=seed)) for seed in (0, 1))
    ((a,), (b,)) = one.values(), other.values()
    assert a["status"] == b["status"] == "supported"
    assert a["instances"][0]["letters"] != b["instances"][0]["letters"]


def test_what_was_found_before_is_remembered_until_it_changes(entries, folder, tmp_path):
    record = Record(tmp_path / "record.sqlite")
    first = list(run(entries, record=record, **SETTINGS))
    again = list(run(entries, record=record, **SETTINGS))
    assert not any(o.remembered for o in first) and all(o.remembered for o in again)
    assert [o.verdict for o in again] == [o.verdict for o in first]
    assert not any(o.remembered for o in run(entries, record=record, fresh=True, **SETTINGS))
    assert not any(o.remembered for o in run(entries, record=record, standard="quick", seed=9))


def test_a_run_that_is_stopped_keeps_what_it_finished(entries, tmp_path):
    record = Record(tmp_path / "record.sqlite")
    running = run(entries, record=record, **SETTINGS)
    done = next(running)
    running.close()
    resumed = list(run(entries, record=record, **SETTINGS))
    assert [o.entry.id for o in resumed if o.remembered] == [done.entry.id] and len(resumed) == 3


DEADLY = """
import os

import torch


def length(s, Sigma, *, draw):
    os._exit(9)
"""


def test_a_worker_that_dies_takes_nobody_with_it(folder):
    folder.write("deadly.twin", twin=DEADLY).write("vectors.second")
    outcomes = {o.entry.id: o for o in run(Catalogue((folder.root,)).entries, jobs=2, **SETTINGS)}
    assert len(outcomes) == 3
    dead = outcomes.pop("deadly.twin.length")
    assert dead.verdict is None and "killed its worker twice" in dead.problem
    assert all(o.verdict.status == "supported" for o in outcomes.values())


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("(s, Sigma, *", "(s, Sigma, gamma, *", "asks for gamma, which the theorem does not name"),
        ("return s * (x @ x)", "return s * x", "the formula has 1 components and its twin returns 2"),
        ("return s * (x @ x)", 'raise ValueError("a bad\\nday")', "ValueError: a bad day"),
        ("return s * (x @ x)", "return s * (x @ x) + draw.normal('x', 9).sum()", "use two names"),
    ],
)
def test_a_twin_that_fails_becomes_one_sentence(folder, old, new, sentence):
    folder.edit("numerics", "vectors.gaussian", old, new)
    outcome = attempt(Catalogue((folder.root,)).entries[0], "quick", 0)
    assert outcome.verdict is None and sentence in outcome.problem
    assert "\n" not in outcome.problem and "Traceback" not in outcome.problem


def test_a_twin_that_returns_nan_supports_nothing(folder):
    folder.edit("numerics", "vectors.gaussian", "return s * (x @ x)", "return s * (x @ x) * float('nan')")
    outcome = attempt(Catalogue((folder.root,)).entries[0], "quick", 0)
    assert outcome.verdict is None or outcome.verdict.status == "undecided"


def test_a_claim_without_rivals_is_not_supported(folder):
    rivals = 'rivals={"dimension taken for the trace": s * d, "squared": s * tr(Sigma * Sigma)}'
    folder.edit("derivations", "vectors.gaussian", rivals, "rivals={}")
    verdict = attempt(Catalogue((folder.root,)).entries[0], "quick", 0).verdict
    assert verdict.status == "undecided" and "no rivals" in verdict.reason


def test_a_rival_that_is_the_claim_itself_survives_and_is_named(folder):
    folder.edit("derivations", "vectors.gaussian", '"squared": s * tr(Sigma * Sigma)', '"the same": s * tr(Sigma)')
    verdict = attempt(Catalogue((folder.root,)).entries[0], "quick", 0).verdict
    assert verdict.status == "undecided" and "“the same” survived" in verdict.reason
    assert verdict.rivals == {"dimension taken for the trace": "refuted", "the same": "supported"}


def test_hypotheses_that_contradict_each_other_support_nothing(folder):
    folder.edit("derivations", "vectors.gaussian", '@claim("expectation", "E s|x|²", ',
                '@claim("expectation", "E s|x|²", hypotheses=(s > 1, s < 1), ')  # fmt: skip
    outcome = attempt(Catalogue((folder.root,)).entries[0], "quick", 0)
    assert outcome.verdict is None and "no instance" in outcome.problem


def test_no_claim_at_all_is_said(tmp_path):
    for wing in ("derivations", "numerics"):
        (tmp_path / wing).mkdir()
    with pytest.raises(BadInput, match="no claim to verify"):
        entries_of(Catalogue((tmp_path,)), [])
