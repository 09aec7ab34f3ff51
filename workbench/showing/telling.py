"""Telling: the sentences about statements and verdicts, said once, for every form to arrange."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.judging.verdicts import numbers_of

MARKS = {"supported": "✓", "refuted": "✗", "undecided": "?"}


def caught(resolution: float | None, rungs: Iterable[str] = ()) -> str:
    """How small an error the evidence would have refuted, and on which rungs."""
    if not resolution:
        return "not measured"
    return f"an error above {resolution:.2g} would have been caught" + (f" ({', '.join(rungs)})" if rungs else "")


def refutation(verdict: Any) -> str:
    """A refuted claim with its smallest witness and the command that replays it."""
    lines = [f"{verdict.claim} = {verdict.formula}: {verdict.headline}"]
    if verdict.witness:
        lines += [f"  fails at {verdict.witness['instance']}", f"  {numbers_of(verdict.witness)}"]
    confirmed = [name for name, status in verdict.rivals.items() if status == "supported"]
    lines += [f"  the evidence supports the rival “{name}”" for name in confirmed]
    if verdict.correction:
        lines.append(f"  {correction(verdict.correction)}")
    return "\n".join([*lines, f"  replay: {verdict.replay}"])


def correction(record: dict[str, Any]) -> str:
    """What a refuted conjecture should have been, in one line."""
    from workbench.diagnosis.corrections import sentence

    return sentence(record)


def told(says: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Letters, conditions, what is measured and where, and the sizes; what a claim does not say is left out."""
    measured = says.get("measured") or {}
    letters = "; ".join(f"{name}: {words}" for name, words in says.get("letters", {}).items())
    pairs = [
        ("letters", letters),
        ("holds where", listed([*says.get("hypotheses", ()), says.get("condition", "")])),
        ("measured where", listed(says.get("regime", ()))),
        ("measured", f"{measured['says']} ({measured['file']}:{measured['line']})" if measured else ""),
        ("sizes", says.get("sizes", "")),
    ]
    return [(word, sentence) for word, sentence in pairs if sentence]


def listed(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)
