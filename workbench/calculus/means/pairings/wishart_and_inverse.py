"""Words that mix a Wishart matrix W = X Xᵀ with its inverse V: the W go first, by Stein's identity.

For X with i.i.d. N(0, Σ) columns, N of them, E[W_ij F] = N Σ_ij E F + Σ_k Σ_ik E[X_ja ∂F/∂X_ka] contracts one W
with every other letter, and W V = 1 closes the system on words in W and V (Haff 1979):

    W_pq → Σ_ip W_jq + Σ_iq W_jp        V_pq → −(ΣV)_ip δ_jq − δ_jp (ΣV)_iq

Every step removes one W and adds no V, so words in V alone remain.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import mul
from typing import Any

from flint import fmpq

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import TracePolynomial, size, summed, traced
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.substitution import marked, substituted, unmarked
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.algebra.words import Traces, Word, transpose
from workbench.calculus.errors import NotPolynomial
from workbench.calculus.means.gaussian.stein import laws_of
from workbench.language.laws import Gaussian
from workbench.language.letters import Symmetric

Words = list[Word]


def without_wishart(expression: Any, X: Gaussian, V: Symmetric) -> Any:
    """An expression in V alone with the same mean as one in X Xᵀ and its inverse V.

    Raises NotPolynomial where X stands without its transpose beside it.
    """
    base, token = polynomial(expression), None
    shape = base.shape
    if shape is not None and not base.is_scalar:
        base, token = marked(base)
    found = _Elimination(X, V).mean(base.as_number())
    result = found.with_shape(shape) if token is None else unmarked(found, token)
    return expression_of(result)


class _Elimination:
    """Means over the W of products of traces, the V held."""

    def __init__(self, X: Gaussian, V: Symmetric) -> None:
        laws = laws_of([X], polynomial)
        self.letter, self.standins, self.known = X, laws.standins, {}
        self.x, self.w = ALPHABET.token(X), ALPHABET.token(Symmetric(f"\0{X.name}*{X.name}.T", X.rows, X.rows))
        self.v = ALPHABET.inverse_token(self.w, V)
        self.cov = laws.of[self.x // 2].cov
        self.rows, self.count = ALPHABET.rows[self.x], size(ALPHABET.columns[self.x])

    def mean(self, base: TracePolynomial) -> TracePolynomial:
        """The mean over W of a polynomial in X Xᵀ and V."""
        parts = []
        for (scalars, traces, _), value in base.terms.items():
            words = [self.paired(trace) for trace in traces]
            parts.append(self.averaged(self.product(words) * TracePolynomial({(scalars, (), ()): value})))
        total = summed(parts, None)
        return substituted(total, self.standins) if self.standins else total

    def paired(self, trace: Word) -> Word:
        """A trace with every X Xᵀ as one letter W."""
        if self.x not in trace and self.x + 1 not in trace:
            return trace
        start = trace.index(self.x) if self.x in trace else 0
        rest, word = trace[start:] + trace[:start], []
        while rest:
            pair = rest[:2] == (self.x, self.x + 1)
            if not pair and rest[0] // 2 == self.x // 2:
                raise NotPolynomial(
                    f"{self.letter} stands outside {self.letter}*{self.letter}.T beside its inverse; only words in "
                    "that product and its inverse are averaged together"
                )
            word.append(self.w if pair else rest[0])
            rest = rest[2 if pair else 1 :]
        return tuple(word)

    def product(self, words: Words) -> TracePolynomial:
        """A product of traces, W V cancelled."""
        factors = (traced(word, ALPHABET.rows[word[0]] if word else self.rows) for word in words)
        return reduce(mul, factors, TracePolynomial({((), (), ()): fmpq(1)}))

    def averaged(self, base: TracePolynomial) -> TracePolynomial:
        parts = []
        for (scalars, traces, _), value in base.terms.items():
            if traces not in self.known:
                self.known[traces] = self.contracted(traces)
            parts.append(TracePolynomial({(scalars, (), ()): value}) * self.known[traces])
        return summed(parts, None)

    def contracted(self, traces: Traces) -> TracePolynomial:
        """Stein's identity for the first W of a product of traces."""
        place = next((i for i, trace in enumerate(traces) if self.w in trace), None)
        if place is None:
            return TracePolynomial({((), traces, ()): fmpq(1)})
        trace, rest = traces[place], [*traces[:place], *traces[place + 1 :]]
        start = trace.index(self.w)
        tail = trace[start + 1 :] + trace[:start]
        parts = [self.count * self.averaged(self.product([self.cov + tail, *rest]))]
        parts += [self.averaged(self.product([*words, *rest]).scaled(sign)) for sign, words in self.own(tail)]
        for i, other in enumerate(rest):
            left = rest[:i] + rest[i + 1 :]
            parts += [
                self.averaged(self.product([word, *left]).scaled(sign)) for sign, word in self.foreign(tail, other)
            ]
        return summed(parts, None)

    def own(self, tail: Word) -> Iterator[tuple[fmpq, Words]]:
        """W contracted with the letters W and V of its own trace."""
        for i, token in enumerate(tail):
            before, after = tail[:i], tail[i + 1 :]
            if token == self.w:
                yield fmpq(1), [before + self.cov + transpose(after) + (self.w,)]
                yield fmpq(1), [(*before, self.w), after + self.cov]
            elif token == self.v:
                yield fmpq(-1), [(*before, self.v, *self.cov, *transpose(after))]
                yield fmpq(-1), [before, (*self.cov, self.v, *after)]

    def foreign(self, tail: Word, other: Word) -> Iterator[tuple[fmpq, Word]]:
        """W contracted with the letters W and V of another trace."""
        for i, token in enumerate(other):
            rest = other[i + 1 :] + other[:i]
            for turned in (rest, transpose(rest)):
                if token == self.w:
                    yield fmpq(1), tail + self.cov + turned + (self.w,)
                elif token == self.v:
                    yield fmpq(-1), tail + self.cov + (self.v,) + turned
