"""Tools: what another program may ask for, each call in a child and within limits; names and texts, never code.

A call names claims of the catalogue where the server was started; it cannot name a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workbench.catalogue import Entry, known_here
from workbench.errors import BadInput, Exceeded
from workbench.judging.verdicts import SCHEMA, unmeasured
from workbench.limits import STATEMENT, Limits
from workbench.running.runs import Outcome, attempt
from workbench.running.tallies import Tally
from workbench.serving import answers
from workbench.serving.children import ask

HOW: dict[str, Any] = {
    "standard": {"enum": ["quick", "strict"], "default": "quick", "description": "Catches 5 % or 0.5 %."},
    "seed": {"type": "integer", "default": 0, "description": "Which random instances and samples are taken."},
}  # fmt: skip
LIMITED: dict[str, Any] = {
    "time_limit": {"type": "number", "exclusiveMinimum": 0, "description": "Seconds; at most what the server allows."},
    "memory_limit": {"type": "number", "exclusiveMinimum": 0, "description": "GB; at most what the server allows."},
}
NAME = {
    "type": "string",
    "description": "A chapter, theorem or claim, e.g. in_context.one_layer.risk; list says which.",
}
WHERE = {
    "type": "string", "default": "",
    "description": "What the letters mean where it is not the usual, e.g. Y: d×L ~ N(mu, Sigma); L > 3; g: positive",
}  # fmt: skip


@dataclass(frozen=True)
class Tool:
    """Something that can be asked for: in words, what it takes and needs, the record that it gives, who does it."""

    says: str
    takes: dict[str, Any]
    needs: tuple[str, ...]
    gives: str
    work: Callable[[dict[str, Any], Limits], answers.Found]

    @property
    def input_schema(self) -> dict[str, Any]:
        properties, needs = self.takes | LIMITED, list(self.needs)
        return {"type": "object", "properties": properties, "required": needs, "additionalProperties": False}

    @property
    def output_schema(self) -> dict[str, Any]:
        return {"type": "object", **records()["$defs"][self.gives], "$defs": records()["$defs"]}

    def call(self, asked: dict[str, Any], most: Limits = STATEMENT) -> answers.Found:
        """The record and the words. Raises BadInput, or Exceeded where there is no verdict to give."""
        complain(asked, self.input_schema)
        seconds, gigabytes = asked.get("time_limit", most.seconds), asked.get("memory_limit", most.gigabytes)
        defaults = {name: said["default"] for name, said in self.takes.items() if "default" in said}
        return self.work(defaults | asked, Limits(min(seconds, most.seconds), min(gigabytes, most.gigabytes)))


@cache
def records() -> dict[str, Any]:
    """The schema of all that is answered."""
    return json.loads(Path(__file__).with_name("records.json").read_text(encoding="utf-8"))


def complain(asked: dict[str, Any], schema: dict[str, Any]) -> None:
    """Raises BadInput where the arguments are not what a tool takes."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    if problem := best_match(Draft202012Validator(schema).iter_errors(asked)):
        raise BadInput(f"{''.join(f'{part}: ' for part in problem.path)}{problem.message[:200]}")


def judged(work: Callable[..., answers.Found], subject: Entry, limits: Limits, *arguments: Any) -> answers.Found:
    """A verdict from a child; where a limit ended it, the undecided one."""
    try:
        return ask(answers.quietly, work, *arguments, limits=limits)
    except Exceeded as end:
        verdict = unmeasured(subject, str(end), *arguments[-2:])
        return answers.recorded(verdict), f"{subject.id}: {verdict.headline}"


def typed(text: str) -> Entry:
    """A typed statement as the subject of a verdict."""
    return Entry(text, "identity", "a typed statement", "", Path(), 0)


def check(asked: dict[str, Any], limits: Limits) -> answers.Found:
    how = (asked["statement"], asked["where"], asked["standard"], asked["seed"])
    return judged(answers.check, typed(asked["statement"]), limits, *how)


def derive(asked: dict[str, Any], limits: Limits) -> answers.Found:
    how = (asked["expression"], asked["where"], asked["standard"], asked["seed"])
    return judged(answers.derive, typed(asked["expression"]), limits, *how)


def conjecture(asked: dict[str, Any], limits: Limits) -> answers.Found:
    how = (asked["claim"], asked["formula"], asked["standard"], asked["seed"])
    return judged(answers.conjecture, known_here().claim(asked["claim"]), limits, *how)


def verify(asked: dict[str, Any], limits: Limits) -> answers.Found:
    """Every claim that the name means, each in a child of its own; what was found is taken together."""
    catalogue, names = known_here(), [asked["name"]]
    tally = Tally(asked["standard"], asked["seed"], unlisted=catalogue.faults(names))
    for entry in catalogue.select(names):
        tally.add(outcome(entry, limits, asked["standard"], asked["seed"]))
    lines = [f"{verdict.claim}: {verdict.headline}" for verdict in tally.verdicts]
    return tally.record(), "\n".join([*lines, *tally.problems])


def outcome(entry: Entry, limits: Limits, standard: str, seed: int) -> Outcome:
    try:
        return ask(answers.quietly, attempt, entry, standard, seed, limits=limits)
    except Exceeded as end:
        return Outcome(entry, unmeasured(entry, str(end), standard, seed), exceeded=True)


def show(asked: dict[str, Any], limits: Limits) -> answers.Found:
    known_here().select([asked["name"]])
    return ask(answers.quietly, answers.show, [asked["name"]], limits=limits)


def listing(asked: dict[str, Any], limits: Limits) -> answers.Found:
    """What there is, read from the sources alone."""
    catalogue, names = known_here(), [asked["name"]] if asked["name"] else []
    entries, faults = catalogue.select(names), catalogue.faults(names)
    record = {"schema": SCHEMA, "claims": [entry.record() for entry in entries], "problems": faults}
    return record, "\n".join([*(f"{entry.id}  {entry.kind}  {entry.title}" for entry in entries), *faults])


TOOLS = {
    "check": Tool(
        "Judge an equation LEFT == RIGHT, e.g. E[X*X.T] == N*Sigma, as plain text or LaTeX. The left side is measured "
        "from its definition, derived by rules and compared exactly; the text is parsed, never evaluated. A refuted "
        "one comes with a witness and, where one is found, a correction.",
        {"statement": {"type": "string"}, "where": WHERE, **HOW}, ("statement",), "verdict", check,
    ),
    "derive": Tool(
        "Derive the closed form of a mean or a gradient, e.g. E[(x.T*A*x)**2], line by line, and judge it.",
        {"expression": {"type": "string"}, "where": WHERE, **HOW}, ("expression",), "verdict", derive,
    ),
    "conjecture": Tool(
        "Judge a formula typed in place of a claim's closed form, in the letters of its theorem.",
        {"claim": {"type": "string"}, "formula": {"type": "string"}, **HOW}, ("claim", "formula"), "verdict",
        conjecture,
    ),
    "verify": Tool(
        "Re-check the proofs of claims, measure them from their definition and judge them; limits hold for each claim.",
        {"name": NAME, **HOW}, ("name",), "run", verify,
    ),
    "show": Tool(
        "Show claims: statement, letters, proof line by line, closed form, rivals.",
        {"name": NAME}, ("name",), "shown", show,
    ),
    "list": Tool("List the claims of the catalogue.", {"name": NAME | {"default": ""}}, (), "listed", listing),
}  # fmt: skip
