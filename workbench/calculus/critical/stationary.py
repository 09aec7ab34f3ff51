"""Stationary points of quadratic risks: solve ∇ = 0 when the gradient is affine in a matrix.

Two cases have a closed form. M·U·R = C gives U = M⁻¹ C R⁻¹. And when everything is a polynomial in
one symmetric letter Λ, the equation Σ Aᵢ U Bᵢ = C is one scalar equation per pair of eigenvalues of
Λ, solved by the function c(Λ)/Σ aᵢ(Λ)bᵢ(Λ). Whatever is returned was substituted back at rational
points of several sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from sympy import (
    Expr,
    Identity,
    Inverse,
    MatrixExpr,
    MatrixSymbol,
    Poly,
    S,
    Symbol,
    cancel,
    together,
)

from workbench.calculus.critical.linear_maps import (
    AffineMap,
    Polynomial,
    Word,
    affine_map,
    balanced,
    equal_scalars,
    expression_of,
    factors,
    scalar_value,
    stripped,
    turned,
)
from workbench.calculus.errors import UNSOLVED, NoClosedForm, NotAffine, NotASolution
from workbench.calculus.points import is_null, points
from workbench.exact.rings import Undefined
from workbench.exact.values import evaluate
from workbench.language.letters import Symmetric


def stationary_point(gradient: MatrixExpr, wrt: MatrixSymbol) -> MatrixExpr:
    """The matrix where an affine gradient vanishes.

    2MUΛ − 2B gives M⁻¹BΛ⁻¹; inverses are SymPy `Inverse` of the polynomial expression, which is
    assumed invertible (substitution at generic instances fails loudly when it is not).
    Re-check: `check_stationary_point(gradient, wrt, U)` evaluates ∇(U) over ℚ.
    Raises NotAffine, NoClosedForm.
    """
    equation = affine_map(gradient, wrt)
    if not equation.terms:
        raise NotAffine(f"the gradient does not contain {wrt}: there is nothing to solve for")
    letter = only_letter(equation)
    solution = _function_of(letter, equation, wrt) if letter is not None else _peeled(equation, wrt)
    if not check_stationary_point(gradient, wrt, solution):
        raise NotASolution(f"the stationary point found for {wrt} does not solve the equation; {UNSOLVED}")
    return solution


def check_stationary_point(gradient: MatrixExpr, wrt: MatrixSymbol, solution: MatrixExpr, seeds: int = 3) -> bool:
    """Whether the gradient is exactly 0 at the solution, at `seeds` rational instances."""
    residual = gradient.subs(wrt, solution)
    tried = 0
    for point in points([residual, gradient.subs(wrt, wrt * 0)], "stationary", 2 * seeds):
        try:
            if not is_null(evaluate(residual, point)):
                return False
        except Undefined:  # a singular draw of an otherwise invertible matrix
            continue
        tried += 1
        if tried == seeds:
            return True
    if not tried:
        raise NoClosedForm(
            f"an inverse in {wrt} = {solution} exists at no instance tried: the gradient is degenerate; "
            "add the missing regularisation or restrict the parameter"
        )
    return True


def along_eigenvectors(
    action: MatrixExpr, direction: MatrixSymbol, eigenvalues: Mapping[MatrixSymbol, tuple[Expr, Expr]]
) -> Expr:
    """The factor by which H ↦ Σ Aᵢ H Bᵢ stretches the direction H = e_α e_βᵀ.

    `eigenvalues` gives for each symmetric letter its pair (value on e_α, value on e_β); letters that
    appear together are meant to commute. Traces stay traces.
    Re-check: at diagonal letters over ℚ, apply the action to the matrix unit e_α e_βᵀ.
    Raises NotAffine for a constant term, a transposed H on unequal eigenvectors, a letter not listed.
    """
    linear = affine_map(action, direction)
    if linear.constant:
        raise NotAffine(f"the map {action} has a part without {direction}; give the linear part only")
    _refuse_asymmetric(eigenvalues)
    left = {letter: pair[0] for letter, pair in eigenvalues.items()}
    right = {letter: pair[1] for letter, pair in eigenvalues.items()}
    if left != right and any(term.turned for term in linear.terms):
        raise NotAffine(
            f"the map holds {direction}ᵀ, which sends e_α e_βᵀ to e_β e_αᵀ: there is no single factor "
            "unless the two eigenvectors are the same"
        )
    return sum((t.coefficient * _on(t.left, left) * _on(t.right, right) for t in linear.terms), S.Zero)


def _on(word: Word, eigenvalues: Mapping[Any, Expr]) -> Expr:
    """The product of the factors' eigenvalues."""
    return reduce(lambda value, factor: value * scalar_value(factor, eigenvalues), word, S.One)


def _refuse_asymmetric(letters: Any) -> None:
    for letter in letters:
        if not isinstance(letter, Symmetric):
            raise NotAffine(f"{letter} is not declared symmetric, so it need not have eigenvectors to stand on")


