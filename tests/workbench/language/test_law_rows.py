"""Every law is declared, averaged, measured, said in words and written into files; an unknown one is refused."""

from functools import singledispatchmethod
from importlib import import_module
from itertools import product

import numpy as np
import pytest
import sympy as sp
from sympy.core.symbol import Str

import workbench
from workbench.calculus import expect
from workbench.calculus.errors import UnknownLaw
from workbench.calculus.means import expectation
from workbench.errors import BadInput
from workbench.exact.instances import as_point, letters_of
from workbench.exact.means import BY_LAW, exact_mean
from workbench.exact.rings import NotRational
from workbench.exact.values import evaluate
from workbench.language import laws, written_laws
from workbench.language import letters as L
from workbench.language.complex_gaussians import ComplexGaussian, adjoint
from workbench.language.counts import Binomial, Multinomial, Poisson
from workbench.language.law_parameters import given
from workbench.language.law_rows import LAW_ROWS, LawRow, add, forms, makers, manual, row_of
from workbench.language.laws import E
from workbench.language.simplices import Dirichlet
from workbench.language.students import Elliptical, Student
from workbench.lowering.sources import Code, Sources
from workbench.lowering.walks import Walk
from workbench.sessions.answers import check
from workbench.sessions.declarations import declared
from workbench.sessions.exports import declaration, offered, python
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


class Steps(laws.Random):
    """A toy law: independent entries, each one step up or down, in a file of its own for the language …"""

    @property
    def size(self):
        return self._args[3]


def steps(name, d, size):
    return Steps(Str(name), sp.sympify(d), sp.S.One, sp.sympify(size))


def read_steps(alphabet, name, shape, tree):
    return steps(name, shape[0], *given(alphabet, tree, "Steps(size)", 1))


def exact_mean_of_steps(node, letter, point, ring):
    """… for exact arithmetic …"""
    d, size = int(evaluate(letter.rows, point).p), evaluate(letter.size, point)
    found = [np.array([[size * sign] for sign in signs], dtype=object) for signs in product((-1, 1), repeat=d)]
    return sum(evaluate(node, {**point, letter: column}, ring) for column in found) / len(found)


def mean_of_steps(inside, letters, degree):
    """… for the calculus …"""
    halves = {x: x.size * (2 * laws.mask(f"{x.name}_half", x.rows, "1/2") - sp.OneMatrix(*x.shape)) for x in letters}
    return expect(E(inside.xreplace(halves)))


def sampled_steps(walk, node):
    """… and for the measurement."""
    half = walk.algebra.noise("bernoulli", node.name, *walk.many((sp.Rational(1, 2), *node.shape)))
    signs = walk.algebra.infix("-", walk.algebra.infix("*", walk.visit(sp.Integer(2)), half), walk.visit(sp.S.One))
    return walk.algebra.named(node.name, walk.algebra.infix("*", walk.visit(node.size), signs))


TOY = LawRow("Steps", "Steps(size)", read_steps, ("x: d ~ Steps(size)   a toy",), Steps, steps, ("Walk",))


@pytest.fixture
def toy(monkeypatch):
    """One row, and an entry in the table of each wing."""
    monkeypatch.setitem(LAW_ROWS, "Steps", TOY)
    monkeypatch.setitem(BY_LAW, Steps, exact_mean_of_steps)
    monkeypatch.setattr(expectation, "STAGES", (*expectation.STAGES, (Steps, mean_of_steps)))
    known = Walk.__dict__["read"].dispatcher
    registered = dict(known.registry)
    known.register(Steps, sampled_steps)
    yield
    monkeypatch.setattr(Walk, "read", fresh(registered))


def fresh(registered):
    """The readers of a walk as they were before the toy."""
    found = singledispatchmethod(registered[object])
    for kind, reader in registered.items():
        found.register(kind, reader)
    return found


def letter_of(text):
    return declared(["p: probability", "mu: 2", "Sigma: spd 2", text])["x"]


def passes(law, typed):
    """The contract of a law."""
    letter = letter_of(typed)
    assert type(letter) is law and described(letter)
    moment = E(letter * adjoint(letter))
    there = as_point(moment, **{each.name: VALUES[each.name] for each in letters_of(moment)})
    assert (evaluate(expect(moment), there) == evaluate(moment, there)).all()
    names = {each.name: Code(each.name) for each in FIXED.values()}
    program = Sources()
    Walk(program, names).visit(letter)
    assert any(line.startswith("x = ") for line in program.lines)
    offer = {name: getattr(import_module(house), name) for name, house in makers().items()}
    namespace = {**FIXED, **offer, "Identity": sp.Identity, "Rational": sp.Rational}
    exec(declaration(letter), namespace)
    assert namespace["x"] == letter
    if law is not laws.Gaussian:
        shape = typed.split()[1]
        assert letter_of(f"x: {shape} ~ {written_laws.said(letter)}") == letter
    row = row_of(law)
    assert row and row.form in forms() and set(row.says) <= set(manual())


@pytest.mark.parametrize("law", DECLARED, ids=lambda law: law.__name__)
def test_a_law_passes_its_contract(law):
    passes(law, DECLARED[law])


def test_a_toy_law_needs_one_row_and_a_file_in_each_wing(toy):
    passes(Steps, "x: 2 ~ Steps(p)")
    right, wrong = (check(f"E[x*x.T] == {size}*I(d)", "x: d ~ Walk(g)") for size in ("g**2", "g"))
    assert (right.status, wrong.status) == ("supported", "refuted")
    assert "Steps(size)" in refusal("x ~ Foo(1)") and makers()["steps"] == __name__ and "steps" not in offered()


def refusal(text):
    with pytest.raises(BadInput) as problem:
        declared([text])
    return str(problem.value)


def test_two_laws_of_one_name_are_refused(toy):
    with pytest.raises(ValueError, match="two laws called Walk"):
        add(LawRow("Walk", "Walk(size)", read_steps))


def test_what_theorem_files_import_of_laws_is_behind_the_door():
    assert {name for name, house in makers().items() if house == "workbench"} <= set(workbench.__all__)


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
