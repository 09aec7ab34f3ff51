"""The judge side by side with a tolerance: how often each is wrong, and how many evaluations a digit costs.

    python benchmarks/judge.py [--quick] [--record]

Right formulas of the catalogue, and the same with one slip of 1–20 %, meet fresh evidence at fresh
instances. The judge's verdict stands beside `allclose(rtol=0.05)` with a plain Monte Carlo mean of at
least as many evaluations. Exits 1 on any wrong verdict of the judge or a ratio that falls short.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import click
import numpy as np
import sympy as sp
import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table

from workbench import judge
from workbench.catalogue import Entry, builtin, load, member
from workbench.confrontation import as_tensor, family_of, instance_for, judged, values_of
from workbench.errors import BadInput
from workbench.evidence import Estimate, measure
from workbench.evidence.averages import Average, Twin, seed_of
from workbench.evidence.ladder import SURE
from workbench.evidence.protocols import NotFound
from workbench.evidence.randomness import Layout
from workbench.judge import STANDARDS
from workbench.letters import Count, Size
from workbench.mutants import SUMS, mutants
from workbench.report.calibration import PLACE
from workbench.verdicts import versions

STANDARD = STANDARDS["quick"]
LOW, HIGH = 0.01, 0.20  # relative change of a wrong formula at the instance where it is tried
DEAR = ("spectrum", "rate", "gradient")  # kinds that are slow to sample
NAIVE = 0.05  # the tolerance of the naive check
FACTOR = 1000  # how many times fewer evaluations than plain Monte Carlo three digits may cost
SMALL = ((1, 2), (2, 2), (1, 3), (2, 1))  # (dimensions, counts) of the instances
LOOKS = 2  # sample sizes that are tried; what is not sharp by then stays open
OFTEN = 8  # draws of a cheap measurement for each dear one: sampled, searched, trained


@dataclass(frozen=True)
class Subject:
    """A claim, one of its twins, and the way its evidence is gathered."""

    entry: Entry
    twin: Any
    chance: bool  # only the sampling rungs

    @property
    def name(self) -> str:
        return f"{self.entry.id}/{self.twin.__name__}/{'sampled' if self.chance else 'sharpest'}"


def subjects(quick: bool) -> list[Subject]:
    """Every claim on its sharpest rung and, where a twin is an average, by sampling alone; witnesses too.

    The quick version leaves out searches, Hessians and witnesses.
    """
    found = []
    for entry in builtin().entries:
        twins = [member(entry, "numerics")]
        twins += [f for f in vars(load(entry, "numerics")).values() if getattr(f, "witness_of", "") == entry.parts[2]]
        for twin in twins:
            dear = hasattr(twin, "stages") or hasattr(getattr(twin, "protocol", None), "letter")
            dear = dear or hasattr(getattr(twin, "protocol", None), "runs") or twin is not twins[0]
            if not dear:
                found += [Subject(entry, twin, False)] * OFTEN
            if not (quick and (dear or entry.kind in DEAR)):
                found.append(Subject(entry, twin, not dear))
    return found


def evidence(subject: Subject, letters: dict[str, Any], claimed: np.ndarray, seed: str) -> tuple[Estimate, Estimate]:
    """Two looks at one twin, each with growing samples until its bar is narrow enough."""

    def one(look: str) -> Estimate:
        for samples in STANDARD.samples[:LOOKS]:
            estimate = measure(
                subject.twin, letters, seed=f"{seed}/{look}/{samples}", samples=samples, chance=subject.chance
            )
            if estimate.rung in SURE or judge.sharp_enough(claimed, estimate, STANDARD):
                break
        return estimate

    first = one("first")
    return first, first if first.rung in SURE else one("second")


def plain(subject: Subject, letters: dict[str, Any], samples: int, seed: str) -> np.ndarray:
    """The twin's quantity from a plain Monte Carlo sample."""

    def source(twin: Twin, layout: Layout, override: dict[str, Any]) -> tuple[torch.Tensor, torch.Tensor]:
        generator = np.random.default_rng(seed_of(seed, twin.function.__name__, layout.width))
        normals = generator.standard_normal((samples, layout.normal_count))
        uniforms = generator.random((samples, layout.width - layout.normal_count))
        rows = torch.from_numpy(np.concatenate([normals, uniforms], axis=1))
        return rows, torch.full((samples,), 1 / samples, dtype=torch.float64)

    twin = Twin(subject.twin, letters, 0)
    if hasattr(twin.protocol, "runs"):
        return measure(subject.twin, letters, seed=seed).value
    return Average(source).solve(twin)


