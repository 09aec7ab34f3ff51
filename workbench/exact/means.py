"""Exact means by brute force, one per law: the independent re-check of the rules for these laws.

At a rational point, a mask is enumerated over all its 2^d values, an index over its L values, a
mixture over the labels of its columns (Gaussian means given the labels come from the oracle); a Haar
matrix with d ≤ 3 is written in Euler angles, an inverse Wishart matrix in Bartlett's independent
variables, and every monomial is integrated by its one-dimensional moments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product as choices
from math import prod
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq

from workbench.exact.complex_gaussians import mean_over_complex
from workbench.exact.counts import mean_over_poisson
from workbench.exact.directions import mean_over_a_direction
from workbench.exact.noise import Noise, double_factorial
from workbench.exact.outcomes import OUTCOMES, mean_over_outcomes, sum_of
from workbench.exact.rings import Balls, NotRational, Rationals, identity
from workbench.exact.simplices import mean_over_simplex
from workbench.exact.students import mean_over_scales
from workbench.exact.values import Point, evaluate
from workbench.exact.variables import Node, beside
from workbench.exact.wisharts import is_inverse, mean_over_inverse_wishart
from workbench.language.complex_gaussians import ComplexGaussian
from workbench.language.counts import Poisson
from workbench.language.laws import Directions, E, Gaussian, Haar, Mixture, Random, ScalarMean, gaussian
from workbench.language.letters import Vector
from workbench.language.simplices import Dirichlet
from workbench.language.students import Elliptical, Student


def mean_over_labels(node: Node, letter: Mixture, point: Point, ring: Rationals) -> Any:
    """The mean over a mixture, every assignment of labels to columns in turn."""
    columns = int(evaluate(letter.cols, point).p)
    places = [Vector(f"column {j} of {letter.name}", letter.cols, 1) for j in range(columns)]
    there = {**point, **{place: identity(columns)[:, [j]] for j, place in enumerate(places)}}
    rest = [other for other in node.args[1:] if other != letter and other not in point]
    means = []
    for labels in choices(range(len(letter.weights)), repeat=columns):
        tokens = [
            gaussian(f"{letter.name}{j}", letter.rows, mean=letter.means[label], cov=letter.covs[label])
            for j, label in enumerate(labels)
        ]
        body = node.args[0].xreplace({letter: sp.MatAdd(*(t * place.T for t, place in zip(tokens, places)))})
        chance = prod((evaluate(letter.weights[label], point) for label in labels), start=fmpq(1))
        means.append(evaluate(E(body, *tokens, *rest), there, ring) * chance)
    return sum_of(means)


def mean_over_haar(node: Node, letter: Haar, point: Point) -> Any:
    """The mean over a Haar matrix of dimension at most 3, in Euler angles and with both determinants.

    Raises NotRational in a higher dimension or beside random letters that are not Gaussian.
    """
    d, r = (int(evaluate(length, point).p) for length in letter.shape)
    if d > 3:
        raise NotRational(f"the brute-force mean over {letter} needs d ≤ 3; draw a smaller instance")
    angles = {1: [], 2: [(0, 1)], 3: [(0, 1), (1, 2), (0, 1)]}[d]
    noise = beside([f"a{i}" for i in range(2 * len(angles) + 1)], node, [letter], point)
    turn = np.vectorize(noise.gens[0].constant, otypes=[object])(identity(d))
    for k, (i, j) in enumerate(angles):
        turn = turn @ _rotation(d, i, j, noise.gens[2 * k], noise.gens[2 * k + 1])
    turn[:, 0] = turn[:, 0] * noise.gens[-1]

    def moment(degrees: tuple[int, ...]) -> fmpq:
        if degrees[-1] % 2:
            return fmpq(0)
        pairs = [(degrees[2 * k], degrees[2 * k + 1]) for k in range(len(angles))]
        flat = [circle_moment(c, s) for k, (c, s) in enumerate(pairs) if k != 1]
        if not all(flat):
            return fmpq(0)
        return prod(flat, start=fmpq(1)) * (polar_moment(*pairs[1]) if d == 3 else 1)

    return replace(noise, point={**noise.point, letter: turn[:, :r]}).integrated(node.args[0], moment)


def mean_over_rotations(node: Node, letter: Haar, point: Point, ring: Rationals) -> Any:
    """The same; of a function of one projection of a direction, in a ball."""
    try:
        return mean_over_haar(node, letter, point)
    except NotRational:
        alone = isinstance(node, ScalarMean) and not [x for x in node.args[1:] if x != letter and x not in point]
        if not alone or not isinstance(ring, Balls):
            raise
        return mean_over_a_direction(node.inside, letter, point)


def mean_over_directions(node: Node, letter: Directions, point: Point) -> Any:
    """The mean over independent points of the sphere, every monomial by the moments of its columns."""
    d, n = (int(evaluate(length, point).p) for length in letter.shape)
    noise = beside([f"x{i}" for i in range(d * n)], node, [letter], point)

    def moment(degrees: tuple[int, ...]) -> fmpq:
        return prod((sphere_moment(degrees[j::n], d) for j in range(n)), start=fmpq(1))

    entries = np.array(noise.gens, dtype=object).reshape(d, n)
    return replace(noise, point={**noise.point, letter: entries}).integrated(node.args[0], moment)


def sphere_moment(degrees: tuple[int, ...], d: int) -> fmpq:
    """E ∏ u_i^aᵢ on the unit sphere: ∏ (aᵢ − 1)!! over d(d + 2)…(d + Σa − 2), zero at odd degrees."""
    if any(degree % 2 for degree in degrees):
        return fmpq(0)
    top = prod((double_factorial(degree - 1) for degree in degrees), start=1)
    return fmpq(top) / prod((fmpq(d + 2 * k) for k in range(sum(degrees) // 2)), start=fmpq(1))


def _rotation(d: int, i: int, j: int, cosine: Noise, sine: Noise) -> np.ndarray:
    """The rotation in the plane of two axes."""
    turn = np.vectorize(lambda x: cosine.constant(x), otypes=[object])(identity(d))
    turn[i, i], turn[j, j], turn[i, j], turn[j, i] = cosine, cosine, -sine, sine
    return turn


def circle_moment(c: int, s: int) -> fmpq:
    """E[cos^c sin^s] for a uniform angle: (c − 1)!!(s − 1)!!/(c + s)!!, zero at odd degrees."""
    if c % 2 or s % 2:
        return fmpq(0)
    return fmpq(double_factorial(c - 1) * double_factorial(s - 1), double_factorial(c + s))


def polar_moment(c: int, s: int) -> fmpq:
    """E[cos^c sin^s] for the polar angle, with density (sin θ)/2 on [0, π]; needs s even."""
    if c % 2:
        return fmpq(0)
    if s % 2:
        raise NotRational("an odd power of the sine of the polar angle")
    # With x = cos θ uniform on [−1, 1]: E[x^c (1 − x²)^(s/2)].
    half = s // 2
    return sum((fmpq((-1) ** j * int(sp.binomial(half, j)), c + 2 * j + 1) for j in range(half + 1)), fmpq(0))


def exact_mean(node: Node, letter: Random, point: Point, ring: Rationals | None = None) -> Any:
    """The exact mean of a node, by the brute force of one letter's law and then of the others'."""
    if type(letter) not in BY_LAW:
        raise NotRational(f"the oracle does not know the law of {letter}")
    return BY_LAW[type(letter)](node, letter, point, ring or Rationals())


# In the order in which letters are averaged; Gaussian ones come last.
BY_LAW: dict[type[Random], Callable[..., Any]] = {
    **dict.fromkeys(OUTCOMES, mean_over_outcomes),
    Mixture: mean_over_labels,
    Haar: mean_over_rotations,
    Directions: lambda node, letter, point, ring: mean_over_directions(node, letter, point),
    Poisson: lambda node, letter, point, ring: mean_over_poisson(node, letter, point),
    Dirichlet: lambda node, letter, point, ring: mean_over_simplex(node, letter, point),
    ComplexGaussian: lambda node, letter, point, ring: mean_over_complex(node, letter, point),
    Student: lambda node, letter, point, ring: mean_over_scales(node, letter, point),
    Elliptical: lambda node, letter, point, ring: mean_over_scales(node, letter, point),
    Gaussian: lambda node, letter, point, ring: mean_over_inverse_wishart(node, letter, point),
}


def first_of(letters: list[Random], node: Node) -> Random:
    """The letter to sum over first: finite laws, then Haar matrices, then what stands under an inverse."""
    for law in (law for law in BY_LAW if law is not Gaussian):
        for letter in letters:
            if isinstance(letter, law):
                return letter
    inverses = node.args[0].atoms(sp.Inverse, sp.MatPow)
    inside = [x for x in letters if isinstance(x, Gaussian) and any(is_inverse(part, x) for part in inverses)]
    if not inside:
        raise NotRational(f"the oracle does not know the law of {letters[0]}")
    return inside[0]
