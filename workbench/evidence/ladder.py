"""The ladder: the sharpest way to measure a twin that applies, taken and named.

exact cubature        the twin is a polynomial of its Gaussian noise
enumeration           the same for each of few outcomes of masks and places
Gauss–Hermite         the twin is smooth in at most four Gaussian variables
adaptive panels       the twin has kinks or narrow features in at most three Gaussian variables
quasi-Monte Carlo     any twin of moderate dimension (scrambled Sobol, 32 replicates)
repeated experiments  training runs and simulations
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.evidence.averages import Average, Shaken, Twin, flat, seed_of
from workbench.evidence.cubature import MAX_NODES, design, rotated_nodes, tensor_rule
from workbench.evidence.enumeration import beside, given_outcomes, outcomes
from workbench.evidence.estimates import UNSEEN, Estimate, from_rotations
from workbench.evidence.panels import AIM, Nested, TooRough
from workbench.evidence.protocols import Experiment, FunctionOfMeans, NotFound, Root
from workbench.evidence.randomness import Layout
from workbench.evidence.sampling import QUASI, REPEATED, repeated, sampled
from workbench.evidence.scales import Limit, Slope
from workbench.evidence.tracing import is_no_polynomial, is_rugged, traced

ROTATIONS = 2
EXACT, ENUMERATED, HERMITE, PANELS = "exact cubature", "enumeration", "Gauss–Hermite", "adaptive panels"
RUNGS = (EXACT, ENUMERATED, HERMITE, PANELS, QUASI, REPEATED)  # sharpest first
SURE = (EXACT, ENUMERATED, HERMITE, PANELS)  # rungs without chance: their bound is all there is
ORDERS = {1: (40, 60, 80), 2: (28, 40, 56), 3: (16, 24, 32), 4: (10, 14, 20)}  # points per variable, by dimension
BLUNT = 1e-8  # of a sample's size: a grid that is blunter than this is not left at that
CHEAP, WIDEST = 2, max(AIM)  # variables in which panels cost little; in which they are laid at all
SHAKES = 4  # how often means are moved by their bounds, to see what a function of them makes of that
SMOOTH = 1e-4  # relative agreement below which a grid is taken, whatever its bound then is


def measure(
    function: Callable[..., Any],
    letters: Mapping[str, Any],
    *,
    seed: str = "0",
    samples: int = 2**14,
    chance: bool = False,
    widest: int = WIDEST,
) -> Estimate:
    """Measure a twin at one instance.

    letters: name → float64 tensor, float or int; samples: how many the sampling rungs may use
    (a power of two); chance: leave out the rungs without chance; widest: Gaussian variables in which panels are
    laid at most. Deterministic in `seed`.
    Raises NotFound when a root or crossing is not there.
    """
    twin = Twin(function, letters, seed_of(seed, "layout"))
    if isinstance(twin.protocol, Experiment):
        return repeated(twin, seed)
    sure = None if chance else without_chance(twin, seed, widest)
    return replace(sure or sampled(twin, seed, samples), rows=getattr(twin.protocol, "rows", 0))


def without_chance(twin: Twin, seed: str, widest: int = WIDEST) -> Estimate | None:
    """The sharpest rung without chance. Panels come first where a run of the twin shows kinks or steep arguments."""
    if getattr(twin.function, "stages", None):  # its letters are those that another twin finds, not those given
        return exact(twin, seed) or smooth(twin, seed)
    layout = twin.layout()
    if has_panels(twin, layout) and affordable(twin, layout) and is_rugged(twin, layout):
        return panelled(twin) if layout.width <= widest else None
    if found := exact(twin, seed):
        return found
    found = smooth(twin, seed)
    if found and ((found.bound <= BLUNT * found.magnitude).all() or layout.width > CHEAP):
        return found
    return (panelled(twin) if layout.width <= widest else None) or found


class NoPlan(Exception):
    """No exact rule is known for this twin."""


def exact(twin: Twin, seed: str) -> Estimate | None:
    """Exact cubature, when the twin is certified to be a polynomial of its Gaussian noise at each outcome of masks."""
    plans: dict[Any, Any] = {}
    enumerated: set[str] = set()  # masks and places that were met

    def rules_for(twin: Twin, layout: Layout, cells: Tensor, override: dict[str, Any]) -> Any:
        key = (twin.function, *layout.normals.items())
        if key not in plans:
            places = layout.places()
            blocks = [list(range(places[n].start, places[n].stop)) for n in layout.normals]
            function = given_outcomes(flat(twin, layout, **override), cells)
            no = is_no_polynomial(twin, layout, **override)
            plans[key] = None if no else design(function, blocks, layout.normal_count, seed_of(seed, "degree"))
        return plans[key]

    def nodes(rotation: int) -> Callable[..., tuple[Tensor, Tensor]]:
        kept: dict[Any, tuple[Tensor, Tensor]] = {}

        def gaussian(twin: Twin, layout: Layout, cells: Tensor, override: dict[str, Any]) -> tuple[Tensor, Tensor]:
            key = (twin.function, *layout.normals.items())
            if key not in kept:
                if (rules := rules_for(twin, layout, cells, override)) is None:
                    raise NoPlan
                turned = np.random.default_rng(seed_of(seed, "rotation", rotation))
                kept[key] = rotated_nodes(rules, layout.normal_count, turned)
            return kept[key]

        def source(twin: Twin, layout: Layout, override: dict[str, Any]) -> tuple[Tensor, Tensor]:
            if (found := outcomes(twin, layout, **override)) is None:
                raise NoPlan
            cells, chances = found
            enumerated.update(layout.uniforms)
            rows, weights = gaussian(twin, layout, cells, override)
            if len(rows) * len(cells) > MAX_NODES:
                raise NoPlan
            return beside(rows, cells), torch.outer(weights, chances).reshape(-1)

        return source

    averages = [Average(nodes(rotation)) for rotation in range(ROTATIONS)]
    try:
        found = np.stack([average.solve(twin) for average in averages])
        doubt = averages[0].doubt(twin) + amplified(averages[0], twin, found[0])
    except NoPlan:
        return None
    absolute = np.full(found.shape[1:], max(average.absolute for average in averages))
    evaluations = sum(average.evaluations for average in averages)
    rung = ENUMERATED if enumerated else EXACT
    estimate = from_rotations(found, absolute=absolute, samples=evaluations, rung=rung)
    return replace(estimate, bound=estimate.bound + doubt)


def amplified(average: Average, twin: Twin, value: np.ndarray) -> np.ndarray | float:
    """What is made of the roundoff of means by a function of them, or by a root in them: a small divisor enlarges it.

    Rules turned in one dimension have the same nodes, so their disagreement says nothing of it.
    """
    if not isinstance(twin.protocol, FunctionOfMeans | Root):
        return 0.0
    return np.abs(Shaken(average).solve(twin) - value)


class Panelled(Average):
    """Means by panels that follow the integrand, each with a bound."""

    def __init__(self) -> None:
        super().__init__(lambda *_: (torch.empty(0), torch.empty(0)))
        self.errors: dict[Any, list[Tensor]] = {}

    def compute(self, twin: Twin, **override: Any) -> list[Tensor]:
        layout = twin.layout(**override)
        if not has_panels(twin, layout) or not all(isinstance(value, int) for value in override.values()):
            raise NoPlan
        nested = Nested(traced(twin, layout, **override), layout.width)
        found = nested.whole()
        self.evaluations += nested.spent
        self.absolute = max(self.absolute, float(found.sizes.max()))
        some = twin.values(torch.zeros(1, layout.width, dtype=torch.float64), layout, **override)
        lengths = [output[0].numel() for output in some]

        def shaped(table: Tensor) -> list[Tensor]:
            return [part.reshape(output.shape[1:]) for part, output in zip(table[0].split(lengths), some)]

        self.errors[(twin, *sorted(override.items()))] = shaped(found.errors)
        return shaped(found.values)


class Moved(Average):
    """Means by panels moved by their bounds, up or down."""

    def __init__(self, calm: Panelled, seed: int):
        super().__init__(calm.source)
        self.calm, self.generator = calm, torch.Generator().manual_seed(seed)

    def compute(self, twin: Twin, **override: Any) -> list[Tensor]:
        means = self.calm.means(twin, **override)
        errors = self.calm.errors[(twin, *sorted(override.items()))]
        signs = [torch.randint(0, 2, error.shape, generator=self.generator) * 2 - 1 for error in errors]
        return [mean + sign * error for mean, sign, error in zip(means, signs, errors)]


def has_panels(twin: Twin, layout: Layout) -> bool:
    """Whether panels may average a twin: few Gaussian variables, and nothing that is sought, or told of a limit."""
    if isinstance(twin.protocol, Limit | Slope):
        return False
    return layout.width in AIM and not layout.uniforms and not getattr(twin.protocol, "letter", None)


def affordable(twin: Twin, layout: Layout) -> bool:
    """Whether panels can be held; a layer over thousands of tokens is too much for them."""
    return Nested(traced(twin, layout), layout.width).affordable


def panelled(twin: Twin) -> Estimate | None:
    """Panels that follow kinks and narrow features, in at most three Gaussian variables."""
    average = Panelled()
    try:
        value = average.solve(twin)
        moved = [np.abs(Moved(average, seed).solve(twin) - value) for seed in range(SHAKES)]
    except (NoPlan, TooRough, NotFound):
        return None
    roundoff = UNSEEN * np.finfo(float).eps * np.maximum(average.absolute, np.abs(value))
    bound = 2 * np.max(moved, axis=0) + roundoff + average.doubt(twin)
    return Estimate(value, np.zeros_like(value), bound, np.inf, average.evaluations, PANELS, average.absolute)


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
    # A letter that is sought is no mean: its own size counts where the means vanish.
    roundoff = UNSEEN * np.finfo(float).eps * np.maximum(averages[2].absolute, np.abs(fine))
    agreed = 4 * np.abs(fine - middle) + roundoff
    if not agreed.max() <= SMOOTH * scale:
        return None
    bound = np.maximum(agreed, np.abs(middle - coarse) / 2) + doubt
    return Estimate(
        fine, np.zeros_like(fine), bound, np.inf, sum(average.evaluations for average in averages), HERMITE,
        averages[2].absolute,
    )  # fmt: skip
