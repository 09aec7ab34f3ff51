"""What a user can do something about: one sentence saying what, where and what to do next."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BadInput(ValueError):
    """A name, a path, a formula or a theorem file that cannot be used as it stands."""


class NotUnderstood(BadInput):
    """A word or a sign that means nothing here, whatever the letters are."""


class NotRational(ArithmeticError):
    """The value is not a rational number that exact arithmetic can reach; use balls."""


class Undefined(ArithmeticError):
    """The expression has no value at this point (a division by zero, a singular matrix)."""


class Exceeded(BaseException):
    """A limit of time or memory; no code that handles errors handles this one."""


SHORT_OF_MEMORY = ("not enough memory", "can't allocate memory", "cannot allocate memory", "unable to allocate")


def short_of_memory(problem: BaseException) -> bool:
    """Whether this is how Python or a library says that there is no more memory."""
    return isinstance(problem, MemoryError) or any(word in str(problem).lower() for word in SHORT_OF_MEMORY)


@contextmanager
def about(what: str) -> Iterator[None]:
    """Whatever goes wrong in a theorem's own code is told in one sentence that begins with what it is about.

    Code that asks the program to end (sys.exit) is heard like any other that fails.
    """
    try:
        yield
    except (BadInput, Exceeded, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        if short_of_memory(error):
            raise MemoryError(what) from error
        text = " ".join(str(error).split()) or "no message"
        raise BadInput(f"{what}: {type(error).__name__}: {text[:300]}") from error


def fault(problem: Exception) -> str:
    """A failure that nobody foresaw, in one sentence: it must not be taken for a refutation."""
    text = " ".join(str(problem).split()) or "no message"
    if isinstance(problem, MemoryError):
        return "there is not enough memory for this; give smaller sizes"
    *_, (frame, line) = traceback.walk_tb(problem.__traceback__)
    place = f"{Path(frame.f_code.co_filename).name}:{line}"
    return f"a fault of the workbench, not of yours: {type(problem).__name__}: {text[:300]} ({place}); please report it"
