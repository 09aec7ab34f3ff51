"""Orders of averages: letters of several laws under one mean, against brute force; and what was tried in vain."""

import numpy as np
import pytest
from sympy import HadamardProduct, Identity, Max, OneMatrix, Rational, Trace, exp, pi, sqrt
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench.calculus import expect, expect_finite
from workbench.calculus.errors import DegreeTooHigh, DivergentMean, NotPolynomial
from workbench.calculus.means import orders
from workbench.calculus.means.orders import Search, Stage
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate
from workbench.language.laws import E, gaussian, haar, index, mask, mixture, random_letters, sphere
from workbench.language.letters import count, dot, form, matrix, positive, probability, size, spd, tr, vector

d, N, q, g = size("d"), count("N"), probability("q"), positive("g")
S, A, B, F = spd("Sigma", d), matrix("A", d, d), matrix("B", d, d), matrix("F", d, N)
a, b, mu = vector("a", d), vector("b", d), vector("mu", d)
x, z, X = gaussian("x", d, cov=S), gaussian("z", d), gaussian("X", d, N, cov=S)
o, e, u, H = mask("o", d, q), index("e", N), sphere("u", d), haar("H", d)
m = mixture("m", d, [(q, mu, S), (1 - q, None, S)])
D = DiagMatrix(o)
had = HadamardProduct

EXACT = {
    "a masked token": tr(x.T * D * A * D * x) ** 2, "a mask beside a chosen token": tr(D * X * e * e.T * X.T * D) ** 2,
    "a masked cloud, turned": form(H * D * m, A, H * D * m), "o∘x": had(o, x) * had(o, x).T,
    "Ao∘Bo": had(A * o, B * o), "a mask in a product": had(A * o * o.T * B, A),
    "the chosen token squared": had(X * e, X * e), "columns chosen": had(F * e, F * e), "beside b": had(F * e, b),
    "masks and choices": had(A * o, X * e) * had(A * o, X * e).T,
    "H∘H": had(H, H), "u∘u": had(u, u) * u.T, "u∘x": had(u, x) * x.T * A * u,
}  # fmt: skip
ENCLOSED = {
    "ReLU of a chosen token": Max(0, dot(a, X * e)),
    "exp of a chosen token": exp(dot(a, X * e)) * dot(b, X * e),
    "exp of a random direction": exp(dot(z, u)),
    "a sum, each part in its own order": exp(dot(a, X * e)) + dot(o, A * o) * dot(a, x),
}


@pytest.mark.parametrize("case", EXACT, ids=str)
@pytest.mark.parametrize("sizes", [{"d": 2, "N": 3}, {"d": 3, "N": 2}], ids=str)
def test_letters_of_several_laws_are_averaged_in_an_order_that_works(case, sizes):
    node = E(EXACT[case])
    mean = expect(node)
    assert not random_letters(mean)
    point = draw(letters_of(node), "orders", sizes)
    assert np.all(np.asarray(evaluate(mean, point) == evaluate(node, point)))


@pytest.mark.parametrize("case", [c for c in ENCLOSED if "direction" not in c], ids=str)
def test_functions_are_averaged_over_the_tokens_before_the_choice(case):
    node = E(ENCLOSED[case])
    with pytest.raises(NotPolynomial):
        expect_finite(node)
    point = draw(letters_of(node), "orders", {"d": 2, "N": 2})
    assert evaluate(expect(node), point, Balls()).overlaps(evaluate(node, point, Balls()))


def test_hand_cases():
    # A random direction has length one: E exp(zᵀu) = E exp(|u|²/2). A chosen token is a token: E max(0, aᵀXe).
    assert expect(E(exp(dot(z, u)))) == exp(Rational(1, 2))
    assert expect(E(Max(0, dot(a, X * e)))) == sqrt(Trace(a.T * S * a)) / sqrt(2 * pi)
    assert expect(E(had(u, u))) == OneMatrix(d, 1) / d
    assert expect(E(had(o, z) * had(o, z).T)) == q * Identity(d)


def test_a_refusal_names_every_order_that_was_tried():
    with pytest.raises(NotPolynomial, match=r"no order of averages works here — over o: .*; over x then o: .*sqrt"):
        expect(E(Max(0, dot(a, D * x))))
    with pytest.raises(DegreeTooHigh, match=r"^degree 8 in o"):
        expect(E(dot(o, A * o) ** 4))
    with pytest.raises(DegreeTooHigh, match="over z"):
        expect(E(had(A * o, A * o, A * o) * form(z, A, z)))


def test_a_mean_that_is_infinite_is_no_question_of_order():
    with pytest.raises(DivergentMean):
        expect(E(exp(form(z, Identity(d), z)) * dot(o, a)))


def test_a_search_gives_up_after_so_many_refusals(monkeypatch):
    def refuses(inside):
        raise NotPolynomial(f"refused {inside}")

    monkeypatch.setattr(orders, "MOST", 3)
    search = Search(lambda inside, free: [Stage((letter,), refuses) for letter in sorted(free, key=str)])
    with pytest.raises(NotPolynomial, match="refused 1"):
        search.mean(1, [o, e, x, m, u])
    assert len(search.refused) == 3
