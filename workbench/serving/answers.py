"""Answers: what a child finds for another program, as data and in words.

The words are those of the command line. What a theorem file prints goes to the errors, since a program listens.
"""

from __future__ import annotations

import os
from typing import Any

from workbench.catalogue import known_here
from workbench.errors import BadInput, about
from workbench.judging.verdicts import SCHEMA, Verdict, numbers_of
from workbench.running.tallies import without_infinities

Found = tuple[dict[str, Any], str]


def quietly(work: Any, *arguments: Any) -> Any:
    """Work, with whatever is printed told to the errors."""
    os.dup2(2, 1)
    return work(*arguments)


def check(statement: str, where: str, standard: str, seed: int) -> Found:
    """A statement typed on one line, judged."""
    from workbench.sessions import answers, telling

    answer = answers.check(statement, where, standard=standard, seed=seed)
    return recorded(answer), telling.told(answer)


def derive(expression: str, where: str, standard: str, seed: int) -> Found:
    """The closed form that the rules find for one side, judged as a statement. Raises BadInput where none does."""
    from workbench.language import printing
    from workbench.language.clauses import stated
    from workbench.sessions.derivations import derivation_of
    from workbench.sessions.equations import read_equation

    side, said = stated(expression)
    if "=" in side:
        raise BadInput(f"{expression!r} has two sides; derive takes the left one, e.g. E[X*X.T], and check takes both")
    declarations = "; ".join(filter(None, (where, said)))
    equation = read_equation(f"{side} == 0", (declarations,))
    if (claim := derivation_of(equation.left, equation.hypotheses)) is None:
        raise BadInput(f"no rule derives a closed form of {side}; judge a guess of yours with check")
    return check(f"{side} == {printing.text(claim.formula)}", declarations, standard, seed)


def conjecture(claim: str, formula: str, standard: str, seed: int) -> Found:
    """A formula typed in place of a claim's, judged."""
    from workbench.judging.verification import conjecture as judge

    with about(f"{claim} could not be judged"):
        verdict = judge(claim, formula, standard=standard, seed=seed)
    return recorded(verdict), told(verdict)


def show(names: list[str]) -> Found:
    """Claims with their proofs."""
    from workbench.showing.describing import as_text, facts

    known = [facts(entry) for entry in known_here().select(names)]
    return {"schema": SCHEMA, "claims": without_infinities(known)}, "\n".join(map(as_text, known))


def recorded(verdict: Verdict) -> dict[str, Any]:
    return without_infinities(verdict.record())


def told(verdict: Verdict) -> str:
    """A verdict in words: its headline and what speaks against it."""
    from workbench.diagnosis.corrections import sentence
    from workbench.showing.telling import caught

    lines = [f"{verdict.claim} = {verdict.formula}: {verdict.headline}"]
    lines += [f"  {verdict.compared}"] if verdict.compared else []
    lines += (
        [f"  fails at {verdict.witness['instance']}", f"  {numbers_of(verdict.witness)}"] if verdict.witness else []
    )
    lines += [f"  {sentence(verdict.correction)}"] if verdict.correction else []
    return "\n".join([*lines, f"  {caught(verdict.resolution, verdict.rungs)}", f"  replay: {verdict.replay}"])
