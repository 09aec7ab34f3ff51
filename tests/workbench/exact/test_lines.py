"""Lines: means of functions of one Gaussian number in balls, against closed forms and gaps that floats do not see."""

import pytest
import sympy as sp
from flint import arb, ctx, fmpq

from workbench.exact.growths import Growths
from workbench.exact.instances import draw, letters_of
from workbench.exact.quadrature import NotEnclosed
from workbench.exact.rings import Balls, NotRational
from workbench.exact.values import evaluate
from workbench.language import letters as L
from workbench.language.laws import E, gaussian

z, w = L.tr(gaussian("z", 1)), L.tr(gaussian("w", 1))
g = L.positive("g")
d = L.size("d")
a, x = L.vector("a", d), gaussian("x", d, cov=L.spd("Sigma", d))


def ball(expression, bits=120):
    with ctx.workprec(bits):
        return evaluate(expression, draw(letters_of(expression), "lines", {"d": 2}), Balls())


def apart(left, right):
    with ctx.workprec(120):
        return ball(left) - ball(sp.sympify(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (E(1 / (1 + sp.exp(-z))), sp.Rational(1, 2)),
        (E(sp.tanh(z) + 1), 1),
        (E(sp.Abs(sp.tanh(g * z)) - sp.sign(z) * sp.tanh(g * z)), 0),
        (E(sp.Min(z, 3) + sp.Max(z, 3)), 3),
        (E(sp.sqrt(1 + z**2) ** 2), 2),
        (E(sp.cosh(z) * sp.Abs(z) - sp.exp(z) * sp.Abs(z)), 0),
        (E(sp.tanh(L.dot(a, x)) ** 2 + 1 / sp.cosh(L.dot(a, x)) ** 2), 1),
        (E(sp.log(1 + sp.exp(z)) - sp.log(1 + sp.exp(-z))), 0),
    ],
)
def test_a_ball_holds_the_mean_and_is_narrow(left, right):
    gap = apart(left, right)
    assert gap.contains(0)
    assert gap.rad() < arb(2) ** -90


@pytest.mark.parametrize(
    ("left", "right", "size"),
    [
        (E(z**2 * sp.tanh(10**5 * z) ** 2), 1, 6.6e-16),  # a spike narrower than floats see
        (E(sp.exp(sp.Min(z, 8))), sp.exp(sp.Rational(1, 2)), 2.6e-13),  # a cap far out
        (E(sp.Min(sp.exp(z), sp.exp(9))), sp.exp(sp.Rational(1, 2)), 1.2e-16),
        (E(sp.exp(-(10**12) * z**2)), 0, 7.1e-7),
        (E(sp.Max(z, -9)), 0, 1.3e-20),
    ],
)
def test_a_gap_that_floats_do_not_see_is_one(left, right, size):
    gap = apart(left, right)
    assert not gap.contains(0)
    assert float(abs(gap).upper()) < size


def test_a_mean_of_a_sum_is_taken_term_by_term():
    gap = apart(E(L.dot(x, x) + sp.tanh(L.dot(a, x)) ** 2), E(L.dot(x, x)) + E(sp.tanh(L.dot(a, x)) ** 2))
    assert gap.contains(0)


@pytest.mark.parametrize(
    "mean",
    [
        E(sp.tanh(z) * sp.tanh(w)),  # two numbers
        E(sp.exp(sp.exp(z / 10))),  # no mean
        E(sp.exp(z**2 * sp.tanh(z) ** 2)),
        E(1 / (2 + sp.tanh(L.dot(x, x)))),
    ],
)
def test_no_ball_is_promised_where_nothing_bounds_the_tail_or_the_line(mean):
    with pytest.raises(NotRational):
        ball(mean)


def test_functions_are_within_their_bands_and_growths():
    y = sp.Symbol("y", real=True)

    def leaf(node):
        if not node.is_polynomial(y):
            return None
        return [arb(fmpq(int(c.p), int(c.q))) for c in reversed(sp.Poly(node, y).all_coeffs())]

    functions = [
        sp.exp(3 - y**2), sp.Max(y, 2) ** 3, sp.Min(sp.exp(y), 7) * y, sp.log(1 + sp.exp(2 * y)), sp.sqrt(y**2 + 1),
        sp.exp(sp.Min(y, 1)) * sp.Abs(y - 2), 1 / (1 + 5 * (y - 1) ** 2), sp.cosh(2 * y - 1), y**5 - 3 * y,
        sp.exp(2 - sp.Abs(y)) + y, sp.Max(sp.erf(y), -y), sp.exp(y**2 / 4 - y) * sp.sin(y),
    ]  # fmt: skip
    for function in functions:
        growth = Growths(leaf).growth(function)
        for at in (-9, -2, -1, 0, 1, 2, 5, 11):
            height = arb(growth.scale) * (arb(growth.rate) * abs(at) + arb(growth.square) * at * at).exp()
            assert abs(float(function.subs(y, at))) <= float(height.upper()), (function, at)


def test_what_grows_in_no_known_way_has_no_growth():
    with pytest.raises(NotEnclosed):
        Growths(lambda node: None).growth(sp.gamma(sp.Symbol("y")))
