"""Records: instances and witnesses as the data that verdicts, pages and reports keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench.errors import BadInput
from workbench.exact.values import enclosed
from workbench.judging.confrontation import Site, Trial, shown
from workbench.judging.line_records import finite


def witness_record(trial: Trial) -> dict[str, Any]:
    """Where a formula fails: the instance and the worst component, claimed and measured."""
    return worst_component(trial.instance, trial.claimed[""], trial.estimates[0].value.reshape(-1))


def derived_witness(
    formula: Any, known: Any, instance: Mapping[Any, Any], by: str = "derived"
) -> dict[str, Any] | None:
    """Where a formula is not what is known of the other side: the worst component, claimed and derived.

    None without real values. Two numbers that floats cannot tell apart come with how far they are apart.
    """
    here = Site(dict(instance))
    try:
        claimed, other = here.exact(formula), here.exact(known)
        found = worst_component(instance, here.numbers(formula), here.numbers(known)) | {"by": by}
    except BadInput:
        return None
    if found["claimed"] == found["measured"]:
        found |= {"apart": apart(formula, known, instance, (claimed - other).shape)}
    return found


def apart(formula: Any, known: Any, instance: Mapping[Any, Any], shape: tuple[int, ...]) -> float:
    """How far two sides are apart in the component where they differ most, in balls of many bits."""
    sides = (np.asarray(enclosed(side, instance), dtype=object).reshape(shape) for side in (known, formula))
    gaps = [float(gap) for gap in np.subtract(*sides)]
    return max(gaps, key=abs)


def worst_component(instance: Mapping[Any, Any], claimed: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    """An instance and the component in which two arrays differ most there."""
    worst = int(np.argmax(np.abs(claimed - other)))
    return {
        "instance": shown(dict(instance)),
        "component": worst,
        "claimed": float(claimed[worst]),
        "measured": float(other[worst]),
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
