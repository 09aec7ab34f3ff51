"""Blank pages: models of no chapter, typed as a theorist would, from the definition to files that verify."""

import re

import pytest
import sympy as sp

from workbench import session
from workbench.catalogue import Catalogue
from workbench.errors import BadInput
from workbench.judging.verification import verify_entry
from workbench.language import printing
from workbench.sessions.neatness import neat


def verdicts(folder):
    return {entry.parts[2]: verify_entry(entry).status for entry in Catalogue((folder,)).entries}


def denoiser():
    """A scalar gain on a noisy number: the best one is s²/(s² + p²)."""
    s = session("denoiser")
    s.let("a: real; p: positive; r: positive; x ~ N(0, 1); n ~ N(0, 1)")
    s.start("risk", "E[(a*(r*x + p*n) - r*x)**2]")
    s.expect()
    s.call("risk")
    return s


def test_a_tempered_mean_is_a_theorem_though_it_is_a_ratio_of_means(tmp_path):
    s = session("a tempered mean")
    s.let("t, h, k: positive; x ~ N(0, k)")
    s.start("read-out", "E[x*exp(t*x)]/E[exp(t*x)]")
    s.expect()
    s.call("readout")
    s.gradient("t")
    s.call("speed")
    s.start("above a level", "E[x*exp(t*x)]/E[exp(t*x)] - h")
    s.expect()
    s.call("excess")
    line = s.critical_scale("t")
    assert line.formula == s.read("h/k") and line.answer.resolution < 1e-3
    s.call("temperature")
    s.start("free energy", "log(E[exp(t*x)])/t")
    assert s.expect().formula == s.read("t*k/2")
    s.call("energy")
    s.gradient("t")
    s.call("slope_of_energy")
    _, twins = s.export("mine.tempered", tmp_path)
    assert "@function_of_means(_energy)" in twins.read_text(encoding="utf-8")
    names = ("readout", "speed", "excess", "temperature", "energy", "slope_of_energy")
    assert verdicts(tmp_path) == dict.fromkeys(names, "supported")


def test_a_false_combination_of_means_is_refuted(tmp_path):
    s = session("energy")
    s.let("t, k: positive; x ~ N(0, k)")
    s.start("free energy", "log(E[exp(t*x)])/t")
    s.expect()
    s.call("energy")
    _, twins = s.export("mine.energy", tmp_path)
    twins.write_text(twins.read_text(encoding="utf-8").replace("torch.log(first)", "torch.log(2 * first)"))
    assert verdicts(tmp_path) == {"energy": "refuted"}


def test_a_new_beginning_leaves_on_the_page_what_has_a_name(tmp_path):
    s = denoiser()
    s.gradient("a")
    s.start("another risk", "E[(a*x - n)**2]")
    s.expect()
    s.call("other")
    assert [line.line.step.how for line in s.lines] == ["given", "derived", "given", "derived"]
    s.export("mine.risks", tmp_path)
    assert verdicts(tmp_path) == {"risk": "supported", "other": "supported"}


def test_what_was_found_by_a_search_is_measured_after_a_substitution():
    s = denoiser()
    s.gradient("a")
    s.stationary_point("a")
    assert s.substitute({"p": "2*r"}).status == "supported" and s.last.formula == sp.Rational(1, 5)
    assert s.conjecture("1/4").status == "refuted"


def test_lines_are_written_as_a_person_would_write_them():
    s = session("a gate")
    s.let("g, p: positive; mu, v: d; Sigma: spd d")
    asin = s.read("2*asin(g**2/(1/2 + g**2))/pi")
    assert printing.text(neat(asin)) == "2*asin(2*g**2/(1 + 2*g**2))/pi"
    energy = sp.log(sp.sqrt(sp.exp(s.read("g**2*tr(Sigma)"))) * sp.exp(s.read("g*tr(Sigma)"))) / s.letter("g")
    assert sp.expand(neat(energy) - s.read("g*tr(Sigma)/2 + tr(Sigma)")) == 0
    assert neat(s.read("(g + p)*g")) == s.read("(g + p)*g")