def only_letter(equation: AffineMap) -> Symmetric | None:
    """The one symmetric letter that every coefficient matrix is a function of, if there is one."""
    factors = [f for t in equation.terms for f in (*t.left, *t.right)]
    factors += [f for word in equation.constant for f in word]
    letters = set().union(*(factor.atoms(MatrixSymbol) for factor in factors)) if factors else set()
    # a trace is a number, but a letter inside an inverse or a power is a matrix: both counted by atoms
    letter = next(iter(letters), None)
    if len(letters) != 1 or not isinstance(letter, Symmetric):
        return None
    return letter if all(_readable(f, letter) for f in factors) else None


def _readable(factor: MatrixExpr, letter: Symmetric) -> bool:
    try:
        scalar_value(factor, {letter: Symbol("x")})
    except NotAffine:
        return False
    return True


def _function_of(letter: Symmetric, equation: AffineMap, wrt: MatrixSymbol) -> Any:
    """Solve Σ aᵢ(Λ) U bᵢ(Λ) = c(Λ) on the diagonal of the eigenbasis: u = c/Σ aᵢbᵢ."""
    x = Symbol("x", positive=True)
    on = {letter: x}
    kernel = sum((t.coefficient * _on(t.left, on) * _on(t.right, on) for t in equation.terms), S.Zero)
    target = -sum((c * _on(word, on) for word, c in equation.constant.items()), S.Zero)
    if equal_scalars(kernel, 0) or equal_scalars(pair_determinant(equation, letter), 0):
        raise NoClosedForm(
            f"the coefficient of {wrt} is degenerate: a whole family of {wrt} is stationary, or none; "
            "fix the gauge (for instance ask for a symmetric solution of the symmetrised equation)"
        )
    return rational_function(cancel(together(target / kernel)), x, letter)


def pair_determinant(equation: AffineMap, letter: Symmetric) -> Expr:
    """The determinant of the 2×2 system that Σ Aᵢ U Bᵢ (and Uᵀ) makes of (U_αβ, U_βα)."""
    alpha, beta = Symbol("alpha", positive=True), Symbol("beta", positive=True)

    def kernel(turned: bool, a: Symbol, b: Symbol) -> Expr:
        chosen = (t for t in equation.terms if t.turned == turned)
        return sum((t.coefficient * _on(t.left, {letter: a}) * _on(t.right, {letter: b}) for t in chosen), S.Zero)

    return kernel(False, alpha, beta) * kernel(False, beta, alpha) - kernel(True, alpha, beta) * kernel(
        True, beta, alpha
    )


def rational_function(value: Expr, x: Symbol, letter: Symmetric) -> Any:
    """A rational function of a number, read as the same function of a symmetric matrix.

    Normalised so that the numerator has leading coefficient 1, which is how papers write Γ⁻¹.
    """
    rows = letter.shape[0]
    if value == 0:
        return letter * 0
    top, bottom = (Poly(part, x) for part in value.as_numer_denom())
    lead = top.LC()
    above = {letter_word(letter, m): cancel(c / lead) for (m,), c in top.terms()}
    below = {letter_word(letter, m): _spread(c / lead) for (m,), c in bottom.terms()}
    if not bottom.degree():
        return expression_of({w: cancel(c / below[()]) for w, c in above.items()}, rows, rows)
    inverse = Inverse(expression_of(below, rows, rows)) if bottom != Poly(x, x) else letter.I
    numerator = expression_of(above, rows, rows)
    return inverse if isinstance(numerator, Identity) else inverse * numerator


def letter_word(letter: Symmetric, power: int) -> Word:
    """Λ…Λ, `power` times."""
    return (letter,) * power


def _spread(coefficient: Expr) -> Expr:
    """(N+1)/N as 1 + 1/N."""
    return cancel(coefficient).expand()


def _peeled(equation: AffineMap, wrt: MatrixSymbol) -> Any:
    """Solve M·U·R = C, for M and R polynomials that the sum factors into."""
    turns = {term.turned for term in equation.terms}
    if len(turns) > 1:
        raise NoClosedForm(
            f"the equation holds both {wrt} and {wrt}ᵀ with matrices that do not commute; "
            "there is no closed form unless everything is a polynomial in one symmetric letter"
        )
    left, right = factors(equation.terms, wrt)
    target: Polynomial = {word: -c for word, c in equation.constant.items()}
    if turns == {True}:
        left, right, target = turned(right), turned(left), turned(target)
    rows, columns = wrt.shape
    left, right, target = balanced(left, right, target)
    right, target = stripped(right, target, -1)
    left, target = stripped(left, target, 0)
    solution = expression_of(target, rows, columns)
    if left != {(): S.One}:
        solution = inverse_of(left, rows) * solution
    return solution * inverse_of(right, columns) if right != {(): S.One} else solution


def inverse_of(polynomial: Polynomial, rows: Any) -> Any:
    """The inverse of a polynomial; a number is divided by."""
    if set(polynomial) == {()}:
        return 1 / polynomial[()] * Identity(rows)
    return Inverse(expression_of(polynomial, rows, rows)).doit()
