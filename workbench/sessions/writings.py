"""Pages written: a session as an article, as Markdown, or as a notebook whose cells do it all again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workbench.errors import BadInput
from workbench.language import printing
from workbench.sessions.lines import SessionLine
from workbench.sessions.pages import Page
from workbench.showing import documents
from workbench.showing.documents import Document, Part, Section
from workbench.showing.prose import tagless

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def write(session: Page, path: Path) -> Path:
    """Write a session in the form that the suffix says. Raises BadInput for another suffix."""
    if path.suffix != ".ipynb":
        return documents.write(document(session), path)
    try:
        path.write_text(json.dumps(notebook(session), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as problem:
        raise BadInput(f"{path} cannot be written: {problem.strerror}") from None
    return path


def document(session: Page) -> Document:
    """A session: its letters, its lines, and the guesses that it refuted."""
    names = {id(line): name for name, line in session.names.items()}
    lines = tuple(
        (line.line.step.why + (f" — {names[id(line)]}" if id(line) in names else ""), backing(line), latex_of(line))
        for line in session.lines
    )
    notes = [f"Refuted: {text} in place of “{line.line.step.why}”" for line, text, _ in session.guesses]
    letters = f"Letters: {session.alphabet.in_words(session.alphabet.said)}."
    return Document(session.name, (Section("The derivation", letters, (Part("", "", lines, tuple(notes)),)),))


def backing(line: SessionLine) -> str:
    """What derived a line of a session, and what backs it."""
    rule = line.line.step.rule
    return (f"{rule.name}, " if rule else "") + line.grade


def latex_of(line: SessionLine) -> str:
    return printing.latex(line.formula)


def notebook(session: Page) -> dict[str, Any]:
    """The journal of a session as the cells of a notebook, what was said of its lines between them."""
    begin = f"s = workbench.session({session.name!r}, standard={session.standard.name!r}, seed={session.seed!r})"
    cells = [prose(f"# {session.name}"), code(f"import workbench\n\n{begin}")]
    for event in session.journal:
        cells.append(code(call(event)))
        if event["do"] == "call" and (said := session.sentences.get(event["with"][0])):
            cells.append(prose(f"**{event['with'][0]}**: {said}."))
    cells.append(code("s"))
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    return {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


def call(event: dict[str, Any]) -> str:
    """A deed as it would be typed."""
    given = [*map(repr, event["with"]), *(f"{name}={value!r}" for name, value in event["named"].items())]
    return f"s.{event['do']}({', '.join(given)})"


def prose(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": tagless(text)}


def code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
