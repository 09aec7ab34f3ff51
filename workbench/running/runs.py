"""Runs: many claims verified, in order of completion, with nothing finished ever lost.

The unit of work is a claim: its instances share one proof, its mutants one body of evidence.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.accounts import book_of
from workbench.catalogue import Catalogue, Entry, hidden
from workbench.errors import BadInput, Exceeded, about
from workbench.judging.verdicts import Verdict, unmeasured
from workbench.limits import CLAIM, GRACE, Limits, within
from workbench.running.fingerprints import Reading, key_of
from workbench.running.record import Record
from workbench.running.settings import settings_kept
from workbench.running.workers import Lent, Pool, one_thread

ONE_AT_A_TIME = threading.Lock()  # an executor's worker may have several threads
TICK = 1.0  # seconds between two looks at who is late
CHANCES = 4  # rounds without a verdict in which tasks are offered again that a worker refused
DEATHS = 3  # of workers, until the claim they were at is left alone


@dataclass(frozen=True)
class Outcome:
    """One claim after its turn: a verdict (new or from the record), or sentences saying what is wrong, or both."""

    entry: Entry
    verdict: Verdict | None
    remembered: bool = False
    problem: str = ""
    cpu: float = 0.0  # seconds of computing in this run
    stale: bool = False  # its files changed while it was measured, so it is not kept
    exceeded: bool = False  # a limit of time or memory, which another machine may keep
    elsewhere: bool = False  # its worker has other files, so it did nothing
    unlisted: tuple[str, ...] = ()  # what the code of its folder made besides the claims that are listed


@dataclass(frozen=True)
class Task:
    """A claim to be verified, with the fingerprint of what the verdict will depend on."""

    entry: Entry
    standard: str
    seed: int
    key: str
    limits: Limits = CLAIM


Flying = dict[Future[Outcome], tuple[Task, float]]  # what is at work, and since when


def run(
    entries: list[Entry], *, standard: str, seed: int, jobs: int = 1, record: Record | None = None,
    fresh: bool = False, executor: Executor | None = None, limits: Limits = CLAIM, apart: bool = False,
    begun: Callable[[Entry], None] = lambda entry: None,
) -> Iterator[Outcome]:  # fmt: skip
    """Verify claims and yield each outcome as it is finished and recorded.

    The record answers for what has not changed unless `fresh`. Verdicts depend on neither `jobs`
    nor the order: seeds belong to the claim. `begun` is told which claim is now being verified. One that
    exceeds its limits is undecided. apart: work in processes of our own even where one is enough.
    """
    tasks = [Task(entry, standard, seed, key_of(entry, standard, seed), limits) for entry in entries]
    known = record.find_all(task.key for task in tasks) if record and not fresh else {}
    for task in tasks:
        if task.key in known:
            yield Outcome(task.entry, known[task.key], remembered=True)
    waiting = {task.entry.id: task for task in tasks if task.key not in known}
    if not waiting:
        return
    for outcome in finished(list(waiting.values()), jobs, executor, record, begun, apart):
        if record and kept(outcome):
            record.keep(waiting[outcome.entry.id].key, outcome.verdict)
        yield outcome


def kept(outcome: Outcome) -> bool:
    """Whether a verdict may be remembered: where its file hides a claim, the next run has to say so again."""
    sound = outcome.verdict is not None and not outcome.verdict.void
    return sound and not outcome.stale and not outcome.unlisted and not outcome.exceeded


def finished(
    tasks: list[Task], jobs: int, executor: Executor | None, record: Record | None, begun: Callable[[Entry], None],
    apart: bool,
) -> Iterator[Outcome]:  # fmt: skip
    """The outcomes of tasks, here or on workers."""
    if executor is not None:
        return side_by_side(tasks, Lent(executor), begun)
    if jobs <= 1 and not apart:
        return one_by_one(tasks, begun)
    took = record.seconds(tasks[0].standard) if record else {}
    longest_first = sorted(tasks, key=lambda task: -took.get(task.entry.id, float("inf")))
    return side_by_side(longest_first, Pool(min(jobs, len(tasks))), begun)


def one_by_one(tasks: list[Task], begun: Callable[[Entry], None]) -> Iterator[Outcome]:
    for task in tasks:
        begun(task.entry)
        yield work(task)


def side_by_side(tasks: list[Task], workers: Pool | Lent, begun: Callable[[Entry], None]) -> Iterator[Outcome]:
    """Verify on workers. Whoever was at work when a worker of ours died is a suspect, and goes on alone."""
    queue, flying, suspects, deaths = deque(tasks), {}, [], Counter()
    refused, chances = dict[Task, Outcome](), CHANCES
    try:
        while queue or flying:
            gone = fill(queue, flying, workers, begun)
            if gone is not None:
                yield from (lost(task, gone) for task in queue)
                queue.clear()
            done = wait(flying, TICK, FIRST_COMPLETED).done
            if not done and isinstance(workers, Pool) and (late := overdue(flying)):
                workers.restart()
                queue.extendleft(task for task, _ in flying.values() if task not in late)
                flying.clear()
                yield from (exceeded(task, task.limits.too_long) for task in late)
            if not done and isinstance(workers, Lent):
                yield from forsaken(queue, flying, workers)
            for future in done:
                (task, _), death = flying.pop(future), death_of(future)
                deaths[task] += death is not None
                if death is None:
                    outcome = brought(task, future.result())
                    if outcome.elsewhere and isinstance(workers, Lent):
                        refused[task] = outcome
                        continue
                    yield outcome
                    chances = CHANCES
                elif isinstance(workers, Pool):
                    suspects.append(task)
                elif deaths[task] < DEATHS:
                    queue.append(task)
                else:
                    yield lost(task, death)
            if refused and chances and not queue and not flying:  # another worker may have the right files
                queue, refused, chances = deque(refused), {}, chances - 1
        yield from refused.values()
    except BaseException:
        for future in flying:
            future.cancel()
        workers.stop()
        raise
    workers.close()
    for task in suspects:
        begun(task.entry)
        yield alone(task)


def fill(queue: deque[Task], flying: Flying, workers: Pool | Lent, begun: Callable[[Entry], None]) -> Exception | None:
    """Give the workers as much as they take; what is wrong when they take no more at all."""
    while queue and len(flying) < workers.width:
        try:
            future = workers.submit(work, queue[0])
        except Exception as gone:  # broken, shut down, or out of reach
            return gone
        begun(queue[0].entry)
        flying[future] = queue.popleft(), time.monotonic()
        if future.done():  # an executor that works while it is asked: hear it before asking again
            break
    return None


def forsaken(queue: deque[Task], flying: Flying, workers: Lent) -> list[Outcome]:
    """What nobody will bring back any more, since somebody else's executor has gone without a word."""
    if (gone := workers.gone()) is None:
        return []
    left = [*(task for task, _ in flying.values()), *queue]
    flying.clear()
    queue.clear()
    return [lost(task, gone) for task in left]


