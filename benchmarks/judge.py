"""The judge side by side with a tolerance: how often each is wrong, and how many evaluations a digit costs.

    python benchmarks/judge.py [--quick] [--seed 0] [--jobs 2] [--record]

Right formulas of the catalogue, and the same with one slip of 1–20 %, meet fresh evidence at fresh
instances. The judge's verdict stands beside `allclose(rtol=0.05)` with a plain Monte Carlo mean of
equally many evaluations. Then families of typed statements of known truth attack it (`attack.py`).
Exits 1 on any wrong verdict of the judge or a ratio that falls short.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from typing import Any

import attack
import click
import numpy as np
import sympy as sp
import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table
from tolerance import NAIVE, Subject, change, digits, naive, plain

from workbench.catalogue import builtin, load, member
from workbench.diagnosis.mutants import SUMS, mutants
from workbench.errors import BadInput
from workbench.evidence import Estimate, measure
from workbench.evidence.averages import seed_of
from workbench.evidence.ladder import SURE
from workbench.evidence.protocols import NotFound
from workbench.exact.instances import Vacuous
from workbench.judging import judge
from workbench.judging.confrontation import Site, as_tensor, judged
from workbench.judging.judge import STANDARDS
from workbench.judging.statement import Statement, family_of, of_claim
from workbench.judging.verdicts import versions
from workbench.report.calibration import PLACE

STANDARD = STANDARDS["quick"]
LOW, HIGH = 0.01, 0.20  # relative change of a wrong formula at the instance where it is tried
DEAR = ("spectrum", "rate", "gradient")  # kinds that are slow to sample
SMALL = ((1, 2), (2, 2), (1, 3), (2, 1))  # (dimensions, counts) of the instances
LOOKS = 2  # sample sizes that are tried; what is not sharp by then stays open
CHEAP = frozenset(
    f"{theorem}.{name}"
    for theorem, names in {
        "clustering.alignment": "aligned_gradient",
        "clustering.centroids": "shear",
        "clustering.linear_heads": "noiseless_risk endless_risk rotated_heads",
        "clustering.softmax_collapse": "output stretch agreement_gradient critical_temperature",
        "imputation.bayes": "bayes_of_three gap layer_of_three",
        "imputation.depth": "fixed_point excess state contraction critical_step",
        "imputation.descents": "steepness",
        "imputation.one_layer": "risk risk_gradient curvature fixed_point pseudo_likelihood",
        "imputation.rank_one": "risk best_scale least_risk direction_gradient",
        "in_context.one_layer": "risk context_moment",
        "measures.finite_contexts": "crowding crowding_gradient",
        "measures.flows": "velocity covariance_velocity",
        "measures.softmax_affine": "linear_output",
    }.items()
    for name in names.split()
)
SOUGHT = ("letter", "over", "runs")  # what protocols have that search a letter or train: each trial averages often
OFTEN = 8  # draws of a cheap measurement for each dear one: sampled, searched, trained


@cache
def subjects(quick: bool) -> list[Subject]:
    """Every claim on its sharpest rung and, where a twin is an average, by sampling alone; witnesses too.

    The quick version takes the claims in CHEAP, and samples no searches, Hessians and witnesses.
    """
    found = []
    for entry in builtin().entries:
        if quick and entry.id not in CHEAP:
            continue
        twins = [member(entry, "numerics")]
        twins += [f for f in vars(load(entry, "numerics")).values() if getattr(f, "witness_of", "") == entry.parts[2]]
        for twin in twins:
            dear = hasattr(twin, "stages") or twin is not twins[0]
            dear = dear or any(hasattr(getattr(twin, "protocol", None), trait) for trait in SOUGHT)
            if not dear or (quick and twin is twins[0]):
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
    site = Site(instance, family_of(formula))
    for _, other in zip(range(60), wrong_formulas(formula, generator)):
        try:
            values = site.numbers(other)
        except BadInput:
            continue
        if values.shape == claimed.shape and LOW <= change(values, claimed) <= HIGH:
            return values
    return None


@cache
def alone(subject: Subject) -> Statement:
    """A claim's formula against one twin."""
    return replace(of_claim(subject.entry).without_rivals(), twins=(subject.twin,))


