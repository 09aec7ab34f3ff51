"""Confrontation: a statement's formulas and its twins at the same instance, judged.

The closed form is evaluated exactly at a generic instance, the twin is measured there, and the
judge compares; every formula that is tried (the asserted one, its rivals) meets the same evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import torch
from flint import arb

from workbench.errors import BadInput
from workbench.evidence import Estimate, measure
from workbench.evidence.ladder import QUASI, SURE
from workbench.evidence.listings import in_order
from workbench.evidence.protocols import NotFound
from workbench.exact.instances import Instance, known_eigenvalues
from workbench.exact.rings import NotRational, Undefined, Unreadable
from workbench.exact.values import Values, enclosed, floats
from workbench.judging import judge
from workbench.judging.judge import Finding, Standard
from workbench.judging.saturation import PATIENT
from workbench.judging.statement import Statement, Twin
from workbench.judging.well_formed import check_shape
from workbench.language import printing
from workbench.language.letters import Coordinate, Eigenvalue, Size

BLUR = 2.0**-40  # radius of a ball, relative to its middle, above which it is computed anew


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

    @property
    def alone(self) -> bool:
        """Whether there is no other instance, and nothing that chance could change."""
        return not self.instance and all(estimate.rung in SURE for estimate in self.estimates)

    @property
    def finite(self) -> bool:
        """Whether finite numbers were measured."""
        return bool(np.isfinite(self.estimates[0].value).all())


def confront(
    statement: Statement, standard: Standard, seed: Any, place: int, shape: tuple[int, int] | None = None
) -> Trial:
    """Measure the twins at one instance and let the judge look at every formula."""
    return confront_at(statement, standard, statement.instance(seed, place, shape), f"{statement.name}/{seed}/{place}")


def confront_at(statement: Statement, standard: Standard, instance: Instance, seeded: str) -> Trial:
    """The same at an instance that is given; seeded: what names the samples."""
    letters = {letter.name: as_tensor(letter, exact) for letter, exact in instance.items()}
    check_shape(statement.name, statement.formula, statement.twins[0], instance, letters)
    site = Site(instance, statement.family)
    claimed = {name: site.numbers(formula) for name, formula in statement.formulas.items()}
    first, second = looks(list(statement.twins), letters, claimed[""], standard, seeded)
    claimed = {name: in_order(array, first[0].rows) for name, array in claimed.items()}
    statuses, findings = {}, {}
    for name, array in claimed.items():
        statuses[name], findings[name] = judged(statement.name, array, first, second, standard)
    return Trial(instance, letters, statement.family, first, second, claimed, statuses, findings)


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
        least = one.samples if one.rung == QUASI else 0  # fewer would be as blunt as they were at the first look
        second.append(one if sure else measured(twin, letters, claimed, sharpness, f"{name}/second", least))
    return first, second


def judged(
    name: str, claimed: np.ndarray, first: list[Estimate], second: list[Estimate], standard: Standard
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
                f"{name}: the formula has {claimed.size} components and its twin returns {one.value.size}; "
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


def measured(
    twin: Twin, letters: dict[str, Any], claimed: np.ndarray, standard: Standard, seed: str, least: int = 0
) -> Estimate:
    """Measure with growing samples, at least so many, until the error bar is narrow enough.

    Rungs without chance are left out where a first look took samples; that look tries them at every turn of the axes.
    """
    estimate = None
    for samples in (size for size in standard.samples if size >= least):
        how: dict[str, Any] = {"samples": samples, "chance": bool(least), "widest": standard.widest}
        try:
            estimate = measure(twin, letters, seed=f"{seed}/{samples}", **how)
        except NotFound as problem:
            return nothing(claimed.size, str(problem))
        except torch.linalg.LinAlgError:
            return nothing(claimed.size, "a matrix that is inverted has no inverse at some of the samples")
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


def as_tensor(letter: Any, exact: Any) -> Any:
    """A letter's exact value for torch: ints for sizes, floats for scalars, float64 tensors otherwise."""
    if isinstance(letter, Size):
        return int(exact.p)
    if isinstance(exact, np.ndarray):
        tensor = torch.from_numpy(floats(exact))
        return tensor[:, 0] if letter.shape[1] == 1 else tensor
    return float(floats(exact))


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
            found = point.of(formula)
            return enclosed(formula, point.rational.point, PATIENT) if blurred(found) else found
        except (Undefined, ZeroDivisionError) as error:
            place = shown(self.instance)
            raise BadInput(
                f"the formula {printing.text(formula)} has no value at {place}: {error}; if it has one for some "
                f"letters only, say which, e.g. A: spd d, or N > d + 1"
            ) from None
        except (NotRational, Unreadable) as error:
            raise BadInput(f"the formula {printing.text(formula)} cannot be evaluated: {error}") from None


def blurred(exact: Any) -> bool:
    """Whether a ball is too wide to be told by one float: numbers that nearly cancel are."""
    balls = (entry for entry in np.asarray(exact, dtype=object).reshape(-1) if isinstance(entry, arb))
    return any(ball.is_finite() and ball.rad() > abs(ball.mid()) * BLUR for ball in balls)


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
        if isinstance(letter, Coordinate):
            continue
        if isinstance(exact, np.ndarray):
            exact = "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in exact) + "]"
        parts.append(f"{letter.name} = {exact}")
    return ", ".join(parts)
