"""Journals: what was done in a session, as lines of JSON that are only ever appended and can be replayed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import sympy as sp
from sympy.core.relational import Relational

from workbench.errors import BadInput, about
from workbench.language import printing
from workbench.language.letters import is_letter
from workbench.sessions.pages import SCHEMA, Page

DEEDS: set[str] = set()
Session = TypeVar("Session", bound=Page)


def journalled(deed: Callable[..., Any]) -> Callable[..., Any]:
    """Note what was done, once it has succeeded; what it calls in turn is not noted."""
    DEEDS.add(deed.__name__)

    @wraps(deed)
    def noted(session: Page, *arguments: Any, **named: Any) -> Any:
        outermost, session.noting = session.noting, False
        try:
            result = deed(session, *arguments, **named)
        finally:
            session.noting = outermost
        if outermost:
            said = {name: plain(session, each) for name, each in named.items()}
            session.note(deed.__name__, *(plain(session, each) for each in arguments), **said)
        return result

    return noted


def plain(session: Page, value: Any) -> Any:
    """An argument as JSON holds it; expressions as they would be typed."""
    if isinstance(value, Mapping):
        return {plain(session, key): plain(session, each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(session, each) for each in value]
    if isinstance(value, Relational):
        return f"{plain(session, value.lhs)} {value.rel_op} {plain(session, value.rhs)}"
    if isinstance(value, sp.Basic):
        meanings = session.alphabet.meanings.items()
        aliases = {meaning: sp.Symbol(name) for name, meaning in meanings if not is_letter(meaning) and name != "I"}
        return printing.text(value.xreplace(aliases))
    return value


def save(session: Page, path: str | Path) -> Path:
    """Append what was done since the last save to a file, one line each."""
    path = Path(path)
    head = [] if path.exists() else [{"schema": SCHEMA, "session": session.name, "standard": session.standard.name,
                                      "seed": session.seed}]  # fmt: skip
    with path.open("a", encoding="utf-8") as file:
        for event in [*head, *session.journal[session.saved :]]:
            file.write(json.dumps(event, ensure_ascii=False) + "\n")
    session.saved = len(session.journal)
    return path


def replayed(path: str | Path, blank: Callable[..., Session]) -> Session:
    """The session that a file tells of, everything in it derived, checked and measured anew.

    A line that was cut off is left out, and so is what a newer workbench noted that this one does not know.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{path} cannot be read as a session: {problem}") from None
    events = list(filter(None, map(event_of, text.splitlines())))
    heads = [event for event in events if isinstance(event.get("session"), str)]
    if not heads:
        raise BadInput(f"{path} is no session; session.save(path) writes one")
    session = blank(heads[0]["session"], standard=heads[0].get("standard", "quick"), seed=heads[0].get("seed", 0))
    for event in events:
        if str(event.get("do")) in DEEDS:
            again(session, event)
    session.saved = len(session.journal)
    return session


def again(session: Page, event: dict[str, Any]) -> None:
    """Do what was noted. Raises BadInput where it was noted in a way that this workbench does not know."""
    with about(f"the step {event['do']!r} of the session cannot be done again"):
        getattr(session, event["do"])(*event.get("with", []), **event.get("named", {}))


def event_of(line: str) -> dict[str, Any]:
    """One line of a file; empty when it is none."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}
