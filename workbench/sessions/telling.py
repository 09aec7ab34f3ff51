"""Telling: an answer in words, as a terminal shows it."""

from __future__ import annotations

from dataclasses import replace

from workbench.diagnosis.corrections import sentence
from workbench.judging.verdicts import numbers_of
from workbench.sessions.answers import Answer
from workbench.showing.telling import caught


def told(answer: Answer) -> str:
    """What was understood, the verdict, and what backs it or speaks against it."""
    if answer.links:
        parts = [line for link in answer.links for line in told(replace(link, where="")).splitlines()]
        where = [f"  where {answer.where}"] if answer.where else []
        return "\n".join([f"{answer.conjecture}: {answer.headline}", *where, *(f"  {line}" for line in parts)])
    lines = [f"{answer.symbol} {answer.sign} {answer.formula}: {answer.headline}"]
    lines += [f"  where {answer.where}"] if answer.where else []
    lines += [f"  derived: {answer.derived}"] if answer.derived and answer.status != "supported" else []
    lines.append(f"  {answer.compared}")
    if answer.resolution is not None:
        lines.append(f"  {caught(answer.resolution, answer.rungs)}")
    if answer.witness:
        w = answer.witness
        lines.append(f"  fails at {w['instance'] or 'any instance: nothing in it is free'}")
        lines.append(f"  {numbers_of(w)}")
    if answer.correction:
        lines.append(f"  {sentence(answer.correction)}")
    if answer.status != "supported":
        lines.append(f"  replay: {answer.replay}")
    return "\n".join(lines)