def naive(claimed: np.ndarray, value: np.ndarray | None) -> bool:
    """What a test with a tolerance says."""
    return value is not None and bool((np.abs(claimed - value.reshape(-1)) <= NAIVE * np.abs(claimed)).all())


def wrong_formulas(formula: Any, generator: np.random.Generator) -> Iterator[Any]:
    """Slips of the pen and changed coefficients, in random order."""
    slips = slips_of(formula)
    for place in generator.permutation(len(slips))[:6]:
        yield slips[place]
    while True:
        factor = 1 + sp.Rational(int(generator.integers(-20, 21)), 100)
        terms = formula.args if isinstance(formula, SUMS) else (formula,)
        chosen = int(generator.integers(len(terms)))
        rest = [term for place, term in enumerate(terms) if place != chosen]
        yield formula.func(*rest, factor * terms[chosen]) if rest else factor * formula


@cache
def slips_of(formula: Any) -> list[Any]:
    return [mutant.formula for mutant in mutants(formula)]


def slipped(formula: Any, instance: Any, claimed: np.ndarray, generator: np.random.Generator) -> np.ndarray | None:
    """The values of a wrong formula that is off by 1–20 % here; None when a claim of zero leaves no scale."""
    if not np.abs(claimed).max() > 0:
        return None
    for _, other in zip(range(60), wrong_formulas(formula, generator)):
        try:
            values = values_of(other, instance, family_of(formula))
        except BadInput:
            continue
        if values.shape == claimed.shape and LOW <= change(values, claimed) <= HIGH:
            return values
    return None


def change(values: np.ndarray, claimed: np.ndarray) -> float:
    return float(np.abs(values - claimed).max() / np.abs(claimed).max())


def trial(subject: Subject, number: int, sizes: list[str]) -> tuple[Counter[str], int]:
    """One right and one wrong formula before the judge and the tolerance: what each said."""
    claim, seed = member(subject.entry, "derivations"), f"benchmark/{subject.name}/{number}"
    small, many = SMALL[number % len(SMALL)]
    shape = {name: many + k if count else small for k, (name, count) in enumerate(sizes)}
    instance = instance_for(subject.entry, claim, {"": claim.formula}, [subject.twin], seed, -1, shape)
    letters = {letter.name: as_tensor(letter, exact) for letter, exact in instance.items()}
    claimed = values_of(claim.formula, instance, family_of(claim.formula))
    said: Counter[str] = Counter()
    try:
        first, second = evidence(subject, letters, claimed, seed)
    except NotFound:
        return Counter({"right undecided": 1, "not measured": 1}), 0
    cost = first.samples if second is first else first.samples + second.samples
    try:
        value = plain(subject, letters, cost, seed)
    except NotFound:
        value = None
    wrong = slipped(claim.formula, instance, claimed, np.random.default_rng(seed_of(seed)))
    for kind, formula in (("right", claimed), ("wrong", wrong)):
        if formula is None:
            continue
        (status, _), finding = judged(subject.entry, formula, [first], [second], STANDARD)
        below = kind == "wrong" and status == "supported" and change(formula, claimed) <= finding.resolution
        said[f"{kind} {status}{' below the resolution' if below else ''}"] += 1
        said[f"{kind} naive {'accepted' if naive(formula, value) else 'rejected'}"] += 1
    return said, cost


def counted(pool: list[Subject], wanted: int) -> tuple[Counter[str], int]:
    """Trials until enough right and wrong formulas have been judged."""
    said: Counter[str] = Counter()
    cost, sizes = 0, {}
    order = np.random.default_rng(0).permutation(len(pool))
    for number in track(range(10 * wanted), description="judging", transient=True):
        subject = pool[order[number % len(pool)]]
        if subject.entry.id not in sizes:
            claim = member(subject.entry, "derivations")
            drawn = instance_for(subject.entry, claim, {"": claim.formula}, [subject.twin], 0, 0)
            sizes[subject.entry.id] = [(s.name, isinstance(s, Count)) for s in drawn if isinstance(s, Size)]
        found, spent = trial(subject, number, sizes[subject.entry.id])
        said, cost = said + found, cost + spent
        if min(total(said, "right"), total(said, "wrong")) >= wanted:
            break
    return said, cost


def total(said: Counter[str], kind: str) -> int:
    return said[f"{kind} naive accepted"] + said[f"{kind} naive rejected"]