def trial(subject: Subject, number: int, run: int) -> tuple[Counter[str], int]:
    """One right and one wrong formula before the judge and the tolerance: what each said."""
    claim, seed = member(subject.entry, "derivations"), f"benchmark/{run}/{subject.name}/{number}"
    try:
        instance = alone(subject).instance(seed, -1, SMALL[number % len(SMALL)])
    except Vacuous:
        return Counter({"no instance": 1}), 0
    letters = {letter.name: as_tensor(letter, exact) for letter, exact in instance.items()}
    claimed = Site(instance, family_of(claim.formula)).numbers(claim.formula)
    said: Counter[str] = Counter()
    try:
        first, second = evidence(subject, letters, claimed, seed)
    except NotFound:
        return Counter({"not measured": 1}), 0
    cost = first.samples if second is first else first.samples + second.samples
    try:
        value = plain(subject, letters, cost, seed)
    except NotFound:
        value = None
    wrong = slipped(claim.formula, instance, claimed, np.random.default_rng(seed_of(seed)))
    for kind, formula in (("right", claimed), ("wrong", wrong)):
        if formula is None:
            continue
        (status, _), finding = judged(subject.entry.id, formula, [first], [second], STANDARD)
        below = kind == "wrong" and status == "supported" and change(formula, claimed) <= finding.resolution
        said[f"{kind} {status}{' below the resolution' if below else ''}"] += 1
        said[f"{kind} naive {'accepted' if naive(formula, value) else 'rejected'}"] += 1
        if (kind, status) in FORBIDDEN and not below:
            said[f"{subject.name}, trial {number}: {kind} {status}"] += 1
    said[f"kind {subject.entry.kind}"] += 1
    return said, cost


def numbered(task: tuple[int, bool, int]) -> tuple[Counter[str], int]:
    """The trial of a number: which formula it takes is settled by the run's seed."""
    number, quick, run = task
    torch.set_num_threads(1)
    pool = subjects(quick)
    order = np.random.default_rng(run).permutation(len(pool))
    return trial(pool[order[number % len(pool)]], number, run)


def counted(quick: bool, wanted: int, run: int, jobs: int) -> tuple[Counter[str], int]:
    """Trials, in order, until enough right and wrong formulas have been judged."""
    said: Counter[str] = Counter()
    cost, tasks = 0, [(number, quick, run) for number in range(10 * wanted)]
    with ExitStack() as stack:
        workers = stack.enter_context(get_context("spawn").Pool(jobs)) if jobs > 1 else None
        found = workers.imap(numbered, tasks, chunksize=4) if workers else map(numbered, tasks)
        for one, spent in track(found, total=len(tasks), description="judging", transient=True):
            said, cost = said + one, cost + spent
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
        "kinds": {key.removeprefix("kind "): n for key, n in sorted(said.items()) if key.startswith("kind ")},
        "evaluations": cost,
        "judge": {key: said[key] for key in VERDICTS},
        "tolerance 0.05": {key: said[key] for key in NAIVES},
        "versions": versions(),
    }


VERDICTS = (
    "right supported", "right undecided", "right refuted",
    "wrong refuted", "wrong undecided", "wrong supported below the resolution", "wrong supported",
)  # fmt: skip
FORBIDDEN = {("right", "refuted"), ("wrong", "supported")}
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


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="500 right, 500 wrong formulas of cheap claims; or 3000 of all.")
@click.option("--formulas", default=0, help="How many of each kind, instead.")
@click.option("--seed", default=0, help="Which formulas, instances and samples are drawn.")
@click.option("--jobs", default=2, help="Worker processes; the counts do not depend on it.")
@click.option("--record", is_flag=True, help="Write the counts where reports find them.")
def main(quick: bool, formulas: int, seed: int, jobs: int, record: bool) -> None:
    torch.set_num_threads(1)
    console, started = Console(width=120), time.perf_counter()
    said, cost = counted(quick, formulas or (500 if quick else 3000), seed, jobs)
    console.print(
        f"{len({s.entry.id for s in subjects(quick)})} claims{' that are cheap to measure' * quick}, by kind:"
    )
    kinds = (f"{n} {key.removeprefix('kind ')}" for key, n in said.most_common() if key.startswith("kind "))
    console.print("  " + ", ".join(kinds) + f"; not measured {said['not measured']}, no instance {said['no instance']}")
    console.print(shown(said, cost))
    table, short = digits()
    console.print(table)
    fates = list(attack.fates(attack.chosen(quick, seed), jobs))
    console.print(attack.shown(fates))
    if record:
        text = json.dumps(rates_of(said, cost), indent=2, ensure_ascii=False)
        PLACE.write_text(text + "\n", encoding="utf-8")
    short += [key for key in said if ", trial " in key]
    short += attack.mistakes(fates)
    short += [] if said["right supported"] > said["right undecided"] else ["most right formulas are left open"]
    console.print("\n".join(["falls short:", *short]) if short else "no wrong verdict, and every ratio holds")
    console.print(f"{time.perf_counter() - started:.0f} s")
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
