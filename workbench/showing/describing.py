"""Showing: one claim in words, as text, LaTeX, Markdown or data."""

from __future__ import annotations

import json
from typing import Any

from workbench.catalogue import Entry, load, member
from workbench.errors import about
from workbench.judging import proofs
from workbench.language import printing
from workbench.showing import folding
from workbench.showing.prose import escaped, tagless
from workbench.showing.telling import told
from workbench.stating import saying


def facts(entry: Entry) -> dict[str, Any]:
    """Everything there is to say about a claim before it is measured."""
    from workbench.judging.line_records import line_records

    claim, abbreviations = member(entry, "derivations"), folding.abbreviations_of(load(entry, "derivations"))
    with about(f"{entry.id} could not be shown"):
        proof = proofs.check(claim)
    return {
        **entry.record(),
        "statement": claim.statement,
        "symbol": claim.symbol,
        "formula": printing.text(claim.formula),
        "latex": printing.latex(claim.formula),
        "said": folding.text(claim.formula, abbreviations),
        "set": folding.latex(claim.formula, abbreviations),
        "proof": line_records(proof.lines),
        **saying(entry, claim),
        "sizes": proofs.quantifier(proof.lines),
        "builds_on": [earlier.id for earlier in claim.builds_on],
        "assumed": proof.assumed,
        "rules": proof.rules,
    }


def describe(entry: Entry, form: str = "text") -> str:
    """A claim in one of the forms text, latex, markdown, json."""
    known = facts(entry)
    return {"text": as_text, "latex": as_latex, "markdown": as_markdown, "json": as_json}[form](known)


def as_json(known: dict[str, Any]) -> str:
    return json.dumps(known, indent=2, ensure_ascii=False)


MEANING = {
    "proved": "proved: equal in exact arithmetic at random rational points; the chance is Schwartz and Zippel's",
    "enclosed": "enclosed: balls around both sides overlap, and are narrower than stated",
    "measured": "measured: the error was seen to fall as the size doubled, which is no proof",
}


TENDING = "→: what the line before tends to; their difference goes to 0 as all sizes grow in fixed proportions"


def grade(line: dict[str, Any]) -> str:
    rule = f"{line['rule']}, " if line["rule"] else ""
    return f"{rule}{line['grade']}" + (f" {line['certainty']}" if line["certainty"] else "")


def how_tried(proof: list[dict[str, Any]]) -> list[str]:
    """Where the lines were tried, and what their grades mean."""
    sizes = list(dict.fromkeys(size for line in proof for size in line["sizes"] if size))
    grades = {line["grade"] for line in proof}
    said = [f"tried at {'; '.join(sizes)}" if sizes else "tried at random points"] if grades & MEANING.keys() else []
    said += [TENDING] if any(line["text"].startswith("→") for line in proof) else []
    unbounded = any(line["grade"] == "proved" and not line["certainty"] for line in proof)
    said += [meaning for grade, meaning in MEANING.items() if grade in grades]
    return said + (["where no chance is stated, no degree bounds what the check compares"] if unbounded else [])


def condition(known: dict[str, Any]) -> str:
    """The condition of a left-hand side, behind the formula."""
    return f",  {known['condition']}" if known["condition"] else ""


def as_text(known: dict[str, Any]) -> str:
    lines = [f"{known['id']}  ({known['kind']})", "", known["statement"], ""]
    lines += [f"  {word}: {sentence}" for word, sentence in told(known)] + [""]
    for line in known["proof"]:
        lines += [f"  {line['why']}  [{grade(line)}]", f"      {line['text']}"]
    lines += ["", f"  {known['left']} = {known['said']}" + condition(known), "", *how_tried(known["proof"]), ""]
    lines += ["rivals that must fail:"]
    lines += [f"  {name}: {rival}" for name, rival in known["rivals"].items()]
    lines += [
        "",
        "rests on: " + ("; ".join(known["assumed"]) or "no assumed line"),
        f"source: {known['source']}",
    ]
    return "\n".join(lines) + "\n"


def as_markdown(known: dict[str, Any]) -> str:
    lines = [f"### `{known['id']}` — {known['kind']}", "", tagless(known["statement"]), ""]
    lines += [f"- {word}: {tagless(sentence)}" for word, sentence in told(known)] + [""]
    for line in known["proof"]:
        lines += [f"- {tagless(line['why'])} *({grade(line)})*", "", f"  $$ {line['latex']} $$", ""]
    lines += [
        f"$$ {known['left']} = {known['set']} {condition(known)} $$",
        "",
        "Rivals: " + "; ".join(f"{tagless(name)}: `{rival}`" for name, rival in known["rivals"].items()) + ".",
    ]
    lines += [
        "",
        *(f"{said}." for said in how_tried(known["proof"])),
        "",
        "Rests on: "
        + ("; ".join(map(tagless, known["assumed"])) or "no assumed line")
        + f". Source: {tagless(known['source'])}.",
    ]
    return "\n".join(lines) + "\n"


def as_latex(known: dict[str, Any]) -> str:
    lines = [r"\paragraph{" + escaped(known["title"]) + "}", escaped(known["statement"])]
    lines += [rf"\par {escaped(word)}: {escaped(sentence)}" for word, sentence in told(known)] + [r"\begin{align*}"]
    lines += [rf"& {line['latex']} && \text{{{escaped(line['why'])}}} \\" for line in known["proof"]]
    return "\n".join([*lines, r"\end{align*}"]) + "\n"
