"""Differences: a conjecture and the derived closed form, compared term by term in normal form."""

from __future__ import annotations

from typing import Any

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import Term, TracePolynomial
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import CalculusError
from workbench.language import printing
from workbench.language.letters import is_letter

MOST = 6  # differing terms beyond which a list explains nothing


def differences(conjecture: Any, derived: Any) -> list[str]:
    """What is missing, too much, or has another coefficient; empty when the terms do not tell.

    They do not when a differing term holds an inverse or a function of something, in which the
    slip may hide.
    """
    try:
        ours, theirs = polynomial(conjecture), polynomial(derived)
    except (CalculusError, TypeError, ValueError):
        return []
    differing = [t for t in {**theirs.terms, **ours.terms} if ours.terms.get(t, 0) != theirs.terms.get(t, 0)]
    if len(differing) > MOST or not all(plain(term) for term in differing):
        return []
    return sorted(told(term, ours, theirs) for term in differing)


def plain(term: Term) -> bool:
    """Whether a term is made of letters alone (their inverses included)."""
    scalars, traces, word = term
    tokens = [token for piece in (*traces, word) for token in piece]
    symbols = [ALPHABET.symbols[token // 2] for token in tokens]
    bare = [getattr(symbol, "arg", symbol) for symbol in symbols]
    return all(is_letter(s) for s in bare) and all(ALPHABET.atoms[a].is_Symbol for a, _ in scalars)


def told(term: Term, ours: TracePolynomial, theirs: TracePolynomial) -> str:
    """One difference in words."""
    here, there = ours.terms.get(term), theirs.terms.get(term)
    if here is None or there is None:
        value = there if here is None else here
        shown = printing.text(expression_of(TracePolynomial({term: value}, ours.shape)))
        return f"{'missing' if here is None else 'too much'}: {shown}"
    shown = printing.text(expression_of(TracePolynomial({term: here / here}, ours.shape)))
    return f"the coefficient of {shown} is {there}, not {here}"
