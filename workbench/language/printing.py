"""Printing: expressions as typed text (which `workbench.language.reading` reads back) and as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE, precedence_traditional
from sympy.printing.printer import Printer
from sympy.printing.str import StrPrinter

from workbench.language.entries import entry_of
from workbench.language.fixed_points import FixedPoint
from workbench.language.function_rows import row_of
from workbench.language.kronecker import Vec
from workbench.language.laws import TOGETHER, Random
from workbench.language.slopes import MatrixSlope, ScalarLimit, ScalarSlope

SLOPES = (ScalarLimit, MatrixSlope, ScalarSlope)  # whatever stands before what it is taken of


CALLED = (sp.HadamardProduct, sp.HadamardPower, sp.KroneckerProduct, Vec)
EVENTS = {sp.S.Zero: ">", sp.S.One: ">="}  # what a step that is 0 or 1 at 0 is one of


class RisingPrinter(Printer):
    """Sums begin with a term that has no minus sign, if they have one."""

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return rising(super()._as_ordered_terms(expr, order))  # type: ignore[misc]


def is_bare(node: Any) -> bool:
    """Whether a number is a 1×1 product of matrices, aᵀb, which is printed as itself and not as its trace."""
    number = isinstance(node, sp.Trace) and node.arg.shape == (1, 1)
    return number and not coordinate(node) and entry_of(node.arg) is None


def coordinate(number: Any) -> str:
    """The name of a number that was declared together with others, u of (u, v); empty for any other."""
    row, *letters = number.arg.args if isinstance(number.arg, sp.MatMul) else (None,)
    if not (isinstance(row, sp.MatrixBase) and len(letters) == 1 and isinstance(letters[0], Random)):
        return ""
    names, places = letters[0].name.split(TOGETHER), [k for k, entry in enumerate(row) if entry]
    return names[places[0]] if len(names) == len(row) and [row[k] for k in places] == [1] else ""


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

    is_bare, entry_of = staticmethod(is_bare), staticmethod(entry_of)

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        if isinstance(item, CALLED):  # written had(…), as a function
            return self._print(item)
        return super().parenthesize(item.arg if self.is_bare(item) else item, level, strict)

    def _print_Mul(self, expr: Any) -> str:
        # SymPy takes a product with a minus sign for a sum, and leaves brackets out around a factor below the line.
        divided = any(isinstance(part, sp.Pow) and part.exp == -1 and self.is_bare(part.base) for part in expr.args)
        return f"-{super()._print_Mul(-expr)}" if divided and falling(expr) else super()._print_Mul(expr)

    def _print_Trace(self, node: Any) -> str:
        if name := coordinate(node):
            return name
        if found := self.entry_of(node.arg):
            of, places = found
            return f"{self.parenthesize(of, PRECEDENCE['Atom'], strict=True)}[{', '.join(map(str, places))}]"
        return self._print(node.arg) if self.is_bare(node) else f"tr({self._print(node.arg)})"

    def _print_MatMul(self, node: Any) -> str:
        # SymPy asks at every factor whether the whole product is negative, and negates the product to find out.
        number, matrices = node.as_coeff_matrices()
        sign, number = ("-", -number) if falling(node) else ("", number)
        factors = matrices if number == 1 else [number, *matrices]
        return sign + "*".join(self.parenthesize(factor, PRECEDENCE["Mul"]) for factor in factors)

    def _print_Coordinate(self, node: Any) -> str:
        return f"I({self._print(node.rows)})[:, {node.place}]"

    def _print_Transpose(self, node: Any) -> str:
        inside = self._print(node.arg)
        return f"{inside}.T" if isinstance(node.arg, sp.MatrixSymbol) else f"({inside}).T"

    def _print_Adjoint(self, node: Any) -> str:
        return f"{self._print(node.arg)}.H"

    def _print_Inverse(self, node: Any) -> str:
        return f"inv({self._print(node.arg)})"

    def _print_Determinant(self, node: Any) -> str:
        return f"det({self._print(node.arg)})"

    def _print_Identity(self, node: Any) -> str:
        return f"I({self._print(node.shape[0])})"

    def _print_OneMatrix(self, node: Any) -> str:
        lengths = node.shape if node.shape[1] != 1 else node.shape[:1]
        return f"ones({', '.join(map(self._print, lengths))})"

    def _print_MatrixBase(self, node: Any) -> str:
        rows = (", ".join(map(self._print, node.row(i))) for i in range(node.shape[0]))
        return f"[{', '.join(f'[{row}]' for row in rows)}]"

    _print_ImmutableDenseMatrix = _print_MatrixBase

    def _print_ScalarMean(self, node: Any) -> str:
        return f"E[{self._print(node.args[0])}]"

    _print_MatrixMean = _print_ScalarMean

    def _print_Max(self, expr: Any) -> str:
        if len(expr.args) == 2 and sp.S.Zero in expr.args:
            return f"relu({self._print(next(part for part in expr.args if part != 0))})"
        return f"max({', '.join(map(self._print, expr.args))})"

    def _print_Min(self, expr: Any) -> str:
        return f"min({', '.join(map(self._print, expr.args))})"

    def _print_Float(self, node: Any) -> str:
        return repr(float(node))

    def _print_Sum(self, node: Any) -> str:
        return f"sum({', '.join(map(self._print, (node.function, *node.limits[0])))})"

    def _print_Function(self, expr: Any) -> str:
        row = row_of(type(expr))
        name, arguments = (row.name, row.typed(expr.args)) if row else (type(expr).__name__, expr.args)
        return f"{name}({', '.join(map(self._print, arguments))})"

    _print_Abs = _print_Function

    def _print_Heaviside(self, expr: Any) -> str:
        x, at_zero = expr.args
        return f"1{{{self._print(x)} {EVENTS[at_zero]} 0}}" if at_zero in EVENTS else f"step({self._print(x)})"

    def _print_polygamma(self, expr: Any) -> str:
        order, x = map(self._print, expr.args)
        return f"digamma({x})" if order == "0" else f"polygamma({order}, {x})"

    def _print_MatrixSlope(self, node: Any) -> str:
        return f"grad({self._print(node.args[0])}, {self._print(node.args[1])})"

    _print_ScalarSlope = _print_MatrixSlope

    def _print_ScalarLimit(self, node: Any) -> str:
        return f"lim({self._print(node.args[0])})"

    def _print_DiagMatrix(self, node: Any) -> str:
        return f"diag({self._print(node.args[0])})"

    def _print_HadamardProduct(self, node: Any) -> str:
        return f"had({', '.join(map(self._print, node.args))})"

    def _print_HadamardPower(self, node: Any) -> str:
        return f"had({', '.join([self._print(node.base)] * int(node.exp))})"

    def _print_KroneckerProduct(self, node: Any) -> str:
        return f"kron({', '.join(map(self._print, node.args))})"

    def _print_Vec(self, node: Any) -> str:
        return f"vec({self._print(node.arg)})"


class PaperPrinter(RisingPrinter, LatexPrinter):
    """LaTeX as a paper would set it: tr without ceremony, E with brackets, aᵀb as a number."""

    beside = False  # whether aᵀb is a factor beside other products of matrices

    def _print_gamma(self, expr: Any, exp: Any = None) -> str:  # not Γ²(x), which is read as a power of a letter
        written = rf"\Gamma\left({self._print(expr.args[0])}\right)"
        return written if exp is None else f"{written}^{{{exp}}}"

    def parenthesize(self, item: Any, level: int, is_neg: bool = False, strict: bool = False) -> str:
        written = self._print(item)
        weak = binding(item) < level or (not strict and binding(item) <= level)
        return self._add_parens(written) if weak or (is_neg and strict) else written

    def _needs_mul_brackets(self, expr: Any, first: bool = False, last: bool = False) -> bool:
        if is_bare(expr):
            return binding(expr) < PRECEDENCE["Mul"] + self.beside
        return (isinstance(expr, SLOPES) and not last) or super()._needs_mul_brackets(expr, first, last)

    def _needs_add_brackets(self, expr: Any) -> bool:
        return binding(expr) == PRECEDENCE["Add"] if is_bare(expr) else super()._needs_add_brackets(expr)

    def _print_Mul(self, expr: Any) -> str:
        return self.among(expr, self.beside or sum(map(is_bare, expr.args)) > 1)

    def among(self, number: Any, beside: bool) -> str:
        """A product of numbers as SymPy sets it, each aᵀb in brackets where other products of matrices are near."""
        outside, self.beside = self.beside, beside
        try:
            return super()._print_Mul(number)
        finally:
            self.beside = outside

    def _print_MatAdd(self, node: Any) -> str:
        terms = [self._print(term) for term in rising(node.args)]
        later = (f" - {term[2:]}" if term.startswith("- ") else f" + {term}" for term in terms[1:])
        return terms[0] + "".join(later)

    def _print_Trace(self, node: Any) -> str:
        if name := coordinate(node):
            return self._print(sp.Symbol(name))
        if found := entry_of(node.arg):
            of, places = found
            below = ("" if max(places) < 9 else ",").join(str(place + 1) for place in places)
            return f"{self.parenthesize(of, PRECEDENCE['Atom'], strict=True)}_{{{below}}}"
        inside = self._print(node.arg)
        return inside if is_bare(node) else rf"\operatorname{{tr}}\left({inside}\right)"

    def _print_MatMul(self, node: Any) -> str:
        # SymPy asks at every factor whether the whole product is negative, and negates the product to find out.
        number, matrices = node.as_coeff_matrices()
        sign, number = ("- ", -number) if falling(node) else ("", number)
        factors = [self.parenthesize(factor, PRECEDENCE["Mul"]) for factor in matrices]
        return sign + " ".join(factors if number == 1 else [self.coefficient(number), *factors])

    def coefficient(self, number: Any) -> str:
        """A number before matrices; aᵀb stands in brackets there, and a product of numbers does not."""
        written = self.among(number, True) if number.is_Mul else self._print(number)
        return self._add_parens(written) if number.is_Add or is_bare(number) else written

    def _print_Transpose(self, node: Any) -> str:
        inside = self._print(node.arg)
        return rf"{inside}^{{\top}}" if isinstance(node.arg, sp.MatrixSymbol) else rf"\left({inside}\right)^{{\top}}"

    def _print_Coordinate(self, node: Any) -> str:
        return rf"\left(I_{{{self._print(node.rows)}}}\right)_{{\cdot {node.place + 1}}}"

    def _print_Adjoint(self, node: Any) -> str:
        return rf"{self._print(node.arg)}^{{\mathsf{{H}}}}"

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return as_letter(super()._print_Symbol(expr, style))

    def _print_MatrixSymbol(self, node: Any) -> str:
        return self._print_Symbol(sp.Symbol(node.name))

    _print_SPD = _print_Gaussian = _print_ComplexGaussian = _print_MatrixSymbol

    def _print_Probability(self, node: Any) -> str:
        return self._print_Symbol(node)  # SymPy's class of that name is P(…) of its statistics

    def _print_ScalarMean(self, node: Any) -> str:
        return rf"\mathbb{{E}}\left[{self._print(node.args[0])}\right]"

    _print_MatrixMean = _print_ScalarMean

    def _print_MatrixSlope(self, node: Any) -> str:
        return rf"\nabla_{{{self._print(node.args[1])}}} {self.parenthesize(node.args[0], PRECEDENCE['Mul'])}"

    _print_ScalarSlope = _print_MatrixSlope

    def _print_ScalarLimit(self, node: Any) -> str:
        return rf"\lim {self.parenthesize(node.args[0], PRECEDENCE['Mul'])}"

    def _print_DiagMatrix(self, node: Any) -> str:
        return rf"\operatorname{{diag}}\left({self._print(node.args[0])}\right)"

    def _print_KroneckerProduct(self, node: Any) -> str:
        factors = r" \otimes ".join(self.parenthesize(each, PRECEDENCE["Atom"]) for each in node.args)
        return rf"\left({factors}\right)"

    def _print_Vec(self, node: Any) -> str:
        return rf"\operatorname{{vec}}\left({self._print(node.arg)}\right)"

    def _print_polygamma(self, node: Any, exp: Any = None) -> str:
        order, x = node.args
        primes = "" if order == 0 else rf"^{{({self._print(order)})}}"
        whole = rf"\psi{primes}\left({self._print(x)}\right)"
        return whole if exp is None else rf"\left({whole}\right)^{{{exp}}}"

    def _print_Identity(self, node: Any) -> str:
        return f"I_{{{self._print(node.shape[0])}}}"

    def _print_OneMatrix(self, node: Any) -> str:
        lengths = node.shape if node.shape[1] != 1 else node.shape[:1]
        by = r" \times "
        return rf"\mathbf{{1}}_{{{by.join(map(self._print, lengths))}}}"

    def _print_Determinant(self, node: Any) -> str:
        return rf"\det\left({self._print(node.arg)}\right)"  # bars are those of a number's absolute value

    def _print_Heaviside(self, node: Any, exp: Any = None) -> str:
        x, at_zero = self._print(node.args[0]), node.args[1]
        event = rf"\mathbf{{1}}\left\{{{x} {EVENTS.get(at_zero, '').replace('>=', '≥')} 0\right\}}"
        return self._do_exponent(event if at_zero in EVENTS else rf"\operatorname{{step}}\left({x}\right)", exp)

    def _print_sign(self, node: Any, exp: Any = None) -> str:
        return self._do_exponent(rf"\operatorname{{sign}}\left({self._print(node.args[0])}\right)", exp)

    def _print_ExpBase(self, expr: Any, exp: Any = None) -> str:
        return self._do_exponent(rf"\mathrm{{e}}^{{{self._print(expr.args[0])}}}", exp)  # e may be a letter

    def _print(self, expr: Any, **kwargs: Any) -> str:
        return r"\mathrm{e}" if expr is sp.E else super()._print(expr, **kwargs)  # SymPy's number e sets itself

    def _print_LambertW(self, node: Any, exp: Any = None) -> str:
        return self._do_exponent(rf"\operatorname{{lambertw}}\left({self._print(node.args[0])}\right)", exp)


def as_letter(name: str) -> str:
    """The LaTeX of a letter's name: words are set as words, not as products of their letters."""
    if name == "lam":
        return r"\lambda"
    if starred := re.fullmatch("([A-Za-z])star", name):
        return rf"{starred[1]}_{{\star}}"
    return re.sub("^[A-Za-z]{2,}", lambda word: rf"\operatorname{{{word[0]}}}", name)


