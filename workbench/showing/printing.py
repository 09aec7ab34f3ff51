"""Printing: expressions as typed text (which `workbench.notation` reads back) and as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.printer import Printer
from sympy.printing.str import StrPrinter


class RisingPrinter(Printer):
    """Sums begin with a term that has no minus sign, if they have one."""

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return rising(super()._as_ordered_terms(expr, order))  # type: ignore[misc]


def rising(terms: Sequence[Any]) -> list[Any]:
    """The terms of a sum, the first one without a minus sign leading."""
    lead = next((term for term in terms if not falling(term)), None)
    return [*([] if lead is None else [lead]), *(term for term in terms if term is not lead)]


def falling(term: Any) -> bool:
    """Whether a term is printed with a minus sign."""
    number = term.as_coeff_matrices()[0] if isinstance(term, sp.MatMul) else sp.S.One if term.is_Matrix else term
    return bool(number.as_coeff_Mul()[0].is_negative)


class TextPrinter(RisingPrinter, StrPrinter):
    """Plain text in the workbench's own notation."""

    def _print_Trace(self, node: Any) -> str:
        return f"tr({self._print(node.arg)})"

    def _print_MatMul(self, node: Any) -> str:
        # SymPy asks at every factor whether the whole product is negative, and negates the product to find out.
        number, matrices = node.as_coeff_matrices()
        sign, number = ("-", -number) if falling(node) else ("", number)
        factors = matrices if number == 1 else [number, *matrices]
        return sign + "*".join(self.parenthesize(factor, PRECEDENCE["Mul"]) for factor in factors)

    def _print_Transpose(self, node: Any) -> str:
        inside = self._print(node.arg)
        return f"{inside}.T" if isinstance(node.arg, sp.MatrixSymbol) else f"({inside}).T"

    def _print_Inverse(self, node: Any) -> str:
        return f"inv({self._print(node.arg)})"

    def _print_Determinant(self, node: Any) -> str:
        return f"det({self._print(node.arg)})"

    def _print_Identity(self, node: Any) -> str:
        return f"I({self._print(node.shape[0])})"

    def _print_OneMatrix(self, node: Any) -> str:
        return f"ones({', '.join(self._print(length) for length in node.shape if length != 1) or 1})"

    def _print_MatrixBase(self, node: Any) -> str:
        rows = (", ".join(map(self._print, node.row(i))) for i in range(node.shape[0]))
        return f"[{', '.join(f'[{row}]' for row in rows)}]"

    _print_ImmutableDenseMatrix = _print_MatrixBase

    def _print_ScalarMean(self, node: Any) -> str:
        return f"E[{self._print(node.args[0])}]"

    _print_MatrixMean = _print_ScalarMean

    def _print_Max(self, node: Any) -> str:
        if len(node.args) == 2 and sp.S.Zero in node.args:
            return f"relu({self._print(next(part for part in node.args if part != 0))})"
        return f"max({', '.join(map(self._print, node.args))})"

    def _print_Min(self, node: Any) -> str:
        return f"min({', '.join(map(self._print, node.args))})"

    def _print_Heaviside(self, node: Any) -> str:
        return f"step({self._print(node.args[0])})"

    def _print_Abs(self, node: Any) -> str:
        return f"abs({self._print(node.args[0])})"

    def _print_MatrixSlope(self, node: Any) -> str:
        return f"grad({self._print(node.args[0])}, {self._print(node.args[1])})"

    _print_ScalarSlope = _print_MatrixSlope

    def _print_DiagMatrix(self, node: Any) -> str:
        return f"diag({self._print(node.args[0])})"

    def _print_HadamardProduct(self, node: Any) -> str:
        return f"had({', '.join(map(self._print, node.args))})"

    def _print_HadamardPower(self, node: Any) -> str:
        return f"had({', '.join([self._print(node.base)] * int(node.exp))})"


class PaperPrinter(RisingPrinter, LatexPrinter):
    """LaTeX as a paper would set it: tr without ceremony, E with brackets, aᵀb as a number."""

    def _print_MatAdd(self, node: Any) -> str:
        terms = [self._print(term) for term in rising(node.args)]
        later = (f" - {term[2:]}" if term.startswith("- ") else f" + {term}" for term in terms[1:])
        return terms[0] + "".join(later)

    def _print_Trace(self, node: Any) -> str:
        inside = self._print(node.arg)
        if node.arg.shape == (1, 1):
            return inside
        return rf"\operatorname{{tr}}\left({inside}\right)"

    def _print_MatMul(self, node: Any) -> str:
        first, *others = node.args  # the sign is read off the first factor, as in plain text
        negative = first.is_Number and first.is_negative
        factors = node.args if not negative else others if first == -1 else [-first, *others]
        level = PRECEDENCE["Add" if negative else "Mul"]
        return ("- " if negative else "") + " ".join(self.factor(factor, level) for factor in factors)

    def factor(self, node: Any, level: int) -> str:
        """A factor of a product of matrices; a product of numbers needs no brackets."""
        numbers = isinstance(node, sp.Mul) and not isinstance(node, sp.MatMul)
        return self._print(node) if numbers else self.parenthesize(node, level)

    def _print_Transpose(self, node: Any) -> str:
        inside = self._print(node.arg)
        return rf"{inside}^{{\top}}" if isinstance(node.arg, sp.MatrixSymbol) else rf"\left({inside}\right)^{{\top}}"

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return as_letter(super()._print_Symbol(expr, style))

    def _print_MatrixSymbol(self, node: Any) -> str:
        return self._print_Symbol(sp.Symbol(node.name))

    _print_SPD = _print_Gaussian = _print_MatrixSymbol

    def _print_Probability(self, node: Any) -> str:
        return self._print_Symbol(node)  # SymPy's class of that name is P(…) of its statistics

    def _print_ScalarMean(self, node: Any) -> str:
        return rf"\mathbb{{E}}\left[{self._print(node.args[0])}\right]"

    _print_MatrixMean = _print_ScalarMean

    def _print_MatrixSlope(self, node: Any) -> str:
        return rf"\nabla_{{{self._print(node.args[1])}}} {self._print(node.args[0])}"

    _print_ScalarSlope = _print_MatrixSlope

    def _print_DiagMatrix(self, node: Any) -> str:
        return rf"\operatorname{{diag}}\left({self._print(node.args[0])}\right)"

    def _print_Identity(self, node: Any) -> str:
        return "I"


def as_letter(name: str) -> str:
    """The LaTeX of a letter's name: words are set as words, not as products of their letters."""
    if name == "lam":
        return r"\lambda"
    if starred := re.fullmatch("([A-Za-z])star", name):
        return rf"{starred[1]}_{{\star}}"
    return re.sub("^[A-Za-z]{2,}", lambda word: rf"\operatorname{{{word[0]}}}", name)


LONG = 4000  # characters of LaTeX beyond which a browser suffers


def text(expression: Any) -> str:
    """An expression in the workbench's notation, e.g. tr(Sigma*A)/N."""
    return TextPrinter({"order": "none"}).doprint(expression)


def latex(expression: Any) -> str:
    """An expression as LaTeX; a very long one is cut with a note."""
    whole = PaperPrinter({"mat_symbol_style": "plain", "inv_trig_style": "full"}).doprint(expression)
    return whole if len(whole) <= LONG else rf"\text{{({len(whole)} characters of \LaTeX; see the text form)}}"
