"""Tallies: what a run found, taken together."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, isfinite
from statistics import median
from typing import Any

from workbench.catalogue import Entry
from workbench.judging.verdicts import SCHEMA, Verdict
from workbench.running.runs import Outcome


@dataclass
class Tally:
    """What a run found, taken together."""

    standard: str
    seed: int
    outcomes: list[Outcome] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)  # what the catalogue cannot list, in sentences

    def add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    @property
    def verdicts(self) -> list[Verdict]:
        """In the order of their names, whoever came first."""
        return [o.verdict for o in sorted(self.outcomes, key=lambda o: o.entry.id) if o.verdict is not None]

    @property
    def problems(self) -> list[str]:
        """What went wrong, each in a sentence; a void run first of all."""
        void = [f"workbench: {verdict.reason}" for verdict in self.verdicts if verdict.void]
        said = [sentence for o in self.outcomes for sentence in (o.problem, *o.unlisted) if sentence]
        return list(dict.fromkeys([*void[:1], *self.unlisted, *said]))

    def missing(self, entries: list[Entry]) -> list[str]:
        """The claims that were to be verified and have neither a verdict nor a problem of their own, in sentences."""
        told = {o.entry.id for o in self.outcomes if o.verdict is not None or o.problem}
        return [f"{entry.id} was not verified: nothing came back" for entry in entries if entry.id not in told]

    @property
    def void(self) -> bool:
        return any(verdict.void for verdict in self.verdicts)

    @property
    def sound(self) -> bool:
        """Whether every claim so far has a verdict and it is supported."""
        return all(o.verdict is not None and o.verdict.status == "supported" for o in self.outcomes)

    @property
    def places(self) -> dict[str, tuple[str, int]]:
        """Where each claim is stated: the file and the line."""
        return {o.entry.id: (str(o.entry.derivation), o.entry.line) for o in self.outcomes}

    @property
    def canaries(self) -> list[str]:
        """How many of the claims known to be wrong fell, where this run has heard of them."""
        flocks = [verdict.canaries for verdict in self.verdicts if verdict.canaries]
        worst = min(flocks, key=lambda flock: flock["refuted"] - flock["total"], default=None)
        return [] if worst is None else [f"{worst['refuted']} of {worst['total']} canaries refuted"]

    @property
    def counts(self) -> dict[str, int]:
        return {s: sum(v.status == s for v in self.verdicts) for s in ("supported", "refuted", "undecided")}

    @property
    def quantified(self) -> str:
        """How many of the supported claims are so for every size, and how many at the sizes tried, in a line."""
        sized = [v.sizes for v in self.verdicts if v.status == "supported" and v.sizes]
        every = sized.count("for every size")
        few = f"  {len(sized) - every} at the sizes tried (workbench list --sizes)" if every < len(sized) else ""
        return f"of the supported: {every} for every size{few}" if sized else ""

    @property
    def resolution(self) -> float | None:
        """The error that half of the verdicts would have caught; a blind one catches none."""
        return finite_median([v.resolution for v in self.verdicts])

    @property
    def remembered(self) -> int:
        return sum(outcome.remembered for outcome in self.outcomes)

    @property
    def cost(self) -> str:
        """How sharp the verdicts are and what they cost, in a line."""
        parts = [] if self.resolution is None else [f"median resolution {self.resolution:.1e}"]
        parts.append(f"{sum(o.cpu for o in self.outcomes):.1f} s of CPU time")
        if self.remembered:
            kept = "all" if self.remembered == len(self.outcomes) else f"{self.remembered} of {len(self.outcomes)}"
            spent = sum(o.verdict.cpu_seconds for o in self.outcomes if o.remembered and o.verdict is not None)
            parts.append(f"{kept} from the record, unchanged since ({spent:.0f} s of CPU time then)")
        return "  ".join(parts)

    def record(self) -> dict[str, Any]:
        """The run as plain data."""
        return {
            "schema": SCHEMA,
            "standard": self.standard,
            "seed": self.seed,
            "counts": self.counts,
            "median_resolution": self.resolution,
            "cpu_seconds": round(sum(o.cpu for o in self.outcomes), 3),
            "from_the_record": self.remembered,
            "problems": self.problems,
            "verdicts": [without_infinities(verdict.record()) for verdict in self.verdicts],
        }


def without_infinities(data: Any) -> Any:
    """Plain data as JSON knows it: what is no number, or beyond all of them, is null."""
    if isinstance(data, dict):
        return {key: without_infinities(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [without_infinities(value) for value in data]
    return None if isinstance(data, float) and not isfinite(data) else data


def finite_median(numbers: list[float | None]) -> float | None:
    """The median, where nothing stands above every number; None when it is nothing."""
    found = median(sorted(inf if number is None else number for number in numbers)) if numbers else inf
    return found if isfinite(found) else None
