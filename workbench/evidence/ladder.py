"""The ladder: the sharpest way to measure a twin that applies, taken and named.

exact cubature        the twin is a polynomial of its Gaussian noise
Gauss–Hermite         the twin is smooth in at most four Gaussian variables
quasi-Monte Carlo     any twin of moderate dimension (scrambled Sobol, 32 replicates)
repeated experiments  training runs and simulations
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from scipy.special import ndtri
from scipy.stats import qmc
from torch import Tensor

from workbench.evidence.cubature import design, rotated_nodes, tensor_rule
from workbench.evidence.estimates import Estimate, from_replicates, from_rotations, pareto_index
from workbench.evidence.protocols import Experiment, NotFound, protocol_of
from workbench.evidence.randomness import Layout, reading, recording

REPLICATES = 32
PROBED = 8  # replicates from which size and tail of a sample are read
ROTATIONS = 2
EXACT, HERMITE, QUASI = "exact cubature", "Gauss–Hermite", "quasi-Monte Carlo"
SURE = (EXACT, HERMITE)  # rungs without chance: their bound is all there is
ORDERS = {1: (60, 80), 2: (40, 56), 3: (24, 32), 4: (14, 20)}  # points per variable, by dimension
SMOOTH = 1e-4  # relative agreement below which a grid is taken, whatever its bound then is
CHUNK = 4096


class Twin:
    """A twin at fixed letters: what rows of noise are worth."""

    def __init__(self, function: Callable[..., Any], letters: Mapping[str, Any], seed: int):
        names = [n for n, p in inspect.signature(function).parameters.items() if p.kind != p.KEYWORD_ONLY]
        missing = [name for name in names if name not in letters]
        if missing:
            raise LookupError(
                f"the twin {function.__module__}.{function.__name__} asks for {', '.join(missing)}, "
                f"which the theorem does not name; its letters are {', '.join(sorted(letters))}"
            )
        self.function, self.seed, self.all_letters = function, seed, dict(letters)
        self.letters = {name: letters[name] for name in names}
        self.protocol, self.layouts = protocol_of(function), {}

    def stages(self) -> dict[str, Callable[..., Any]]:
        """The letters that other twins measure first."""
        return getattr(self.function, "stages", {})

    def with_letters(self, found: dict[str, Any]) -> Twin:
        return Twin(self.function, self.all_letters | found, self.seed)

    def layout(self, **override: Any) -> Layout:
        """Which noise the twin asks for; it may depend on sizes, not on the values of other letters."""
        sizes = {name: value for name, value in override.items() if isinstance(value, int)}
        key = tuple(sorted(sizes.items()))
        if key not in self.layouts:
            self.layouts[key] = Layout()
            draw = recording(self.layouts[key], np.random.default_rng(self.seed))
            self.function(**(self.letters | sizes), draw=draw)
        return self.layouts[key]

    def values(self, rows: Tensor, layout: Layout, **override: Any) -> list[Tensor]:
        """The twin's outputs on every row of noise: a list of (n, …) tensors."""
        letters = self.letters | override

        def one(row: Tensor) -> tuple[Tensor, ...]:
            outputs = self.function(**letters, draw=reading(layout, row))
            outputs = outputs if isinstance(outputs, tuple) else (outputs,)
            return tuple(torch.as_tensor(output, dtype=torch.float64) for output in outputs)

        return list(torch.vmap(one, chunk_size=CHUNK)(rows))


