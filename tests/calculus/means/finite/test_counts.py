"""Counts: the rules against every outcome and against moments of tables, and what they leave to others."""

import numpy as np
import pytest
from sympy import expand, symbols

from workbench.calculus import expect
from workbench.calculus.errors import DegreeTooHigh, NotPolynomial
from workbench.errors import BadInput
from workbench.evidence.randomness import Layout, recording
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import evaluate
from workbench.language.counts import binomial, multinomial, poisson
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, dot, form, matrix, positive, probability, size, tr, vector
from workbench.sessions.answers import check

d, n, q, lam = size("d"), count("n"), probability("q"), positive("lam")
A, a = matrix("A", d, d), vector("a", d)
B, P, M = binomial("b", d, n, q), poisson("p", d, lam), multinomial("c", d, n)
b, p, z = tr(binomial("b", 1, n, q)), tr(poisson("p", 1, lam)), gaussian("z", d)

COLUMNS = {
    f"{name} {what}": inside
    for name, x in (("binomial", B), ("poisson", P), ("multinomial", M))
    for what, inside in (("square", x * x.T), ("form", form(x, A, x)), ("beside", dot(a, x) * x * form(z, A, z)))
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_counts_has_the_mean_over_its_outcomes(name):
    node = E(COLUMNS[name])
    point = draw(letters_of(node), name, {"d": 2, "n": 3})
    assert np.all(evaluate(expect(node), point) == evaluate(node, point))


@pytest.mark.parametrize("power", range(1, 7))
@pytest.mark.parametrize("number", [b, p], ids=["binomial", "poisson"])
def test_a_power_of_a_count_has_the_mean_over_its_outcomes(number, power):
    node = E(number**power)
    point = draw(letters_of(node), str(power), {"n": 4})
    assert evaluate(expect(node), point) == evaluate(node, point)


def test_poisson_moments_at_one_are_the_numbers_of_set_partitions():
    assert [expect(E(tr(poisson("k", 1, 1)) ** k)) for k in range(1, 9)] == [1, 2, 5, 15, 52, 203, 877, 4140]


def test_many_rare_successes_are_poisson():
    rare = expect(E(tr(binomial("k", 1, n, lam / n)) ** 4))
    assert expand(expand(rare).subs(n, 1 / symbols("h"))).subs(symbols("h"), 0) == expand(expect(E(p**4)))


def test_what_has_no_rule_is_refused():
    with pytest.raises(DegreeTooHigh, match="the column c of counts"):
        expect(E(form(M, A, M) * dot(a, M)))
    with pytest.raises(NotPolynomial, match="polynomials in it only"):
        expect(E(1 / (1 + p)))
    for wrong in (lambda: binomial("b", d, n, 2), lambda: binomial("b", d, q, q), lambda: poisson("p", d, -1)):
        with pytest.raises(ValueError):
            wrong()


def test_a_uniform_number_becomes_a_poisson_count():
    counts = recording(Layout(), np.random.default_rng(0)).poisson("k", 2.5, 100_000)
    assert abs(float(counts.mean()) - 2.5) < 5 * (2.5 / 100_000) ** 0.5
    assert abs(float(counts.var()) - 2.5) < 5 * ((2.5 + 2 * 2.5**2) / 100_000) ** 0.5


WRONG = {
    "E[c*c.T] == n^2/d^2*ones(d, d) + n/d*(1 - 1/d)*I(d)": "c: d ~ Multinomial(n)",  # as if the counts were independent
    "E[k^4] == lam^4": "k ~ Poisson(lam)",
    "Var[k] == n*q": "k ~ Binomial(n, q)",
}


@pytest.mark.parametrize("statement", WRONG)
def test_a_wrong_moment_is_refuted_and_corrected(statement):
    found = check(statement, WRONG[statement])
    assert found.status == "refuted" and found.derived
    assert check(f"{found.symbol} == {found.derived}", WRONG[statement]).status == "supported"


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ("k ~ Poisson(t)", "not negative; declare it, lam: positive"),
        ("c: d×N ~ Multinomial(n)", "is the law of a vector"),
        ("k ~ Binomial(q, q)", "no number of trials"),
        ("k: d×N ~ Poisson(lam)", "counts are numbers, or a vector"),
    ],
)
def test_a_law_that_is_none_is_refused_in_a_sentence(declared, sentence):
    name = declared[0]
    with pytest.raises(BadInput, match=sentence):
        check(f"E[{name}] == 1", declared)
