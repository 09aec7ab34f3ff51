"""Mutants: every slip of the protocol's list is made, and those that change nothing are set aside exactly."""

from collections import Counter

import pytest
import sympy as sp

from workbench.catalogue import builtin
from workbench.diagnosis.mutants import Mutant, mutants
from workbench.exact.instances import draw
from workbench.exact.values import Values, Walker
from workbench.judging.confrontation import Site, confront
from workbench.judging.judge import STANDARDS
from workbench.judging.power import equal_at, mutation_score
from workbench.judging.statement import of_claim
from workbench.language import letters as L
from workbench.language.letters import tr

d, N, M = L.size("d"), L.count("N"), L.count("M")
s, t = L.positive("s"), L.scalar("t")
S, A, B = L.spd("S", d), L.matrix("A", d, d), L.matrix("B", d, d)
F = N * S * A.T * S + tr(A * S) * B**2

SLIPS = {
    "term dropped": N * S * A.T * S,
    "sign changed": tr(A * S) * B**2 - N * S * A.T * S,
    "an eighth too large": N * S * A.T * S + 9 * tr(A * S) * B**2 / 8,
    "an eighth too small": N * S * A.T * S + 7 * tr(A * S) * B**2 / 8,
    "N + 1 for N": (N + 1) * S * A.T * S + tr(A * S) * B**2,
    "N − 1 for N": (N - 1) * S * A.T * S + tr(A * S) * B**2,
    "transpose forgotten": N * S * A * S + tr(A * S) * B**2,
    "B for A": N * S * B.T * S + tr(B * S) * B**2,
    "exponent off by one": N * S * A.T * S + tr(A * S) * B,
    "factor forgotten": N * S * A.T * S + B**2,
    "matrix forgotten": N * A.T * S + tr(A * S) * B**2,
    "factors exchanged": N * A.T * S**2 + tr(A * S) * B**2,
    "B transposed": N * S * A.T * S + tr(A * S) * B.T**2,
}


@pytest.mark.parametrize("slip", SLIPS)
def test_every_slip_of_the_list_is_made(slip):
    made = [mutant.formula.doit() for mutant in mutants(F) if mutant.slip == slip]
    assert SLIPS[slip].doit() in made


def test_a_single_product_and_a_single_number_have_slips_too():
    assert {m.slip for m in mutants(A * S * B)} >= {"sign changed", "an eighth too large", "factors exchanged"}
    assert {m.slip for m in mutants(s * t**2)} >= {"sign changed", "exponent off by one", "t for s", "factor forgotten"}
    assert {m.slip for m in mutants(N / (M + 1))} >= {"M for N", "N for M", "N + 1 for N", "M + 1 for M"}
    assert not [m for m in mutants(d * N) if m.slip in ("d for N", "N for d")]


@pytest.fixture(scope="module")
def output():
    return confronted("measures.softmax_affine.linear_output")


def confronted(name):
    """A claim's formula as a statement, and its evidence at two instances."""
    statement = of_claim(builtin().claim(name)).without_rivals()
    return statement, [confront(statement, STANDARDS["quick"], 0, place) for place in range(2)]


def scored(output, monkeypatch, formula):
    """The score of a claim that has this one mutant."""
    monkeypatch.setattr("workbench.judging.power.mutants", lambda _: [Mutant("planted", formula)])
    return mutation_score(*output, STANDARDS["quick"])


def test_an_equal_mutant_is_set_aside_and_a_small_one_gives_the_smallest_change(output, monkeypatch):
    formula = output[0].formula
    assert scored(output, monkeypatch, formula + 0 * formula)["total"] == 0
    small = scored(output, monkeypatch, formula * 1001 / 1000)
    assert (small["total"], small["refuted"]) == (1, 1)
    assert 0.0009 < small["smallest"] < 0.0011


def test_a_mutant_that_is_equal_only_where_it_was_measured_survives(output, monkeypatch):
    statement, trials = output
    size = next(letter for letter in trials[0].instance if letter.name == "d")
    hidden = statement.formula * (1 + (size - 2) * (size - 3))  # the instances have d = 2 and d = 3
    assert all(equal_at(statement.formula, hidden, Site(trial.instance)) for trial in trials)
    score = scored(output, monkeypatch, hidden)
    assert (score["total"], score["refuted"], score["surviving"]) == (1, 0, ["planted"])


def test_equality_is_exact(output):
    statement, trials = output
    here = Site(trials[0].instance)
    nearly = statement.formula * (1 + sp.Rational(1, 10**40))
    assert equal_at(statement.formula, statement.formula + 0 * statement.formula, here)
    assert not equal_at(statement.formula, nearly, here)


def test_the_points_of_a_family_are_the_same_in_any_order():
    alpha = L.eigenvalue("alpha", S)
    here = Site(draw([S, alpha], "family", {"d": 2}), (alpha,))
    points, turned = sp.ImmutableMatrix([0, alpha, -alpha]), sp.ImmutableMatrix([0, -alpha, alpha])
    assert equal_at(points, turned, here)
    assert not equal_at(points, sp.ImmutableMatrix([0, alpha, alpha]), here)


def test_exchanging_letters_leaves_those_that_name_them_alone():
    """A unit vector that is declared orthogonal to another stays the same letter when the other is exchanged."""
    mu = L.unit_vector("mu", d)
    nu = L.unit_vector("nu", d, orthogonal_to=(mu,))
    formula = L.form(mu, S, nu) + N * L.form(mu, S, mu)
    assert {letter for mutant in mutants(formula) for letter in mutant.formula.atoms(L.UnitVector)} == {mu, nu}


CLAIMS = ["in_context.one_layer.risk", "measures.softmax_affine.linear_output", "pca.finite_prompt.risk"]


@pytest.mark.parametrize("name", CLAIMS)
def test_what_mutants_share_is_evaluated_once_and_the_score_stays(name, monkeypatch):
    output = confronted(name)

    class Anew(Site):
        def value(self, formula, point):
            return super().value(formula, Values(point.rational.point))

    visits = Counter()
    monkeypatch.setattr(Walker, "reader", counting(visits))
    scores = []
    for site in (Site, Anew):
        monkeypatch.setattr("workbench.judging.power.Site", site)
        scores.append(mutation_score(*output, STANDARDS["quick"]))
        visits[site] = visits.pop("nodes")
    assert scores[0] == scores[1] and scores[0]["total"] > 30
    assert visits[Anew] > 3 * visits[Site]


def counting(visits):
    """The reader of nodes, which notes how often it is asked."""
    reader = Walker.reader

    def read(kind):
        visits["nodes"] += 1
        return reader(kind)

    return staticmethod(read)