class Average:
    """Averages over one source of weighted noise, and what a twin's protocol makes of them."""

    def __init__(self, source: Callable[[Twin, Layout, dict[str, Any]], tuple[Tensor, Tensor]]):
        self.source, self.evaluations, self.absolute = source, 0, 0.0
        self.kept: dict[Twin, list[Tensor]] = {}

    def means(self, twin: Twin, **override: Any) -> list[Tensor]:
        """The weighted means of a twin's outputs, letters overridden by name."""
        if override:
            return self.compute(twin, **override)
        if twin not in self.kept:
            self.kept[twin] = self.compute(twin)
        return self.kept[twin]

    def compute(self, twin: Twin, **override: Any) -> list[Tensor]:
        layout = twin.layout(**override)
        rows, weights = self.source(twin, layout, override)
        outputs = twin.values(rows, layout, **override)
        self.evaluations += len(rows)
        sizes = [torch.tensordot(weights.abs(), output.detach().abs(), dims=1).max() for output in outputs]
        self.absolute = max(self.absolute, *(float(size) for size in sizes))
        return [torch.tensordot(weights, output, dims=1) for output in outputs]

    def at_stages(self, twin: Twin) -> Twin:
        """The twin with the letters that other twins measure put in."""
        found = {}
        for name, stage in twin.stages().items():
            value = self.solve(Twin(stage, twin.all_letters, twin.seed))
            shape = getattr(twin.all_letters.get(name), "shape", ())
            found[name] = torch.from_numpy(value).reshape(shape)
        return twin.with_letters(found) if found else twin

    def solve(self, twin: Twin) -> np.ndarray:
        twin = self.at_stages(twin)
        value = twin.protocol.solve(lambda **override: self.means(twin, **override), twin.letters)
        return np.atleast_1d(value.detach().numpy())

    def doubt(self, twin: Twin) -> np.ndarray | float:
        """A bound on what the protocol leaves out, where it states one."""
        if not hasattr(twin.protocol, "doubt"):
            return 0.0
        twin = self.at_stages(twin)
        return twin.protocol.doubt(lambda **override: self.means(twin, **override)).detach().numpy()


class Pooled(Average):
    """The average of several averages that saw equally many samples."""

    def __init__(self, parts: list[Average]):
        super().__init__(parts[0].source)
        self.parts = parts

    def compute(self, twin: Twin, **override: Any) -> list[Tensor]:
        each = [part.means(twin, **override) for part in self.parts]
        return [torch.stack(outputs).mean(0) for outputs in zip(*each)]


def seed_of(*parts: Any) -> int:
    """A seed that belongs to what is measured, not to when or where it runs."""
    return int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:6], "big")


def measure(
    function: Callable[..., Any],
    letters: Mapping[str, Any],
    *,
    seed: str = "0",
    samples: int = 2**14,
) -> Estimate:
    """Measure a twin at one instance.

    letters: name → float64 tensor, float or int; samples: how many the sampling rungs may use
    (a power of two). Deterministic in `seed`. Raises NotFound when a root or crossing is not there.
    """
    torch.set_default_dtype(torch.float64)
    twin = Twin(function, letters, seed_of(seed, "layout"))
    if isinstance(twin.protocol, Experiment):
        return repeated(twin, seed)
    return exact(twin, seed) or smooth(twin, seed) or sampled(twin, seed, samples)


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
    except NoPlan:
        return None
    absolute = np.full(found.shape[1:], max(average.absolute for average in averages))
    evaluations = sum(average.evaluations for average in averages)
    return from_rotations(found, absolute=absolute, samples=evaluations, rung=EXACT)


def smooth(twin: Twin, seed: str) -> Estimate | None:
    """Tensor Gauss–Hermite rules of two orders, when they agree to SMOOTH: their difference bounds the error."""

    def grid(order: int) -> Callable[..., tuple[Tensor, Tensor]]:
        def source(twin: Twin, layout: Layout, override: dict[str, Any]) -> tuple[Tensor, Tensor]:
            if layout.uniforms or layout.width not in ORDERS:
                raise NoPlan
            rules = [(list(range(layout.width)), tensor_rule(layout.width, ORDERS[layout.width][order]))]
            return rotated_nodes(rules, layout.width, np.random.default_rng(seed_of(seed, "grid", order)))

        return source

    averages = [Average(grid(order)) for order in (0, 1)]
    try:
        coarse, fine = (average.solve(twin) for average in averages)
        doubt = averages[1].doubt(twin)
    except (NoPlan, NotFound):
        return None
    scale = np.abs(fine).max() + averages[1].absolute * np.finfo(float).eps
    bound = 4 * np.abs(fine - coarse) + doubt + 200 * np.finfo(float).eps * averages[1].absolute
    if not bound.max() <= SMOOTH * scale:
        return None
    return Estimate(
        fine, np.zeros_like(fine), bound, np.inf, sum(average.evaluations for average in averages), HERMITE,
        averages[1].absolute,
    )  # fmt: skip


