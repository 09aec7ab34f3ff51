"""Sources: the algebra in which a walk writes the program that would measure; theorem files keep it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp
import torch

from workbench.evidence import functions

LEVELS = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "**": 3}
ATOM = 9
SIZED = {"eye", "zeros", "ones", "linalg.matrix_power"}
SPECIAL: dict[str, Callable[..., str]] = {
    "heaviside": lambda x, at_zero: f"torch.heaviside({x}, torch.as_tensor({at_zero}, dtype=torch.float64))",
    "below": lambda x, bound: f"({x} < {bound}).double()",
    "one_hot": lambda place, n: f"torch.eye({n})[{place}]",
    "directions": lambda noise: f"torch.nn.functional.normalize({noise}, dim=0)",
    "asin": lambda x: f"torch.asin({x})",
}


@dataclass(frozen=True)
class Code:
    """A piece of program, how tightly it holds together, and whether it is a tensor."""

    text: str
    level: int = ATOM
    tensor: bool = True
    complex: bool = False

    def __str__(self) -> str:
        return self.text

    def within(self, level: int) -> str:
        return self.text if self.level >= level else f"({self.text})"


def real(code: Code) -> str:
    """The program of a number whose mean is real: of a complex one the real part."""
    return f"{code.within(ATOM)}.real" if code.complex else str(code)


@dataclass
class Sources:
    """Values are pieces of program; random letters become lines of their own."""

    lines: list[str] = field(default_factory=list)

    def number(self, value: sp.Rational) -> Code:
        return Code(str(value), ATOM if value.q == 1 and value >= 0 else 1, tensor=False)

    def constant(self, name: str) -> Code:
        return Code(f"torch.{name}" if hasattr(torch, name) else repr(float(getattr(np, name))), tensor=False)

    def infix(self, sign: str, left: Code, right: Code) -> Code:
        level = LEVELS[sign]
        if sign == "+" and right.text.startswith("(-1) * "):
            sign, right = "-", Code(right.text[7:], right.level, right.tensor)
        if sign == "*" and right.text.startswith("1 / ") and right.level == level:
            either = left.complex or right.complex
            return Code(f"{left.within(level)} / {right.text[4:]}", level, left.tensor or right.tensor, either)
        if sign == "@" and left.complex != right.complex:  # torch multiplies matrices of one kind only
            left, right = (
                side if side.complex else Code(f"{side.within(ATOM)}.to(torch.complex128)") for side in (left, right)
            )
        text = f"{left.within(level + (sign == '**'))} {sign} {right.within(level + 1)}"
        return Code(text, level, left.tensor or right.tensor, left.complex or right.complex)

    def call(self, name: str, *arguments: Code) -> Code:
        if name == "orthonormal":
            return self.orthonormal(*arguments)
        if name in SPECIAL:
            return Code(SPECIAL[name](*arguments))
        given = [str(a) if a.tensor or name in SIZED else f"torch.as_tensor({a})" for a in arguments]
        either = name == "complex" or any(argument.complex for argument in arguments)
        return Code(f"{'' if name in functions.__all__ else 'torch.'}{name}({', '.join(given)})", complex=either)

    def orthonormal(self, noise: Code) -> Code:
        """The orthonormal columns that Gram and Schmidt make of Gaussian ones."""
        place = sum("torch.linalg.qr" in line for line in self.lines) + 1
        self.lines.append(f"basis_{place}, triangle_{place} = torch.linalg.qr({noise})")
        signs = f"torch.where(torch.diagonal(triangle_{place}) < 0, -1.0, 1.0)"
        return Code(f"basis_{place} * {signs}", LEVELS["*"])

    def transposed(self, matrix: Code) -> Code:
        return Code(f"{matrix.within(ATOM)}.T", complex=matrix.complex)

    def adjoint(self, matrix: Code) -> Code:
        """The conjugate transpose."""
        return Code(f"{matrix.within(ATOM)}.T.conj()", complex=True)

    def column(self, vector: Code) -> Code:
        return Code(f"{vector.within(ATOM)}[:, None]")

    def stacked(self, rows: list[list[Code]]) -> Code:
        inside = ", ".join(
            f"torch.stack([{', '.join(str(e) if e.tensor else f'torch.as_tensor(float({e}))' for e in row)}])"
            for row in rows
        )
        return Code(f"torch.stack([{inside}])")

    def noise(self, law: str, name: str, *parameters: Any) -> Code:
        return Code(f"draw.{law}({', '.join([repr(name).replace(chr(39), chr(34)), *map(str, parameters)])})")

    def named(self, name: str, value: Code) -> Code:
        self.lines.append(f"{name} = {value}")
        return Code(name, complex=value.complex)
