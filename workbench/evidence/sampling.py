"""Sampling: the rungs of the ladder that lean on chance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.quasirandom import SobolEngine

from workbench.evidence.averages import Average, Pooled, Remembering, Twin, real, seed_of
from workbench.evidence.estimates import Estimate, from_replicates, pareto_index
from workbench.evidence.randomness import Layout, recording

REPLICATES = 32
PROBED = 8  # replicates from which size and tail of a sample are read
QUASI, REPEATED = "quasi-Monte Carlo", "repeated experiments"


def sobol(layout: Layout, log2: int, seed: int) -> Tensor:
    """2^log2 rows of scrambled Sobol noise."""
    points = SobolEngine(max(layout.width, 1), scramble=True, seed=seed).draw(2**log2, dtype=torch.float64)
    rows = points.clamp_(2**-53, 1 - 2**-53)
    normals = rows[:, : layout.normal_count]
    normals.copy_(torch.special.ndtri(normals))
    return rows


def sampled(twin: Twin, seed: str, samples: int) -> Estimate:
    """Randomised quasi-Monte Carlo: independent scrambles give the error bar."""
    log2 = max(int(np.log2(samples / REPLICATES)), 4)
    kept: dict[Any, list[Tensor]] = {}

    def rows(twin: Twin, layout: Layout, replicate: int) -> Tensor:
        found = kept.setdefault((*layout.normals.items(), *layout.uniforms.items()), [])
        while len(found) <= replicate:
            found.append(sobol(layout, log2, seed_of(seed, "scramble", len(found))))
        return found[replicate]

    def one(replicate: int) -> Average:
        kind = Remembering if replicate < PROBED else Average
        return kind(lambda twin, layout, _: uniformly(rows(twin, layout, replicate)))

    parts = [one(replicate) for replicate in range(REPLICATES)]
    staged = Pooled(parts).at_stages(twin)
    replicates = np.stack([part.solve(twin) for part in parts])
    value, doubt = Pooled(parts).solve(twin), Pooled(parts).doubt(twin)
    probed = [part for part in parts if isinstance(part, Remembering)]
    magnitude, tail, constant = shape_of_samples(staged, probed, value)
    estimate = from_replicates(
        value,
        replicates,
        samples=REPLICATES * 2**log2,
        rung=QUASI,
        magnitude=magnitude,
        tail=tail,
    )
    # Samples that never differ have seen nothing (a rare event, say): their error bar of zero is no evidence. Coins
    # whose rate is a dyadic number differ, and Sobol's points count them without an error.
    blind = constant and bool((estimate.error == 0).any())
    return replace(estimate, bound=estimate.bound + doubt, tail=np.inf if blind else tail)


def uniformly(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Rows with equal weights."""
    return rows, torch.full((len(rows),), 1 / len(rows), dtype=torch.float64)


def shape_of_samples(twin: Twin, parts: list[Remembering], found: np.ndarray) -> tuple[float, float, bool]:
    """The mean absolute size of a sample, the tail index, and whether an entry never varies, at what was found."""
    letter, override = getattr(twin.protocol, "letter", None), {}
    if letter and isinstance(twin.letters[letter], Tensor):
        override = {letter: torch.from_numpy(found.copy()).reshape(twin.letters[letter].shape)}
    elif letter:
        override = {letter: round(found.item()) if getattr(twin.protocol, "whole", False) else found.item()}
    values = torch.cat([part.samples(twin, **override) for part in parts]).numpy()
    constant = bool((values == values[0]).all(axis=0).any())
    return float(np.abs(values).mean(axis=0).max()), pareto_index(values), constant


def repeated(twin: Twin, seed: str) -> Estimate:
    """Independent runs of an experiment; their spread is the error bar."""

    def outcome(number: int) -> tuple[np.ndarray, float]:
        def run(**override: Any) -> Tensor:
            draw = recording(Layout(), np.random.default_rng(seed_of(seed, "run", number)))
            return real(twin.function(**(twin.letters | override), draw=draw)).detach()

        chance = torch.Generator().manual_seed(seed_of(seed, "search", number))
        value, bound = twin.protocol.outcome(run, chance)
        return np.atleast_1d(real(value).numpy()), bound

    values, bounds = zip(*(outcome(number) for number in range(twin.protocol.runs)))
    stacked = np.stack(values)
    estimate = from_replicates(
        stacked.mean(axis=0), stacked, samples=len(values), rung=REPEATED,
        magnitude=float(np.abs(stacked).mean()), tail=-np.inf,
    )  # fmt: skip
    return replace(estimate, bound=estimate.bound + max(bounds))
