"""Workers: who does the work of a run, behind the interface of `concurrent.futures.Executor`.

Our own are fresh processes, one numeric thread each. Somebody else's (a thread pool, a dask
cluster) are used as they come: the driver asks them for nothing but `submit`.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing.connection import wait as first_of
from pathlib import Path
from typing import Any

from workbench.errors import BadInput
from workbench.limits import loading, one_thread

FAREWELL = 5.0  # seconds in which workers that have nothing to do end by themselves
ALONE = 60  # seconds in which a cluster without workers may start others
NAMED = {"dask": "workbench.running.clusters:client"}  # what a short name stands for
HOW = "write MODULE:FACTORY, a function without arguments that returns a concurrent.futures.Executor, or dask"


class Pool:
    """Worker processes of our own; when one dies the others are replaced with it."""

    def __init__(self, jobs: int):
        self.width = jobs  # no task waits inside the pool, so a death has at most that many suspects
        self._pool = processes(jobs)

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        try:
            return self._pool.submit(work, *arguments)
        except BrokenExecutor:
            self._pool.shutdown(wait=False)
            self._pool = processes(self.width)
            return self._pool.submit(work, *arguments)

    def close(self) -> None:
        """End the workers, whose work is done; a thread that a theorem's code began keeps none of them alive."""
        children, until = list((self._pool._processes or {}).values()), time.monotonic() + FAREWELL
        self._pool.shutdown(wait=False)
        for child in children:
            if not first_of([child.sentinel], max(until - time.monotonic(), 0)):
                child.kill()

    def stop(self) -> None:
        """End the workers now; what they had not finished is measured next time."""
        children = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.kill()

    def restart(self) -> None:
        """End the workers now and begin with others."""
        self.stop()
        self._pool = processes(self.width)


class Lent:
    """Somebody else's executor: it gets all the work at once, and is neither shut down nor mended."""

    width = sys.maxsize

    def __init__(self, executor: Executor):
        self.submit = executor.submit
        self._client = getattr(executor, "_client", None)
        self._alone = 0.0  # since when nobody works for it

    def gone(self) -> Exception | None:
        """What is wrong when nothing will come back: dask's futures say nothing when their scheduler has gone."""
        try:
            if getattr(self._client, "status", "") in ("closing", "closed"):
                raise ConnectionError("closed")
            if not hasattr(self._client, "nthreads") or self._client.nthreads():
                self._alone = 0.0
                return None
        except (OSError, RuntimeError):
            return ConnectionError("its scheduler has gone")
        self._alone = self._alone or time.monotonic()
        late = time.monotonic() - self._alone > ALONE
        return ConnectionError(f"its scheduler had no worker for {ALONE} s") if late else None

    def close(self) -> None:
        pass

    stop = close


def processes(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=prepare_worker)


def prepare_worker() -> None:
    """One numeric thread and no life after the parent; at an interrupt a worker ends in silence (the parent speaks)."""
    one_thread()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.dup2(2, 1)  # what a theorem's code prints is no answer of the command
    threading.Thread(target=follow_the_parent, daemon=True).start()
    with loading():
        import workbench.judging.verification  # noqa: F401 (each of them needs it)


def follow_the_parent() -> None:
    """End with the parent, also when it was killed and could say nothing."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        first_of([parent.sentinel])
        os._exit(1)


def executor_called(name: str) -> Executor:
    """The executor that a name on the command line means. Raises BadInput when there is none."""
    module, colon, factory = NAMED.get(name, name).partition(":")
    if not colon or not module or not factory:
        raise BadInput(f"no executor is called {name!r}; {HOW}")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        made = getattr(importlib.import_module(module), factory)()
    except ImportError as problem:
        install = " (pip install 'theorem-workbench[distributed]')" if name in NAMED else ""
        raise BadInput(f"the executor {name!r} cannot be used: {problem}{install}") from None
    except (KeyboardInterrupt, BadInput):
        raise
    except BaseException as problem:  # also one that would end the program
        text = " ".join(str(problem).split())
        raise BadInput(f"the executor {name!r} cannot be used: {type(problem).__name__}: {text[:200]}; {HOW}") from None
    if hasattr(made, "get_executor"):  # a dask client
        made = made.get_executor()
    if not isinstance(made, Executor):
        raise BadInput(f"{name!r} returned {type(made).__name__}, which is no executor; {HOW}")
    return made
