"""Tensors: the algebra in which a walk measures at once."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp
import torch
from torch import Tensor

from workbench.errors import BadInput
from workbench.evidence import Draw, functions


def power(base: Any, exponent: Any) -> Any:
    """A power; the root of a negative number is none, for Python's numbers as for those of torch."""
    found = base**exponent
    return math.nan if isinstance(found, complex) and not isinstance(base, complex) else found


OPERATORS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "@": operator.matmul, "**": power,
}  # fmt: skip


def root(cov: Tensor) -> Tensor:
    """A matrix whose product with its transpose is the covariance; a singular one has a root too."""
    factor, failed = torch.linalg.cholesky_ex(cov)
    if torch._C._functorch.is_batchedtensor(cov) or not bool(failed):
        return factor
    values, vectors = torch.linalg.eigh(cov)
    return vectors * values.clamp(min=0).sqrt()


def directions(noise: Tensor) -> Tensor:
    """Gaussian columns over their lengths: uniformly random directions; the first axis for a column of zeros."""
    length = noise.norm(dim=0)
    first = torch.eye(len(noise), 1, dtype=noise.dtype)
    return torch.where(length > 0, noise / torch.where(length > 0, length, 1.0), first)


def orthonormal(noise: Tensor) -> Tensor:
    """The orthonormal columns that Gram and Schmidt make of Gaussian ones: uniformly random.

    Noise that is zero, as the node of a rule for constants is, has columns of length one too.
    """
    if noise.shape[-1] == 1:  # without the cost of a factorisation
        return directions(noise)
    basis, triangle = torch.linalg.qr(noise)
    return basis * torch.where(torch.diagonal(triangle) < 0, -1.0, 1.0)


FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    "heaviside": lambda x, at_zero: torch.where(x > 0, 1.0, torch.where(x < 0, 0.0, at_zero)),
    "below": lambda x, bound: (x < bound).to(torch.float64),
    "linalg.inv": torch.linalg.inv,
    "linalg.det": torch.linalg.det,
    "linalg.cholesky": root,
    "directions": directions,
    "orthonormal": orthonormal,
}  # fmt: skip
WITH_SIZES: dict[str, Callable[..., Tensor]] = {
    "eye": lambda n: torch.eye(n, dtype=torch.float64),
    "zeros": lambda n, m: torch.zeros(n, m, dtype=torch.float64),
    "ones": lambda n, m: torch.ones(n, m, dtype=torch.float64),
    "linalg.matrix_power": torch.linalg.matrix_power,
    "one_hot": lambda place, n: torch.eye(n, dtype=torch.float64)[place],
}
OF_COMPLEX = ("trace", "linalg.inv", "linalg.matrix_power", "linalg.det", "diagonal", "kron")


def alike(left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """Two matrices, both complex if one of them is: torch multiplies no others."""
    if left.is_complex() == right.is_complex():
        return left, right
    return left.to(torch.complex128), right.to(torch.complex128)


class Tensors:
    """Values are tensors, floats, and whole numbers where a size is meant."""

    def __init__(self, draw: Draw | None = None):
        self.draw = draw

    def number(self, value: sp.Rational) -> Any:
        return int(value.p) if value.q == 1 else int(value.p) / int(value.q)

    def constant(self, name: str) -> float:
        return float(getattr(np, name))

    def infix(self, sign: str, left: Any, right: Any) -> Any:
        return OPERATORS[sign](*(alike(left, right) if sign == "@" else (left, right)))

    def call(self, name: str, *arguments: Any) -> Tensor:
        if name in WITH_SIZES:
            return WITH_SIZES[name](*arguments)
        function = FUNCTIONS.get(name) or getattr(functions if name in functions.__all__ else torch, name)
        if any(isinstance(argument, Tensor) and argument.is_complex() for argument in arguments):
            if name not in OF_COMPLEX:
                raise BadInput(
                    f"{name}(…) of a complex number is not measured; what is needs no more than products, as |z|² does"
                )
            return function(*arguments)
        return function(*(torch.as_tensor(argument, dtype=torch.float64) for argument in arguments))

    def transposed(self, matrix: Tensor) -> Tensor:
        return matrix.T

    def adjoint(self, matrix: Tensor) -> Tensor:
        return matrix.T.conj()

    def column(self, vector: Tensor) -> Tensor:
        return vector[:, None]

    def stacked(self, rows: list[list[Any]]) -> Tensor:
        lines = [torch.stack([torch.as_tensor(entry, dtype=torch.float64) for entry in row]) for row in rows]
        return torch.stack(lines)

    def noise(self, law: str, name: str, *parameters: Any) -> Tensor:
        if self.draw is None:
            raise LookupError(f"{name} is random, and no noise was given")
        return getattr(self.draw, law)(name, *parameters)

    def named(self, name: str, value: Tensor) -> Tensor:
        return value