def flat(twin: Twin, layout: Layout, **override: Any) -> Callable[[Tensor], Tensor]:
    """The twin as a function from rows of noise to rows of numbers."""

    def function(rows: Tensor) -> Tensor:
        outputs = twin.values(rows, layout, **override)
        return torch.cat([output.detach().reshape(len(rows), -1) for output in outputs], dim=1)

    return function


def sobol(layout: Layout, log2: int, generator: np.random.Generator) -> Tensor:
    """2^log2 rows of scrambled Sobol noise."""
    points = qmc.Sobol(max(layout.width, 1), scramble=True, rng=generator).random_base2(log2)
    points = np.clip(points, 2**-53, 1 - 2**-53)
    count = layout.normal_count
    return torch.from_numpy(np.concatenate([ndtri(points[:, :count]), points[:, count:]], axis=1))


def sampled(twin: Twin, seed: str, samples: int) -> Estimate:
    """Randomised quasi-Monte Carlo: independent scrambles give the error bar."""
    log2 = max(int(np.log2(samples / REPLICATES)), 4)
    kept: dict[Any, list[Tensor]] = {}

    def rows(twin: Twin, layout: Layout, replicate: int) -> Tensor:
        found = kept.setdefault((*layout.normals.items(), *layout.uniforms.items()), [])
        while len(found) <= replicate:
            found.append(sobol(layout, log2, np.random.default_rng(seed_of(seed, "scramble", len(found)))))
        return found[replicate]

    def one(replicate: int) -> Average:
        return Average(lambda twin, layout, _: uniformly(rows(twin, layout, replicate)))

    parts = [one(replicate) for replicate in range(REPLICATES)]
    staged = Pooled(parts).at_stages(twin)
    replicates = np.stack([part.solve(twin) for part in parts])
    value, doubt = Pooled(parts).solve(twin), Pooled(parts).doubt(twin)
    magnitude, tail = shape_of_samples(staged, parts[:PROBED], value)
    estimate = from_replicates(
        value,
        replicates,
        samples=REPLICATES * 2**log2,
        rung=QUASI,
        magnitude=magnitude,
        tail=tail,
    )
    # Samples that never differ have seen nothing (a rare event, say): their error bar of zero is no evidence.
    blind = bool((estimate.error == 0).any())
    return replace(estimate, bound=estimate.bound + doubt, tail=np.inf if blind else tail)


def uniformly(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Rows with equal weights."""
    return rows, torch.full((len(rows),), 1 / len(rows), dtype=torch.float64)


def shape_of_samples(twin: Twin, parts: list[Average], found: np.ndarray) -> tuple[float, float]:
    """The mean absolute size of a sample and the tail index, at the value that was found."""
    letter = getattr(twin.protocol, "letter", None)
    whole = getattr(twin.protocol, "whole", False)
    value = torch.from_numpy(found.copy()) if letter else None
    if letter and value is not None and value.numel() == 1:
        value = round(float(value)) if whole else float(value)
    override = {letter: value} if letter else {}
    layout = twin.layout(**override)
    function = flat(twin, layout, **override)
    values = torch.cat([function(part.source(twin, layout, override)[0]) for part in parts]).numpy()
    return float(np.abs(values).mean(axis=0).max()), pareto_index(values)


def repeated(twin: Twin, seed: str) -> Estimate:
    """Independent runs of an experiment; their spread is the error bar."""
    values = []
    for run in range(twin.protocol.runs):
        generator = np.random.default_rng(seed_of(seed, "run", run))
        value = twin.function(**twin.letters, draw=recording(Layout(), generator))
        values.append(np.atleast_1d(torch.as_tensor(value).detach().numpy()))
    stacked = np.stack(values)
    return from_replicates(
        stacked.mean(axis=0), stacked, samples=len(values), rung="repeated experiments",
        magnitude=float(np.abs(stacked).mean()), tail=-np.inf,
    )  # fmt: skip
