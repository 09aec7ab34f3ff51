"""Cubature: exact Gaussian averages of polynomials, from few well-placed nodes.

Risks and gradients of linear attention are polynomials in the Gaussian noise, of low degree in
each block. The degree of every block is found along random lines, each block gets a symmetric
rule of that degree (Stroud 1971, E_n^{r²}), and the product rule is turned by random rotations: rules that are all
exact agree to roundoff, so a degree that was misjudged shows as disagreement, never as a wrong
value with a small error bar.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import comb, sqrt

import numpy as np
import torch
from torch import Tensor

Function = Callable[[Tensor], Tensor]  # rows of noise (n, m) → values (n, k)
MAX_NODES = 400_000
MAX_DEGREE = 9
REACHES = (1.0, 1.0, 1.0, *[5.0] * 13)  # how many standard deviations a random line goes out


def degree_along(values: Tensor) -> int | None:
    """The degree of a function from its values (n, k) at equal steps on a line; None above MAX_DEGREE.

    The (D+1)-th finite difference of a polynomial of degree D vanishes up to roundoff.
    """
    noise = 1e4 * torch.finfo(torch.float64).eps * values.abs().max()
    for degree in range(MAX_DEGREE + 1):
        order = degree + 1
        weights = torch.tensor([(-1) ** j * comb(order, j) for j in range(order + 1)], dtype=torch.float64)
        windows = values.unfold(0, order + 1, 1)
        if (windows @ weights).abs().max() <= noise * 2**order:
            return degree
    return None


def block_degree(function: Function, columns: list[int], width: int, generator: torch.Generator) -> int | None:
    """The degree in one block of noise, the rest held at random: the largest over random lines.

    Most lines reach far out, where samples are rare: a step or a kink there must not pass for a constant.
    """
    rows = torch.randn(len(REACHES), width, generator=generator, dtype=torch.float64)
    directions = torch.zeros_like(rows)
    directions[:, columns] = torch.randn(len(REACHES), len(columns), generator=generator, dtype=torch.float64)
    steps = torch.linspace(-1, 1, MAX_DEGREE + 2, dtype=torch.float64)[:, None] * torch.tensor(REACHES)[:, None, None]
    values = function((rows[:, None] + steps * directions[:, None]).reshape(-1, width))
    degrees = [degree_along(line) for line in values.reshape(len(rows), len(steps[0]), -1)]
    return None if None in degrees else max(degrees)


def rule(size: int, degree: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Nodes (n, size) and weights of a rule exact for that degree under N(0, I); None when too costly."""
    if degree <= 1:
        return np.zeros((1, size)), np.ones(1)
    if degree <= 3 and size > 1:
        axes = sqrt(size) * np.eye(size)
        return np.concatenate([axes, -axes]), np.full(2 * size, 1 / (2 * size))
    points = degree // 2 + 1
    if points**size <= max(64, 2 * size**2 + 1) or (degree > 5 and points**size <= 20_000):
        return tensor_rule(size, points)
    return degree_five(size) if degree <= 5 else None


def tensor_rule(size: int, points: int) -> tuple[np.ndarray, np.ndarray]:
    """The Gauss–Hermite grid with that many points in each of `size` directions."""
    line, weights = np.polynomial.hermite_e.hermegauss(points)
    nodes = np.stack(np.meshgrid(*[line] * size, indexing="ij"), axis=-1).reshape(-1, size)
    whole = np.ones(1)
    for _ in range(size):
        whole = np.outer(whole, weights / weights.sum()).reshape(-1)
    return nodes, whole


def degree_five(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The fully symmetric rule of degree 5 with 2m² + 1 nodes: 0, ±√3 eᵢ and √3(±eᵢ ± eⱼ)."""
    reach, axes = sqrt(3), np.eye(size)
    pairs = [s * axes[i] + t * axes[j] for i, j in combinations(range(size), 2) for s in (1, -1) for t in (1, -1)]
    nodes = reach * np.concatenate([np.zeros((1, size)), axes, -axes, np.array(pairs).reshape(-1, size)])
    centre = 1 - 2 * size * (4 - size) / 18 - 2 * size * (size - 1) / 36
    weights = [centre, *[(4 - size) / 18] * (2 * size), *[1 / 36] * (2 * size * (size - 1))]
    return nodes, np.array(weights)


def design(function: Function, blocks: list[list[int]], width: int, seed: int) -> list | None:
    """Blocks of columns with a rule for each, or None when the function is no polynomial we can afford."""
    generator = torch.Generator().manual_seed(seed)
    groups = []
    for columns in blocks:
        degree = block_degree(function, columns, width, generator)
        if degree is None:
            return None
        groups.append((columns, degree))
    groups = merged(function, groups, width, generator)
    rules = [(columns, rule(len(columns), degree)) for columns, degree in groups]
    if any(found is None for _, found in rules):
        return None
    nodes = np.prod([float(len(found[1])) for _, found in rules])  # type: ignore[index]
    return rules if nodes <= MAX_NODES else None


def merged(function: Function, groups: list, width: int, generator: torch.Generator) -> list:
    """Blocks in which the function is jointly of degree ≤ 3 share one rule: nodes add instead of multiply."""
    for (a, p), (b, q) in combinations(groups, 2):
        if max(p, q) <= 3:
            joint = block_degree(function, a + b, width, generator)
            if joint is not None and joint <= 3:
                rest = [group for group in groups if group not in ((a, p), (b, q))]
                return merged(function, [*rest, (a + b, joint)], width, generator)
    return groups


def rotated_nodes(rules: list, width: int, generator: np.random.Generator) -> tuple[Tensor, Tensor]:
    """The product rule with every block turned by a random rotation: rows (n, width) and weights (n,)."""
    rows, weights = np.zeros((1, width)), np.ones(1)
    for columns, (nodes, block_weights) in rules:
        size = len(columns)
        rotation = np.linalg.qr(generator.standard_normal((size, size)))[0]
        rows = np.repeat(rows, len(nodes), axis=0)
        rows[:, columns] = np.tile(nodes @ rotation.T, (len(weights), 1))
        weights = np.outer(weights, block_weights).reshape(-1)
    return torch.from_numpy(rows), torch.from_numpy(weights)
