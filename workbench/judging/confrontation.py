"""Confrontation: a claim's formulas and its twin at the same instance, judged.

The closed form is evaluated exactly at a generic instance, the twin is measured there, and the
judge compares; every formula that is tried (the claim, its rivals) meets the same evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import Parameter, signature
from itertools import product
from typing import Any

import numpy as np
import torch

from workbench.catalogue import Entry, load, member
from workbench.claims import Claim
from workbench.errors import BadInput
from workbench.evidence import Estimate, measure
from workbench.evidence.ladder import QUASI, SURE
from workbench.evidence.listings import in_order
from workbench.evidence.protocols import NotFound
from workbench.exact.instances import Instance, draw, known_eigenvalues, letters_of
from workbench.exact.rings import NotRational, Undefined, Unreadable
from workbench.exact.values import Values, floats
from workbench.judging import judge
from workbench.judging.judge import Finding, Standard
from workbench.judging.statements import check_shape
from workbench.letters import Count, Eigenvalue, Size, TopEigenvalue, is_letter
from workbench.showing import printing

Twin = Callable[..., Any]
SHAPES = ((2, 4), (3, 3), (2, 7), (4, 5))  # (dimensions, counts) of the instances, smallest first


@dataclass
class Trial:
    """One instance: the evidence there, and what the judge found for every formula that was tried."""

    instance: Instance
    letters: dict[str, Any]
    family: tuple[Eigenvalue, ...]
    estimates: list[Estimate]
    second_looks: list[Estimate]
    claimed: dict[str, np.ndarray]
    statuses: dict[str, tuple[str, str]]
    findings: dict[str, Finding]


def confront(
    entry: Entry, claim: Claim, formulas: dict[str, Any], standard: Standard, seed: int, place: int,
    sizes: dict[str, int] | None = None, twins: list[Twin] | None = None,
) -> Trial:  # fmt: skip
    """Measure the twin (or the twins given) at one instance and let the judge look at every formula."""
    twins = twins or twins_of(entry)
    instance = instance_for(entry, claim, formulas, twins, seed, place, sizes)
    letters = {letter.name: as_tensor(letter, exact) for letter, exact in instance.items()}
    family = family_of(claim.formula)
    check_shape(entry, formulas[""], twins[0], instance, letters)
    site = Site(instance, family)
    claimed = {name: site.numbers(formula) for name, formula in formulas.items()}
    first, second = looks(twins, letters, claimed[""], standard, f"{entry.id}/{seed}/{place}")
    claimed = {name: in_order(array, first[0].rows) for name, array in claimed.items()}
    statuses, findings = {}, {}
    for name, array in claimed.items():
        statuses[name], findings[name] = judged(entry, array, first, second, standard)
    return Trial(instance, letters, family, first, second, claimed, statuses, findings)


def looks(
    twins: list[Twin], letters: dict[str, Any], claimed: np.ndarray, standard: Standard, seed: str
) -> tuple[list[Estimate], list[Estimate]]:
    """Two independent looks at an instance through every twin."""
    first, second = [], []
    for twin in twins:
        name = f"{seed}/{twin.__name__}"
        # The namesake twin has to be as sharp as the standard asks; further witnesses need not.
        sharpness = standard if twin is twins[0] else judge.STANDARDS["quick"]
        one = measured(twin, letters, claimed, sharpness, f"{name}/first")
        first.append(one)
        # Chance needs a second, independent look; a rung without chance would only repeat itself.
        sure = one.rung in SURE
        second.append(one if sure else measured(twin, letters, claimed, sharpness, f"{name}/second"))
    return first, second


def judged(
    entry: Entry, claimed: np.ndarray, first: list[Estimate], second: list[Estimate], standard: Standard
) -> tuple[tuple[str, str], Finding]:
    """The status of a claimed array: no witness may refute it, and the sharpest must be sharp enough."""
    statuses, findings = [], []
    for one, other in zip(first, second):
        claimed = in_order(claimed, one.rows)
        if one.rows and one.value.size != claimed.size:
            counts = one.value.size // one.rows, claimed.size // one.rows
            one = other = nothing(claimed.size, "the search found {} of them, the formula lists {}".format(*counts))
        if one.value.size != claimed.size:
            raise BadInput(
                f"{entry.id}: the formula has {claimed.size} components and its twin returns {one.value.size}; "
                "give both the same shape"
            )
        a, b = judge.look(claimed, one, standard), judge.look(claimed, other, standard)
        if not (np.isfinite(one.value).all() and np.isfinite(other.value).all()):
            statuses.append(("undecided", f"not measured: {one.rung}"))
            findings.append(a)
            continue
        heavy = max(one.tail, other.tail) > judge.HEAVY
        statuses.append(judge.decide(a, b, standard, heavy=heavy))
        findings.append(replace(a, resolution=max(a.resolution, b.resolution)))
    if any(status == "refuted" for status, _ in statuses):
        place = [status for status, _ in statuses].index("refuted")
        return statuses[place], findings[place]
    best = min(range(len(findings)), key=lambda i: (statuses[i][0] != "supported", findings[i].resolution))
    return statuses[best], findings[best]


def measured(twin: Twin, letters: dict[str, Any], claimed: np.ndarray, standard: Standard, seed: str) -> Estimate:
    """Measure with growing samples until the error bar is narrow enough."""
    estimate = None
    for samples in standard.samples:
        try:
            estimate = measure(twin, letters, seed=f"{seed}/{samples}", samples=samples)
        except NotFound as problem:
            return nothing(claimed.size, str(problem))
        if estimate.value.size != claimed.size or judge.sharp_enough(claimed, estimate, standard):
            break
        if estimate.rung != QUASI:
            break
    assert estimate is not None
    return estimate


def nothing(components: int, problem: str) -> Estimate:
    """The estimate of a measurement that did not find what it looked for: it decides nothing, and says why."""
    blank = np.full(components, np.nan)
    return Estimate(blank, np.full(components, np.inf), np.zeros(components), np.inf, 0, problem, 0.0)


def twins_of(entry: Entry) -> list[Twin]:
    """The functions that measure a claim: its namesake, and further witnesses."""
    module, name = load(entry, "numerics"), entry.parts[2]
    member(entry, "numerics")
    extra = [f for f in vars(module).values() if getattr(f, "witness_of", None) == name]
    return [getattr(module, name), *extra]


def instance_for(
    entry: Entry, claim: Claim, formulas: dict[str, Any], twins: list[Twin], seed: int, place: int,
    sizes: dict[str, int] | None = None,
) -> Instance:  # fmt: skip
    """A generic instance for every letter that the formulas or the twins name."""
    conditions = (*claim.hypotheses, *claim.regime)
    letters = {letter.name: letter for letter in letters_of(*formulas.values(), *conditions)}
    known = {v.name: v for v in vars(load(entry, "derivations")).values() if is_letter(v)}
    for twin in twins:
        for name, parameter in signature(twin).parameters.items():
            if parameter.kind != Parameter.KEYWORD_ONLY and name in known:
                letters[name] = known[name]
    every = list(letters.values())
    if sizes is None:
        sizes = sizes_at(place, [s for s in letters_of(*every) if isinstance(s, Size)])
    return draw(every, f"{entry.id}/{seed}/{place}", sizes, conditions)


def sizes_at(place: int, sizes: list[Any]) -> dict[str, int]:
    """Sizes for the instance at a place; different letters get different ones, so none can stand for another."""
    small, many = SHAPES[place % len(SHAPES)]
    dimensions = sorted(s.name for s in sizes if not isinstance(s, Count))
    counts = sorted(s.name for s in sizes if isinstance(s, Count))
    chosen = {name: small + shift for shift, name in enumerate(dimensions)}
    return chosen | {name: many + shift for shift, name in enumerate(counts)}


def as_tensor(letter: Any, exact: Any) -> Any:
    """A letter's exact value for torch: ints for sizes, floats for scalars, float64 tensors otherwise."""
    if isinstance(letter, Size):
        return int(exact.p)
    if isinstance(exact, np.ndarray):
        tensor = torch.from_numpy(floats(exact))
        return tensor[:, 0] if letter.shape[1] == 1 else tensor
    return float(floats(exact))


