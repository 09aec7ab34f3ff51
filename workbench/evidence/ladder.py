"""The ladder: the sharpest way to measure a twin that applies, taken and named.

exact cubature        the twin is a polynomial of its Gaussian noise
Gauss–Hermite         the twin is smooth in at most four Gaussian variables
quasi-Monte Carlo     any twin of moderate dimension (scrambled Sobol, 32 replicates)
repeated experiments  training runs and simulations
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from torch import Tensor

from workbench.evidence.averages import Average, Shaken, Twin, flat, seed_of
from workbench.evidence.cubature import design, rotated_nodes, tensor_rule
from workbench.evidence.estimates import UNSEEN, Estimate, from_rotations
from workbench.evidence.protocols import Experiment, NotFound
from workbench.evidence.randomness import Layout
from workbench.evidence.sampling import QUASI, REPEATED, repeated, sampled

ROTATIONS = 2
EXACT, HERMITE = "exact cubature", "Gauss–Hermite"
RUNGS = (EXACT, HERMITE, QUASI, REPEATED)  # sharpest first
SURE = (EXACT, HERMITE)  # rungs without chance: their bound is all there is
ORDERS = {1: (40, 60, 80), 2: (28, 40, 56), 3: (16, 24, 32), 4: (10, 14, 20)}  # points per variable, by dimension
SMOOTH = 1e-4  # relative agreement below which a grid is taken, whatever its bound then is


def measure(
    function: Callable[..., Any],
    letters: Mapping[str, Any],
    *,
    seed: str = "0",
    samples: int = 2**14,
    chance: bool = False,
) -> Estimate:
    """Measure a twin at one instance.

    letters: name → float64 tensor, float or int; samples: how many the sampling rungs may use
    (a power of two); chance: leave out the rungs without chance. Deterministic in `seed`.
    Raises NotFound when a root or crossing is not there.
    """
    twin = Twin(function, letters, seed_of(seed, "layout"))
    if isinstance(twin.protocol, Experiment):
        return repeated(twin, seed)
    sure = None if chance else exact(twin, seed) or smooth(twin, seed)
    return replace(sure or sampled(twin, seed, samples), rows=getattr(twin.protocol, "rows", 0))


class NoPlan(Exception):
    """No exact rule is known for this twin."""


def exact(twin: Twin, seed: str) -> Estimate | None:
    """Exact cubature, when the twin is certified to be a polynomial of its noise."""
    plans: dict[Any, Any] = {}

    def rules_for(twin: Twin, layout: Layout, override: dict[str, Any]) -> Any:
        key = (twin.function, *layout.normals.items())
        if key not in plans:
            places = layout.places()
            blocks = [list(range(places[n].start, places[n].stop)) for n in layout.normals]
            plans[key] = design(flat(twin, layout, **override), blocks, layout.width, seed_of(seed, "degree"))
        return plans[key]

    def nodes(rotation: int) -> Callable[..., tuple[Tensor, Tensor]]:
        kept: dict[Any, tuple[Tensor, Tensor]] = {}

        def source(twin: Twin, layout: Layout, override: dict[str, Any]) -> tuple[Tensor, Tensor]:
            key = (twin.function, *layout.normals.items())
            if key not in kept:
                rules = None if layout.uniforms else rules_for(twin, layout, override)
                if rules is None:
                    raise NoPlan
                kept[key] = rotated_nodes(
                    rules, layout.width, np.random.default_rng(seed_of(seed, "rotation", rotation))
                )
            return kept[key]

        return source

    averages = [Average(nodes(rotation)) for rotation in range(ROTATIONS)]
    try:
        found = np.stack([average.solve(twin) for average in averages])
        doubt = averages[0].doubt(twin)
    except NoPlan:
        return None
    absolute = np.full(found.shape[1:], max(average.absolute for average in averages))
    evaluations = sum(average.evaluations for average in averages)
    estimate = from_rotations(found, absolute=absolute, samples=evaluations, rung=EXACT)
    return replace(estimate, bound=estimate.bound + doubt)


def smooth(twin: Twin, seed: str) -> Estimate | None:
    """Tensor Gauss–Hermite rules of three orders (two may agree by chance), when they agree to SMOOTH."""

    def grid(order: int) -> Callable[..., tuple[Tensor, Tensor]]:
        def source(twin: Twin, layout: Layout, override: dict[str, Any]) -> tuple[Tensor, Tensor]:
            if layout.uniforms or layout.width not in ORDERS:
                raise NoPlan
            rules = [(list(range(layout.width)), tensor_rule(layout.width, ORDERS[layout.width][order]))]
            return rotated_nodes(rules, layout.width, np.random.default_rng(seed_of(seed, "grid", order)))

        return source

    averages = [Average(grid(order)) for order in (0, 1, 2)]
    try:
        coarse, middle, fine = (average.solve(twin) for average in averages)
        doubt = averages[2].doubt(twin) + np.abs(Shaken(averages[2]).solve(twin) - fine)
    except (NoPlan, NotFound):
        return None
    scale = np.abs(fine).max() + averages[2].absolute * np.finfo(float).eps
    agreed = 4 * np.abs(fine - middle) + UNSEEN * np.finfo(float).eps * averages[2].absolute
    if not agreed.max() <= SMOOTH * scale:
        return None
    bound = np.maximum(agreed, np.abs(middle - coarse) / 2) + doubt
    return Estimate(
        fine, np.zeros_like(fine), bound, np.inf, sum(average.evaluations for average in averages), HERMITE,
        averages[2].absolute,
    )  # fmt: skip
