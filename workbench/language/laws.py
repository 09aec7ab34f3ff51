"""Laws: random letters that carry their distribution, and the mean E over them.

The law travels with the letter: `X = gaussian("X", d, N, cov=Sigma)` is a d×N matrix with i.i.d.
N(0, Σ) columns wherever it appears, also after a substitution in Σ.
"""

from __future__ import annotations

from typing import Any, Self

from sympy import Expr, Identity, MatrixExpr, Trace, Tuple, ZeroMatrix, expand, sympify
from sympy.core.symbol import Str

from workbench.language.letters import Matrix

TOGETHER = "__"  # between the names of numbers that are the entries of one letter


class Random(Matrix):
    """A letter with a law, which stands behind its name and shape; `E` averages over it."""

    def __new__(cls, name: Any, rows: Any, columns: Any, *law: Any) -> Self:
        letter = super().__new__(cls, name, rows, columns)
        letter._args = (*letter._args[:3], *law)
        return letter


class Gaussian(Random):
    """A Gaussian matrix: mean M and E[(X−M)_ia (X−M)_jb] = cov_ij · token_cov_ab."""

    @property
    def mean(self) -> MatrixExpr:
        return self._args[3]  # type: ignore[return-value]

    @property
    def cov(self) -> MatrixExpr:
        return self._args[4]  # type: ignore[return-value]

    @property
    def token_cov(self) -> MatrixExpr:
        return self._args[5]  # type: ignore[return-value]


def gaussian(
    name: str,
    rows: Any,
    columns: Any = 1,
    *,
    mean: MatrixExpr | None = None,
    cov: MatrixExpr | None = None,
    token_cov: MatrixExpr | None = None,
) -> Gaussian:
    """Let `name` be a Gaussian rows×columns matrix with that mean, row and column covariance.

    The default is standard: mean 0, cov I, token_cov I (i.i.d. columns).
    Raises ValueError when a shape does not fit.
    """
    rows, columns = sympify(rows), sympify(columns)
    mean = ZeroMatrix(rows, columns) if mean is None else mean
    cov = Identity(rows) if cov is None else cov
    token_cov = Identity(columns) if token_cov is None else token_cov
    for part, matrix, shape in [
        ("mean", mean, (rows, columns)),
        ("cov", cov, (rows, rows)),
        ("token_cov", token_cov, (columns, columns)),
    ]:
        if tuple(matrix.shape) != shape:
            raise ValueError(
                f"gaussian {name!r}: {part} has shape {matrix.shape[0]}×{matrix.shape[1]}; "
                f"a {rows}×{columns} letter needs {shape[0]}×{shape[1]}"
            )
    return Gaussian(Str(name), rows, columns, mean, cov, token_cov)


class Mask(Random):
    """A column of independent 0/1 entries, each equal to 1 with probability `rate`."""

    @property
    def rate(self) -> Expr:
        return self._args[3]  # type: ignore[return-value]


class OneHot(Random):
    """A column of the identity drawn at random: X*e is one column of X, each equally likely."""


class Mixture(Random):
    """Independent columns, each drawn from one of finitely many Gaussians chosen at random."""

    @property
    def weights(self) -> tuple[Expr, ...]:
        return tuple(self._args[3])

    @property
    def means(self) -> tuple[MatrixExpr, ...]:
        return tuple(self._args[4])

    @property
    def covs(self) -> tuple[MatrixExpr, ...]:
        return tuple(self._args[5])


class SecondMoments(Random):
    """A column of which the mean and the covariance are known, and nothing else of its law."""

    @property
    def mean(self) -> MatrixExpr:
        return self._args[3]  # type: ignore[return-value]

    @property
    def cov(self) -> MatrixExpr:
        return self._args[4]  # type: ignore[return-value]


class Haar(Random):
    """The first columns of a uniformly random orthogonal matrix: HᵀH = I, HHᵀ a random projector."""


class Directions(Random):
    """Independent columns, each a uniformly random point of the unit sphere."""


def mask(name: str, d: Any, q: Any) -> Mask:
    """Let `name` be a d×1 column of independent 0/1 entries, each equal to 1 with probability q.

    `DiagMatrix(o)` keeps the observed coordinates: `DiagMatrix(o)*x` is x with the others set to 0.
    Raises ValueError when q is a number outside [0, 1].
    """
    d, q = sympify(d), sympify(q)
    if q.is_number and not 0 <= q <= 1:
        raise ValueError(f"mask {name!r}: {q} is not a probability; give a rate between 0 and 1")
    return Mask(Str(name), d, sympify(1), q)


def index(name: str, L: Any) -> OneHot:
    """Let `name` be a uniformly random index among 1..L, as the L×1 column that is 1 at its place.

    With X a d×L matrix of tokens, `X*name` is the token that the index chose.
    """
    return OneHot(Str(name), sympify(L), sympify(1))


