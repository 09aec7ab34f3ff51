"""Diagnosis: planted mistakes come back corrected, by the derivation and, without looking at it, by measurement."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
import torch

from workbench.calculus.agreement import Refuted, agree
from workbench.catalogue import builtin, member
from workbench.claims import Claim
from workbench.diagnosis import corrections
from workbench.diagnosis.corrections import correct
from workbench.diagnosis.differences import differences
from workbench.diagnosis.fits import fits, simplest
from workbench.diagnosis.samples import Point, Sample
from workbench.errors import BadInput
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import value
from workbench.judging import refutations
from workbench.judging.confrontation import confront
from workbench.judging.judge import STANDARDS
from workbench.judging.proofs import Proof
from workbench.judging.refutations import correction_of
from workbench.judging.statement import of_claim
from workbench.judging.well_formed import letters_of_theorem
from workbench.language import letters as L
from workbench.language.reading import read_formula

ONE, HEADS = "in_context.one_layer", "measures.softmax_affine"
MOMENT = "((1 + 1/N)*Lambda*C*Lambda + (tr(Lambda*C) + sigma**2)/N*Lambda)"
PLANTED = {
    "dropped noise": (f"{ONE}.context_moment", "(1 + 1/N)*Lambda*C*Lambda + tr(Lambda*C)/N*Lambda"),
    "trace of the wrong matrix": (f"{ONE}.context_moment", "(1 + 1/N)*Lambda*C*Lambda + (tr(C) + sigma**2)/N*Lambda"),
    "N for N + 1": (f"{ONE}.context_moment", "Lambda*C*Lambda + (tr(Lambda*C) + sigma**2)/N*Lambda"),
    "wrong factor": (f"{ONE}.risk", f"tr(C*Lambda) - tr(U.T*Lambda*C*Lambda) + tr(U.T*{MOMENT}*U*Lambda)"),
    "transposed weights": (f"{ONE}.risk", f"tr(C*Lambda) - 2*tr(U*Lambda*C*Lambda) + tr(U*{MOMENT}*U.T*Lambda)"),
    "wrong sign": (f"{ONE}.risk_gradient", f"2*{MOMENT}*U*Lambda + 2*Lambda*C*Lambda"),
    "wrong power": (f"{ONE}.risk_gradient", f"2*{MOMENT.replace('sigma**2', 'sigma')}*U*Lambda - 2*Lambda*C*Lambda"),
    "swapped transposes": (f"{HEADS}.output", "V*(mu + Sigma*Q.T*K*x)"),
    "missing term": (f"{HEADS}.linear_output", "V*Sigma*K.T*Q*x"),
    "sign inside an inverse": (f"{HEADS}.fixed_token", "inv(I + V*Sigma*K.T*Q)*V*mu"),
}


def parsed(name, typed):
    entry = builtin().claim(name)
    known, claim = letters_of_theorem(entry), member(entry, "derivations")
    return of_claim(entry, read_formula(typed, known, like=claim.formula), typed), claim, known


def equal(one, other):
    """Whether two formulas have the same exact value at three generic instances."""
    for place, sizes in enumerate(({"d": 2, "N": 6}, {"d": 3, "N": 7}, {"d": 1, "N": 5})):
        point = draw(letters_of(one, other), f"equal/{place}", sizes)
        try:
            agree(value(one, point), value(other, point), "the correction")
        except Refuted:
            return False
    return True


@pytest.mark.parametrize("slip", PLANTED)
def test_a_planted_mistake_is_refuted_and_corrected_by_measurement_alone(slip):
    statement, claim, known = parsed(*PLANTED[slip])
    torch.set_num_threads(1)
    trial = confront(statement, STANDARDS["quick"], 0, 0)
    assert trial.statuses[""][0] == "refuted" and not equal(statement.formula, claim.formula)
    found = correction_of(statement, STANDARDS["quick"], 0, (), derivation=False)
    assert found is not None and "derivation" not in found.found
    assert found.resolution is not None and found.resolution <= 0.05
    assert equal(read_formula(found.formula, known, like=claim.formula), claim.formula)


@pytest.mark.parametrize("slip", [slip for slip in PLANTED if slip != "sign inside an inverse"])
def test_the_derivation_names_the_differing_terms(slip, monkeypatch):
    statement, claim, known = parsed(*PLANTED[slip])
    monkeypatch.setattr(refutations, "samples_of", None)  # the derivation answers before anything is searched
    found = correction_of(statement, STANDARDS["quick"], 0, ())
    assert found is not None and found.found == "by the derivation" and found.differences
    assert equal(read_formula(found.formula, known, like=claim.formula), claim.formula)


def test_without_the_derivation_neither_closed_form_nor_rivals_are_read():
    statement, claim, _ = parsed(*PLANTED["dropped noise"])

    class Sealed(dict):
        def values(self):
            pytest.fail("rivals were read")

    class Elsewhere(Claim):
        formula = property(lambda self: sp.ZeroMatrix(*statement.formula.shape))  # type: ignore[assignment]

    nowhere = Proof(Elsewhere(claim.kind, claim.symbol, {}, (), (), claim.author), ())
    sealed = replace(statement, rivals=Sealed(), proof=nowhere)
    found = correction_of(sealed, STANDARDS["quick"], 0, (), derivation=False)
    assert found is not None and "sigma**2" in found.formula


def test_differences_are_told_term_by_term():
    d, N = L.size("d"), L.count("N")
    S, A, B = L.spd("S", d), L.matrix("A", d, d), L.matrix("B", d, d)
    told = differences(N * S * A + 2 * B, N * S * A.T + 3 * B)
    assert told == ["missing: N*S*A.T", "the coefficient of B is 3, not 2", "too much: N*S*A"]
    assert differences(sp.Inverse(A + B), sp.Inverse(A - B)) == []
    assert differences(A * S, A * S) == []


d, N = L.size("d"), L.count("N")
SIGMA = L.spd("Sigma", d)
A, W = L.matrix("A", d, d), L.matrix("W", d, d)
a, t, g, rho = L.vector("a", d), L.scalar("t"), L.positive("g"), L.probability("rho")
KNOWN = {letter.name: letter for letter in (d, N, SIGMA, A, W, a, t, g, rho)}
CASES = [
    ("N*((N + 1)*Sigma*A*Sigma + tr(A*Sigma)*Sigma)", "N*(N*Sigma*A*Sigma + Sigma*A.T*Sigma + tr(A*Sigma)*Sigma)"),
    ("tr(A*Sigma)**2 + 2*tr(A*Sigma*A*Sigma)", "tr(A*Sigma)**2 + tr(A*Sigma*A*Sigma) + tr(A*Sigma*A.T*Sigma)"),
    ("d*N*(N**2 + 3*N*d + d**2 + 3*N + 3*d + 3)", "d*N*(N**2 + 3*N*d + d**2 + 3*N + 3*d + 4)"),
    ("inv(Sigma)/(N - d)", "inv(Sigma)/(N - d - 1)"),
    ("exp(a.T*Sigma*a)*Sigma*a", "exp(a.T*Sigma*a/2)*Sigma*a"),
    ("erf(t/sqrt(1 + g**2))", "erf(t/sqrt(1 + 2*g**2))"),
    ("(2/pi)*asin(g**2/(1 + g**2))", "(2/pi)*asin(2*g**2/(1 + 2*g**2))"),
    ("(sqrt(1 - rho**2) + (pi - acos(rho)))/(2*pi)", "(sqrt(1 - rho**2) + rho*(pi - acos(rho)))/(2*pi)"),
    ("2*W*((1 + 1/N)*Sigma**3 + tr(Sigma)*Sigma/N) - 2*Sigma**2",
     "2*W*((1 + 1/N)*Sigma**3 + tr(Sigma**2)*Sigma/N) - 2*Sigma**2"),
    ("exp(t)*tr(A*Sigma)", "exp(t**2 + t)*tr(A*Sigma)"),
]  # fmt: skip
SIZES = ((1, 4), (2, 5), (3, 2), (1, 6), (2, 2), (3, 3))


def exact_samples(right, letters):
    """The oracle's exact values at rational instances, as a session without a theorem file has them."""
    samples = []
    for place, (small, many) in enumerate(SIZES):
        sizes = {"d": small, "N": many + (small + 2 if right.has(sp.Inverse) else 0)}
        instance = draw(letters, f"exact/{place}", sizes)
        values = Point(instance).value(right).reshape(-1)
        samples.append(Sample(instance, values, np.zeros_like(values)))
    return samples