def overdue(flying: Flying) -> list[Task]:
    """The tasks whose workers do not listen to their own alarm."""
    now = time.monotonic()
    return [task for task, since in flying.values() if now > since + task.limits.seconds + GRACE]


def death_of(future: Future[Outcome]) -> BaseException | None:
    """What ended a task from outside; the task itself turns its own failures into sentences."""
    return CancelledError("cancelled") if future.cancelled() else future.exception()


def brought(task: Task, outcome: Any) -> Outcome:
    """What an executor brought back, if it is an outcome of that task."""
    if isinstance(outcome, Outcome) and outcome.entry.id == task.entry.id:
        return outcome
    return lost(task, TypeError(f"it returned {type(outcome).__name__}"))


def lost(task: Task, death: BaseException) -> Outcome:
    """A claim that somebody else's executor did not bring back."""
    text = " ".join(str(death).split()) or "no message"
    problem = f"{task.entry.id} was lost by its executor ({type(death).__name__}: {text[:200]})"
    return Outcome(task.entry, None, problem=f"{problem}; what is finished is kept, so run the same command again")


def alone(task: Task) -> Outcome:
    """Verify a suspect in workers of its own, until it is cleared or the death toll is full."""
    for _ in range(1, DEATHS):
        workers = Pool(1)
        try:
            return brought(task, workers.submit(work, task).result(task.limits.seconds + GRACE))
        except TimeoutError:
            workers.stop()
            return exceeded(task, task.limits.too_long)
        except (BrokenExecutor, SystemExit):
            continue
        except Exception as death:  # an outcome that cannot be sent, say
            return lost(task, death)
        except BaseException:
            workers.stop()
            raise
        finally:
            workers.close()
    problem = f"the worker of {task.entry.id} died {DEATHS} times, {DEATHS - 1} of them alone with it (memory?)"
    return Outcome(task.entry, None, problem=f"{problem}; the other claims are not affected")


