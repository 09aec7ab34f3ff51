"""Calibration: how often the judge errs, as promised and as measured."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

PLACE = Path(__file__).with_name("calibration.json")


def nominal() -> dict[str, Any]:
    """The error rates that the judge promises for one run."""
    from workbench.judging.judge import CLAIMS, RUN_LEVEL

    return {
        "any right claim refuted, per run": RUN_LEVEL,
        "an error above the stated resolution supported, per claim": RUN_LEVEL / CLAIMS,
        "claims and witnesses that share the budget": CLAIMS,
    }


@lru_cache(maxsize=1)
def measured() -> dict[str, Any]:
    """What `benchmarks/judge.py --record` last counted."""
    return json.loads(PLACE.read_text(encoding="utf-8"))


def rates() -> dict[str, Any]:
    """Promised and measured error rates, for reports and records."""
    return {"nominal": nominal(), "measured": measured()}
