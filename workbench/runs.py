"""Runs: many claims verified, in order of completion, with nothing finished ever lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from workbench.catalogue import Catalogue, Entry
from workbench.errors import BadInput
from workbench.record import Record, key_of
from workbench.verdicts import Verdict


@dataclass(frozen=True)
class Outcome:
    """One claim after its turn: a verdict (new or from the record), or a sentence saying what is wrong."""

    entry: Entry
    verdict: Verdict | None
    remembered: bool = False
    problem: str = ""


def run(
    entries: list[Entry], *, standard: str, seed: int, jobs: int = 1, record: Record | None = None,
    fresh: bool = False, executor: Executor | None = None,
) -> Iterator[Outcome]:  # fmt: skip
    """Verify claims and yield each outcome as it is finished and recorded.

    The record answers for what has not changed unless `fresh`. Verdicts depend on neither `jobs`
    nor the order: seeds belong to the claim.
    """
    waiting = []
    for entry in entries:
        kept = record.find(key_of(entry, standard, seed)) if record and not fresh else None
        if kept is None:
            waiting.append(entry)
        else:
            yield Outcome(entry, kept, remembered=True)
    finished = one_by_one(waiting, standard, seed) if jobs <= 1 and executor is None else side_by_side(
        waiting, standard, seed, jobs, executor
    )  # fmt: skip
    for outcome in finished:
        if record and outcome.verdict is not None and not outcome.verdict.reason.startswith("error"):
            record.keep(key_of(outcome.entry, standard, seed), outcome.verdict)
        yield outcome


def one_by_one(entries: list[Entry], standard: str, seed: int) -> Iterator[Outcome]:
    for entry in entries:
        yield attempt(entry, standard, seed)


def side_by_side(
    entries: list[Entry], standard: str, seed: int, jobs: int, executor: Executor | None
) -> Iterator[Outcome]:
    """Verify on the workers of an executor; a claim whose worker dies is tried once more, alone."""
    if not entries:
        return
    workers = executor or pool(jobs)
    suspects: list[Entry] = []
    try:
        tasks: dict[Future[Outcome], Entry] = {workers.submit(attempt, e, standard, seed): e for e in entries}
        for task in as_completed(tasks):
            try:
                yield task.result()
            except BrokenProcessPool:
                suspects.append(tasks[task])
    except BaseException:
        workers.shutdown(wait=False, cancel_futures=True)
        if executor is None:
            stop_children()
        raise
    if executor is None:
        workers.shutdown()
    for entry in suspects:
        yield alone(entry, standard, seed)


def pool(jobs: int) -> ProcessPoolExecutor:
    """Fresh worker processes, one numeric thread each."""
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=prepare_worker)


def prepare_worker() -> None:
    """One numeric thread for each worker; an interrupt ends it without a word (the parent speaks)."""
    os.environ["OMP_NUM_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def stop_children() -> None:
    """End the workers of an interrupted run now; what they had not finished is measured next time."""
    for child in multiprocessing.active_children():
        child.terminate()


def alone(entry: Entry, standard: str, seed: int) -> Outcome:
    """Verify a claim in a worker of its own."""
    with pool(1) as worker:
        try:
            return worker.submit(attempt, entry, standard, seed).result()
        except BrokenProcessPool:
            return Outcome(entry, None, problem=f"{entry.id} killed its worker twice (memory?); verify it alone")


def attempt(entry: Entry, standard: str, seed: int) -> Outcome:
    """Verify one claim; what goes wrong in its files becomes a sentence, not a traceback."""
    from workbench.verification import verify_entry

    try:
        return Outcome(entry, verify_entry(entry, standard=standard, seed=seed))
    except BadInput as problem:
        return Outcome(entry, None, problem=str(problem))
    except Exception as error:
        text = " ".join(str(error).split()) or "no message"
        return Outcome(entry, None, problem=f"{entry.id} could not be verified: {type(error).__name__}: {text[:300]}")


def entries_of(catalogue: Catalogue, names: list[str]) -> list[Entry]:
    """The claims a run is about."""
    entries = catalogue.select(names)
    if not entries:
        raise BadInput("there is no claim to verify; `workbench new CHAPTER.THEOREM` makes one")
    return entries
