"""Limits sampled: traces of growing random matrices, the independent re-check of a deterministic equivalent.

The line is measured from its definition at two sizes. What falls like one over the size cancels between them, and
the rest must be noise. Nothing here knows of pencils or fixed points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sympy import Add, Identity, Inverse, MatAdd, MatMul, MatPow, Mul, Number, Pow, Trace, Transpose, sympify

from workbench.calculus.agreement import Refuted
from workbench.calculus.errors import NotTranslatable
from workbench.calculus.rules.making import limiting
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Rationals
from workbench.exact.values import floats
from workbench.language.fixed_points import FixedPoint, Unknown
from workbench.language.laws import ScalarMean, random_letters
from workbench.language.letters import Size

SMALL, LEAST, MOST = 64, 16, 4096  # the least side of the smaller matrices, and how many are drawn at each size
DEVIATIONS = 5  # standard errors beyond which chance is no explanation
SHARP = 0.01  # the relative error at which no more are drawn
ROUNDS, STILL = 100_000, 1e-14  # of the iteration to a fixed point
ALIKE = 1e-9  # relative difference of numbers that are meant to be equal and went through such iterations


@limiting
def approached_by_samples(before: Any, after: Any, point: Mapping, ring: Rationals) -> None:
    """The line before, sampled at growing sizes, tends to this line."""
    scale = -(-SMALL // min((int(value) for letter, value in point.items() if isinstance(letter, Size)), default=1))
    generator = np.random.default_rng(SMALL)
    at_sizes = [grown(point, times) for times in (scale, 2 * scale)]
    roots = [roots_of(before, there) for there in at_sizes]
    spread = [averaged_over_copies(before, there, times) for there, times in zip(at_sizes, (scale, 2 * scale))]
    claimed = [float(walked(after, {**there, **named(after, there)})) for there in at_sizes]
    gaps: list[list[float]] = [[], []]
    while True:
        for place, (line, there) in enumerate(spread):
            drawn = (sampled(line, there, roots[place], generator) for _ in range(max(LEAST, len(gaps[place]))))
            gaps[place] += [value / claimed[place] - 1 for value in drawn]
        small, large = map(np.array, gaps)
        rest, error = 2 * large.mean() - small.mean(), np.sqrt((4 * large.var(ddof=1) + small.var(ddof=1)) / len(small))
        if error <= SHARP or len(small) >= MOST:
            break
    if not abs(rest) <= DEVIATIONS * error:
        raise Refuted(f"matrices of growing size are off by {rest:.2g} ± {error:.2g} of this line")


def at_rest(line: Any, hypotheses: Sequence[Any] = ()) -> bool:
    """Whether a line without means is the same number at larger sizes: it depends on their ratios alone."""
    point = draw(letters_of(line), str(line), hypotheses=hypotheses)
    small, large = (float(walked(line, dict(there))) for there in (grown(point, 1), grown(point, 2)))
    return abs(small - large) <= ALIKE * abs(small)


def grown(point: Mapping, times: int) -> dict[Any, Any]:
    """A point of larger sizes: every fixed matrix is repeated along the diagonal, every vector padded with zeros."""

    def one(letter: Any, value: Any) -> Any:
        if isinstance(letter, Size):
            return times * int(value)
        value = floats(value)
        if not value.ndim:
            return float(value)
        return np.kron(value, np.eye(times, times if isinstance(letter.shape[1], Size) else 1))

    return {letter: one(letter, value) for letter, value in point.items()}


def averaged_over_copies(line: Any, point: Mapping, times: int) -> tuple[Any, Mapping]:
    """The line and its point with the forms of vectors averaged over all copies of their directions.

    A vector padded with zeros points along the first copy, and every copy has the same law where vectors stand in
    forms alone; one draw then tells as much as many. Forms in a product concentrate, so their limit is the same.
    """
    vectors = [letter for letter in point if not isinstance(letter, Size) and letter.is_Matrix and letter.shape[1] == 1]
    forms = {trace for trace in line.atoms(Trace) if trace.has(*vectors)} if vectors else set()
    if not all(is_form(trace.arg, vectors) for trace in forms):
        return line, point
    copied = {vector: np.kron(point[vector][::times], np.eye(times)) for vector in vectors}
    return line.xreplace({trace: trace / times for trace in forms}), {**point, **copied}


def is_form(matrix: Any, vectors: Sequence[Any]) -> bool:
    """Whether vectors stand at two places of a sum of products, and nowhere deeper."""
    if isinstance(matrix, MatAdd):
        return all(is_form(part, vectors) for part in matrix.args)
    factors = [getattr(factor, "arg", factor) for factor in Mul.make_args(matrix)]
    plain = [factor for factor in factors if factor in vectors]
    return len(plain) == 2 and not any(factor.has(*vectors) for factor in factors if factor not in plain)


def sampled(line: Any, point: Mapping, roots: Mapping, generator: np.random.Generator) -> float:
    """The line with one draw in place of every mean."""
    known = dict(point)
    for letter, (left, right) in roots.items():
        known[letter] = left @ generator.standard_normal((len(left), len(right))) @ right.T
    return float(walked(line, known))


def roots_of(line: Any, point: Mapping) -> dict[Any, Any]:
    """Square roots of the covariances of every random letter."""
    letters = sorted(random_letters(line), key=str)
    return {x: tuple(np.linalg.cholesky(walked(cov, dict(point))) for cov in (x.cov, x.token_cov)) for x in letters}


def side(length: Any, point: Mapping) -> int:
    """A size at a point."""
    return int(sympify(length).subs({letter: value for letter, value in point.items() if isinstance(letter, Size)}))


def walked(node: Any, known: dict[Any, Any]) -> Any:
    """The value of an expression in double precision, every part of it once; known: what has a value already."""
    if node not in known:
        known[node] = value_of(node, known)
    return known[node]


def value_of(node: Any, known: dict[Any, Any]) -> Any:
    """The value of a node by those of its parts."""

    def parts() -> list[Any]:
        return [walked(part, known) for part in node.args]

    match node:
        case FixedPoint():
            return iterated(node.images, known)[node.place]
        case ScalarMean():
            return walked(node.inside, known)
        case Identity():
            return np.eye(side(node.shape[0], known))
        case Trace():
            return np.trace(parts()[0])
        case Transpose():
            return parts()[0].T
        case Inverse() | MatPow():
            return np.linalg.matrix_power(walked(node.args[0], known), int(node.args[1]))
        case Add() | MatAdd():
            return sum(parts()[1:], parts()[0])
        case Mul() | MatMul():
            return product(parts())
        case Pow():
            return parts()[0] ** parts()[1]
        case Number():
            return float(node)
    raise NotTranslatable(f"{node} cannot be sampled here; use traces of sums, products and inverses")


def named(line: Any, point: Mapping) -> dict[FixedPoint, float]:
    """The fixed points of a line, each found once."""
    found: dict[tuple, list[float]] = {}
    nodes = sorted(line.atoms(FixedPoint), key=lambda node: len(str(node)))  # those inside others first
    for node in nodes:
        if node.images not in found:
            found[node.images] = iterated(node.images, point)
    return {node: found[node.images][node.place] for node in nodes}


def iterated(images: Sequence[Any], point: Mapping) -> list[float]:
    """A fixed point by plain rounds from zero."""
    at = [0.0] * len(images)
    for _ in range(ROUNDS):
        there = {**point, **{Unknown(place): value for place, value in enumerate(at)}}
        at, before = [float(walked(image, there)) for image in images], at
        if all(abs(a - b) <= STILL * abs(a) for a, b in zip(at, before, strict=True)):
            break
    return at


def product(values: list[Any]) -> Any:
    """Numbers times matrices in their order."""
    numbers = [value for value in values if np.ndim(value) == 0]
    matrices = [value for value in values if np.ndim(value) == 2]
    scale = np.prod(numbers)
    return scale * np.linalg.multi_dot(matrices) if len(matrices) > 1 else scale * (matrices[0] if matrices else 1)
