"""The report: one self-contained page, made from verdicts alone."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from latex2mathml.converter import convert
from markupsafe import Markup, escape

from workbench.judging.verdicts import Verdict
from workbench.report.calibration import rates


def write_report(verdicts: list[Verdict], folder: Path) -> Path:
    """Write folder/index.html; the page needs no network and escapes everything it shows."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "index.html"
    target.write_text(page(verdicts), encoding="utf-8")
    return target


def page(verdicts: list[Verdict]) -> str:
    """The whole page as text."""
    rooms = Environment(loader=PackageLoader("workbench.report"), autoescape=select_autoescape(default=True))
    rooms.globals |= {"mathematics": mathematics, "figure": figure, "number": number}
    chapters = [(name, list(group)) for name, group in groupby(verdicts, key=lambda v: v.claim.split(".")[0])]
    counts = {s: sum(v.status == s for v in verdicts) for s in ("supported", "refuted", "undecided")}
    first = verdicts[0] if verdicts else None
    return rooms.get_template("page.html").render(
        chapters=chapters, counts=counts, first=first, total=len(verdicts), rates=rates()
    )


def mathematics(latex: str) -> Markup:
    """LaTeX as MathML, which browsers draw themselves; unreadable LaTeX is shown as text."""
    try:
        return Markup(convert(latex, display="block"))
    except Exception:  # the converter raises many kinds; a formula must never break the page
        return Markup("<code>{}</code>").format(escape(latex))


def figure(verdict: Verdict) -> Markup:
    """The picture of a verdict."""
    from workbench.report.figures import against

    return Markup(against(verdict)) if verdict.instances else Markup("")


def number(value: Any) -> str:
    """A number as a reader wants it."""
    return "—" if value is None else f"{value:.2g}"
