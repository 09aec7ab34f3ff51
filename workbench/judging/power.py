"""Power: how many slips of the pen the evidence for a claim refutes, and the smallest of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.calculus.agreement import Refuted, Unsettled, agree
from workbench.diagnosis.mutants import mutants
from workbench.errors import BadInput
from workbench.evidence.listings import order_of
from workbench.exact.rings import Undefined
from workbench.exact.values import floats
from workbench.judging.confrontation import Site, Trial, judged
from workbench.judging.judge import Standard
from workbench.judging.statement import Statement

ELSEWHERE = 3  # the place (of larger sizes) at which mutants that are equal at all instances are compared again


def mutation_score(statement: Statement, trials: Sequence[Trial], standard: Standard) -> dict[str, Any]:
    """How many slips of the pen the same evidence refutes, and the smallest relative change among them.

    Slips that leave the formula equal are set aside: equal exactly, at every instance and at one more
    of larger sizes that no measurement met. A slip that is equal only where it was measured survives.
    """
    formula, tried, refuted, changes, surviving = statement.formula, 0, 0, [], []
    sites = [Site(trial.instance, trial.family) for trial in trials]
    if trials:
        sites += [Site(statement.without_rivals().instance(0, ELSEWHERE), trials[0].family)]
    for mutant in mutants(formula) if trials else []:
        if all(equal_at(formula, mutant.formula, site, trials[0].estimates[0].rows) for site in sites):
            continue
        tried += 1
        name, pairs = statement.name, zip(trials, sites)
        found = [judged_mutant(name, mutant.formula, trial, site, standard) for trial, site in pairs]
        if any(status == "refuted" for status, _ in found):
            refuted += 1
            changes.append(max(change for _, change in found))
        else:
            surviving.append(mutant.slip)
    return {"total": tried, "refuted": refuted, "smallest": min(changes, default=None), "surviving": surviving}


def equal_at(formula: Any, other: Any, site: Site, rows: int = 0) -> bool:
    """Whether two formulas have the same exact value at an instance, in whatever order their columns of rows stand."""
    try:
        one, two = (exact[order_of(floats(exact), rows)] for exact in map(site.exact, (formula, other)))
        agree(one, two, "the mutant")
    except (Refuted, Unsettled, Undefined, BadInput):
        return False
    return True


def judged_mutant(name: str, formula: Any, trial: Trial, site: Site, standard: Standard) -> tuple[str, float]:
    """The status of a mutant at an instance and its relative change there; without a value it is wrong."""
    try:
        claimed = site.numbers(formula)
    except BadInput:
        return "refuted", np.inf
    if claimed.shape != trial.claimed[""].shape:  # a slip that drops an eigenvalue has fewer components
        return "refuted", np.inf
    with np.errstate(over="ignore", invalid="ignore"):  # a wild formula may change beyond what a float holds
        change = np.abs(claimed - trial.claimed[""]).max() / max(np.abs(trial.claimed[""]).max(), np.finfo(float).tiny)
    (status, _), _ = judged(name, claimed, trial.estimates, trial.second_looks, standard)
    return status, float(change)