def work(task: Task) -> Outcome:
    """What a worker does: verify a claim, if it sees the same files and versions as the driver."""
    one_thread()
    with ONE_AT_A_TIME:
        return alone_here(task)


def alone_here(task: Task) -> Outcome:
    """What a worker does, once nobody else of its process is measuring: the libraries' settings are the process's."""
    entry, mine = task.entry, key_of(task.entry, task.standard, task.seed)
    if mine != task.key:
        return Outcome(
            entry,
            None,
            problem=f"{entry.id}: its worker has other files or versions than this run; restart the workers",
            elsewhere=True,
        )
    prepare()
    try:
        with within(task.limits):
            outcome = attempt(entry, task.standard, task.seed)
    except Exceeded as end:
        return exceeded(task, str(end))
    except (KeyboardInterrupt, GeneratorExit) as raised:
        if isinstance(raised, KeyboardInterrupt) and multiprocessing.parent_process() is None:
            raise
        # A worker of ours is ended by an interrupt, so this one is an error that the claim's code has raised.
        problem = f"{entry.id} could not be verified: its code raises {type(raised).__name__}"
        return Outcome(entry, None, problem=problem)
    return replace(outcome, stale=key_of(entry, task.standard, task.seed, Reading()) != task.key)


def prepare() -> None:
    """What a process does once, before its first claim, is no part of that claim's time: libraries and canaries."""
    from workbench.judging import canaries, verification

    assert verification and canaries.flock()


def exceeded(task: Task, why: str) -> Outcome:
    """A claim that was left at its limits: undecided, and not remembered."""
    return Outcome(task.entry, unmeasured(task.entry, why, task.standard, task.seed), exceeded=True)


def attempt(entry: Entry, standard: str, seed: int) -> Outcome:
    """Verify one claim; what goes wrong in its files becomes a sentence, not a traceback.

    The first claim that a process measures waits for its canaries: where one survives, nothing is measured.
    """
    from workbench.judging.canaries import flock, sound, void_verdict

    if flock().void:
        return Outcome(entry, void_verdict(entry, standard, seed))
    # Somebody else's threads share a process, and its clock.
    here = Path.cwd()
    clock = time.process_time if threading.current_thread() is threading.main_thread() else time.thread_time
    start = clock()
    try:
        from workbench.judging.verification import verify_entry

        with settings_kept(entry.id), about(f"{entry.id} could not be verified"), book_of(entry.root):
            verdict = sound(verify_entry(entry, standard=standard, seed=seed))
    except BadInput as problem:
        return Outcome(entry, None, problem=str(problem), cpu=clock() - start, unlisted=tuple(hidden(entry.root)))
    finally:
        with suppress(OSError):
            os.chdir(here)  # where its code went, the next claim does not start
    cpu = round(clock() - start, 3)
    return Outcome(entry, replace(verdict, cpu_seconds=cpu), cpu=cpu, unlisted=tuple(hidden(entry.root)))


def entries_of(catalogue: Catalogue, names: list[str]) -> list[Entry]:
    """The claims a run is about."""
    entries = catalogue.select(names)
    if not entries and not catalogue.faults(names) and not catalogue.unseen(names):
        raise BadInput("there is no claim to verify; `workbench new CHAPTER.THEOREM` makes one")
    return entries
