"""Contractions: Stein's identity on products of traces, with derivatives of a function outside.

For independent Gaussian letters X ~ (M, Σ, Ω) and projections w_k = m_k + Σ_X tr(A_kᵀX),

    E[X_ia F] = M_ia E[F] + Σ_jb Σ_ij Ω_ab E[∂F/∂X_jb],

so one letter of a word is contracted with its mean, with every other occurrence of the letter, and
with every projection (which replaces X by Σ A_k Ω and differentiates the function along w_k).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, MatrixExpr, MatrixSymbol, Mul, S, Trace

from workbench.calculus.algebra.sums import expand
from workbench.calculus.algebra.terms import (
    Factor,
    Word,
    Words,
    columns,
    normal,
    product,
    rows,
    trace_of,
    words,
)
from workbench.calculus.algebra.terms import transposed_words as turned
from workbench.calculus.errors import NotGaussianCalculus

DEGREE_LIMIT = 10
Orders = tuple[int, ...]
Slope = Mapping[MatrixSymbol, Words]


@dataclass(frozen=True)
class Law:
    """Mean M, row covariance Σ and column covariance Ω of a Gaussian letter."""

    mean: MatrixExpr
    cov: MatrixExpr
    token_cov: MatrixExpr


Laws = Mapping[MatrixSymbol, Law]
Moment = dict[tuple[Orders, Word], Expr]
Cycle = tuple[Words, Expr]


def polynomial_terms(expression: Expr, letters: Laws) -> Iterator[tuple[Expr, tuple[Word, ...]]]:
    """A canonical scalar polynomial as terms (fixed coefficient, traces that hold random letters)."""
    for term in normal(expression).as_ordered_terms():
        fixed, traces = [], []
        for base, exponent in term.as_powers_dict().items():
            if not (base**exponent).has(*letters):
                fixed.append(base**exponent)
            elif isinstance(base, Trace) and exponent.is_Integer and exponent > 0:
                ((word, coefficient),) = words(base.arg).items()
                check_word(word, letters)
                fixed.append(coefficient**exponent)
                traces += [word] * int(exponent)
            else:
                raise NotGaussianCalculus(
                    f"{base**exponent} is not a polynomial in the random letters "
                    f"{', '.join(sorted(x.name for x in letters))}; write it through traces, exp, erf, "
                    "sign, Heaviside or Max(0, ·) of projections"
                )
        yield Mul(*fixed), tuple(traces)


def check_word(word: Word, letters: Iterable[MatrixSymbol]) -> None:
    """Refuse a random letter hidden inside an inverse or another matrix function."""
    for atom, _ in word:
        if atom not in letters and atom.has(*letters):
            raise NotGaussianCalculus(
                f"{atom} is not a polynomial in the random letters; only products of the letters "
                "themselves may stand outside exp, erf, sign, Heaviside and Max"
            )


class Contractions:
    """The mean of words × a function of projections, as Σ coefficient × word × derivative of the function."""

    def __init__(self, laws: Laws, slopes: Sequence[Slope] = ()):
        self.laws, self.slopes = laws, slopes
        self.moved = [{x: self.shift(x, slope[x]) for x in slope} for slope in slopes]
        self.memo: dict[tuple[Word, tuple[Word, ...]], Moment] = {}

    def shift(self, letter: MatrixSymbol, slope: Words) -> Words:
        """Σ A Ω: what a letter becomes when it is contracted with tr(AᵀX)."""
        law = self.laws[letter]
        return product([words(law.cov), slope, words(law.token_cov)])

    def mean(self, open_word: Word, traces: tuple[Word, ...]) -> Moment:
        """E[traces × open word × f(w)] by orders of ∂f."""
        degree = sum(atom in self.laws for word in (open_word, *traces) for atom, _ in word)
        if degree > DEGREE_LIMIT:
            raise NotGaussianCalculus(
                f"a polynomial of degree {degree} in Gaussian letters exceeds the limit {DEGREE_LIMIT} of "
                "the rules for projections; use `expect` for polynomials"
            )
        key = (open_word, tuple(sorted(traces, key=str)))
        if key not in self.memo:
            self.memo[key] = self.contracted(open_word, list(key[1]))
        return self.memo[key]

    def contracted(self, open_word: Word, traces: list[Word]) -> Moment:
        """One step of Stein's identity, or the deterministic value."""
        total: Moment = {}
        for k, word in enumerate(traces):
            if (place := self.place(word)) is not None:
                rest = traces[:k] + traces[k + 1 :]
                self.contract_trace(word[place:] + word[:place], open_word, rest, total)
                return total
        if (place := self.place(open_word)) is not None:
            self.contract_open(open_word, place, traces, total)
            return total
        fixed = Mul(*(trace_of(unit(word), S.Zero) for word in traces))
        return {((0,) * len(self.slopes), open_word): fixed}

    def place(self, word: Word) -> int | None:
        """Where a word holds its first random letter."""
        return next((i for i, (atom, _) in enumerate(word) if atom in self.laws), None)

    def gain(self, total: Moment, pieces: Sequence[Words], cycles: Sequence[Cycle], along: int | None = None) -> None:
        """Add E[Π traces × product of pieces × f] to a total, differentiating f along one projection."""
        choices: list[tuple[Expr, tuple[Word, ...]]] = [(S.One, ())]
        for cycle, size in cycles:
            found = list(polynomial_terms(trace_of(cycle, size), self.laws))
            choices = [(c * k, done + more) for c, done in choices for k, more in found if k != 0]
        for word, coefficient in product(pieces).items():
            for outside, inner in polynomial_terms(coefficient, self.laws):
                for c, traces in choices:
                    for (orders, tail), value in self.mean(word, (*inner, *traces)).items():
                        raised = tuple(n + (i == along) for i, n in enumerate(orders))
                        value = expand(total.get((raised, tail), S.Zero) + outside * c * value)
                        total[raised, tail] = value

    def sides(self, factor: Factor) -> tuple[Words, Words, Words, list[tuple[int, Words]]]:
        """Mean, row covariance, column covariance and images under the projections of X or Xᵀ."""
        letter, transposed = factor
        law = self.laws[letter]  # type: ignore[index]
        mean, cov, token_cov = words(law.mean), words(law.cov), words(law.token_cov)
        images = [(k, moved[letter]) for k, moved in enumerate(self.moved) if letter in moved]  # type: ignore[index]
        if not transposed:
            return mean, cov, token_cov, images
        return turned(mean), token_cov, cov, [(k, turned(image)) for k, image in images]

    def contract_trace(self, cycle: Word, open_word: Word, rest: list[Word], total: Moment) -> None:
        """Contract Y = X or Xᵀ, the first letter of tr(Y w), with everything it is correlated with."""
        head, w = cycle[0], cycle[1:]
        mean, cov, token_cov, images = self.sides(head)
        body, others = [unit(open_word)], [(unit(word), rows(word[0])) for word in rest]
        height, width = rows(head), columns(head)
        self.gain(total, body, [*others, (product([mean, unit(w)]), height)])
        for k, image in images:
            self.gain(total, body, [*others, (product([image, unit(w)]), height)], along=k)
        for i, same in self.partners(w, head):
            p, q = unit(w[:i]), unit(w[i + 1 :])
            twist: list[Cycle] = [(product([p, cov, turned(q), token_cov]), width)]
            split: list[Cycle] = [(product([cov, q]), height), (product([p, token_cov]), width)]
            self.gain(total, body, [*others, *(twist if same else split)])
        bridge = product([cov, turned(unit(w)), token_cov])
        for j, other in enumerate(rest):
            for i, same in self.partners(other, head):
                around, image = unit(other[i + 1 :] + other[:i]), bridge if same else turned(bridge)
                merged = (product([image, around]), height if same else width)
                self.gain(total, body, [*others[:j], *others[j + 1 :], merged])
        for i, same in self.partners(open_word, head):
            image = bridge if same else turned(bridge)
            self.gain(total, [unit(open_word[:i]), image, unit(open_word[i + 1 :])], others)

    def contract_open(self, word: Word, place: int, traces: list[Word], total: Moment) -> None:
        """Contract the first random letter of the open word l Y r; the traces are already fixed."""
        head, left, right = word[place], unit(word[:place]), word[place + 1 :]
        mean, cov, token_cov, images = self.sides(head)
        fixed = [(unit(trace), rows(trace[0])) for trace in traces]
        self.gain(total, [left, mean, unit(right)], fixed)
        for k, image in images:
            self.gain(total, [left, image, unit(right)], fixed, along=k)
        for i, same in self.partners(right, head):
            p, q = unit(right[:i]), unit(right[i + 1 :])
            if same:
                self.gain(total, [left, cov, turned(p), token_cov, q], fixed)
            else:
                self.gain(total, [left, cov, q], [*fixed, (product([p, token_cov]), columns(head))])

    def partners(self, word: Word, head: Factor) -> Iterator[tuple[int, bool]]:
        """Where a word holds the same letter again, and whether it is turned the same way."""
        for i, (atom, transposed) in enumerate(word):
            if atom == head[0]:
                yield i, transposed == head[1]


def unit(word: Word) -> Words:
    """One word as a sum."""
    return {word: S.One}