def test_lists_are_typed_and_expanded(tmp_path):
    s = session("a gate")
    s.let("m, p: positive; a: real; N: count")
    s.start("force", "a**3*(1 + 1/N) - a*m")
    s.fixed_points("a")
    assert s.conjecture("[[0, sqrt(m*N/(N + 1)), -sqrt(m*N/(N + 1))]]").status == "supported"
    assert s.conjecture("[[0, sqrt(m), -sqrt(m)]]").status == "refuted"
    again = type(s).load(s.save(tmp_path / "page.jsonl"))
    assert again.last.formula == s.last.formula and len(again.guesses) == 1
    s.start("two numbers", "[[(a*N + 1)/N, m*N/(N + 1)]]")
    line = s.expand_large("N")
    assert line.formula == sp.ImmutableMatrix([[s.read("a + 1/N"), s.read("m - m/N")]])
    assert "a limit, which no sample reaches" in line.grade and "[[" in repr(line)


def test_clouds_masks_places_and_rotations_are_declared_and_written_into_files(tmp_path):
    s = session("laws")
    s.let("q: probability; mu: d; Sigma: spd d; A, B: d×d; y: d ~ N(0, Sigma); X: d×N ~ N(0, Sigma)")
    s.let("m: d ~ Bernoulli(q); e: N ~ OneHot; Q: d×d ~ Haar; h: d ~ Sphere; x: d ~ q*N(mu, Sigma) + (1 - q)*N(-mu, 0)")
    for name, definition, formula in (
        ("missing", "E[y.T*diag(m)*A*y]", "q*tr(A*Sigma)"),
        ("token", "E[e.T*X.T*A*X*e]", "tr(A*Sigma)"),
        ("rotated", "E[tr(Q*A*Q.T*B)]", "tr(A)*tr(B)/d"),
        ("turned", "E[(h.T*A*h)**2]", "(tr(A)**2 + tr(A**2) + tr(A*A.T))/(d*(d + 2))"),
        ("clouds", "E[x.T*A*x]", "q*tr(A*Sigma) + mu.T*A*mu"),
    ):
        s.start(name, definition)
        line = s.expect()  # a mask or a label is sampled, and a quick look may be too blurred to decide
        assert line.checked.grade == "proved" and line.answer.rungs and line.status != "refuted"
        assert sp.expand(line.formula - s.read(formula)) == 0
        s.call(name)
    derivation, twins = s.export("mine.laws", tmp_path)
    (offered,) = re.findall("from workbench import (.*)", derivation.read_text(encoding="utf-8"))
    assert {"haar", "index", "mask", "mixture", "sphere"} <= set(offered.split(", "))
    assert all(
        word in twins.read_text(encoding="utf-8") for word in ("draw.bernoulli", "draw.index", "torch.linalg.qr")
    )
    entry = next(entry for entry in Catalogue((tmp_path,)).entries if entry.parts[2] == "missing")
    assert verify_entry(entry).status != "refuted"


@pytest.mark.parametrize(("act", "says"), [
    (lambda s: s.hessian("a", "a"), "the direction is a letter of its own"),
    (lambda s: (s.start("risk", "E[(a*x)**2]"), s.gradient("a")), "average it first"),
    (lambda s: s.read("diag(p)"), "p is a number"),
    (lambda s: s.read("had(p, 2)"), "p is a number"),
    (lambda s: s.read("[[1, 2], [3]]"), "no matrix"),
    (lambda s: s.critical_scale("p"), "changes sign at no positive p"),
    (lambda s: s.let("m ~ OneHot"), "the law of a vector"),
    (lambda s: s.let("m: d×d ~ Bernoulli(p)"), "the law of a number, or of a vector"),
    (lambda s: s.let("m: d ~ Cauchy(p)"), "no law that is known"),
    (lambda s: s.let("x: d ~ p*N(0, I) + p*N(0, I)"), "weights sum"),
    (lambda s: s.let("x: d ~ p*N(0, I) + N(0, I)"), "no part of a mixture"),
])  # fmt: skip
def test_errors_speak_of_the_mathematics(act, says):
    with pytest.raises(BadInput, match=says) as problem:
        act(denoiser())
    assert "\n" not in str(problem.value)
