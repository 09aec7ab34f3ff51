"""Accounts: every claim that a folder's code makes, so that none goes unverified unseen.

The catalogue reads claims from the source; a program can make more than it shows. While theorem files are
imported and verified, every claim that comes into being is entered here, and compared with what is listed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from workbench.errors import Exceeded

HOUSE = Path(__file__).parent  # the workbench itself; in a wheel the theorems stand within it
BOOKS: dict[Path, list[Any]] = {}  # folder of theorems → the claims that its code has made in this process
OPEN: ContextVar[list[Any] | None] = ContextVar("the book of the folder whose code is running", default=None)


@contextmanager
def book_of(root: Path) -> Iterator[None]:
    """Enter what is made meanwhile into the book of a folder; a file that is broken off at a limit has made nothing."""
    book = BOOKS.setdefault(root, [])
    begun, token = len(book), OPEN.set(book)
    try:
        yield
    except Exceeded:
        book[begun:] = [claim for claim in book[begun:] if str(claim.author.__module__) in sys.modules]
        raise
    finally:
        OPEN.reset(token)


def enter(claim: Any) -> None:
    """Note a claim that has come into being, in whatever thread; the workbench's own scratch work is none."""
    home = home_of(claim.author)
    if home is not None and home.is_relative_to(HOUSE) and not home.is_relative_to(HOUSE / "theorems"):
        return
    book = OPEN.get()
    if book is None and home is not None:
        book = next((book for root, book in BOOKS.items() if home.is_relative_to(root)), None)
    if book is not None:
        book.append(claim)


def home_of(author: Any) -> Path | None:
    """The file of the code that wrote a claim, whatever it calls its module."""
    file = getattr(author, "__globals__", {}).get("__file__")
    return Path(file) if isinstance(file, str) else None


def unlisted(root: Path, listed: dict[str, list[str]]) -> list[str]:
    """What a folder's code has made besides the claims that are listed (module → names), each in a sentence."""
    known = [
        getattr(sys.modules[module], name, None)
        for module, names in listed.items()
        if module in sys.modules
        for name in names
    ]
    found = {id(claim) for claim in known}
    return list(dict.fromkeys(told(claim) for claim in BOOKS.get(root, []) if id(claim) not in found))


def told(claim: Any) -> str:
    """A claim that nobody lists, in a sentence."""
    name = getattr(claim.author, "__name__", "") or "without a name"
    code = getattr(claim.author, "__code__", None)
    where = f"{code.co_filename}:{code.co_firstlineno}: " if code else ""
    return (
        f"{where}the claim {name!r} is made by code and not listed, so it was not verified; "
        "write @claim(…) above a function at the top level of derivations/CHAPTER/THEOREM.py"
    )
