"""Verdicts: what the workbench says about a claim, as data."""

from __future__ import annotations

import platform
import shlex
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from workbench.faces import Shown
from workbench.version import __version__

if TYPE_CHECKING:
    from workbench.catalogue import Entry

SCHEMA = 7


@dataclass(frozen=True, repr=False)
class Verdict(Shown):
    """Supported, refuted or undecided — with the error it would have caught."""

    claim: str
    kind: str
    title: str
    symbol: str
    formula: str
    latex: str
    status: str
    reason: str
    resolution: float | None
    z: float | None
    samples: int
    seed: int
    standard: str
    witness: dict[str, Any] | None
    rivals: dict[str, str]
    mutants: dict[str, Any]
    assumed: list[str]
    proof: list[dict[str, Any]]
    rungs: list[str]
    instances: list[dict[str, Any]]
    seconds: float
    cpu_seconds: float = 0.0
    conjecture: str = ""  # what was typed in place of the closed form
    compared: str = ""  # what exact arithmetic says of the two
    source: str = ""
    statement: str = ""
    builds_on: list[str] = field(default_factory=list)  # the ids of the claims whose closed form the proof uses
    canaries: dict[str, int] = field(default_factory=dict)  # of the run: known-wrong claims, and how many fell
    says: dict[str, Any] = field(default_factory=dict)  # letters, conditions, left-hand side, rivals, what is measured
    sizes: str = ""  # for which sizes the two sides were compared: every one, those tried; empty where none occurs
    correction: dict[str, Any] | None = None  # what a refuted conjecture should have been, judged afresh
    versions: dict[str, str] = field(default_factory=lambda: versions())
    schema: int = SCHEMA

    def __bool__(self) -> bool:
        raise TypeError("a verdict is supported, refuted or undecided; compare verdict.status with one of them")

    def record(self) -> dict[str, Any]:
        """The verdict as plain data."""
        return asdict(self)

    @property
    def said(self) -> str:
        """The status with its quantifier: what was compared at some sizes only is not simply supported."""
        return f"{self.status} {self.sizes}" if self.status == "supported" and self.sizes else self.status

    @property
    def headline(self) -> str:
        """The same as a line begins with it: the status in capitals, and the reason where there is one."""
        reason = f" — {self.reason}" if self.reason else ""
        return self.said.replace(self.status, self.status.upper(), 1) + reason

    @property
    def void(self) -> bool:
        """Whether the judge let a wrong claim pass beside this one."""
        return self.canaries.get("refuted", 0) < self.canaries.get("total", 0)

    @property
    def replay(self) -> str:
        """The command that repeats this verdict."""
        how = f"--standard {self.standard} --seed {self.seed}"
        if self.conjecture:
            return f"workbench conjecture {self.claim} {shlex.quote(self.conjecture)} {how}"
        return f"workbench verify {self.claim} {how} --fresh"


def unmeasured(entry: Entry, reason: str, standard: str, seed: int, **more: Any) -> Verdict:
    """The verdict of a claim that was not measured: undecided, with the reason."""
    nothing: dict[str, Any] = {
        "symbol": "", "formula": "", "latex": "", "resolution": None, "z": None, "samples": 0, "witness": None,
        "rivals": {}, "mutants": {"total": 0, "refuted": 0, "smallest": None, "surviving": []}, "assumed": [],
        "proof": [], "rungs": [], "instances": [], "seconds": 0.0, "source": entry.source,
    }  # fmt: skip
    return Verdict(
        claim=entry.id, kind=entry.kind, title=entry.title, status="undecided", reason=reason, seed=seed,
        standard=standard, **(nothing | more),
    )  # fmt: skip


def numbers_of(witness: dict[str, Any]) -> str:
    """The two numbers of a witness, with digits enough to tell them apart; a derived one is not called measured."""
    claimed, other = witness["claimed"], witness["measured"]
    digits = next((n for n in range(6, 17) if f"{claimed:.{n}g}" != f"{other:.{n}g}"), 17)
    how = witness.get("by", "measured")
    apart = f", which is {witness['apart']:+.2g} away" if witness.get("apart") else ""
    return f"claimed {claimed:.{digits}g}, {how} {other:.{digits}g}{apart} (component {witness['component']})"


def from_record(record: dict[str, Any]) -> Verdict:
    return Verdict(**record)


def versions() -> dict[str, str]:
    """The versions a verdict depends on."""
    packages = ("sympy", "mpmath", "torch", "numpy", "scipy", "python-flint")
    return {"python": platform.python_version(), "workbench": __version__, **{p: version_of(p) for p in packages}}


def version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
