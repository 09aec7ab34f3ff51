"""A check with a tolerance: a plain Monte Carlo mean, and `allclose`; what the judge is compared with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from rich.table import Table

from workbench.catalogue import Entry, builtin, member
from workbench.evidence import measure
from workbench.evidence.averages import Average, Twin, seed_of
from workbench.evidence.randomness import Layout
from workbench.judging.confrontation import as_tensor, values_of
from workbench.judging.statement import of_claim

NAIVE = 0.05  # the tolerance of the naive check
FACTOR = 1000  # how many times fewer evaluations than plain Monte Carlo three digits may cost


@dataclass(frozen=True)
class Subject:
    """A claim, one of its twins, and the way its evidence is gathered."""

    entry: Entry
    twin: Any
    chance: bool  # only the sampling rungs

    @property
    def name(self) -> str:
        return f"{self.entry.id}/{self.twin.__name__}/{'sampled' if self.chance else 'sharpest'}"


def plain(subject: Subject, letters: dict[str, Any], samples: int, seed: str) -> np.ndarray:
    """The twin's quantity from a plain Monte Carlo sample."""

    def source(twin: Twin, layout: Layout, override: dict[str, Any]) -> tuple[torch.Tensor, torch.Tensor]:
        generator = np.random.default_rng(seed_of(seed, twin.function.__name__, layout.width))
        normals = generator.standard_normal((samples, layout.normal_count))
        uniforms = generator.random((samples, layout.width - layout.normal_count))
        rows = torch.from_numpy(np.concatenate([normals, uniforms], axis=1))
        return rows, torch.full((samples,), 1 / samples, dtype=torch.float64)

    twin = Twin(subject.twin, letters, 0)
    if hasattr(twin.protocol, "runs"):
        return measure(subject.twin, letters, seed=seed).value
    return Average(source).solve(twin)


def naive(claimed: np.ndarray, value: np.ndarray | None) -> bool:
    """What a test with a tolerance says."""
    return value is not None and bool((np.abs(claimed - value.reshape(-1)) <= NAIVE * np.abs(claimed)).all())


def change(values: np.ndarray, claimed: np.ndarray) -> float:
    return float(np.abs(values - claimed).max() / np.abs(claimed).max())


DIGITS = ("in_context.one_layer.context_moment", "in_context.one_layer.risk", "measures.softmax_affine.linear_output")


def digits() -> tuple[Table, list[str]]:
    """How many evaluations three digits cost, for plain Monte Carlo and for the ladder."""
    title = "integrand evaluations for three digits: a 95 % confidence interval of half-width ≤ 1e-3, relative"
    table, short = Table(title=title), []
    for head in ("claim", "rung", "evaluations", "relative error", "plain Monte Carlo", "ratio"):
        table.add_column(head, justify="left" if head in ("claim", "rung") else "right")
    for name in DIGITS:
        entry = builtin().claim(name)
        claim, twin = member(entry, "derivations"), member(entry, "numerics")
        instance = replace(of_claim(entry).without_rivals(), twins=(twin,)).instance(0, 0)
        letters = {letter.name: as_tensor(letter, exact) for letter, exact in instance.items()}
        claimed = values_of(claim.formula, instance, ())
        found = measure(twin, letters)
        gap = max(change(found.value.reshape(-1), claimed), float(found.bound.max() / np.abs(claimed).max()))
        means = [plain(Subject(entry, twin, True), letters, 2**10, f"digits/{k}") for k in range(64)]
        spread = np.std(means, axis=0, ddof=1).max() / np.abs(claimed).max()
        needed = 2**10 * (1.96 * spread / 1e-3) ** 2  # so that 95 % of such means are within 1e-3
        ratio = needed / found.samples
        table.add_row(name, found.rung, f"{found.samples:,}", f"{gap:.0e}", f"{needed:,.0f}", f"{ratio:,.0f}")
        if not (gap <= 1e-3 and ratio >= FACTOR):
            short.append(f"{name}: {ratio:.0f} times fewer evaluations at a relative error of {gap:.0e}, not {FACTOR}")
    return table, short