def binding(node: Any) -> int:
    """How strongly the LaTeX of an expression holds together, on SymPy's scale of precedence."""
    if is_bare(node):
        return binding(node.arg)
    return PRECEDENCE["Mul"] if isinstance(node, SLOPES) else precedence_traditional(node)


LONG = 4000  # characters of LaTeX beyond which a browser suffers


def text(expression: Any) -> str:
    """An expression in the workbench's notation, e.g. tr(Sigma*A)/N."""
    printer, (short, equations) = TextPrinter({"order": "none"}), without_equations(expression)
    said = [f"{printer.doprint(left)} = {printer.doprint(right)}" for left, right in equations]
    return printer.doprint(short) + (f", where {' and '.join(said)}" if said else "")


def whole_latex(expression: Any) -> str:
    """An expression as LaTeX, however long."""
    printer = PaperPrinter({"mat_symbol_style": "plain", "inv_trig_style": "full"})
    short, equations = without_equations(expression)
    said = [rf",\quad {printer.doprint(left)} = {printer.doprint(right)}" for left, right in equations]
    return "".join([printer.doprint(short), *said])


def latex(expression: Any) -> str:
    """An expression as LaTeX; a very long one is cut with a note."""
    whole = whole_latex(expression)
    return whole if len(whole) <= LONG else rf"\text{{({len(whole)} characters of \LaTeX; see the text form)}}"


def without_equations(expression: Any) -> tuple[Any, list[tuple[Any, Any]]]:
    """An expression with every number that is named by its equations as one letter, and these equations."""
    if not (isinstance(expression, sp.Basic) and expression.has(FixedPoint)):
        return expression, []
    nodes = sorted(expression.atoms(FixedPoint), key=lambda node: (sp.count_ops(node), str(node)))  # inner ones first
    systems = list(dict.fromkeys(node.images for node in nodes))
    taken = {str(letter) for letter in expression.free_symbols}
    names = [name for name in ("t", *(f"t_{k}" for k in range(1, 99))) if name not in taken]
    letters: dict[Any, Any] = {}
    equations = []
    for images in systems:
        own = [sp.Symbol(names.pop(0)) for _ in images]
        bound = dict(zip(FixedPoint(0, images).unknowns, own, strict=True))
        equations += [(letter, image.xreplace({**letters, **bound})) for letter, image in zip(own, images, strict=True)]
        letters |= {FixedPoint(place, images): letter for place, letter in enumerate(own)}
    return expression.xreplace(letters), equations
