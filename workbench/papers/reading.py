"""Reading: which files hold statements, and what each holds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workbench.errors import BadInput
from workbench.papers import latex, markdown, tables
from workbench.papers.marks import Fault, Paper

READERS = {".tex": latex.marks, ".md": markdown.marks, ".markdown": markdown.marks, ".toml": tables.marks}
HOW = {
    ".tex": "write `% workbench: NAME` on a line before an equation",
    ".toml": "write a table [NAME] with statement = \"LEFT == RIGHT\"",
}  # fmt: skip
LARGEST = 8_000_000  # bytes of a paper


def read_paper(path: Path, where: Iterable[str] = ()) -> Paper:
    """The statements of a file; where: more letters for all of them.

    Raises BadInput where it cannot be read or marks none.
    """
    suffix, text = path.suffix.lower(), content(path)
    paper = Paper(path)
    for said in where:
        paper.let(said)
    try:
        for mark in READERS[suffix](text):
            paper.faults.append(mark) if isinstance(mark, Fault) else paper.mark(mark)
    except BadInput as problem:
        raise BadInput(f"{path}: {problem}") from None
    if not paper.statements and not paper.faults:
        how = HOW.get(suffix, "write <!-- workbench: NAME --> on a line before a formula")
        raise BadInput(f"{path} marks no statement; {how}")
    return paper


def content(path: Path) -> str:
    """The text of a file. Raises BadInput for what is none."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise BadInput(f"{path} is no file that ends; save the statements in one")
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{path} is larger than {LARGEST // 10**6} MB; give the statements a file of their own")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise BadInput(f"{path} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is no text in UTF-8; save it as one") from None
    except ValueError as problem:  # no name for a file
        raise BadInput(f"{str(path)!r} cannot be read: {problem}") from None
    if "\0" in text:
        raise BadInput(f"{path} is no text: it holds bytes that no letter has")
    return text
