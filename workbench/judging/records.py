"""Records: lines of proofs, instances and witnesses as the data that verdicts, pages and reports keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench.errors import BadInput
from workbench.judging.confrontation import Site, Trial, shown
from workbench.judging.proofs import CheckedLine
from workbench.showing import printing


def witness_record(trial: Trial) -> dict[str, Any]:
    """Where a formula fails: the instance and the worst component, claimed and measured."""
    return worst_component(trial.instance, trial.claimed[""], trial.estimates[0].value.reshape(-1))


def derived_witness(formula: Any, derived: Any, instance: Mapping[Any, Any]) -> dict[str, Any] | None:
    """Where a formula is not the derived one: the worst component, claimed and derived; None without real values."""
    here = Site(dict(instance))
    try:
        claimed, known = here.numbers(formula), here.numbers(derived)
    except BadInput:
        return None
    return worst_component(instance, claimed, known) | {"by": "derived"}


def worst_component(instance: Mapping[Any, Any], claimed: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    """An instance and the component in which two arrays differ most there."""
    worst = int(np.argmax(np.abs(claimed - other)))
    return {
        "instance": shown(dict(instance)),
        "component": worst,
        "claimed": float(claimed[worst]),
        "measured": float(other[worst]),
    }


def line_record(checked: CheckedLine) -> dict[str, Any]:
    step = checked.line.step
    return {
        "how": step.how,
        "why": step.why,
        "rule": step.rule.name if step.rule else "",
        "reference": step.source if step.how == "assumed" else "",
        "recalls": step.source.id if step.how == "recalled" else "",
        "grade": checked.grade,
        "reason": checked.reason,
        "certainty": checked.certainty,
        "log2_chance": None if checked.chance is None else finite(checked.chance),
        "radius": checked.radius,
        "sizes": list(checked.sizes),
        "every_size": checked.every,
        "text": printing.text(checked.line.expression),
        "latex": printing.latex(checked.line.expression),
    }


def instance_record(trial: Trial) -> dict[str, Any]:
    """Theory against measurement at one instance: what the report draws."""
    estimate, finding = trial.estimates[0], trial.findings[""]
    return {
        "letters": shown(trial.instance),
        "claimed": trial.claimed[""].tolist(),
        "measured": estimate.value.reshape(-1).tolist(),
        "error": (estimate.error + estimate.bound).reshape(-1).tolist(),
        "status": trial.statuses[""][0],
        "reason": trial.statuses[""][1],
        "resolution": finite(finding.resolution),
        "z": finite(finding.z),
        "rungs": [e.rung for e in trial.estimates],
        "samples": sum(e.samples for e in trial.estimates),
        "rivals": {n.removeprefix("rival "): array.tolist() for n, array in trial.claimed.items() if n},
    }


def finite(number: float) -> float | None:
    return number if np.isfinite(number) else None
