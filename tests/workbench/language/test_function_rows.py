"""Every function of numbers is read, printed, enclosed, measured, exported and in the manual; one row is enough."""

import pytest
import sympy as sp
import torch
from flint import arb

import workbench
from workbench import evidence
from workbench.evidence import functions as own
from workbench.exact.instances import as_rational
from workbench.exact.values import enclosed
from workbench.language import letters as L
from workbench.language.function_rows import ROWS, Row, add
from workbench.language.functions import ALSO_LETTERS, FUNCTIONS, called, manual
from workbench.language.latex.tokens import CALLS
from workbench.language.printing import latex, text
from workbench.language.reading import read_formula
from workbench.lowering.sources import Code, Sources
from workbench.lowering.tensors import Tensors
from workbench.lowering.walks import Walk
from workbench.sessions.exports import SYMPY, functions_of, python, used

assert FUNCTIONS  # the calculus has added its rows
A, B = L.scalar("a"), L.scalar("b")
POINTS = ((sp.Rational(3, 8), sp.Rational(5, 8)), (sp.Rational(7, 8), sp.Rational(1, 4)))
# the place of an argument that is a whole number, and its value
WHOLE = {"polygamma": (0, 2), "tanh_mean": (0, 3), "digamma_sum": (1, "d")}
# what is printed of a function that stands for others
PRINTED = {
    "Phi": "1/2 + erf(sqrt(2)*a/2)/2", "sigmoid": "1/2 + tanh(a/2)/2", "softplus": "log(1 + exp(a))",
    "factorial": "gamma(1 + a)",
    "silu": "(1 + tanh(a/2))*a/2", "sech": "1/cosh(a)",
    "gelu": "(1 + erf(sqrt(2)*a/2))*a/2",
}  # fmt: skip
d = L.size("d")


class cube(sp.Function):
    """A function that SymPy does not know."""


TOY = Row("cube", cube, "cube(x)   the third power", lambda x: x**3, "cube", also=("Cube",))


@pytest.fixture
def toy(monkeypatch):
    """One more row, and what measures it."""
    monkeypatch.setitem(ROWS, "cube", TOY)
    monkeypatch.setattr(own, "cube", lambda x: x**3, raising=False)
    monkeypatch.setattr(own, "__all__", [*own.__all__, "cube"])


def call_of(row):
    """A typed call of the function."""
    arguments = ["a", "b"][: row.takes or 2]
    if row.name in WHOLE:
        place, value = WHOLE[row.name]
        arguments[place], arguments[1 - place] = str(value), "a"
    return f"{row.name}({', '.join(arguments)})"


def passes(row):
    """The contract of a row; what is measured may differ from what is enclosed by what float64 rounds."""
    typed, letters = call_of(row), {"a": A, "b": B, "d": d}
    formula = read_formula(typed, letters)
    assert row.name in called() | {*ALSO_LETTERS} and row.name in CALLS
    printed = PRINTED.get(row.name, typed)
    assert text(formula) == printed.replace("max(a, b)", text(sp.Max(A, B))).replace("min(a, b)", text(sp.Min(A, B)))
    assert read_formula(text(formula), letters) == formula and latex(formula)
    for other in row.also:
        called_so = typed.replace(row.name, other, 1)
        assert read_formula(called_so, letters) == formula == read_formula(rf"\operatorname{{{other}}}{{(a)}}", letters)
    names = {name: getattr(own, name) for name in own.__all__}
    for point in POINTS:
        values = dict(zip((A, B, d), (*point, sp.Integer(3))))
        values[A] += 2 * (row.name == "digamma_sum")  # beyond its poles
        exactly = {each: as_rational(value) for each, value in values.items()}
        numbers = {each.name: torch.tensor(float(value), dtype=torch.float64) for each, value in values.items()}
        numbers["d"] = 3
        measured = float(Walk(Tensors(), numbers).visit(formula))
        roundoff = arb(0, 2.0**-44 * max(1.0, abs(measured)))
        assert arb(enclosed(formula, exactly)).overlaps(arb(measured) + roundoff), f"{typed} is measured as {measured}"
        program = Walk(Sources(), {name: Code(name, tensor=name != "d") for name in letters}).visit(formula).text
        assert float(eval(program, {"torch": torch, **names, **numbers})) == measured, program
    written = python(formula)
    imported = {name: getattr(sp, name) for name in [*used(SYMPY, written), *functions_of("sympy", written)]}
    imported |= {name: getattr(workbench, name) for name in functions_of("workbench", written)}
    assert eval(written, {**letters, "cube": cube, **imported}) == formula
    assert any(line.startswith(f"{row.name}(") or row.name in line.split() for line in manual())


@pytest.mark.parametrize("name", list(ROWS))
def test_a_function_passes_its_contract(name):
    passes(ROWS[name])


def test_a_toy_function_needs_one_row(toy):
    passes(TOY)


@pytest.mark.parametrize(
    "broken",
    [
        Row("cube", cube, "cube(x)   the third power", lambda x: x**2, "cube"),
        Row("cube", cube, "cube(x)   the third power", lambda x: x**3, "cos"),
        Row("cube", cube, "the third power", lambda x: x**3, "cube"),
    ],
    ids=["enclosed wrongly", "measured wrongly", "not in the manual"],
)
def test_a_row_that_is_out_of_step_is_found(toy, monkeypatch, broken):
    monkeypatch.setitem(ROWS, "cube", broken)
    with pytest.raises(AssertionError):
        passes(broken)


def test_two_functions_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two functions called erf"):
        add(Row("erf", sp.erfc, ""))


def test_owens_t_and_gamma_are_measured_where_they_are_not_easy():
    points = (("1/2", 40), (3, -2), (0, 1), (-1, "1/2"))
    exact = [enclosed(ROWS["owens_t"].kind(*map(sp.Rational, point)), {}) for point in points]
    h, a = torch.tensor([[float(sp.Rational(each)) for each in point] for point in points], dtype=torch.float64).T
    measured = evidence.owens_t(h, a)
    assert all(arb(ball).overlaps(arb(float(value)) + arb(0, 2.0**-44)) for ball, value in zip(exact, measured))
    assert evidence.gamma(torch.tensor([-0.5, -1.5], dtype=torch.float64)).sign().tolist() == [-1, 1]
