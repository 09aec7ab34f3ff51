"""Cubature: exact Gaussian averages of polynomials, from few well-placed nodes.

Risks and gradients of linear attention are polynomials in the Gaussian noise, of low degree in
each block. The degree of every block is found along random lines, each block gets a symmetric
rule of that degree (Stroud 1971, E_n^{r²}), and the product rule is turned by random rotations: rules that are all
exact agree to roundoff, so a degree that was misjudged shows as disagreement, never as a wrong
value with a small error bar.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from math import comb, sqrt

import numpy as np
import torch
from torch import Tensor

from workbench.evidence.estimates import UNSEEN

Function = Callable[[Tensor], Tensor]  # rows of noise (n, m) → values (n, k)
MAX_NODES, MAX_NUMBERS = 400_000, 2**25  # a node of many directions is many numbers
MAX_DEGREE = 9
REACHES = (1.0, 1.0, 1.0, *[5.0] * 13)  # how many standard deviations a random line goes out
CLOSE = tuple(10.0**-power for power in range(1, 7))  # the same of lines through 0: a steep step may hide there


def degree_along(values: Tensor, usual: Tensor) -> int | None:
    """The degree of a function from its values (n, k) at equal steps on a line; None above MAX_DEGREE.

    The (D+1)-th finite difference of a polynomial of degree D vanishes up to roundoff, which is that of usual values:
    where a value is small, larger ones may have cancelled.
    """
    noise = UNSEEN * torch.finfo(torch.float64).eps * torch.maximum(values.abs().max(), usual)
    for degree in range(MAX_DEGREE + 1):
        order = degree + 1
        weights = torch.tensor([(-1) ** j * comb(order, j) for j in range(order + 1)], dtype=torch.float64)
        windows = values.unfold(0, order + 1, 1)
        if (windows @ weights).abs().max() <= noise * 2**order:
            return degree
    return None


def block_degree(function: Function, columns: list[int], width: int, generator: torch.Generator) -> int | None:
    """The degree in one block of noise, the rest held at random: the largest over random lines.

    Most lines reach far out, where samples are rare: a step or a kink there must not pass for a constant. Some pass
    through 0 on ever smaller scales, where a polynomial is one as well.
    """
    reaches = torch.tensor((*REACHES, *CLOSE), dtype=torch.float64)
    rows = torch.randn(len(reaches), width, generator=generator, dtype=torch.float64)
    rows[len(REACHES) :, columns] = 0
    directions = torch.zeros_like(rows)
    directions[:, columns] = torch.randn(len(reaches), len(columns), generator=generator, dtype=torch.float64)
    steps = torch.linspace(-1, 1, MAX_DEGREE + 2, dtype=torch.float64)[:, None] * reaches[:, None, None]
    values = function((rows[:, None] + steps * directions[:, None]).reshape(-1, width))
    lines = values.reshape(len(rows), len(steps[0]), -1)
    usual = lines[reaches == 1].abs().max()
    degrees = [degree_along(line, usual) for line in lines]
    return None if None in degrees else max(degrees)


def rule(size: int, degree: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Nodes (n, size) and weights of a rule exact for that degree under N(0, I); None when too costly."""
    if degree <= 1:
        return np.zeros((1, size)), np.ones(1)
    if degree <= 3 and size > 1:
        axes = sqrt(size) * np.eye(size)
        return np.concatenate([axes, -axes]), np.full(2 * size, 1 / (2 * size))
    points = degree // 2 + 1
    grid = points**size
    if degree <= 5:
        if grid <= max(64, 2 * size**2 + 1):
            return tensor_rule(size, points)
        return degree_five(size) if (2 * size**2 + 1) * size <= MAX_NUMBERS else None
    if degree <= 7 and grid > 1_024:
        return degree_seven(size) if 4 * size**3 / 3 <= MAX_NODES else None
    return tensor_rule(size, points) if grid <= 20_000 else None


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


def degree_seven(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The fully symmetric rule of degree 7 with about 4m³/3 nodes, on the coordinates of the 5-point Hermite rule.

    Points with three, two, one and no coordinates off zero take in turn the moments x²y²z², then
    x²y² and x⁴y², then x² and x⁴ (and x⁶, by the choice of coordinates), and at last 1.
    """
    u, v = 5 - sqrt(10), 5 + sqrt(10)  # squares of the coordinates
    triple = 1 / (8 * v**3)
    crowd = 8 * (size - 2) * triple  # what the triples already give to a pair of coordinates
    pairs = np.linalg.solve([[4 * u**2, 4 * v**2], [4 * u**3, 4 * v**3]], [1 - crowd * v**2, 3 - crowd * v**3])
    beside = np.array([4 * (size - 1) * pairs[0], 4 * (size - 1) * pairs[1] + 4 * (size - 1) * (size - 2) * triple])
    single = np.linalg.solve([[u, v], [u**2, v**2]], [1, 3]) / 2 - beside / 2
    groups = [(2, u, pairs[0]), (2, v, pairs[1]), (3, v, triple), (1, u, single[0]), (1, v, single[1])]
    nodes, weights = zip(*((corners(size, count) * sqrt(square), weight) for count, square, weight in groups))
    sizes = [len(block) for block in nodes]
    centre = 1 - sum(length * weight for length, weight in zip(sizes, weights))
    return np.concatenate([np.zeros((1, size)), *nodes]), np.concatenate([[centre], np.repeat(weights, sizes)])


def corners(size: int, count: int) -> np.ndarray:
    """All points with `count` coordinates ±1 and the others 0."""
    places = np.array(list(combinations(range(size), count)), dtype=int).reshape(-1, count)
    signs = np.array(list(product((1, -1), repeat=count)))
    nodes = np.zeros((len(places), len(signs), size))
    nodes[np.arange(len(places))[:, None, None], np.arange(len(signs))[None, :, None], places[:, None, :]] = signs
    return nodes.reshape(-1, size)


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
