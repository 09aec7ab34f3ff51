"""Children: every question is answered in a process of its own, copied from a warm one and ended at its limits.

What a question leaves behind (memory, caches, settings) ends with its process; whoever asks lives on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from typing import Any

from workbench.errors import BadInput, Exceeded, fault
from workbench.limits import Limits, how_it_ended, within
from workbench.running.workers import prepare_worker

DEAF = 5.0  # seconds beyond its limit until a child that does not hear its alarm is ended
WARM = "workbench.serving.warm"


def warmed(*rooms: str) -> None:
    """Begin the warm process, which loads its libraries, these rooms too, while the caller goes on."""
    get_context("forkserver").set_forkserver_preload([WARM, *rooms])
    forkserver.ensure_running()


class Gone(Exception):
    """Nobody waits for an answer."""


class Caller:
    """Whoever waits for answers; once it has gone, nothing works for it."""

    def __init__(self) -> None:
        self.gone, self.child = False, None

    def sends(self, child: Any) -> None:
        """Take note of a child that has begun to work for it."""
        self.child = child
        if self.gone:
            child.kill()

    def leaves(self) -> None:
        """End what works for it, now and later."""
        self.gone = True
        if self.child is not None:
            self.child.kill()


CALLER: ContextVar[Caller | None] = ContextVar("CALLER", default=None)


def ask(work: Callable[..., Any], *arguments: Any, limits: Limits) -> Any:
    """What work(*arguments) returns in a child; the child's clock starts when it is warm.

    Raises BadInput with the child's own sentence, or Exceeded where a limit ended it.
    """
    caller = CALLER.get()
    if caller and caller.gone:
        raise Gone
    ours, theirs = get_context("forkserver").Pipe(duplex=False)
    child = get_context("forkserver").Process(target=reply, args=(theirs, limits, work, arguments), daemon=True)
    try:
        child.start()
        if caller:
            caller.sends(child)
        theirs.close()
        ours.recv()
        if not ours.poll(limits.seconds + DEAF):
            raise Exceeded(limits.too_long)
        problem, found = ours.recv()
    except (EOFError, ConnectionError):
        child.join()
        raise Exceeded(how_it_ended(child.exitcode or 0, limits)) from None
    finally:
        if child.pid:
            child.kill()
            child.join()
        ours.close()
    if problem:
        raise problem(found)
    return found


def reply(asker: Connection, limits: Limits, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """What a child does: say that it has begun, work, and say what was found or what went wrong."""
    prepare_worker()
    asker.send("begun")
    try:
        with within(limits):
            found = None, work(*arguments)
    except Exceeded as end:
        found = Exceeded, str(end)
    except BadInput as problem:
        found = BadInput, str(problem)
    except Exception as problem:
        found = BadInput, fault(problem)
    asker.send(found)
