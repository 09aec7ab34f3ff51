"""Moments of Gaussian matrices by Stein's identity on canonical trace words.

For X with mean M and E[(X−M)_ia (X−M)_jb] = Σ_ij Ω_ab, Stein's identity E X_ia f = M_ia E f +
Σ_jb Σ_ij Ω_ab E ∂f/∂X_jb contracts the first X of a product of traces with every other one:

    tr(X P X Q)       → tr(P Σ Qᵀ Ω)        tr(X P Xᵀ Q)      → tr(P Ω) tr(Q Σ)
    tr(X U) tr(X V)   → tr(U Σ Vᵀ Ω)        tr(X U)           → tr(M U)

A complex Gaussian contracts with its conjugate alone; under traces the two are two letters, and nothing else changes.

Products of traces are states; equal states (up to rotation and transposition) are met once, so
the cost follows the number of distinct states and not the (2k−1)!! pairings (C. Stein 1981;
Isserlis 1918; for traces: the Schwinger–Dyson or loop equations).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sympy import MatrixExpr

from workbench.calculus.algebra.alphabets import ALPHABET, ONE
from workbench.calculus.algebra.polynomials import TracePolynomial
from workbench.calculus.algebra.substitution import substituted
from workbench.calculus.algebra.words import Word, closed, transpose
from workbench.calculus.errors import DegreeTooHigh, NotSymmetric
from workbench.calculus.means.gaussian.graphs import Atom, Edge, State, added_up, sizes_first
from workbench.language.complex_gaussians import ComplexGaussian
from workbench.language.laws import Gaussian
from workbench.language.letters import Matrix

STATES = 300_000  # more distinct states than this, and the moment is refused


@dataclass
class Law:
    """How one letter contracts: its mean and covariances as words."""

    mean: Word | None
    cov: Word
    token_cov: Word
    conjugate: int | None = None  # of a complex letter: the token that it contracts with, and not with itself


@dataclass
class Laws:
    """The laws of the letters averaged over, with stand-ins for what is not a single word."""

    of: dict[int, Law] = field(default_factory=dict)  # by token // 2
    standins: dict[int, TracePolynomial] = field(default_factory=dict)  # by token // 2

    def word(self, base: TracePolynomial, name: str, symmetric: bool) -> Word:
        """A covariance or mean as one word, or as a letter standing for it until the end."""
        if len(base.terms) == 1:
            (scalars, traces, word), value = next(iter(base.terms.items()))
            if not scalars and not traces and value == 1:
                return word
        assert base.shape is not None
        rows, columns = (ALPHABET.dimensions[dimension] for dimension in base.shape)
        token = ALPHABET.token(Matrix(f"\0{name}", rows, columns), symmetric)
        self.standins[token // 2] = base
        return (token,)


def laws_of(letters: Iterable[Gaussian | ComplexGaussian], read: Callable[[MatrixExpr], TracePolynomial]) -> Laws:
    """The laws of Gaussian letters, checked; a complex one has two, its own and that of its adjoint."""
    laws = Laws()
    for letter in letters:
        index = ALPHABET.token(letter) // 2
        mean = read(letter.mean) if isinstance(letter, Gaussian) else None
        cov, token_cov = read(letter.cov), read(letter.token_cov)
        for part, given in (("cov", cov), ("token_cov", token_cov)):
            if given.terms != given.T.terms:
                raise NotSymmetric(
                    f"gaussian {letter.name!r}: {part} is not its own transpose; a covariance needs "
                    "a symmetric letter or a product such as A*A.T"
                )
        law = laws.of[index] = Law(
            laws.word(mean, f"mean{index}", False) if mean else None,
            laws.word(cov, f"cov{index}", True),
            laws.word(token_cov, f"tokencov{index}", True),
        )
        if isinstance(letter, ComplexGaussian):
            adjoint = ALPHABET.token(letter.H)
            law.conjugate = ALPHABET.flip[adjoint]
            laws.of[adjoint // 2] = Law(None, law.token_cov, law.cov, ALPHABET.flip[2 * index])
    return laws


class Moments:
    """Means of products of traces under given laws, as a graph of states."""

    def __init__(self, laws: Laws, states: int | None = None) -> None:
        self.most = STATES if states is None else states
        self.laws = laws.of
        self.standins = laws.standins
        self.random = frozenset(token for index in laws.of for token in (2 * index, 2 * index + 1))
        self.edges: dict[State, list[Edge]] = {(): []}

    def is_random(self, word: Word) -> bool:
        """Whether a necklace holds a letter that is averaged over."""
        return not self.random.isdisjoint(word)

    def mean(self, state: State) -> TracePolynomial:
        """The mean of a product of traces, each holding a random letter."""
        result = added_up(self.explore(state), self.edges)
        return substituted(result, self.standins) if self.standins else result

    def explore(self, state: State) -> list[State]:
        """All states below this one, those that others need first."""
        order: list[State] = []
        seen: set[State] = set()
        stack: list[tuple[State, bool]] = [(state, False)]
        while stack:
            here, done = stack.pop()
            if done:
                order.append(here)
                continue
            if here in seen:
                continue
            seen.add(here)
            if here not in self.edges:
                self.edges[here] = self._contract(here)
            if len(self.edges) > self.most:
                raise DegreeTooHigh(
                    f"a moment with more than {self.most} distinct states; lower the degree, or give equal "
                    "names to matrices that are equal"
                )
            stack.append((here, True))
            stack.extend((child, False) for _, _, child in self.edges[here] if child not in seen)
        return order

    def _contract(self, state: State) -> list[Edge]:
        """Stein's identity for the first random letter of a state."""
        pivot, tail = self._pivot(state[0])
        law, rest = self.laws[pivot // 2], state[1:]
        found: Counter[tuple[tuple[Atom, ...], State]] = Counter()
        if law.mean is not None:
            self._collect(found, 1, rest, [(law.mean + tail, ALPHABET.rows[pivot])])
        for pieces in _own(pivot, tail, law):
            self._collect(found, 1, rest, pieces)
        for other, count in Counter(rest).items():
            left = list(rest)
            left.remove(other)
            for word, times in Counter(_foreign(pivot, tail, other, law)).items():
                self._collect(found, count * times, tuple(left), [(word, ALPHABET.columns[pivot])])
        return [(count, atoms, child) for (atoms, child), count in found.items()]

    def _pivot(self, word: Word) -> tuple[int, Word]:
        """A necklace read from its first random letter, that letter not transposed."""
        place = next(i for i, token in enumerate(word) if token in self.random)
        tail = word[place + 1 :] + word[:place]
        if word[place] % 2:
            return word[place] - 1, transpose(tail)
        return word[place], tail

    def _collect(
        self,
        found: Counter[tuple[tuple[Atom, ...], State]],
        count: int,
        rest: State,
        pieces: list[tuple[Word, int]],
    ) -> None:
        """File one product of traces as fixed atoms × a state."""
        atoms: list[Atom] = []
        state = list(rest)
        for word, dimension in pieces:
            traces, dimensions = closed(word) if word else ((), (dimension,))
            atoms += [d for d in dimensions if d != ONE]
            for trace in traces:
                (state if self.is_random(trace) else atoms).append(trace)
        atoms.sort(key=sizes_first)
        found[tuple(atoms), tuple(sorted(state))] += count


def _own(pivot: int, tail: Word, law: Law) -> Iterable[list[tuple[Word, int]]]:
    """The pivot contracted with the letters of its own trace."""
    rows, columns = ALPHABET.rows[pivot], ALPHABET.columns[pivot]
    partner = pivot if law.conjugate is None else law.conjugate
    flipped = ALPHABET.flip[partner]
    for place, token in enumerate(tail):
        before, after = tail[:place], tail[place + 1 :]
        if token == partner:
            yield [(before + law.cov + transpose(after) + law.token_cov, columns)]
        elif token == flipped:
            yield [(before + law.token_cov, columns), (after + law.cov, rows)]


def _foreign(pivot: int, tail: Word, other: Word, law: Law) -> Iterable[Word]:
    """The pivot contracted with the letters of another trace."""
    partner = pivot if law.conjugate is None else law.conjugate
    flipped = ALPHABET.flip[partner]
    start = tail + law.cov
    for place, token in enumerate(other):
        if token == partner:
            yield start + transpose(other[place + 1 :] + other[:place]) + law.token_cov
        elif token == flipped:
            yield start + other[place + 1 :] + other[:place] + law.token_cov
