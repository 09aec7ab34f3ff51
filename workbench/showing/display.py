"""Display: claims and verdicts as a notebook shows them, everything escaped.

Mathematics is MathML, which notebooks draw themselves; every piece of text that comes from a
theorem file, a formula or a record goes through `html.escape` first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from textwrap import shorten
from typing import Any

from workbench import faces
from workbench.claims import Claim, Line
from workbench.judging.verdicts import Verdict, numbers_of
from workbench.language import printing
from workbench.showing import telling
from workbench.showing.telling import MARKS, told
from workbench.stating import saying

WIDTH = 160  # of a line of text
COLOURS = {"supported": "#2e7d32", "refuted": "#c62828", "undecided": "#b26a00"}


@faces.text.register
def claim_text(claim: Claim) -> str:
    """A claim in three lines: what it says, the closed form, and what stands beside it."""
    says = saying(None, claim)
    beside = f"lines of proof: {len(claim.lines)}, rivals: {len(claim.rivals)}"
    conditions = ", ".join(filter(None, [*says["hypotheses"], says["condition"]]))
    equation = f"{says['left']} = {printing.text(claim.formula)}"
    return three_lines(
        f"{claim.id} ({claim.kind}): {claim.statement}",
        equation,
        f"where {conditions}; {beside}" if conditions else beside,
    )


@faces.text.register
def verdict_text(verdict: Verdict) -> str:
    """A verdict in three lines: the status, the statement, and where it fails or what would have been caught."""
    witness = verdict.witness
    evidence = f"at {witness['instance']}: {numbers_of(witness)}" if witness else caught(verdict)
    equation = f"{verdict.says.get('left') or verdict.symbol or verdict.claim} = {verdict.formula}"
    return three_lines(f"{MARKS[verdict.status]} {verdict.headline}  {verdict.claim}", equation, evidence)


def three_lines(first: str, *others: str) -> str:
    """Lines below one another, none longer than a screen is wide."""
    return "\n  ".join(shorten(line, WIDTH, placeholder=" …") for line in (first, *others))


@faces.html.register
def claim_html(claim: Claim) -> str:
    """A claim with its statement, closed form, proof and rivals."""
    says = saying(None, claim)
    proof = "".join(line_html(line) for line in claim.lines)
    rivals = "".join(item(f"{escape(name)}: {code(printing.text(rival))}") for name, rival in claim.rivals.items())
    return framed(
        f"<b>{escape(claim.name)}</b> · {escape(claim.kind)}<br>{escape(claim.statement)}"
        + facts_html(says)
        + f"<p>{escape(says['left'])} = {math(printing.latex(claim.formula))}{condition(says)}</p>"
        + folded("proof", f"<ol>{proof}</ol>")
        + folded("rivals that must fail", f"<ul>{rivals}</ul>")
    )


def facts_html(says: Mapping[str, Any]) -> str:
    """Letters, conditions and what is measured, one line each."""
    return "".join(f"<br><i>{escape(word)}</i>: {escape(sentence)}" for word, sentence in told(says))


def condition(says: Mapping[str, Any]) -> str:
    """The condition of a left-hand side, behind the formula."""
    return f", {escape(says['condition'])}" if says.get("condition") else ""


@faces.latex.register
def claim_latex(claim: Claim) -> str:
    """The closed form of a claim as displayed mathematics."""
    return f"$$ {printing.latex(claim.formula)} $$"


def line_html(line: Line) -> str:
    """A line of a proof with its reason and where it comes from."""
    step = line.step
    how = f"{step.how} by {step.rule.name}" if step.rule else step.how
    return item(f"{escape(step.why)} <i>({escape(how)})</i><br>{math(printing.latex(line.expression))}")


@faces.html.register
def verdict_html(verdict: Verdict) -> str:
    """A verdict: its status, what it would have caught, and the witness when it refutes."""
    facts = [verdict.reason, caught(verdict), rivals_in_words(verdict)]
    facts += [f"rests on: {'; '.join(verdict.assumed)}"] if verdict.assumed else []
    body = "".join(f"<br>{escape(fact)}" for fact in facts if fact)
    return framed(
        f"{badge(verdict.said)} <b>{escape(verdict.claim)}</b> · {escape(verdict.title)}"
        + facts_html(verdict.says)
        + f"<p>{escape(verdict.says.get('left') or verdict.symbol)} {escape(getattr(verdict, 'sign', '='))} "
        + math(verdict.latex)
        + f"{condition(verdict.says)}</p>{body}"
        + witness_html(verdict)
        + correction_html(verdict)
        + folded("replay", code(verdict.replay)),
        COLOURS.get(verdict.status, "grey"),
    )


def witness_html(verdict: Verdict) -> str:
    """Where a refuted formula fails: the instance and both numbers."""
    w = verdict.witness
    return f"<br>fails at {code(str(w['instance']))}<br>{escape(numbers_of(w))}" if w else ""


def correction_html(verdict: Verdict) -> str:
    """What a refuted conjecture should have been."""
    c = verdict.correction
    if not c:
        return ""
    if c.get("at") is not None:
        return f"<br>{escape(telling.correction(c))}"
    caught = "" if c["resolution"] is None else f" with resolution {c['resolution']:.1e}"
    facts = [f"supported{caught} by evidence of its own", c["found"], *c["differences"]]
    return f"<br>try: {math(c['latex'])} {code(c['formula'])}<br>{escape('; '.join(facts))}"


def caught(verdict: Verdict) -> str:
    """The resolution of a verdict in words, with the rungs that gave it."""
    return telling.caught(verdict.resolution, verdict.rungs)


def rivals_in_words(verdict: Verdict) -> str:
    """How many of the rivals, and of the slips of the pen, the same evidence refuted."""
    fallen = sum(status == "refuted" for status in verdict.rivals.values())
    counts = [f"{fallen} of {len(verdict.rivals)} rivals"] if verdict.rivals else []
    if verdict.mutants.get("total"):
        counts.append(f"{verdict.mutants['refuted']} of {verdict.mutants['total']} mutants")
    return f"{' and '.join(counts)} refuted by the same evidence" if counts else ""


@dataclass(frozen=True)
class Table:
    """Several verdicts under one another."""

    verdicts: tuple[Verdict, ...]

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align:left'>{name}</th>" for name in ("", "claim", "what", "caught", "rungs"))
        return f"<table><tr>{head}</tr>{''.join(map(row_html, self.verdicts))}</table>"

    def __repr__(self) -> str:
        return "\n".join(f"{v.status:<10} {v.claim}  {caught(v)}" for v in self.verdicts)


def table(verdicts: Iterable[Verdict]) -> Table:
    """A table of verdicts for the end of a notebook."""
    return Table(tuple(verdicts))


def row_html(verdict: Verdict) -> str:
    """One verdict in one row."""
    resolution = "—" if verdict.resolution is None else f"{verdict.resolution:.1e}"
    cells = [escape(verdict.claim), escape(verdict.title), resolution, escape(", ".join(verdict.rungs))]
    row = "".join(f"<td style='text-align:left'>{cell}</td>" for cell in [badge(verdict.status), *cells])
    return f"<tr>{row}</tr>"


def badge(status: str) -> str:
    """A status with its mark, legible without colour, and its quantifier in smaller print."""
    word, _, sizes = status.partition(" ")
    colour, more = COLOURS.get(word, "grey"), f" <small>{escape(sizes)}</small>" if sizes else ""
    return f"<span style='color:{colour};font-weight:bold'>{MARKS.get(word, '')} {escape(word)}</span>{more}"


def math(latex: str) -> str:
    """A formula that every notebook draws, VS Code and a saved page included."""
    from workbench.showing.mathematics import mathematics

    return str(mathematics(latex))


def code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def item(inner: str) -> str:
    return f"<li>{inner}</li>"


def folded(summary: str, inner: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{inner}</details>"


def framed(inner: str, colour: str = "grey") -> str:
    """A block with a coloured edge; a dollar in its prose stays a dollar."""
    style = f"border-left:3px solid {colour};padding-left:.8em"
    return f"<div class='mathjax_ignore tex2jax_ignore' style='{style}'>{inner}</div>"
