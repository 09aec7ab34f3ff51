"""Every rule of the calculus: what it derives stands at several sizes, and what a broken one derives does not."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import sympy as sp
from sympy import Abs, HadamardProduct, Heaviside, ImmutableMatrix, Max, Rational, erf, exp, oo, sign
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench.calculus import rules
from workbench.calculus.agreement import Refuted
from workbench.calculus.errors import NoClosedForm, NoCrossing, NotAffine
from workbench.exact.instances import draw, letters_of
from workbench.judging.sizes import expressions_in
from workbench.language.laws import E, gaussian, haar, index, mask, mixture
from workbench.language.letters import (
    count,
    dot,
    eigenvalue,
    form,
    large,
    matrix,
    positive,
    probability,
    scalar,
    size,
    spd,
    symmetric,
    tr,
    unit_vector,
    vector,
)  # fmt: skip

d, n, N = size("d"), count("n"), count("N")
Sigma, C, A, B, As = spd("Sigma", d), spd("C", d), matrix("A", d, d), matrix("B", d, d), symmetric("As", d)
a, b, mu, w, h = vector("a", d), vector("b", d), vector("mu", d), unit_vector("w", d), vector("h", d)
U, H, W = matrix("U", d, d), matrix("H", d, d), matrix("W", d, d)
q, s, c, t, u, v = probability("q"), positive("s"), positive("c"), positive("t"), scalar("u"), scalar("v")
alpha, beta = eigenvalue("alpha", Sigma), eigenvalue("beta", Sigma)
x, y = gaussian("x", d, cov=Sigma), gaussian("y", d, mean=mu, cov=Sigma)
X, R = gaussian("X", d, N, cov=Sigma), haar("R", d)
Z, I = gaussian("Z", d, N), sp.Identity(d)
ridge, noise = (X * X.T / N + s * I).inv(), (Z * Z.T / N + s * I).inv()
o, e = mask("o", d, q), index("e", N)
m, M = mixture("m", d, [(q, a, Sigma), (1 - q, None, Sigma)]), mixture("M", d, [(q, a, C), (1 - q, b, Sigma)], N)
big = large("big")
SMALL, LARGE = {"d": 2, "N": 2}, {"d": 3, "N": 2}
FREE = ({"d": 2, "N": 6}, {"d": 3, "N": 8})  # inverse moments need N − d + 1 > 2k
RISK = tr(Sigma * U * (Sigma + C) * U.T) - 2 * tr(Sigma * U * C)


@dataclass(frozen=True)
class Step:
    """A line, the rule that is applied to it and its arguments."""

    rule: Any
    line: Any
    arguments: dict = field(default_factory=dict)
    sizes: tuple = (SMALL, LARGE)
    letters: tuple = ()

    def __str__(self):
        return f"{self.rule.name}: {str(self.line)[:60]}"

    def points(self, after):
        extra = expressions_in(self.arguments)
        for sizes in self.sizes:
            yield draw(letters_of(self.line, after, *extra, *self.letters), "steps", sizes)

    def grades(self, after):
        return {rules.check_line(self.rule, self.line, after, point, self.arguments) for point in self.points(after)}


BY_EXPECTATION = [
    E(tr(X * X.T * A * X * X.T)),
    E(y * form(y, A, y)),
    E(dot(x, x) + exp(dot(a, x))),
    E(x * Max(0, dot(a, x)) + A * x),
    E(dot(a, y) * erf(dot(b, y))) + 2 * E(tr(X * X.T)),
    E(erf(dot(a, y)) * erf(dot(b, y))),
    E(sign(dot(a, x)) * sign(dot(b, x))),
    E(Max(0, dot(a, x)) * Max(0, dot(b, x))),
    E(erf(dot(a, x)) * sign(dot(b, x))),
    E(Heaviside(dot(a, y)) * exp(dot(b, y)) * dot(a, y) ** 2),
    E(Abs(dot(a, x)) * dot(b, x) ** 2),
    E(x * x.T * Heaviside(dot(a, x)) * exp(-dot(x, x) / 4)),
    E(tr(DiagMatrix(o) * X * X.T * DiagMatrix(o) * A)),
    E(X * e * e.T * X.T),
    E(HadamardProduct(X, X)),
    E(exp(dot(a, m))),
    E(Max(0, dot(b, m))),
    E(tr(M * M.T * A)),
    E(R * A * R.T * B * R * C * R.T),
    E(form(y, R * A * R.T, y)),
]
INVERSES = [E((X * X.T).I * A * (X * X.T).I), E(dot(x, x)) / (1 + E(tr((X * X.T).I))), E(form(x, (X * X.T).I, x))]
key = gaussian("key", d)
CORRECTED = {U: U - t * U * key * key.T + t * key * key.T}
FIELD = ImmutableMatrix([u - u**3 + v, u - 2 * v])
STEPS = [
    *(Step(rules.expectation, line) for line in BY_EXPECTATION),
    *(Step(rules.expectation, line, sizes=FREE) for line in INVERSES),
    Step(rules.tilting, E(y * exp(dot(a, y)))),
    Step(rules.projecting, E(erf(dot(a, y)) * y)),
    Step(rules.inverse_wishart, E((X * X.T).I), sizes=FREE),
    Step(rules.over_outcomes, E(form(o, A, o) + tr(B))),
    Step(rules.over_labels, E(m * m.T)),
    Step(rules.over_rotations, E(R * A * R.T)),
    Step(rules.gradient, RISK, {"wrt": U}),
    Step(rules.gradient, exp(form(a, U, b)), {"wrt": U}),
    Step(rules.hessian, tr(U * A * U.T * U), {"wrt": U, "direction": H}),
    Step(rules.riemannian_gradient, form(w, As, w) ** 2 + dot(a, w), {"wrt": w}),
    Step(rules.riemannian_hessian, form(w, A, w) ** 2 + dot(a, w) ** 3, {"wrt": w, "direction": h}),
    Step(rules.stationary_point, Sigma * U * (Sigma + C) - Sigma * C, {"wrt": U}),
    Step(rules.solved_by, A * U * B - B, {"wrt": U, "value": A.inv()}),
    Step(rules.fixed_points, ImmutableMatrix([u**2 - 4 * s**2]), {"unknowns": [u]}),
    Step(rules.fixed_points, u**3 - 4 * u * s**2, {"unknowns": [u]}),
    Step(rules.spectrum, ImmutableMatrix([s * u * v, u + v**2]), {"unknowns": [u, v], "at": {u: s, v: sp.Integer(1)}}),
    Step(rules.along_eigenvectors, Sigma * H * Sigma + s * H,
         {"direction": H, "eigenvalues": {Sigma: (alpha, beta)}}, letters=(alpha, beta)),
    Step(rules.on_eigenvectors, tr(As) * form(mu, Sigma * Sigma, h) * Sigma * mu + Sigma.I * h,
         {"of": Sigma, "vectors": {mu: {alpha: u, beta: v}, h: {beta: c}}}, letters=(alpha, beta, u, v, c)),
    Step(rules.on_eigenvectors, form(mu, Sigma, mu) ** 2 * tr(Sigma) + s,
         {"of": Sigma, "vectors": {mu: {alpha: u}}}, letters=(alpha, u)),
    Step(rules.partials, t * c**2 / s + erf(t * c), {"wrt": (t, c)}),
    Step(rules.crossing, 1 - 3 * c * s, {"parameter": c}),
    Step(rules.crossing, c**2 * s - c, {"parameter": c, "positive": True}),
    Step(rules.crossing, erf(c) - erf(s) ** 2 / erf(s), {"parameter": c, "value": s}),
    Step(rules.critical_scale, ImmutableMatrix([1 - c * s, 2 + c]), {"parameter": c}, letters=(s,)),
    Step(rules.flow, s * u - 2 * u**2, {"unknown": u, "time": t, "initial": c}),
    Step(rules.flow, W * A * W, {"unknown": W, "time": t, "initial": Sigma}),
    Step(rules.passage_time, s * u**2 * (1 - u), {"unknown": u, "initial": c}),
    Step(rules.iterated, A * b + B * a, {"unknown": b, "times": N, "initial": a}, letters=(N,)),
    Step(rules.iterated, s * u + c, {"unknown": u, "times": N, "initial": c}, letters=(N,)),
    Step(rules.recursion, tr(U * U.T), {"update": CORRECTED, "means": {s: tr(U * U.T), c: tr(U)}}),
    Step(rules.recursion, a * a.T, {"update": {a: a - t * x * x.T * a}, "means": {C: a * a.T}}, letters=(Sigma,)),
    Step(rules.after_steps, tr(U * U.T), {"update": CORRECTED, "times": N}, letters=(N,)),
    Step(rules.critical_rate, ImmutableMatrix([u * (1 - c * s) + v, v / 2 + 1]), {"unknowns": (u, v), "parameter": c}),
    Step(rules.substitute, tr(A * B), {"letters": {A: B + Sigma}}),
    Step(rules.paired, A * b, {"vector": a}),
    Step(rules.minus, tr(A) + 1, {"what": tr(B)}),
    Step(rules.over, tr(A * B) * s + s**2, {"what": s}),
    Step(rules.over, tr(A * B), {"what": -2}),
    Step(rules.expand_large, (N**2 + s) / (N + tr(A)) / N, {"large": {N: oo}, "order": 2}),
    Step(rules.averaging, E(form(x, ridge, x) ** 2), {"over": (x,)}),
    Step(rules.equivalent, E(tr(noise)) / d),
    Step(rules.equivalent, s**2 * E(form(a, ridge * Sigma * ridge, a)) + E(tr(C * ridge * X * X.T * ridge)) / N**2),
    Step(rules.over_ranks, sp.Sum(1 - exp(-(big**2) / N**2), (N, 1, oo)), {"large": big}, letters=(N,)),
    Step(rules.finite_context_bias, E(x * exp(dot(a, x))) / E(exp(dot(a, x))),
         {"value": x, "weight": exp(dot(a, x)), "tokens": n}, letters=(n,)),
    Step(rules.finite_context_covariance, E(x * exp(dot(a, x))) / E(exp(dot(a, x))),
         {"value": x, "weight": exp(dot(a, x)), "tokens": n}, letters=(n,)),
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_what_a_rule_derives_stands_at_two_sizes(step):
    after = step.rule(step.line, **step.arguments)
    assert step.grades(after) <= {"proved", "enclosed"} or step.grades(after) == {"measured"}
    assert len(list(step.points(after))) == 2


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_what_a_broken_rule_derives_is_refuted_at_both_sizes(step):
    wrong = replace(step.rule, compute=lambda line, **arguments: step.rule(line, **arguments) * Rational(9, 8))
    after = wrong(step.line, **step.arguments)
    for point in step.points(after):
        with pytest.raises(Refuted):
            rules.check_line(wrong, step.line, after, point, step.arguments)


def test_every_rule_is_among_the_steps():
    assert {step.rule.name for step in STEPS} == {rule.name for rule in rules.RULES}


def test_a_forgotten_solution_is_refuted():
    after = rules.fixed_points(ImmutableMatrix([u**2 - 4 * s**2]), unknowns=[u])
    step = Step(rules.fixed_points, ImmutableMatrix([u**2 - 4 * s**2]), {"unknowns": [u]})
    with pytest.raises(Refuted, match="1 solutions are listed and there are 2"):
        step.grades(after[:, :1])
    with pytest.raises(Refuted, match="listed twice"):
        step.grades(sp.ImmutableMatrix.hstack(after, after))


def test_a_gradient_with_a_normal_part_is_no_gradient_on_the_sphere():
    step = Step(rules.riemannian_gradient, form(w, As, w), {"wrt": w})
    with pytest.raises(Refuted, match="normal part"):
        step.grades(rules.gradient(step.line, wrt=w))


def test_a_hessian_without_the_normal_slope_is_refuted():
    line = form(w, As, w)
    step = Step(rules.riemannian_hessian, line, {"wrt": w, "direction": h})
    flat = rules.hessian(line, wrt=w, direction=h - w * dot(w, h))
    with pytest.raises(Refuted, match="second derivative along the sphere"):
        step.grades(flat - w * dot(w, flat))


def test_a_coordinate_off_the_stated_eigenvectors_is_refuted():
    step = Step(rules.on_eigenvectors, Sigma * mu + A * h, {"of": Sigma, "vectors": {mu: {alpha: u}}}, letters=(u,))
    with pytest.raises(Refuted, match="coordinates on the eigenvectors"):
        step.grades(alpha * u)
    with pytest.raises(NotAffine, match="h is on no stated eigenvector"):
        step.rule(step.line, **step.arguments)


@pytest.mark.parametrize(
    ("rule", "line", "arguments", "error"),
    [
        (rules.fixed_points, ImmutableMatrix([u**2 + 1]), {"unknowns": [u]}, NoClosedForm),
        (rules.fixed_points, ImmutableMatrix([u * v]), {"unknowns": [u, v]}, NoClosedForm),
        (rules.flow, u**2 - u**4, {"unknown": u, "time": t, "initial": c}, NoClosedForm),
        (rules.critical_scale, ImmutableMatrix([1 - c, 2 - c]), {"parameter": c}, NoCrossing),
        (rules.crossing, (c - s) * (c - 2 * s), {"parameter": c}, NoCrossing),
    ],
)
def test_a_rule_without_one_answer_says_so(rule, line, arguments, error):
    with pytest.raises(error):
        rule(line, **arguments)
