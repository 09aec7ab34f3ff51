"""Every law is declared, averaged, measured, said in words and written into files; an unknown one is refused."""

import pytest
import sympy as sp

import workbench
from workbench.calculus import expect
from workbench.calculus.errors import UnknownLaw
from workbench.errors import BadInput
from workbench.exact.instances import as_point, letters_of
from workbench.exact.means import exact_mean
from workbench.exact.rings import NotRational
from workbench.exact.values import evaluate
from workbench.language import laws, written_laws
from workbench.language import letters as L
from workbench.language.complex_gaussians import ComplexGaussian, adjoint
from workbench.language.counts import Binomial, Multinomial, Poisson
from workbench.language.laws import E
from workbench.language.simplices import Dirichlet
from workbench.language.students import Elliptical, Student
from workbench.lowering.sources import Code, Sources
from workbench.lowering.walks import Walk
from workbench.sessions.declarations import declared
from workbench.sessions.exports import LAWS, declaration, python
from workbench.stating import described

DECLARED = {
    laws.Gaussian: "x: 2 ~ N(mu, Sigma)",
    laws.Mask: "x: 2 ~ Bernoulli(p)",
    laws.OneHot: "x: 2 ~ OneHot",
    laws.Haar: "x: 2×2 ~ Haar",
    laws.Directions: "x: 2×2 ~ Sphere",
    ComplexGaussian: "x: 2×2 ~ CN(0, Sigma)",
    Student: "x: 2 ~ Student(7, mu, Sigma)",
    Elliptical: "x: 2×2 ~ Elliptical(3, Sigma)",
    Dirichlet: "x: 2 ~ Dirichlet(3)",
    Binomial: "x: 2 ~ Binomial(3, p)",
    Poisson: "x: 2 ~ Poisson(p)",
    Multinomial: "x: 2 ~ Multinomial(3)",
    laws.Mixture: "x: 2 ~ p*N(mu, I) + (1 - p)*N(-mu, I)",
}
FIXED = {"p": L.probability("p"), "mu": L.vector("mu", 2), "Sigma": L.spd("Sigma", 2)}
VALUES = {"p": sp.Rational(1, 3), "mu": [[1], [2]], "Sigma": [[2, 1], [1, 3]]}


class Unknown(laws.Random):
    """A law that nobody has written a file for."""


def letter_of(text):
    return declared(["p: probability", "mu: 2", "Sigma: spd 2", text])["x"]


@pytest.mark.parametrize("law", DECLARED, ids=lambda law: law.__name__)
def test_a_law_passes_its_contract(law):
    letter = letter_of(DECLARED[law])
    assert type(letter) is law and described(letter)
    moment = E(letter * adjoint(letter))
    there = as_point(moment, **{each.name: VALUES[each.name] for each in letters_of(moment)})
    assert (evaluate(expect(moment), there) == evaluate(moment, there)).all()
    names = {each.name: Code(each.name) for each in FIXED.values()}
    program = Sources()
    Walk(program, names).visit(letter)
    assert any(line.startswith("x = ") for line in program.lines)
    offered = {name: getattr(workbench, name) for name in ("gaussian", *LAWS)}
    namespace = {**FIXED, **offered, "Identity": sp.Identity, "Rational": sp.Rational}
    exec(declaration(letter), namespace)
    assert namespace["x"] == letter
    if law is not laws.Gaussian:
        shape = DECLARED[law].split()[1]
        assert letter_of(f"x: {shape} ~ {written_laws.said(letter)}") == letter


def test_a_law_of_which_only_moments_are_known_is_averaged_and_not_measured():
    letter = laws.second_moments("x", 2, mean=FIXED["mu"], cov=FIXED["Sigma"])
    moment = E(letter * letter.T)
    there = as_point(moment, mu=VALUES["mu"], Sigma=VALUES["Sigma"])
    assert (evaluate(expect(moment), there) == evaluate(moment, there)).all() and described(letter)
    with pytest.raises(BadInput, match="not sampled yet"):
        Walk(Sources(), {}).visit(letter)
    with pytest.raises(BadInput, match="not written into files yet"):
        declaration(letter)


def test_every_law_of_the_house_is_in_the_contract():
    families = {law for law in laws.Random.__subclasses__() if law.__module__.startswith("workbench.")}
    found = {law for family in families for law in (family.__subclasses__() or [family])}
    assert found - {laws.SecondMoments} == set(DECLARED)


def test_an_unknown_law_is_refused_everywhere():
    letter = Unknown("x", 2, 1)
    with pytest.raises(UnknownLaw):
        expect(E(letter))
    with pytest.raises(NotRational, match="does not know the law of x"):
        exact_mean(E(letter), letter, {})
    with pytest.raises(BadInput, match="the law of x is not sampled yet"):
        Walk(Sources(), {}).visit(letter)
    with pytest.raises(BadInput, match="no words yet"):
        written_laws.said(letter)
    with pytest.raises(BadInput, match="not written into files yet"):
        written_laws.written(letter, python)
