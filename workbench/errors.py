"""What a user can do something about: one sentence saying what, where and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class BadInput(ValueError):
    """A name, a path, a formula or a theorem file that cannot be used as it stands."""


class NotUnderstood(BadInput):
    """A word or a sign that means nothing here, whatever the letters are."""


@contextmanager
def about(what: str) -> Iterator[None]:
    """Whatever goes wrong in a theorem's own code is told in one sentence that begins with what it is about."""
    try:
        yield
    except BadInput:
        raise
    except Exception as error:
        text = " ".join(str(error).split()) or "no message"
        raise BadInput(f"{what}: {type(error).__name__}: {text[:300]}") from error