def rates_of(said: Counter[str], cost: int) -> dict[str, Any]:
    """The counts of a benchmark as plain data."""
    return {
        "standard": STANDARD.name,
        "right formulas": total(said, "right"),
        "wrong formulas": total(said, "wrong"),
        "relative change of the wrong ones": [LOW, HIGH],
        "evaluations": cost,
        "judge": {key: said[key] for key in VERDICTS},
        "tolerance 0.05": {key: said[key] for key in NAIVES},
        "versions": versions(),
    }


VERDICTS = (
    "right supported", "right undecided", "right refuted",
    "wrong refuted", "wrong undecided", "wrong supported below the resolution", "wrong supported",
)  # fmt: skip
NAIVES = ("right naive accepted", "right naive rejected", "wrong naive rejected", "wrong naive accepted")


def shown(said: Counter[str], cost: int) -> Table:
    """The four rates of both, side by side."""
    rows = (
        ("right formulas passed", "right supported", "right naive accepted"),
        ("right formulas left open", "right undecided", None),
        ("RIGHT FORMULAS REFUTED", "right refuted", "right naive rejected"),
        ("wrong formulas refuted", "wrong refuted", "wrong naive rejected"),
        ("wrong formulas left open", "wrong undecided", None),
        ("wrong by less than the stated resolution", "wrong supported below the resolution", None),
        ("WRONG FORMULAS PASSED", "wrong supported", "wrong naive accepted"),
    )
    table = Table(title=f"{total(said, 'right')} right, {total(said, 'wrong')} wrong formulas, {cost:,} evaluations")
    for head in ("", "the judge", f"allclose(rtol={NAIVE})"):
        table.add_column(head, justify="right" if head else "left")
    for row, ours, theirs in rows:
        count = total(said, row.lower().split()[0])
        table.add_row(row, *(share(said[key], count) if key else "—" for key in (ours, theirs)))
    return table


def share(count: int, whole: int) -> str:
    return f"{count} ({100 * count / max(whole, 1):.1f} %)"


DIGITS = ("in_context.one_layer.context_moment", "in_context.one_layer.risk", "measures.softmax_affine.linear_output")


def digits() -> tuple[Table, list[str]]:
    """How many evaluations three digits cost, for plain Monte Carlo and for the ladder."""
    table, short = Table(title="integrand evaluations for three digits (plain Monte Carlo: with 95 % confidence)"), []
    for head in ("claim", "rung", "evaluations", "relative error", "plain Monte Carlo", "ratio"):
        table.add_column(head, justify="left" if head in ("claim", "rung") else "right")
    for name in DIGITS:
        entry = builtin().claim(name)
        claim, twin = member(entry, "derivations"), member(entry, "numerics")
        instance = instance_for(entry, claim, {"": claim.formula}, [twin], 0, 0)
        letters = {letter.name: as_tensor(letter, exact) for letter, exact in instance.items()}
        claimed = values_of(claim.formula, instance, ())
        found = measure(twin, letters)
        gap = max(change(found.value.reshape(-1), claimed), float(found.bound.max() / np.abs(claimed).max()))
        means = [plain(Subject(entry, twin, True), letters, 2**10, f"digits/{k}") for k in range(64)]
        spread = np.std(means, axis=0, ddof=1).max() / np.abs(claimed).max()
        needed = 2**10 * (1.96 * spread / 1e-3) ** 2  # so that 95 % of such means are within 1e-3
        ratio = needed / found.samples
        table.add_row(name, found.rung, f"{found.samples:,}", f"{gap:.0e}", f"{needed:,.0f}", f"{ratio:,.0f}")
        if not (gap <= 1e-3 and ratio >= FACTOR):
            short.append(f"{name}: {ratio:.0f} times fewer evaluations at a relative error of {gap:.0e}, not {FACTOR}")
    return table, short


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="500 right and 500 wrong formulas; otherwise 3000 of each.")
@click.option("--formulas", default=0, help="How many of each kind, instead.")
@click.option("--record", is_flag=True, help="Write the counts where reports find them.")
def main(quick: bool, formulas: int, record: bool) -> None:
    torch.set_num_threads(1)
    console = Console(width=120)
    said, cost = counted(subjects(quick), formulas or (500 if quick else 3000))
    console.print(shown(said, cost))
    table, short = digits()
    console.print(table)
    if record:
        text = json.dumps(rates_of(said, cost), indent=2, ensure_ascii=False)
        PLACE.write_text(text + "\n", encoding="utf-8")
    short += [f"{said[key]} × {key}" for key in ("right refuted", "wrong supported") if said[key]]
    short += [] if said["right supported"] > said["right undecided"] else ["most right formulas are left open"]
    console.print("\n".join(["falls short:", *short]) if short else "no wrong verdict, and every ratio holds")
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
