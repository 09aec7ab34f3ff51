"""Formulas that agree at every size the judge prefers, and at many more, are told apart where they must differ."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from workbench import check
from workbench.judging.generic_sizes import coefficients_of, degree, difference, generic_sizes, value_of
from workbench.judging.well_formed import dormant_terms
from workbench.language.letters import count, size, spd

d, N = size("d"), count("N")
Sigma = spd("Sigma", d)


def vanishing(letter: str, most: int) -> str:
    """A product that is zero at the sizes 1, …, most."""
    return "*".join(f"({letter} - {k})" for k in range(1, most + 1))


WRONG = {
    "a matrix, in the tokens": f"E[X*X.T] == N*Sigma + {vanishing('N', 64)}*Sigma",
    "at as many sizes as a line can hold": f"E[X*X.T] == N*Sigma + {vanishing('N', 190)}*Sigma",
    "a matrix, in the dimension": f"E[X*X.T] == N*Sigma + {vanishing('d', 29)}*Sigma",
    "a number": f"E[tr(Z*Z.T)] == N*d + {vanishing('d', 40)}",
    "among the factors": f"E[tr(X*X.T)] == N*tr(Sigma)*(1 + {vanishing('N', 19)}/N**20)",
    "beside a root": f"E[sqrt(tr(Sigma))*tr(Z*Z.T)] == sqrt(tr(Sigma))*(N*d + {vanishing('N', 69)})",
    "where no rule derives a side": f"E[log(1 + tr(Z*Z.T))] == E[log(1 + tr(Z*Z.T))] + {vanishing('N', 29)}",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_vanishes_at_very_many_sizes_is_refuted_with_a_witness_and_corrected(what):
    answer = check(WRONG[what])
    assert answer.status == "refuted" and answer.witness and answer.correction, answer.reason


def test_a_trace_identity_of_small_matrices_fails_where_words_are_independent():
    gap = difference(Sigma**2, Sigma * sp.Trace(Sigma) - sp.Determinant(Sigma) * sp.Identity(d))
    assert degree(gap) == 2 and all(sizes[d] > 2 for sizes in generic_sizes([gap], [d, Sigma], ()))


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_the_sizes_found_are_no_roots_of_the_difference(roots):
    gap = difference(N * Sigma + sp.Mul(*(N - root for root in roots)) * Sigma, N * Sigma)
    (sizes,) = generic_sizes([gap], [N, d, Sigma], ())
    assert sizes[N] not in roots and any(value_of(each, sizes) for each in coefficients_of(gap))


def test_sizes_keep_the_hypotheses():
    gap = difference(N * Sigma, d * Sigma)
    (sizes,) = generic_sizes([gap], [N, d, Sigma], (N > d + 3,))
    assert sizes[N] > sizes[d] + 3


def test_a_term_that_no_instance_tests_is_named():
    formula = sp.Trace(Sigma) + (N - 2) * (N - 3) * sp.Trace(Sigma**2)
    points = [{N: sp.Integer(2), d: sp.Integer(2)}, {N: sp.Integer(3), d: sp.Integer(2)}]
    assert dormant_terms(formula, points) == [str((N - 2) * (N - 3) * sp.Trace(Sigma**2))]
    assert dormant_terms(formula, [*points, {N: sp.Integer(4), d: sp.Integer(2)}]) == []
