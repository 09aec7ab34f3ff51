"""Syntax: what no letters make a statement is refused at once, and nothing that some letters make one."""

import pytest

from workbench.errors import BadInput
from workbench.language.syntax import refuse_what_is_no_statement
from workbench.sessions.equations import read_equation, read_statement

LEGAL = [
    "E[X*X.T] == N*Sigma", "E[x xᵀ] = Σ", "E[2 rate] tr(A) = 2 tr(A) where rate ~ N(1, 1)", "E[|z|] = sqrt(2/π)",
    "E[‖x‖²] = tr(Σ)", "N(N+1) tr(A) == E[z²] N(N+1) tr(A)", r"\mathbb{E}[x x^\top] = \Sigma", "E[x'x] ≡ tr(Σ)",
    "E[max(u, v)] == sqrt((1 - rho)/pi)", "lim[d/N → c](E[tr(X X')]/(N d)) = 1 where X ~ N(0, I)",
]  # fmt: skip
SLIPS = [
    "", "E[x", "E[x]) == 0", "E[x] == ", "E[x] == 0 != 0", "E[x] in 0", "E[x]", "if E[x] == 0", "E[x] == 'a", "§ = 1",
    "E[x] == x # a column",
]  # fmt: skip


@pytest.mark.parametrize("text", LEGAL)
def test_what_some_letters_make_a_statement_is_let_pass(text):
    refuse_what_is_no_statement(text)
    assert read_equation(text).typed == text


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_is_refused_in_the_words_of_the_reader(text):
    with pytest.raises(BadInput) as early:
        refuse_what_is_no_statement(text)
    with pytest.raises(BadInput) as late:
        read_statement(text)
    assert str(early.value) == str(late.value)
