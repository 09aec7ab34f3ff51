"""Runs: verdicts depend on neither workers nor order, and nothing finished is lost."""

import sys
import time
from collections import Counter
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import pytest

from workbench.catalogue import Catalogue
from workbench.errors import BadInput
from workbench.running import runs
from workbench.running.record import Record
from workbench.running.runs import Task, attempt, entries_of, run, work

SETTINGS = {"standard": "quick", "seed": 0}


def records(outcomes):
    """What was found, by claim, without what it cost."""
    return {o.entry.id: replace(o.verdict, seconds=0, cpu_seconds=0).record() for o in outcomes}


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


class Here(Executor):
    """An executor that works while it is asked, in this very process."""

    def submit(self, work, /, *arguments, **options):
        future = Future()
        future.set_result(work(*arguments, **options))
        return future


class Unreliable(Here):
    """An executor that loses a task now and then, as clusters do."""

    def __init__(self, losses, last=10**6):
        self.losses, self.last, self.asked = losses, last, Counter()

    def submit(self, work, /, *arguments, **options):
        name = arguments[0].entry.id
        self.asked[name] += 1
        if self.asked.total() > self.last:
            raise BrokenExecutor("the scheduler has gone")
        if self.asked[name] > self.losses:
            return super().submit(work, *arguments, **options)
        future = Future()
        future.set_exception(RuntimeError("the worker\nwas killed"))
        return future


def test_an_executor_of_ones_own_finds_the_same(entries):
    known = records(run(entries, **SETTINGS))
    with ThreadPoolExecutor(1) as executor:
        assert records(run(entries, executor=executor, **SETTINGS)) == known
        assert executor.submit(len, "it is still open").result() == 16
    assert records(run(entries, executor=Here(), **SETTINGS)) == known
    assert records(run(entries, executor=Unreliable(2), **SETTINGS)) == known


def test_an_executor_that_works_at_once_is_heard_at_once(entries, tmp_path):
    record = Record(tmp_path / "record.sqlite")
    running = run(entries, executor=Here(), record=record, **SETTINGS)
    next(running)
    running.close()
    assert len([o for o in run(entries, record=record, **SETTINGS) if o.remembered]) == 1


def test_a_task_that_an_executor_loses_three_times_is_reported(entries):
    executor = Unreliable(3)
    outcomes = list(run(entries, executor=executor, **SETTINGS))
    assert [o.verdict for o in outcomes] == [None] * 3 and set(executor.asked.values()) == {3}
    for outcome in outcomes:
        assert f"{outcome.entry.id} was lost by its executor (RuntimeError: the worker was killed)" in outcome.problem


def test_an_executor_that_dies_costs_only_what_it_had_not_finished(entries, tmp_path):
    record = Record(tmp_path / "record.sqlite")
    done, *rest = run(entries, executor=Unreliable(0, last=1), record=record, **SETTINGS)
    assert done.verdict is not None and [o.verdict for o in rest] == [None] * 2
    assert all("the scheduler has gone" in o.problem and "run the same command again" in o.problem for o in rest)
    again = list(run(entries, record=record, **SETTINGS))
    assert [o.entry.id for o in again if o.remembered] == [done.entry.id] and len(again) == 3


def test_a_cluster_whose_scheduler_has_gone_keeps_nobody_waiting(entries, monkeypatch):
    class Silent(Here):
        """Dask's executor after the end of its scheduler: what it was given stays pending for ever."""

        _client = SimpleNamespace(status="running")

        def submit(self, work, /, *arguments, **options):
            if self._client.status == "closed":
                return Future()
            self._client.status = "closed"
            return super().submit(work, *arguments, **options)

    monkeypatch.setattr(runs, "TICK", 0.05)
    done, *rest = run(entries, executor=Silent(), **SETTINGS)
    assert done.verdict is not None and [o.verdict for o in rest] == [None] * 2
    assert all("its scheduler has gone" in o.problem and "run the same command again" in o.problem for o in rest)


def test_a_worker_with_other_files_is_told_to_restart(entries):
    (entry, *_) = entries
    outcome = work(Task(entry, "quick", 0, "the key of other files"))
    assert outcome.verdict is None and "other files or versions" in outcome.problem


class Mixed(Here):
    """Workers of which every other one has other files."""

    def __init__(self):
        self.turn = 0

    def submit(self, work, /, *arguments, **options):
        self.turn += 1
        task = arguments[0]
        return super().submit(work, replace(task, key="of other files") if self.turn % 2 else task)


def test_no_claim_is_lost_to_a_worker_with_other_files_while_others_are_good(entries):
    outcomes = list(run(entries, executor=Mixed(), **SETTINGS))
    assert sorted(o.entry.id for o in outcomes) == sorted(entry.id for entry in entries)
    assert all(o.verdict is not None for o in outcomes)


def test_workers_that_all_have_other_files_end_in_a_sentence_each(entries):
    executor = Mixed()
    executor.submit = lambda work, task: Here().submit(work, replace(task, key="of other files"))
    outcomes = list(run(entries, executor=executor, **SETTINGS))
    assert [o.verdict for o in outcomes] == [None] * 3 and all("restart the workers" in o.problem for o in outcomes)


