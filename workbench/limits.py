"""Limits: how long and with how much memory one claim or statement may work, and what happens at the end of it.

Two guards. Within a process an alarm and a bound on its memory stop what listens to them. Code that does not
listen (a long call into a library) is ended from outside: a statement typed as a command works in a process of
its own, and the workers of a run are watched by their driver.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import FrameType

import click

from workbench.errors import Exceeded, short_of_memory
from workbench.options import BAD_INPUT, INTERRUPTED, UNDECIDED

try:
    import resource
except ImportError:  # a system without such bounds
    resource = None

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
GRACE = 60.0  # seconds beyond its limit (a new process also has to load its libraries) until a deaf one is ended
GIGA = 2**30
AGAIN = 5.0  # seconds until an alarm rings again whose error was lost (in a callback of a library, say)
SHARE, LEAST = 0.8, 1.0  # of the memory that the machine has left, and the gigabytes that are tried in any case
THEOREMS = ("derivations.", "numerics.", "_theorems_")  # modules that may be broken off in the middle
FOR_MEMORY = (signal.SIGABRT, signal.SIGKILL, signal.SIGSEGV)  # how libraries and systems end a process for memory


@dataclass(frozen=True)
class Limits:
    """Seconds of a clock, and gigabytes beyond what the process holds already."""

    seconds: float
    gigabytes: float
    all_there_is: bool = False  # that much memory is what the machine has left

    def changed(self, seconds: float | None, gigabytes: float | None) -> Limits:
        """These limits, or others where some are given."""
        return Limits(seconds or self.seconds, gigabytes or self.gigabytes)

    def here(self) -> Limits:
        """These limits on this machine: one whose memory runs out ends programs that have nothing to do with it."""
        left = SHARE * said_of("/proc/meminfo", "MemAvailable:") / GIGA
        short = left > 0 and max(left, LEAST) < self.gigabytes
        return Limits(self.seconds, max(left, LEAST), all_there_is=True) if short else self

    @property
    def too_long(self) -> str:
        return f"exceeded {self.seconds:g} s; give it more with --time-limit, or make it smaller"

    @property
    def too_large(self) -> str:
        if self.all_there_is:
            return f"exceeded {self.gigabytes:.1f} GB of memory, which is what this machine had left; make it smaller"
        return f"exceeded {self.gigabytes:g} GB of memory; give it more with --memory-limit, or make it smaller"


CLAIM, STATEMENT = Limits(1800, 16), Limits(300, 8)


@contextmanager
def within(limits: Limits) -> Iterator[None]:
    """Work within limits. Raises Exceeded at the end of them; only a process's first thread hears an alarm.

    However the work ends, and even if the alarm rings just then, the process has its own limits again.
    """
    limits = limits.here()
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        with memory_told(limits):
            yield
        return
    alarm, unbounded = Alarm(limits), bounded(limits)
    try:
        alarm.set()
        with alarm.heard(), memory_told(limits):
            yield
    finally:
        try:
            alarm.off()
        finally:  # it rang a last time
            alarm.off()
            unbounded()


class Alarm:
    """Raises Exceeded in the first thread when the time is over, and again where that error was lost."""

    def __init__(self, limits: Limits):
        self.limits, self.begun, self.rang = limits, time.monotonic(), False
        self.handler = signal.getsignal(signal.SIGALRM) or signal.SIG_DFL
        self.left, self.again = signal.getitimer(signal.ITIMER_REAL)

    def set(self) -> None:
        signal.signal(signal.SIGALRM, self.ring)
        signal.setitimer(signal.ITIMER_REAL, self.limits.seconds, AGAIN)

    def ring(self, number: int, frame: FrameType | None) -> None:
        self.rang = True
        if library_at_import(frame) or in_the_collector(frame):
            signal.setitimer(signal.ITIMER_REAL, 0.1, AGAIN)
        else:
            raise Exceeded(self.limits.too_long)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Raises Exceeded for work that ended or failed before an alarm, put off or lost once, could ring again."""
        try:
            yield
        except Exception:
            if not self.rang:
                raise
        if self.rang:
            raise Exceeded(self.limits.too_long)

    def off(self) -> None:
        """As it was before; an alarm of somebody else's ran meanwhile."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.handler)
        if self.left:
            signal.setitimer(signal.ITIMER_REAL, max(self.left - (time.monotonic() - self.begun), 0.001), self.again)


def library_at_import(frame: FrameType | None) -> bool:
    """Whether a library is half loaded: broken off now, it could not be loaded again in this process."""
    while frame is not None and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    if frame is None or frame.f_back is None or not frame.f_back.f_code.co_filename.startswith("<frozen importlib"):
        return False
    return not str(frame.f_globals.get("__name__")).startswith(THEOREMS)


def heed_interrupts() -> None:
    """Ctrl-C is an error like another, but while a library is loaded: some end a program that meets one then."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, interrupted)


