"""Letters of the tests of projections, and their values as balls."""

from flint import arb, ctx
from sympy import S, sign

from workbench.calculus.algebra.terms import normal
from workbench.calculus.means.projections.projections import expect_projections
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate
from workbench.language.laws import E, Random, gaussian
from workbench.language.letters import dot, form, matrix, positive, scalar, size, spd, tr, vector

d = size("d")
a, b, mu = vector("a", d), vector("b", d), vector("mu", d)
A, Sigma = matrix("A", d, d), spd("Sigma", d)
x, y = gaussian("x", d, cov=Sigma), gaussian("y", d, mean=mu, cov=Sigma)
z, w = gaussian("z", 1), gaussian("w", 1)
Z, W = tr(z), tr(w)
t, g, rho = scalar("t"), positive("g"), scalar("rho")
r, s = scalar("r"), scalar("s")
U, V = dot(a, x), dot(b, x)
quu, qvv, cuv = form(a, Sigma, a), form(b, Sigma, b), form(a, Sigma, b)
RADIUS = arb(2) ** -30


class SpecialBalls(Balls):
    """Balls that also know e, sign, and the special functions of two arguments."""

    def constant(self, number):
        return arb(1).exp() if number is S.Exp1 else super().constant(number)

    def function(self, node, argument):
        if isinstance(argument, list):
            return type(node).enclose(*map(arb, argument))
        return arb(argument).sgn() if isinstance(node, sign) else super().function(node, argument)


def value(expression, point):
    with ctx.workprec(100):
        return evaluate(expression, point, SpecialBalls())


def agree(left, right):
    """Two balls overlap and neither is wider than 2⁻³⁰."""
    return left.overlaps(right) and left.rad() < RADIUS and right.rad() < RADIUS


def mean(integrand):
    result = expect_projections(E(integrand))
    assert not result.atoms(Random)
    return result


def zero(expression):
    return normal(expression) == 0
