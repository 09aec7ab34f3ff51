"""The report: one self-contained page, made from verdicts alone."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape

from workbench.glossary import WORDS
from workbench.judging.verdicts import Verdict, numbers_of
from workbench.report.calibration import rates
from workbench.report.figures import against, brackets
from workbench.report.fonts import font_face
from workbench.report.graphs import Drawing, drawn
from workbench.report.phases import phases
from workbench.showing.mathematics import mathematics
from workbench.showing.telling import MARKS, told


@dataclass(frozen=True)
class Chapter:
    """A chapter of the report: its verdicts, and what builds on what among them."""

    name: str
    verdicts: list[Verdict]

    @property
    def counts(self) -> dict[str, int]:
        return counted(self.verdicts)

    @property
    def resolution(self) -> float | None:
        """The error that half of its verdicts would have caught."""
        known = [v.resolution for v in self.verdicts if v.resolution is not None]
        return median(known) if known else None

    @property
    def graph(self) -> Drawing:
        return drawn({verdict.claim: verdict.builds_on for verdict in self.verdicts})


def write_report(verdicts: list[Verdict], folder: Path) -> Path:
    """Write folder/index.html; the page needs no network and escapes everything it shows."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "index.html"
    target.write_text(page(verdicts), encoding="utf-8")
    return target


def page(verdicts: list[Verdict]) -> str:
    """The whole page as text."""
    shown, script = body(verdicts), ROOMS.get_template("page.js").render()
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return ROOMS.get_template("page.html").render(
        body=shown, font=font_face(), script=Markup(script), script_hash=f"sha256-{digest}", total=len(verdicts)
    )


def body(verdicts: list[Verdict]) -> Markup:
    """What the page says, without its script and its letters."""
    return Markup(ROOMS.get_template("body.html").render(**facts(verdicts)))


def rooms_with_their_words() -> Environment:
    """The templates, with what they call."""
    rooms = Environment(
        loader=PackageLoader("workbench.report"), autoescape=select_autoescape(default=True),
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    rooms.globals |= {
        "words": WORDS,
        "marks": MARKS,
        "mathematics": mathematics,
        "against": against,
        "brackets": brackets,
        "phases": phases,
    }
    rooms.globals |= {"told": told, "number": number, "symbol": symbol, "powers": powers, "beyond_title": beyond_title}
    rooms.globals |= {"numbers_of": numbers_of}
    return rooms


def facts(verdicts: list[Verdict]) -> dict[str, Any]:
    """What the page shows."""
    in_order = sorted(verdicts, key=lambda verdict: verdict.claim)
    chapters = [Chapter(name, list(group)) for name, group in groupby(in_order, key=lambda v: v.claim.split(".")[0])]
    used_by = defaultdict(list)
    for verdict in in_order:
        for earlier in verdict.builds_on:
            used_by[earlier].append(verdict.claim)
    return {
        "chapters": chapters,
        "choices": {
            "chapter": [chapter.name for chapter in chapters],
            "kind": sorted({verdict.kind for verdict in in_order}),
            "status": [status for status, count in counted(in_order).items() if count],
        },
        "counts": counted(in_order),
        "first": in_order[0] if in_order else None,
        "rates": rates(),
        "scales": [verdict for verdict in in_order if verdict.kind == "critical scale"],
        "total": len(in_order),
        "used_by": used_by,
        "verdicts": {verdict.claim: verdict for verdict in in_order},
    }


def counted(verdicts: list[Verdict]) -> dict[str, int]:
    return {status: sum(verdict.status == status for verdict in verdicts) for status in MARKS}


def number(value: Any) -> str:
    """A number as a reader wants it."""
    return "—" if value is None else f"{value:.2g}"


def symbol(text: str) -> Markup:
    """A left-hand side as papers write it: what follows an underscore is an index."""
    return Markup(re.sub(r"_(\w+)", r"<sub>\1</sub>", str(escape(text))))


def powers(text: str) -> Markup:
    """Words with powers in them: what follows a caret is an exponent."""
    return Markup(re.sub(r"\^(-?\d+)", lambda found: f"<sup>{found[1].replace('-', '−')}</sup>", str(escape(text))))


def beyond_title(verdict: Verdict) -> list[str]:
    """The paragraphs of a statement after its first line, which is the title."""
    _, _, rest = verdict.statement.partition("\n")
    paragraphs = [" ".join(paragraph.split()) for paragraph in rest.split("\n\n")]
    return [paragraph for paragraph in paragraphs if paragraph and not paragraph.startswith("Source:")]


ROOMS = rooms_with_their_words()
