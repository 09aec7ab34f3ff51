"""Lowering: a Gaussian moment as a function of tensors that never multiplies out the result.

`moment_graph` keeps a moment as the graph of its states; `lower` turns the graph into a function that
visits each state once, so cost and gradients follow the states (hundreds) and not the terms (which
may be millions). Only methods of the tensors are called: torch is the caller's, never imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from flint import fmpq
from sympy import Add, Integer, Inverse, MatrixSymbol, Mul, OneMatrix, Pow, Rational, Symbol

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import Scalars, Shape, TracePolynomial
from workbench.calculus.algebra.substitution import after, marked
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.algebra.words import Traces, Word
from workbench.calculus.errors import NotTranslatable, ShapeMismatch, UnknownLaw
from workbench.calculus.means.gaussian.engines import independent
from workbench.calculus.means.gaussian.expectation import DEGREE, check_degree, check_polynomial
from workbench.calculus.means.gaussian.graphs import Edges, State
from workbench.calculus.means.gaussian.stein import Moments, laws_of
from workbench.language.laws import Gaussian, MatrixMean, Random, ScalarMean, random_letters

Tensors = Mapping[str, Any]


@dataclass(frozen=True)
class MomentGraph:
    """A moment not multiplied out: Σ value × scalars × fixed traces × ∏ states, states being sums over `edges`.

    The states of one term share no random letter.
    """

    terms: tuple[tuple[fmpq, Scalars, Traces, tuple[State, ...]], ...]
    orders: Mapping[State, list[State]]
    edges: Edges
    standins: Mapping[int, TracePolynomial]
    marker: int | None
    shape: Shape

    def __len__(self) -> int:
        """How many states are shared by all terms."""
        return len({state for order in self.orders.values() for state in order})


def moment_graph(expression: Any, *letters: Gaussian, degree: int = DEGREE) -> MomentGraph:
    """The mean of an expression over independent Gaussian letters, as a graph.

    `expression` is an E(…), or is averaged over the letters named or all random ones in it.
    Raises UnknownLaw, NotPolynomial, DegreeTooHigh.
    """
    over: tuple[Any, ...] = letters
    if isinstance(expression, ScalarMean | MatrixMean):
        expression, over = expression.inside, expression.args[1:]
    over = over or tuple(sorted(random_letters(expression), key=lambda letter: letter.name))
    _check_laws(over)
    base = polynomial(expression)
    check_polynomial(base, frozenset(over))
    marker, shape = None, base.shape
    if base.shape is not None and not base.is_scalar:
        base, marker = marked(base)
    moments = Moments(laws_of(over, polynomial))
    terms = []
    for (scalars, traces, _), value in base.as_number().terms.items():
        random = tuple(trace for trace in traces if moments.is_random(trace))
        check_degree(sum(token in moments.random for trace in random for token in trace), degree)
        groups = tuple(independent(random, moments))
        terms.append((value, scalars, tuple(t for t in traces if not moments.is_random(t)), groups))
    orders = {state: moments.explore(state) for _, _, _, states in terms for state in states}
    return MomentGraph(tuple(terms), orders, moments.edges, moments.standins, marker, shape)


def _check_laws(letters: tuple[Random, ...]) -> None:
    for letter in letters:
        if not isinstance(letter, Gaussian):
            raise UnknownLaw(f"{letter} has no Gaussian law; only moments of gaussian(...) letters are lowered")
        if random_letters(letter) - {letter}:
            raise UnknownLaw(f"the law of {letter} is random itself; average over {letter} with `expect` first")


def lower(moment: Any, *letters: Gaussian) -> Callable[[Tensors], Any]:
    """A function from tensors (and numbers) by the names of the letters to the value of a moment.

    Sizes are read off the tensors; a size that occurs in none, such as the number of columns of the
    letter averaged over, is given as a number by its name. Differentiable as far as the tensors are.
    """
    graph = moment if isinstance(moment, MomentGraph) else moment_graph(moment, *letters)

    def value(tensors: Tensors) -> Any:
        return _Evaluation(graph, tensors).value()

    return value


class _Evaluation:
    """One evaluation of a graph: every state, word and trace once."""

    def __init__(self, graph: MomentGraph, tensors: Tensors) -> None:
        self.graph, self.tensors = graph, dict(tensors)
        self.sample = next((t for t in tensors.values() if hasattr(t, "mT")), None)
        self.words: dict[Word, Any] = {}
        self.traces: dict[Word, Any] = {}
        self.states: dict[State, Any] = {(): 1}
        self.read: dict[str, Any] = {}

    def value(self) -> Any:
        graph = self.graph
        for order in graph.orders.values():
            for state in order:
                if state not in self.states:
                    edges = graph.edges[state]
                    self.states[state] = sum(count * self.product(atoms) * self.states[s] for count, atoms, s in edges)
        return sum(
            _float(value) * self.scalars(scalars) * self.product(fixed) * self.all_of(states)
            for value, scalars, fixed, states in graph.terms
        )

    def all_of(self, states: tuple[State, ...]) -> Any:
        """The product of independent states."""
        return prod((self.states[state] for state in states), start=1)

    def product(self, atoms: tuple[Any, ...]) -> Any:
        """A product of sizes and traces; the one with the marker is a matrix."""
        result: Any = 1
        for atom in atoms:
            result = result * (self.number(ALPHABET.dimensions[atom]) if isinstance(atom, int) else self.trace(atom))
        return result

    def trace(self, word: Word) -> Any:
        if word not in self.traces:
            marker = self.graph.marker
            if marker is not None and (marker in word or marker + 1 in word):
                rest = after(word, marker)
                self.traces[word] = self.word(rest) if rest else self.identity(ALPHABET.columns[marker])
            elif len(word) == 1:
                self.traces[word] = self.matrix(word[0]).trace()
            else:  # tr(AB) = Σ A ∘ Bᵀ, without the last product
                self.traces[word] = (self.word(word[:-1]) * self.matrix(word[-1]).mT).sum()
        return self.traces[word]

    def word(self, word: Word) -> Any:
        """A product of letters, its beginnings shared with other words."""
        if len(word) == 1:
            return self.matrix(word[0])
        if word not in self.words:
            self.words[word] = self.word(word[:-1]) @ self.matrix(word[-1])
        return self.words[word]

    def matrix(self, token: int) -> Any:
        standin = self.graph.standins.get(token // 2)
        value = self.letter(ALPHABET.symbols[token // 2]) if standin is None else self.polynomial(standin)
        return value.mT if token % 2 else value

    def letter(self, symbol: Any) -> Any:
        """The tensor of a letter, its shape noted."""
        if isinstance(symbol, Inverse):
            return self.letter(symbol.arg).inverse()
        if isinstance(symbol, OneMatrix):
            return self.any_tensor().new_ones([int(self.number(size)) for size in symbol.shape])
        if not isinstance(symbol, MatrixSymbol):
            raise NotTranslatable(f"{symbol} is not lowered; name it with a letter and pass its value")
        if symbol.name not in self.tensors:
            raise KeyError(f"no tensor was given for the letter {symbol.name}")
        tensor = self.tensors[symbol.name]
        for size, length in zip(symbol.shape, tensor.shape):
            if (size.is_number and int(size) != length) or self.known_size(size) not in (None, length):
                raise ShapeMismatch(f"{symbol.name} has shape {tuple(tensor.shape)}; it is declared {symbol.shape}")
            self.read[str(size)] = length
        return tensor

    def known_size(self, size: Any) -> Any:
        """A size met before, or given."""
        return self.tensors.get(str(size), self.read.get(str(size)))

    def polynomial(self, base: TracePolynomial) -> Any:
        """A mean or covariance that is no single word."""
        assert base.shape is not None
        rows = base.shape[0]
        return sum(
            _float(value) * self.scalars(scalars) * self.product(traces) * (self.word(w) if w else self.identity(rows))
            for (scalars, traces, w), value in base.terms.items()
        )

    def identity(self, dimension: int) -> Any:
        return self.any_tensor().new_ones(int(self.number(ALPHABET.dimensions[dimension]))).diag()

    def any_tensor(self) -> Any:
        if self.sample is None:
            raise KeyError("no tensor was given")
        return self.sample

    def scalars(self, scalars: Scalars) -> Any:
        result: Any = 1
        for atom, exponent in scalars:
            power = int(exponent) if exponent == int(exponent) else float(exponent)
            result = result * self.number(ALPHABET.atoms[atom]) ** power
        return result

    def number(self, expression: Any) -> Any:
        """A size or a scalar, by its name or by arithmetic."""
        if isinstance(expression, Integer):
            return int(expression)
        if isinstance(expression, Rational):
            return int(expression.p) / int(expression.q)
        if isinstance(expression, Add):
            return sum(self.number(part) for part in expression.args)
        if isinstance(expression, Mul):
            return prod((self.number(part) for part in expression.args), start=1)
        if isinstance(expression, Pow):
            return self.number(expression.base) ** self.number(expression.exp)
        if not isinstance(expression, Symbol):
            raise NotTranslatable(f"the number {expression} is not lowered; name it with a letter and pass its value")
        return self.symbol(expression)

    def symbol(self, expression: Symbol) -> Any:
        """A number that was given, or a size read off the tensors."""
        if expression.name not in self.tensors and expression.name not in self.read:
            for letter in ALPHABET.symbols:
                if isinstance(letter, MatrixSymbol) and letter.name in self.tensors and expression in letter.shape:
                    self.letter(letter)
        if self.known_size(expression) is None:
            raise KeyError(f"no value was given for {expression.name}, and no tensor has it as a size")
        return self.known_size(expression)


def _float(value: fmpq) -> Any:
    return int(value.p) if value.q == 1 else int(value.p) / int(value.q)


__all__ = ["MomentGraph", "lower", "moment_graph"]
