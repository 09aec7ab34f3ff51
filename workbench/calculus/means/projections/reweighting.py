"""Reweighting: how the exponential of a linear or quadratic form changes one Gaussian law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Basic, Determinant, Expr, Gt, Identity, Inverse, MatrixSymbol, Q, Rational, S

from workbench.calculus.algebra.terms import (
    Word,
    Words,
    columns,
    gather,
    matrix,
    normal,
    product,
    reverse,
    trace_of,
    transposed_words,
    words,
)
from workbench.calculus.errors import DivergentMean, NotGaussianCalculus
from workbench.calculus.means.projections.contractions import Law, polynomial_terms
from workbench.language.letters import SPD

HALF = Rational(1, 2)


def split_exponent(exponent: Expr, letter: MatrixSymbol, laws: Mapping[MatrixSymbol, Law]) -> tuple[Expr, Words, Words]:
    """An exponent as rest + tr(aᵀX) + tr(XᵀBX): the rest, a, and B (made symmetric)."""
    rest, slope, curvature = S.Zero, [], []
    for fixed, traces in polynomial_terms(exponent, laws):
        mine = [w for w in traces if any(atom == letter for atom, _ in w)]
        others = [w for w in traces if w not in mine]
        for word in others:
            fixed = fixed * trace_of({word: S.One}, S.One)
        degree = sum(atom == letter for word in mine for atom, _ in word)
        if degree == 0:
            rest += fixed
        elif degree == 1:
            slope.append((fixed, slope_of(mine[0], letter)))
        elif degree == 2:
            curvature += [(fixed * HALF * c, w) for c, w in curvature_of(mine, letter, laws[letter])]
        else:
            raise NotGaussianCalculus(
                f"the exponent has degree {degree} in {letter}; only linear and quadratic exponents have a "
                "closed Gaussian mean"
            )
    both = [*curvature, *((c, reverse(w)) for c, w in curvature)]
    return rest, gather(slope), gather(both)


def slope_of(word: Word, letter: MatrixSymbol) -> Word:
    """The word a with tr(word) = tr(aᵀX)."""
    place = next(i for i, (atom, _) in enumerate(word) if atom == letter)
    rest = word[place + 1 :] + word[:place]
    return rest if word[place][1] else reverse(rest)


def curvature_of(mine: list[Word], letter: MatrixSymbol, law: Law) -> list[tuple[Expr, Word]]:
    """The words B with tr(XᵀBX) equal to the given traces."""
    if letter.shape[1] != 1 and words(law.token_cov) != {(): S.One}:
        raise NotGaussianCalculus(
            f"a quadratic exponent in the matrix {letter} needs independent columns (token_cov = I)"
        )
    if len(mine) == 2 and letter.shape[1] == 1:
        left, right = (slope_of(word, letter) for word in mine)
        return [(c, w) for w, c in product([{left: S.One}, {reverse(right): S.One}]).items()]
    if len(mine) == 1:
        word = mine[0]
        turn = next((i for i in range(len(word)) if meets(word[i], word[i - 1], letter)), None)
        if turn is not None:  # the cyclic word reads … X | Xᵀ B
            return [(S.One, (word[turn:] + word[:turn])[1:-1])]
    if letter.shape == (1, 1):
        return [(S.One, ())]
    raise NotGaussianCalculus(
        f"the quadratic exponent in {letter} is not of the form tr(XᵀBX); average over its columns instead"
    )


def meets(first: tuple[Any, bool], before: tuple[Any, bool], letter: MatrixSymbol) -> bool:
    """Whether a cyclic word passes from X to Xᵀ here."""
    plain = letter.shape == (1, 1)
    return first[0] == before[0] == letter and (plain or (first[1] and not before[1]))


def linear_tilt(law: Law, slope: Words) -> tuple[Law, Expr]:
    """The law under exp(tr(aᵀX)), and the logarithm of the mean weight."""
    move = product([words(law.cov), slope, words(law.token_cov)])
    turned, mean = transposed_words(slope), words(law.mean)
    rows, width = law.mean.shape
    gain = trace_of(product([turned, mean]), width) + HALF * trace_of(product([turned, move]), width)
    new = gather((c, w) for part in (mean, move) for w, c in part.items())
    return Law(matrix(new, (rows, width)), law.cov, law.token_cov), gain


def quadratic_tilt(letter: MatrixSymbol, law: Law, curvature: Words) -> tuple[Law, Expr, Expr, list[Basic]]:
    """The law under exp(tr(XᵀBX)): new law, logarithm of the weight, determinant factor, conditions."""
    precision = gather((-2 * c, w) for w, c in curvature.items())
    if letter.shape[0] == 1:
        precision = one_by_one(precision)
        law = Law(law.mean, matrix(one_by_one(words(law.cov)), (1, 1)), law.token_cov)
    cov = words(law.cov)
    if set(precision) <= {()} and set(cov) <= {()}:
        return isotropic_tilt(letter, law, precision.get((), S.Zero), cov.get((), S.Zero))
    vectors = [split_square(word) for word in precision]
    if all(vector is not None for vector in vectors):
        return rank_one_tilts(law, [(c, v) for c, v in zip(precision.values(), vectors, strict=True) if v])
    return full_tilt(letter, law, precision)


def one_by_one(total: Words) -> Words:
    """A 1×1 sum of words as a number."""
    value = trace_of(total, S.One)
    return {(): value} if value != 0 else {}


def split_square(word: Word) -> Word | None:
    """The vector u with word = u uᵀ, if there is one."""
    half = len(word) // 2
    if len(word) % 2 or not word or columns(word[half - 1]) != 1 or reverse(word[:half]) != word[half:]:
        return None
    return word[:half]


def isotropic_tilt(letter: MatrixSymbol, law: Law, alpha: Expr, variance: Expr) -> tuple[Law, Expr, Expr, list[Basic]]:
    """The law N(M, s I) under exp(−α|X|²/2): mean and variance divided by 1 + αs."""
    stretch = normal(1 + alpha * variance)
    needed = positive(stretch, f"exp(−α|{letter}|²/2)", certain=bool(alpha.is_nonnegative))
    mean, size = words(law.mean), letter.shape[0]
    length = trace_of(product([transposed_words(mean), mean]), letter.shape[1])
    new = Law(
        matrix(gather((c / stretch, w) for w, c in mean.items()), law.mean.shape),
        matrix({(): variance / stretch}, law.cov.shape),
        law.token_cov,
    )
    return new, -HALF * alpha * length / stretch, stretch ** (-HALF * size * letter.shape[1]), needed


def rank_one_tilts(law: Law, squares: list[tuple[Expr, Word]]) -> tuple[Law, Expr, Expr, list[Basic]]:
    """The law under exp(−Σ α (uᵀX)²/2), one square after the other (Sherman–Morrison)."""
    gain, factor, needed = S.Zero, S.One, []
    certain = all(alpha.is_nonnegative for alpha, _ in squares)
    width = law.mean.shape[1]
    for alpha, word in squares:
        u, mean, cov = {word: S.One}, words(law.mean), words(law.cov)
        across = transposed_words(u)
        stretch = normal(1 + alpha * trace_of(product([across, cov, u]), S.One))
        needed += positive(stretch, f"a quadratic exponent in {matrix(across, (1, cov_rows(law)))}", certain)
        heights = product([across, mean])
        gain -= HALF * alpha / stretch * trace_of(product([transposed_words(heights), heights]), width)
        factor *= stretch ** (-HALF * width)
        drop = product([{(): alpha / stretch}, cov, u])
        law = Law(
            matrix(minus(mean, product([drop, heights])), law.mean.shape),
            matrix(minus(cov, product([drop, across, cov])), law.cov.shape),
            law.token_cov,
        )
    return law, gain, factor, needed


def cov_rows(law: Law) -> Expr:
    """How many coordinates a law describes."""
    return law.cov.shape[0]


def minus(left: Words, right: Words) -> Words:
    """The difference of two sums of words."""
    return gather([*((c, w) for w, c in left.items()), *((-c, w) for w, c in right.items())])


def full_tilt(letter: MatrixSymbol, law: Law, precision: Words) -> tuple[Law, Expr, Expr, list[Basic]]:
    """The law under exp(−tr(XᵀAX)/2) for any symmetric A: covariance (Σ⁻¹ + A)⁻¹."""
    shape, width = law.cov.shape, law.mean.shape[1]
    inverse = words(Inverse(law.cov))
    summed = gather((c, w) for part in (inverse, precision) for w, c in part.items())
    if all(is_square(w) and c.is_nonpositive for w, c in summed.items()):
        raise DivergentMean(
            f"the exponent outgrows the law of {letter}: its precision would become "
            f"{matrix(summed, shape)}, which is not positive definite"
        )
    needed: list[Basic] = []
    if not all(is_square(w) and c.is_nonnegative for w, c in precision.items()):
        needed = [Q.positive_definite(matrix(summed, shape))]
    cov = words(Inverse(matrix(summed, shape)))
    pulled = product([inverse, words(law.mean)])
    mean = product([cov, pulled])
    gain = HALF * trace_of(
        gather(
            [
                *((c, w) for w, c in product([transposed_words(pulled), mean]).items()),
                *((-c, w) for w, c in product([transposed_words(pulled), words(law.mean)]).items()),
            ]
        ),
        width,
    )
    stretch = Determinant(Identity(shape[0]) + matrix(product([words(law.cov), precision]), shape))
    new = Law(matrix(mean, law.mean.shape), matrix(cov, shape), law.token_cov)
    return new, gain, stretch ** (-HALF * width), needed


def is_square(word: Word) -> bool:
    """Whether a word reads W Wᵀ or W S Wᵀ with S positive definite, hence is positive semidefinite."""
    half = len(word) // 2
    if reverse(word[:half]) != word[len(word) - half :]:
        return False
    return len(word) % 2 == 0 or is_positive(word[half][0])


def is_positive(atom: Any) -> bool:
    """Whether an atom is positive definite by its class."""
    return isinstance(atom, SPD) or (isinstance(atom, Inverse) and is_positive(atom.arg))


def positive(value: Expr, where: str, certain: bool) -> list[Basic]:
    """The condition value > 0: none when it holds for sure, DivergentMean when it fails for sure."""
    if value.is_nonpositive:
        needs = (
            f"it needs {value} > 0" if value.free_symbols else "it grows as fast as a Gaussian density falls, or faster"
        )
        raise DivergentMean(f"{where} has no Gaussian mean: {needs}; state a smaller exponent")
    return [] if certain or value.is_positive else [Gt(value, 0)]
