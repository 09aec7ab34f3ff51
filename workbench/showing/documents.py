"""Documents: chapters, theorems and sessions as an article or a page, every line with what backs it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from workbench.catalogue import Entry
from workbench.errors import BadInput
from workbench.showing.describing import facts, grade, how_tried
from workbench.showing.prose import escaped, paragraphs, tagless
from workbench.showing.telling import told

PREAMBLE = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb}
\allowdisplaybreaks
\emergencystretch=3em
"""


@dataclass(frozen=True)
class Part:
    """A claim: its statement, the lines that prove it (why, what backs it, LaTeX), and what else there is to say."""

    title: str
    statement: str
    lines: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...] = ()
    result: str = ""


@dataclass(frozen=True)
class Section:
    """Several claims under what they have in common."""

    title: str
    introduction: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Document:
    """Sections under a title."""

    title: str
    sections: tuple[Section, ...]


def of_entries(title: str, entries: Iterable[Entry]) -> Document:
    """The claims of a catalogue, theorem by theorem."""
    theorems = groupby(entries, key=lambda entry: entry.parts[:2])
    return Document(title, tuple(section_of(".".join(name), list(claims)) for name, claims in theorems))


def section_of(name: str, claims: list[Entry]) -> Section:
    """A theorem: what its file says, and its claims."""
    introduction = ast.get_docstring(ast.parse(claims[0].derivation.read_text(encoding="utf-8"))) or ""
    return Section(name, introduction, tuple(map(part_of, claims)))


def part_of(entry: Entry) -> Part:
    """A claim of the catalogue."""
    known = facts(entry)
    lines = tuple((line["why"], grade(line), line["latex"]) for line in known["proof"])
    notes = [f"{word.capitalize()}: {sentence}" for word, sentence in told(known)]
    rivals = "; ".join(f"{name}: {formula}" for name, formula in known["rivals"].items())
    notes += [f"Rivals that must fail: {rivals}", *how_tried(known["proof"])]
    notes.append("Rests on: " + ("; ".join(known["assumed"]) or "no assumed line"))
    name, result = entry.parts[2], f"{known['left']} = " if known["left"] else ""
    return Part(f"{name} ({known['kind']})", known["statement"], lines, tuple(notes), result)


def as_latex(document: Document) -> str:
    """An article; it needs amsmath and amssymb alone."""
    body = [PREAMBLE + rf"\title{{{escaped(document.title)}}}", r"\date{}", r"\begin{document}", r"\maketitle"]
    for section in document.sections:
        body += [rf"\section{{{escaped(section.title)}}}", paragraphs(section.introduction), ""]
        for part in section.parts:
            body += [rf"\subsection*{{{escaped(part.title)}}}"] if part.title else []
            body += [paragraphs(part.statement), ""] if part.statement else []
            for place, (why, backed, latex) in enumerate(part.lines, 1):
                last = escaped(part.result).strip() if place == len(part.lines) else ""
                body += [rf"\noindent {escaped(why)} \emph{{({escaped(backed)})}}", rf"\[ {named(last)}{latex} \]"]
            body += [rf"\noindent {escaped(note)}.\par" for note in part.notes]
    return "\n".join([*body, r"\end{document}"]) + "\n"


def named(symbol: str) -> str:
    """A left-hand side in words, inside a formula."""
    return rf"\text{{{symbol} }}" if symbol else ""


def as_markdown(document: Document) -> str:
    """A page whose formulas stand between double dollars; what looks like a tag in its prose stays text."""
    body = [f"# {tagless(document.title)}", ""]
    for section in document.sections:
        body += [f"## {tagless(section.title)}", "", tagless(section.introduction), ""]
        for part in section.parts:
            body += [f"### {tagless(part.title)}", ""] if part.title else []
            body += [tagless(part.statement), ""] if part.statement else []
            for why, backed, latex in part.lines:
                body += [f"{tagless(why)} *({tagless(backed)})*", "", f"$$ {latex} $$", ""]
            body += [line for note in part.notes for line in (f"{plain(note)}.", "")]
    return "\n".join(body)


def plain(note: str) -> str:
    """Text in which a star is a star: formulas of rivals have powers."""
    return tagless(note).replace("*", "\\*")


FORMS: dict[str, Callable[[Document], str]] = {"latex": as_latex, "markdown": as_markdown}
SUFFIXES = {".tex": "latex", ".md": "markdown"}


def form_of(path: Path, form: str | None) -> str:
    """The form that was asked for, or the one that a suffix means. Raises BadInput where neither says."""
    found = form or SUFFIXES.get(path.suffix)
    if found not in FORMS:
        raise BadInput(f"{path.name} does not say what to write; end it in .tex or .md, or name a form")
    return found


def write(document: Document, path: Path, form: str | None = None) -> Path:
    """Write a document to a file. Raises BadInput where it cannot be written."""
    text = FORMS[form_of(path, form)](document)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise BadInput(f"{path} cannot be written: {problem.strerror}") from None
    return path
