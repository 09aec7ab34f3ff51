"""Records: lines of proofs, instances and witnesses as the data that verdicts, pages and reports keep."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.errors import BadInput
from workbench.judging.confrontation import Site, Trial, shown
from workbench.judging.proofs import CheckedLine
from workbench.showing import printing


def witness_record(trial: Trial) -> dict[str, Any]:
    """Where a formula fails: the instance and the worst component, claimed and measured."""
    claimed, measured_ = trial.claimed[""], trial.estimates[0].value.reshape(-1)
    worst = int(np.argmax(np.abs(claimed - measured_)))
    return {
        "instance": shown(trial.instance),
        "component": worst,
        "claimed": float(claimed[worst]),
        "measured": float(measured_[worst]),
    }


def derived_witness(compared: CheckedLine, derived: Any) -> dict[str, Any] | None:
    """Where exact arithmetic tells a typed formula from the derived one: the point and the worst component."""
    if compared.where is None:
        return None
    here = Site(dict(compared.where))
    try:
        claimed, known = here.numbers(compared.line.expression), here.numbers(derived)
    except BadInput:
        return None
    worst = int(np.argmax(np.abs(claimed - known)))
    return {
        "instance": shown(compared.where),
        "component": worst,
        "claimed": float(claimed[worst]),
        "measured": float(known[worst]),
        "by": "derived",
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
