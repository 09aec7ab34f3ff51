"""Statements about the catalogue: closed forms of claims as they print, or times a factor that is one nearby."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import sympy as sp

from families import Statement, family
from families.wrong import preferred, vanishing
from workbench.catalogue import Entry, builtin, load, member
from workbench.errors import BadInput
from workbench.exact.instances import letters_of
from workbench.language import printing
from workbench.language.letters import Count, Positive, Probability, Scalar, Size, is_letter
from workbench.language.reading import read_formula

# Quick to measure: gradients, fixed points, critical scales, risks and rates.
CHOSEN = (
    "clustering.centroids.shear", "clustering.linear_heads.endless_risk", "clustering.linear_heads.noiseless_risk",
    "clustering.softmax_collapse.critical_temperature", "clustering.softmax_collapse.output",
    "clustering.softmax_collapse.stretch", "denoising.memories.middle_curvature", "emergence.courses.emergence",
    "imputation.bayes.gap", "imputation.bayes.imputer", "imputation.depth.excess", "imputation.depth.fixed_point",
    "imputation.depth.state", "imputation.one_layer.fixed_point", "imputation.one_layer.least_risk",
    "imputation.one_layer.pseudo_likelihood", "imputation.one_layer.risk", "imputation.one_layer.risk_gradient",
    "imputation.rank_one.best_scale", "imputation.rank_one.least_risk", "in_context.one_layer.context_moment",
    "in_context.one_layer.risk", "measures.finite_contexts.crowding",
    "measures.flows.covariance_velocity", "measures.flows.velocity", "measures.softmax_affine.linear_output",
)  # fmt: skip


@cache
def typed() -> dict[str, tuple[str, tuple[Any, ...]]]:
    """The closed forms that read back as they print, with their letters, by claim."""
    found, known = {}, {entry.id: entry for entry in builtin().entries}
    for name in (name for name in CHOSEN if name in known):
        formula = member(known[name], "derivations").formula
        text = printing.text(formula)
        if reads_back(known[name], text, formula):
            found[name] = (text, tuple(letters_of(formula)))
    return found


def reads_back(entry: Entry, text: str, formula: Any) -> bool:
    letters = {value.name: value for value in vars(load(entry, "derivations")).values() if is_letter(value)}
    try:
        return read_formula(text, letters, like=formula) == formula
    except BadInput:
        return False


@family("a claim's own closed form", right=True)
def as_derived() -> Iterator[Statement]:
    for name, (text, _) in typed().items():
        yield Statement(text, claim=name)


@family("a claim's closed form, written otherwise", right=True)
def disguised() -> Iterator[Statement]:
    for name, (text, letters) in typed().items():
        for letter in [each for each in letters if isinstance(each, sp.Symbol)][:1]:
            yield Statement(f"({text})*(2 - ({letter} + 1)**2 + {letter}**2 + 2*{letter})", claim=name)


@family("a claim, changed where nobody looks")
def changed() -> Iterator[Statement]:
    """Times a factor that is one at the judge's sizes, at even ones, or at usual magnitudes."""
    for name, (text, letters) in typed().items():
        for term in [term for letter in letters for term in vanishing_in(letter)][:4]:
            yield Statement(f"({text})*(1 + {term})", claim=name)


def vanishing_in(letter: Any) -> Iterator[str]:
    """What is zero at the values that a letter mostly takes."""
    if isinstance(letter, Size):
        small, many = preferred()
        yield vanishing(letter.name, many if isinstance(letter, Count) else small)
        yield f"(1 - (-1)**{letter})"
    elif isinstance(letter, Positive | Scalar) and not isinstance(letter, Probability):
        yield f"max({letter} - 60, 0)"
