"""One judge: a formula in a claim's place and the same formula typed as an equation get one answer."""

from types import SimpleNamespace

import numpy as np
import pytest

from workbench.catalogue import builtin, member
from workbench.diagnosis.mutants import mutants
from workbench.evidence import ladder
from workbench.evidence.ladder import QUASI
from workbench.evidence.protocols import ratio
from workbench.judging import proofs
from workbench.judging.judge import STANDARDS
from workbench.judging.judgement import judged, small_within_samples
from workbench.judging.statement import of_claim, raised
from workbench.language.laws import MatrixMean, ScalarMean
from workbench.language.letters import count, size
from workbench.lowering.twins import twin_of
from workbench.sessions.answers import check, statement_of
from workbench.sessions.equations import Equation

CLAIMS = [
    "in_context.one_layer.context_moment",
    "measures.softmax_affine.linear_output",
    "imputation.one_layer.risk",
    "pca.finite_prompt.risk",
]


def through_both_doors(name, formula):
    """What the judge finds of a formula in place of a claim's, and of the equation with the claim's definition."""
    entry = builtin().claim(name)
    claim = member(entry, "derivations")
    definition = claim.lines[0].expression
    assert definition.has(ScalarMean, MatrixMean)
    equation = Equation(definition, formula, name, None, (), claim.hypotheses, claim.regime)
    typed = statement_of(equation, twin_of(definition, "left_side"), proofs.check(claim))
    doors = of_claim(entry, formula, name).without_rivals(), typed
    return [judged(statement, STANDARDS["quick"], 0) for statement in doors]


@pytest.mark.parametrize("name", CLAIMS)
def test_both_doors_agree_about_a_right_formula(name):
    found = through_both_doors(name, member(builtin().claim(name), "derivations").formula)
    assert {each.status for each in found} == {"supported"}
    assert len({(each.reason, each.facts()["compared"]) for each in found}) == 1


@pytest.mark.parametrize("name", CLAIMS)
def test_both_doors_agree_about_a_slip_of_the_pen(name):
    formula = member(builtin().claim(name), "derivations").formula
    wrong = next(each for each in mutants(formula) if each.slip == "sign changed").formula
    one, other = through_both_doors(name, wrong)
    assert one.status == other.status == "refuted"
    assert one.facts()["compared"] == other.facts()["compared"] == "not the derived formula"
    assert one.witness and other.witness
    assert one.correction and other.correction and one.correction.formula == other.correction.formula


def test_sizes_that_no_raising_brings_within_the_conditions_are_left_to_the_draw():
    d, n = size("d"), count("n")
    assert raised({"d": 3, "n": 4}, (d, n), (d < 3,)) is None
    assert raised({"d": 3, "n": 4}, (d, n), (n > d + 3,)) == {"d": 3, "n": 7}


@pytest.mark.parametrize("coefficient", ["1/2", "1/3"])
def test_what_exact_arithmetic_decides_is_not_measured_by_dear_panels(coefficient):
    answer = check(f"E[relu(a.T*x)*x] == {coefficient}*Sigma*a")
    assert answer.status == ("supported" if coefficient == "1/2" else "refuted")
    assert [each["rungs"] for each in answer.instances if each["letters"].startswith("d = 3")] == [[QUASI]]


def test_a_statement_without_letters_is_measured_at_its_only_instance():
    answer = check("E[max(z1, z2, z3)] == 3/(2*sqrt(pi))", "z1, z2, z3 ~ N(0, 1)")
    assert (answer.status, len(answer.instances)) == ("supported", 1)


def test_rungs_without_chance_that_find_nothing_are_tried_once_at_an_instance(monkeypatch):
    tried = []
    without_chance = ladder.without_chance
    monkeypatch.setattr(ladder, "without_chance", lambda *given: tried.append(given[1]) or without_chance(*given))
    answer = check("E[max(z1, z2, z3, z4)] == 1", "z1, z2, z3, z4 ~ N(0, 1)")
    assert answer.rungs == [QUASI] and sum("== 1/0/0/" in seed for seed in tried) == 1


def test_a_sample_without_an_inverse_is_a_reason_and_no_fault():
    """A matrix of rank one has no inverse, as is first seen where it is sampled."""
    answer = check("E[tr(inv(A*X*X.T*A.T))] == 1", "X: d×N ~ N(0, I); A = ones(d, d)")
    assert answer.status == "undecided" and "has no inverse" in answer.headline


def test_a_mean_of_large_samples_that_cancel_is_supported_where_exact_arithmetic_proves_it():
    answer = check("E[Q*A*Q.T] == tr(A)*I/d", "Q ~ Haar(d)")
    assert answer.status == "supported" and "equal to the derived formula" in answer.compared
    assert check("E[Q*A*Q.T] == tr(A)*I/(d + 1/4)", "Q ~ Haar(d)").status == "refuted"


@pytest.mark.parametrize(
    ("claimed", "resolution", "small"),
    [(0.1, 0.4, True), (0.1, 0.6, False), (0.0, 1.0, True), (0.0, 1.1, False), (1.0, 0.06, False)],
)
def test_a_measurement_is_sharp_enough_for_a_small_number_only_beside_the_samples(claimed, resolution, small):
    trial = SimpleNamespace(
        claimed={"": np.array([claimed])},
        findings={"": SimpleNamespace(resolution=resolution)},
        estimates=[SimpleNamespace(magnitude=1.0)],
    )
    assert small_within_samples(SimpleNamespace(twins=[lambda *, draw: 0]), trial) is small
    if claimed:  # samples of a ratio have other units than the ratio
        assert not small_within_samples(SimpleNamespace(twins=[ratio(lambda *, draw: (0, 1))]), trial)