def interrupted(number: int, frame: FrameType | None) -> None:
    if library_at_import(frame):
        os.write(2, b"workbench: interrupted\n")
        os._exit(INTERRUPTED)
    signal.default_int_handler(number, frame)


def in_the_collector(frame: FrameType | None) -> bool:
    """Whether somebody's callback of the garbage collector is at work: an error raised in one is printed and lost."""
    callbacks = {getattr(each, "__code__", None) for each in gc.callbacks}
    while frame is not None and frame.f_code not in callbacks:
        frame = frame.f_back
    return frame is not None


def bounded(limits: Limits) -> Callable[[], None]:
    """Bound what this process may hold; returns what takes the bound away, and needs no memory for it."""
    if resource is None:
        return lambda: None
    before = soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    undo = partial(resource.setrlimit, resource.RLIMIT_DATA, before)
    wanted = held() + int(limits.gigabytes * GIGA)
    least = min([wanted, *(each for each in (soft, hard) if each != resource.RLIM_INFINITY)])
    resource.setrlimit(resource.RLIMIT_DATA, (least, hard))
    return undo


@contextmanager
def memory_told(limits: Limits) -> Iterator[None]:
    """The errors by which Python and its libraries say that memory is short, as one."""
    try:
        yield
    except Exception as problem:
        if any(map(short_of_memory, origins(problem))):
            raise Exceeded(limits.too_large) from None
        raise


def origins(problem: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it came from."""
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def held() -> int:
    """Bytes of data that this process holds, as the system counts them; none where it does not say."""
    return said_of("/proc/self/status", "VmData:")


def said_of(file: str, what: str) -> int:
    """A number of bytes that the system tells in one of its files; none where it does not."""
    with suppress(OSError, ValueError, StopIteration), open(file, encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))
    return 0


@contextmanager
def told(limits: Limits, room: str, before: Callable[[], None] = lambda: None) -> Iterator[None]:
    """A command within limits: at the end of them it says so and leaves with the code of what is undecided.

    room: what does the work; it is loaded, with its libraries, before the time begins; before: what is looked at
    before that.
    """
    if alone():
        one_thread()
        supervised(limits)
        atexit.register(gc.freeze)  # the system takes all of it back at once
    try:
        with within(limits):
            before()
        with loading():
            import_module(room)
        with within(limits):
            yield
    except Exceeded as end:
        left_undecided(str(end))


@contextmanager
def loading() -> Iterator[None]:
    """What is loaded meanwhile stays until the end of the process: the garbage collector looks at none of it.

    It would again and again while libraries are loaded, and once more at the end, for a fifth of a short command.
    """
    works = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if works:
            gc.enable()


def one_thread() -> None:
    """Numerical libraries that are loaded from now on use one thread.

    Sums then do not depend on the number of threads, and none waits for the others, which costs as much as work.
    """
    os.environ.update(dict.fromkeys(THREADS, "1"))


def alone() -> bool:
    """Whether this is a command of its own, and no call within another program."""
    context = click.get_current_context(silent=True)
    return context is not None and bool((context.find_root().obj or {}).get("alone"))


def left_undecided(why: str) -> None:
    click.echo(f"UNDECIDED — {why}")
    sys.exit(UNDECIDED)


def supervised(limits: Limits) -> None:
    """Go on in a child; the first process waits for its end, passes it on, and ends one that lasts too long."""
    if not hasattr(os, "fork"):
        return
    sys.stdout.flush()
    sys.stderr.flush()
    heard, word = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal interrupts both; the first process ends this one
        atexit.register(os.write, word, b"the end")
        return
    os.close(word)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the child ends with whoever waits for it
    try:
        ended = waited_for(child, limits.seconds + GRACE)
    except KeyboardInterrupt:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    if ended is None:
        left_undecided(limits.too_long)
    elif ended >= 0:
        sys.exit(ended if os.read(heard, 1) else cut_short())
    else:
        left_undecided(how_it_ended(ended, limits))


def how_it_ended(code: int, limits: Limits) -> str:
    """Why a process ended that could not say it itself; code: its exit code, minus the signal that ended it."""
    if -code in FOR_MEMORY:
        return limits.too_large
    return f"its process was ended from outside ({signal.Signals(-code).name if code < 0 else code})"


def cut_short() -> int:
    """Say that somebody's code has ended the program (os._exit), whose exit code then means nothing."""
    click.echo("the program was ended by the code that it ran, so nothing was found; take os._exit out of it", err=True)
    return BAD_INPUT


def waited_for(child: int, seconds: float) -> int | None:
    """The exit code of a child (minus the signal that ended it); None for one that had to be ended."""
    until, pause = time.monotonic() + seconds, 0.001
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(pause)
        pause = min(2 * pause, 0.1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None
