"""WishartMoments, the package of Letac and Massam's invariant moments, on the pieces of Sage that pip installs."""

from __future__ import annotations

import importlib
import sys
import types
from fractions import Fraction
from pathlib import Path
from typing import Any

import sage
from protocol import COLUMNS, SIGMA, answer

everything = types.ModuleType("sage.all")
for piece in sorted(Path(next(iter(sage.__path__))).glob("all__sagemath_*.py")):
    everything.__dict__.update(vars(importlib.import_module(f"sage.{piece.stem}")))
sys.modules["sage.all"] = everything

from WishartMoments import Expectations  # noqa: E402


def power(k: int) -> Any:
    """E[W^k]: the last of the invariant moments of order k."""

    def compute() -> Any:
        moments = Expectations(k)
        return moments, len(list(moments.P)) - 1, moments.moment(len(list(moments.P)) - 1)

    return compute


def value(result: Any) -> list[Fraction]:
    moments, place, _ = result
    import numpy

    # it evaluates k times the moment that it prints
    entries = moments.evaluate_moment(place, COLUMNS, numpy.array(SIGMA))["moment"]
    return [Fraction(str(entry)) / moments.k for row in numpy.asarray(entries).tolist() for entry in row]


if __name__ == "__main__":
    answer({"wishart": power}, value)