@pytest.mark.parametrize(("wrong", "right"), CASES, ids=[right for _, right in CASES])
def test_a_statement_without_a_theorem_is_corrected_from_exact_values(wrong, right):
    truth = read_formula(right, KNOWN)
    guess = read_formula(wrong, KNOWN, like=truth)
    letters = letters_of(guess, truth)
    judged = lambda new: ("supported" if equal(new, truth) else "refuted", 0.0)  # noqa: E731
    found = correct(guess, lambda: exact_samples(truth, letters), judged, letters)
    assert found is not None and equal(read_formula(found.formula, KNOWN, like=truth), truth)


def test_nothing_is_shown_that_fresh_evidence_does_not_support():
    truth, guess = read_formula("tr(A*Sigma)*N", KNOWN), read_formula("tr(A*Sigma)*d", KNOWN)
    letters, asked = letters_of(guess, truth), []

    def refuses(new):
        asked.append(new)
        return "refuted", None

    assert correct(guess, lambda: exact_samples(truth, letters), refuses, letters, derived=truth) is None
    assert 1 <= len(asked) <= corrections.TRIED + 2


def test_far_from_everything_there_is_no_correction():
    truth, guess = read_formula("exp(sin(7*t))*det(A)**3", KNOWN), read_formula("tr(A*Sigma)", KNOWN)
    letters = letters_of(guess, truth)
    assert correct(guess, lambda: exact_samples(truth, letters), lambda new: ("supported", 0.0), letters) is None


