"""Laws in the words of papers."""

import pytest

from workbench.language.clauses import told
from workbench.sessions.answers import check

GAUSSIAN = r"W \in \mathbb{R}^{d\times n} has i.i.d. $\mathcal{N}(0,1)$ entries"


@pytest.mark.parametrize(
    "said, declared",
    [
        ("x is Gaussian with covariance C", "x ~ N(0, C)"),
        ("x is a zero-mean Gaussian vector with covariance matrix C", "x ~ N(0, C)"),
        ("x is a standard Gaussian vector in R^d", "x: d ~ N(0, I)"),
        ("z is standard normal", "z ~ N(0, 1)"),
        ("W has i.i.d. N(0,1) entries", "W ~ N(0,1)"),
        ("X has N i.i.d. columns x_i ~ N(0, C)", "X: d×N ~ N(0, C)"),
        ("x_i ~ N(0, C) i.i.d.", "X ~ N(0, C)"),
        ("x_1, ..., x_N iid N(0, C)", "X: d×N ~ N(0, C)"),
        ("x_i ~ N(0, s)", "x: d ~ N(0, s)"),
        ("m_i ~ Bernoulli(p)", "m: d ~ Bernoulli(p)"),
        ("Q is Haar distributed on O(d)", "Q: d×d ~ Haar"),
        ("u is uniform on the unit sphere", "u: d ~ Sphere"),
        ("A: d×d", "A: d×d"),
    ],
)
def test_a_sentence_is_declared_as_it_says(said, declared):
    assert told(said) == [declared]


@pytest.mark.parametrize(
    "statement, where, status",
    [
        (r"\mathbb{E}[W W^\top] = n I_d", GAUSSIAN, "supported"),
        (r"\mathbb{E}[W W^\top] = d I_d", GAUSSIAN, "refuted"),
        (r"\mathbb{E}\|W a\|^2 = \|a\|^2", "W in R^{d x d} has i.i.d. N(0,1/d) entries; a: d", "supported"),
        (r"\mathbb{E}[X X^\top] = \Sigma", "X has N i.i.d. columns x_i ~ N(0, Σ)", "refuted"),
    ],
)  # fmt: skip
def test_a_statement_is_judged_where_its_letters_live_in_sentences(statement, where, status):
    assert check(statement, where).status == status