def family_of(formula: Any) -> tuple[Eigenvalue, ...]:
    """The eigenvalue letters of a claim: it holds for each choice of them, and is compared as a whole spectrum."""
    free = (letter for letter in formula.atoms(Eigenvalue) if not isinstance(letter, TopEigenvalue))
    return tuple(sorted(free, key=lambda letter: letter.name))


class Site:
    """An instance where formulas are evaluated exactly, over all eigenvalues of a family; shared parts once."""

    def __init__(self, instance: Instance, family: tuple[Eigenvalue, ...] = ()):
        choices = product(*(known_eigenvalues(instance[letter.of]) for letter in family))
        self.instance, self.family = instance, family
        self.points = [Values({**instance, **dict(zip(family, chosen))}) for chosen in choices]

    def exact(self, formula: Any) -> np.ndarray:
        """A formula here, as a flat array of exact values; over the eigenvalues of a family, sorted."""
        found = [self.value(formula, point) for point in self.points]
        values = np.concatenate([np.asarray(exact, dtype=object).reshape(-1) for exact in found])
        return values[np.argsort(floats(values), kind="stable")] if self.family else values

    def numbers(self, formula: Any) -> np.ndarray:
        """A formula here, as a flat array of floats, in the same order."""
        numbers = floats(self.exact(formula))
        if np.isnan(numbers).any():
            raise BadInput(
                f"the formula {printing.text(formula)} has no real value at {shown(self.instance)}; say what its "
                f"letters have to satisfy, e.g. rho: overlap"
            )
        return numbers

    def value(self, formula: Any, point: Values) -> Any:
        try:
            return point.of(formula)
        except (Undefined, ZeroDivisionError) as error:
            place = shown(self.instance)
            raise BadInput(
                f"the formula {printing.text(formula)} has no value at {place}: {error}; if it has one for some "
                f"letters only, say which, e.g. A: spd d, or N > d + 1"
            ) from None
        except (NotRational, Unreadable) as error:
            raise BadInput(f"the formula {printing.text(formula)} cannot be evaluated: {error}") from None


def values_of(formula: Any, instance: Instance, family: tuple[Eigenvalue, ...]) -> np.ndarray:
    """A formula at an instance, as a flat array; over all eigenvalues of the family, sorted, when there are any."""
    return Site(instance, family).numbers(formula)


def exact_values(formula: Any, instance: Instance, family: tuple[Eigenvalue, ...]) -> np.ndarray:
    """A formula at an instance, as a flat array of exact values; over all eigenvalues of the family."""
    return Site(instance, family).exact(formula)


def shown(instance: Instance) -> str:
    """An instance in words: d = 1, Lambda = [[5/16]]."""
    parts = []
    for letter, exact in sorted(instance.items(), key=lambda pair: (not isinstance(pair[0], Size), pair[0].name)):
        if isinstance(exact, np.ndarray):
            exact = "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in exact) + "]"
        parts.append(f"{letter.name} = {exact}")
    return ", ".join(parts)