def test_blurred_measurements_still_tell_one_slip():
    truth, guess = read_formula("tr(A*Sigma)*N", KNOWN), read_formula("tr(A*Sigma)*N/2", KNOWN)
    letters, rng = letters_of(guess, truth), np.random.default_rng(0)
    samples = exact_samples(truth, letters)
    blurred = [
        Sample(s.instance, s.measured * (1 + 1e-3 * rng.uniform(-1, 1)), 2e-3 * abs(s.measured)) for s in samples
    ]
    found = correct(guess, lambda: blurred, lambda new: ("supported", 0.01), letters)
    assert found is not None and found.formula == "N*tr(A*Sigma)"


@pytest.mark.parametrize("fraction", ["1/2", "-3/4", "7", "5/12", "-1/30"])
def test_a_fraction_is_recognised_within_its_error_and_not_beyond(fraction):
    exact = Fraction(fraction)
    assert simplest(float(exact) + 3e-7, 1e-6) == exact
    assert simplest(float(exact), 0.3) in (None, Fraction(0), Fraction(round(exact)))
    assert simplest(float(np.sqrt(2)), 1e-9) is None and simplest(float("nan"), 1e-9) is None


def test_the_sparsest_fit_comes_first_and_noise_fits_nothing():
    rng = np.random.default_rng(1)
    columns, bars = rng.standard_normal((14, 60)), np.full(14, 1e-9)
    residual = columns[:, 7] * 1.5 - columns[:, 30] / 3
    (fit, *_) = fits(residual, columns, bars, 3)
    assert fit.columns == (7, 30) and fit.coefficients == (Fraction(3, 2), Fraction(-1, 3))
    assert list(fits(rng.standard_normal(14), columns, bars, 2)) == []


def test_a_refuted_conjecture_prints_a_line_to_try_and_a_right_one_does_not(workbench):
    name, wrong = PLANTED["missing term"]
    reply = workbench("conjecture", name, wrong)
    (line,) = [line for line in reply.out.splitlines() if line.strip().startswith("try: ")]
    assert reply.code == 1 and "supported with resolution" in line and "missing: " in line
    typed = line.split("try: ")[1].split("  (")[0]
    again = workbench("conjecture", name, typed)
    assert again.code == 0 and "try: " not in again.out


def test_the_correction_travels_with_the_verdict_as_data_and_as_a_picture():
    from workbench import conjecture

    verdict = conjecture(*PLANTED["missing term"])
    record = json.loads(json.dumps(verdict.record()))["correction"]
    assert set(record) == {"formula", "latex", "found", "differences", "resolution", "seed", "standard", "at"}
    shown = verdict._repr_html_()
    assert "try: " in shown and record["formula"] in shown


def test_diagnose_is_public_and_refuses_what_it_cannot_read():
    import workbench

    found = workbench.diagnose(*PLANTED["missing term"], derivation=False)
    assert found is not None and str(found).startswith("try: ")
    with pytest.raises(BadInput, match="nowhere"):
        workbench.diagnose(PLANTED["missing term"][0], "nowhere + 1")
    with pytest.raises(BadInput, match="sloppy"):
        workbench.diagnose(*PLANTED["missing term"], standard="sloppy")
