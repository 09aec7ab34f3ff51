"""Pages written: a session as an article, as Markdown, or as a notebook whose cells do it all again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import BadInput
from workbench.showing import documents

if TYPE_CHECKING:
    from workbench.sessions.sessions import Session

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def write(session: Session, path: Path) -> Path:
    """Write a session in the form that the suffix says. Raises BadInput for another suffix."""
    if path.suffix != ".ipynb":
        return documents.write(documents.of_session(session), path)
    try:
        path.write_text(json.dumps(notebook(session), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as problem:
        raise BadInput(f"{path} cannot be written: {problem.strerror}") from None
    return path


def notebook(session: Session) -> dict[str, Any]:
    """The journal of a session as the cells of a notebook, what was said of its lines between them."""
    begin = f"s = workbench.session({session.name!r}, standard={session.standard.name!r}, seed={session.seed})"
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
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
