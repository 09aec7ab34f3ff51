r"""Means of powers and logarithms of det X Xᵀ, for a centred d×N Gaussian X with independent columns N(0, Σ).

By Bartlett, det X Xᵀ = det Σ · ∏ᵢ χ²(N − i + 1) with independent factors, i = 1, …, d ≤ N. So

    E log det X Xᵀ = log det Σ + d log 2 + ψ_d(N/2),
    E (det X Xᵀ)ᵏ  = (det Σ)ᵏ ∏_{j<k} Γ(N + 2j + 1)/Γ(N + 2j − d + 1),

and for a negative power the inverse product over N − 2j, finite for N − d + 1 > 2|k|. (Muirhead 1982, 3.2.)
"""

from __future__ import annotations

from typing import Any

from sympy import Determinant, Expr, MatMul, Mul, S, gamma, log

from workbench.calculus.algebra import terms
from workbench.calculus.errors import NoSuchMoment, NotPolynomial
from workbench.calculus.means.lengths.lengths import Mean, undone
from workbench.language.digamma_sums import digamma_sum
from workbench.language.laws import Gaussian, random_letters

Square = tuple[Gaussian, Any, Any, Any, Any]  # the letter, N, d, Σ, and what scales X Xᵀ


def random_determinant(part: Any, letters: tuple[Any, ...]) -> Determinant | None:
    """The determinant of random letters in an integrand, the first of several; None where there is none."""
    found = [node for node in part.atoms(Determinant) if random_letters(node).intersection(letters)]
    return min(found, key=str, default=None)


def determinant_mean(part: Any, node: Determinant, mean: Mean) -> Any:
    """The mean of one product that holds a determinant of X Xᵀ; `mean` averages what stands beside it."""
    coefficient, matrix = part.as_coeff_mmul() if isinstance(part, MatMul) else (part, S.One)
    factors = Mul.make_args(coefficient)
    own = [factor for factor in factors if factor.has(node)]
    beside = Mul(*(factor for factor in factors if factor not in own)) * matrix
    square = read_square(node)
    value = own_mean(own[0], node, *square) if len(own) == 1 else None
    if value is None or beside.has(square[0]):
        raise NotPolynomial(
            f"{node} is averaged alone, as a whole power or a logarithm, and not in {part}; expand it first"
        )
    return value * mean(beside)


def own_mean(factor: Expr, node: Determinant, X: Gaussian, count: Any, size: Any, cov: Any, scale: Any) -> Expr | None:
    """The mean of log det or of a whole power of det; None for anything else."""
    if factor == log(node):
        return log(volume(cov, size)) + size * log(2 * scale) + digamma_sum(count / 2, size)
    base, power = factor.as_base_exp()
    if base != node or not power.is_Integer:
        return None
    if power < 0 and terms.expand(count - size + 1 + 2 * power).is_nonpositive:
        raise NoSuchMoment(
            f"a power {power} of {node} has no mean with {count} columns: it needs more than {size} − 1 − 2·{power}"
        )
    shifts = range(int(power)) if power > 0 else range(int(power), 0)
    ratios = (gamma(count + 2 * j + 1) / gamma(count + 2 * j - size + 1) for j in shifts)
    product = Mul(*ratios) if power > 0 else 1 / Mul(*ratios)
    return (scale**size * volume(cov, size)) ** power * product


def volume(cov: Any, size: Any) -> Expr:
    """The determinant of a covariance, written out where it is a multiple of the identity."""
    number = undone((), cov, size)
    return Determinant(cov) if number is None else number**size


def read_square(node: Determinant) -> Square:
    """det(c·X Xᵀ) or det(c·Xᵀ X) of a centred letter with independent columns (rows). Raises NotPolynomial."""
    parts = terms.words(node.arg)
    word, scale = next(iter(parts.items())) if len(parts) == 1 else (None, S.One)
    atoms = [atom for atom, _ in word or ()]
    X = next((atom for atom in atoms if isinstance(atom, Gaussian)), None)
    if X is None or word is None or atoms != [X, X] or word[0][1] == word[-1][1] or X.mean != 0 * X.mean:
        raise NotPolynomial(f"{node} is not the determinant of a multiple of X*X.T with a centred Gaussian X")
    across = word[0][1]  # whether it is Xᵀ X
    size, count = (X.cols, X.rows) if across else (X.rows, X.cols)
    cov, other = (X.token_cov, X.cov) if across else (X.cov, X.token_cov)
    if (number := undone((), other, count)) is None:
        raise NotPolynomial(
            f"{node}: only {'rows' if across else 'columns'} that are independent and alike have a rule"
        )
    return X, count, size, cov, scale * number