def test_threads_of_one_process_measure_one_claim_at_a_time(entries, monkeypatch):
    at_work, seen = [], []

    def watched(entry, standard, seed):
        at_work.append(entry)
        seen.append(len(at_work))
        time.sleep(0.02)
        at_work.remove(entry)
        return runs.Outcome(entry, None, problem="watched")

    monkeypatch.setattr(runs, "attempt", watched)
    with ThreadPoolExecutor(4) as executor:
        assert len(list(run([*entries, *entries], executor=executor, **SETTINGS))) >= 3
    assert set(seen) == {1}


def test_the_threads_of_one_process_find_what_one_finds(entries):
    with ThreadPoolExecutor(4) as executor:
        assert records(run(entries, executor=executor, **SETTINGS)) == records(run(entries, **SETTINGS))


CHANGING = """
from pathlib import Path

import torch


def length(s, Sigma, *, draw):
    Path(__file__).write_text(Path(__file__).read_text() + "MORE = 1\\n")
    x = torch.linalg.cholesky(Sigma) @ draw.normal("x", len(Sigma))
    return s * (x @ x)
"""


def test_a_verdict_whose_files_changed_meanwhile_is_not_kept(folder, tmp_path):
    folder.write("vectors.gaussian", twin=CHANGING)
    record = Record(tmp_path / "record.sqlite")
    (outcome,) = run(Catalogue((folder.root,)).entries, record=record, **SETTINGS)
    assert outcome.verdict.status == "supported" and outcome.stale
    assert record.seconds("quick") == {}


def test_all_that_begins_is_told_once_and_costs_are_counted(entries):
    told = []
    outcomes = list(run(entries, begun=told.append, **SETTINGS))
    assert told == entries and all(o.cpu == o.verdict.cpu_seconds > 0 for o in outcomes)


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
from pathlib import Path

import torch

LIVES = Path({lives!r})


def length(s, Sigma, *, draw):
    left = int(LIVES.read_text())
    if left:
        LIVES.write_text(str(left - 1))
        os.kill(os.getpid(), 9)
    x = torch.linalg.cholesky(Sigma) @ draw.normal("x", len(Sigma))
    return s * (x @ x)
"""


def with_a_deadly_claim(folder, lives):
    """Three claims in a folder; the first kills as many workers as it has lives."""
    path = folder.root / "lives"
    path.write_text(str(lives))
    folder.write("deadly.twin", twin=DEADLY.format(lives=str(path))).write("vectors.second")
    outcomes = {o.entry.id: o for o in run(Catalogue((folder.root,)).entries, jobs=2, **SETTINGS)}
    return outcomes, lives - int(path.read_text())


def test_a_worker_that_is_killed_loses_nothing(folder):
    outcomes, kills = with_a_deadly_claim(folder, 1)
    assert kills == 1 and len(outcomes) == 3 and all(o.verdict.status == "supported" for o in outcomes.values())


def test_a_claim_that_kills_three_workers_is_reported_and_takes_nobody_with_it(folder):
    outcomes, kills = with_a_deadly_claim(folder, 99)
    dead = outcomes.pop("deadly.twin.length")
    assert kills == 3 and dead.verdict is None and "died 3 times, 2 of them alone with it" in dead.problem
    assert len(outcomes) == 2 and all(o.verdict.status == "supported" for o in outcomes.values())


def test_a_thread_that_never_ends_keeps_no_run_waiting(folder, monkeypatch):
    monkeypatch.setattr("workbench.running.workers.FAREWELL", 0.5)
    endless = "import threading, time\n    threading.Thread(target=time.sleep, args=(600,)).start()\n    x = torch"
    folder.edit("numerics", "vectors.gaussian", "x = torch", endless)
    began = time.monotonic()
    (outcome,) = run(Catalogue((folder.root,)).entries, apart=True, **SETTINGS)
    assert outcome.verdict.status == "supported" and time.monotonic() - began < 600


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("(s, Sigma, *", "(s, Sigma, gamma, *", "asks for gamma, which the theorem does not name"),
        ("return s * (x @ x)", "return s * x", "the formula is a number and its twin measures a vector of length 2"),
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
    assert outcome.verdict is not None and outcome.verdict.status == "undecided"
    assert outcome.verdict.reason.startswith("vacuous: ")


def test_no_claim_at_all_is_said(tmp_path):
    for wing in ("derivations", "numerics"):
        (tmp_path / wing).mkdir()
    with pytest.raises(BadInput, match="no claim to verify"):
        entries_of(Catalogue((tmp_path,)), [])


def test_a_cluster_of_our_own_is_seen_by_this_machine_alone(monkeypatch):
    from workbench.running.clusters import PATIENCE
    from workbench.running.workers import executor_called

    asked = []

    class Cluster(Here):
        def __init__(self, *where, **how):
            asked.append((*where, how))

        def wait_for_workers(self, number, timeout):
            asked.append((number, timeout))

    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=Cluster))
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    executor_called("dask")
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://10.0.0.1:8786")
    executor_called("dask")
    ours = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "threads_per_worker": 1}
    assert asked == [(ours,), ("tcp://10.0.0.1:8786", {"timeout": PATIENCE}), (1, PATIENCE)]