def mixture(name: str, d: Any, components: Any, columns: Any = 1) -> Mixture:
    """Let `name` have independent d×1 columns, each N(mean, cov) with the probability `weight`.

    `components` lists (weight, mean, cov); None stands for mean 0, and for cov 0 (a point mass).
    Raises ValueError when the weights do not sum to one or a shape does not fit.
    """
    d, columns = sympify(d), sympify(columns)
    parts = [
        (sympify(w), ZeroMatrix(d, 1) if m is None else m, ZeroMatrix(d, d) if c is None else c)
        for w, m, c in components
    ]
    total = expand(sum((w for w, _, _ in parts), sympify(0)))
    if total != 1:
        raise ValueError(f"mixture {name!r}: the weights sum to {total}; write the last as 1 − the others")
    if any(w.is_negative for w, _, _ in parts):
        raise ValueError(f"mixture {name!r}: a weight is negative; weights are probabilities")
    for _, mean, cov in parts:
        if tuple(mean.shape) != (d, 1) or tuple(cov.shape) != (d, d):
            raise ValueError(
                f"mixture {name!r}: a component has mean {mean.shape[0]}×{mean.shape[1]} and covariance "
                f"{cov.shape[0]}×{cov.shape[1]}; a {d}-dimensional one needs {d}×1 and {d}×{d}"
            )
    return Mixture(Str(name), d, columns, *(Tuple(*part) for part in zip(*parts)))


def second_moments(
    name: str, d: Any, *, mean: MatrixExpr | None = None, cov: MatrixExpr | None = None
) -> SecondMoments:
    """Let `name` be a random d×1 column of any law with that mean (0) and that covariance (I).

    What the two do not determine is not averaged: E|x|⁴, say, or the mean of exp.
    Raises ValueError when a shape does not fit.
    """
    like = gaussian(name, d, mean=mean, cov=cov)
    return SecondMoments(Str(name), like.rows, like.cols, like.mean, like.cov)


def haar(name: str, d: Any, r: Any = None) -> Haar:
    """Let `name` be a uniformly random d×d orthogonal matrix, or its first r columns.

    With H = haar("H", d, r), P = H*H.T is the projector on a uniformly random r-dimensional subspace.
    Raises ValueError when r exceeds d.
    """
    d = sympify(d)
    r = d if r is None else sympify(r)
    if (d - r).is_negative or r.is_nonpositive:
        raise ValueError(f"haar {name!r}: {r} columns do not fit in dimension {d}; take 1 ≤ r ≤ d")
    return Haar(Str(name), d, r)


def sphere(name: str, d: Any, columns: Any = 1) -> Haar | Directions:
    """Let `name` be a uniformly random point of the unit sphere in dimension d, or that many independent ones.

    One is a Haar letter, a d×1 column of length one; `sqrt(d)*name` has the covariance I, and independent coordinates
    it has not. Several are the columns of a d×columns matrix.
    Raises ValueError when d is a number below 1.
    """
    d = sympify(d)
    if d.is_number and not (d.is_integer and d.is_positive):
        raise ValueError(f"sphere {name!r}: {d} is no dimension; take a whole number d ≥ 1")
    return haar(name, d, 1) if columns == 1 else Directions(Str(name), d, sympify(columns))


class ScalarMean(Expr):
    """The mean of a random number, not yet computed."""

    is_commutative = True
    is_real = True

    @property
    def inside(self) -> Expr:
        return self.args[0]  # type: ignore[return-value]


class MatrixMean(MatrixExpr):
    """The mean of a random matrix, not yet computed."""

    @property
    def inside(self) -> MatrixExpr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.inside.shape


def E(expression: Any, *over: Random) -> ScalarMean | MatrixMean:
    """The mean of an expression over its random letters (all of them, or only those named)."""
    expression = sympify(expression)
    over = over or tuple(sorted(random_letters(expression), key=lambda letter: letter.name))
    mean = MatrixMean if getattr(expression, "is_Matrix", False) else ScalarMean
    return mean(expression, *over)


def random_letters(expression: Any) -> set[Random]:
    """The random letters that an expression averages or depends on."""
    return expression.atoms(Random)


def loose_letters(expression: Any) -> set[Random]:
    """The random letters that stand outside every mean."""
    if isinstance(expression, ScalarMean | MatrixMean):
        return set()
    if isinstance(expression, Random):
        return {expression}
    return set().union(*(loose_letters(part) for part in getattr(expression, "args", ())))


def number(expression: Any) -> Expr:
    """A 1×1 expression as the number it holds."""
    return Trace(expression) if getattr(expression, "is_Matrix", False) else expression
