"""Lowering: the tensor function of a moment has the exact value, and shares what terms would repeat."""

from math import prod

import numpy as np
import pytest
import torch
from flint import fmpq
from sympy import Identity, OneMatrix

from workbench.calculus import expect, gradient, lower, moment, moment_graph
from workbench.calculus.errors import NotTranslatable, ShapeMismatch, UnknownLaw
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import evaluate, floats
from workbench.language.laws import E, gaussian, mask
from workbench.language.letters import count, form, matrix, positive, probability, size, spd, tr, vector

d, N, s = size("d"), count("N"), positive("s")
Sigma, Lambda, A, B, U = spd("Sigma", d), spd("Lambda", d), matrix("A", d, d), matrix("B", d, d), matrix("U", d, d)
a, M = vector("a", d), matrix("M", d, N)
X, Y = gaussian("X", d, N, cov=Sigma), gaussian("Y", d, N, mean=M, cov=s * Sigma + Identity(d))
x = gaussian("x", d, mean=a, cov=Sigma)
SCALARS = [
    E(tr((X * X.T * A) ** 3)),
    E(tr(X * X.T * A * Y * Y.T * B) * tr(A) / N),
    E(form(x, A, x) ** 3 - s * tr(B)),
    E(tr(X * OneMatrix(N, 1) * a.T)),
    E(form(a, Sigma.I * X * X.T * Sigma.I, a)),
]
MATRICES = [E(X * X.T * A * X * X.T), E(Y * Y.T * A * X), E(x * x.T / (N + s)), E(X.T * A * X)]


def point_of(*expressions):
    return draw(letters_of(*expressions), "lowering", {"d": 3, "N": 4})


def tensors_of(point):
    """The letters as tensors, sizes and numbers as plain numbers."""
    values = {letter.name: floats(value) for letter, value in point.items()}
    return {name: torch.tensor(v) if v.ndim else float(v) for name, v in values.items()}


def nearest(exact, lowered):
    """Equal to within the roundoff of adding numbers of this size."""
    exact, lowered = floats(exact), np.asarray(lowered)
    return np.all(np.abs(exact - lowered) <= 2**-40 * (1 + np.abs(exact).max()))


@pytest.mark.parametrize("mean", [*SCALARS, *MATRICES], ids=str)
def test_the_lowered_moment_has_the_exact_value(mean):
    point = point_of(mean) | {letter: value for letter, value in point_of(X).items()}
    tensors = {name: int(v) if name in ("d", "N") else v for name, v in tensors_of(point).items()}
    assert nearest(evaluate(expect(mean), point), lower(mean)(tensors))


def test_a_changed_letter_changes_the_value():
    mean = SCALARS[0]
    point = point_of(mean, X)
    tensors = tensors_of(point)
    tensors["A"] = 2 * tensors["A"]
    assert not nearest(evaluate(expect(mean), point), lower(mean)(tensors))


def test_sizes_are_read_off_the_tensors():
    point = point_of(E(tr(X * X.T)))
    tensors = {"Sigma": tensors_of(point)["Sigma"], "N": 4}
    assert nearest(evaluate(expect(E(tr(X * X.T) ** 2)), point), lower(E(tr(X * X.T) ** 2))(tensors))


def test_the_gradient_by_torch_is_the_gradient_by_cutting_words():
    mean = E(tr(U * X * X.T * U.T * A * X * X.T))
    point = point_of(mean, X)
    tensors = tensors_of(point)
    tensors["U"].requires_grad_()
    lower(mean)(tensors).backward()
    assert nearest(evaluate(gradient(mean, U), point), tensors["U"].grad)


def test_a_large_moment_is_never_multiplied_out():
    y, z = gaussian("y", d, mean=a, cov=Sigma), gaussian("z", d, mean=a, cov=Lambda)
    factors = [form(x, A, x) ** 5, form(y, B, y) ** 5, form(z, U, z) ** 5]
    graph = moment_graph(E(factors[0] * factors[1] * factors[2]))
    assert len(graph) < 1000
    assert prod(len(moment(E(factor))) for factor in factors) > 3_000_000  # the terms of the product
    point = point_of(*(E(factor) for factor in factors))
    exact = prod((evaluate(expect(E(factor)), point) for factor in factors), start=fmpq(1))
    assert nearest(exact, lower(graph)(tensors_of(point)))


def test_what_cannot_be_lowered_says_why():
    with pytest.raises(UnknownLaw, match="no Gaussian law"):
        lower(E(tr(mask("o", d, probability("q")) * a.T)))
    with pytest.raises(UnknownLaw, match="random itself"):
        lower(E(form(a, gaussian("outer", d, mean=x), a)))
    with pytest.raises(KeyError, match="Sigma"):
        lower(E(tr(X * X.T)))({"N": 3})
    with pytest.raises(KeyError, match="no value was given for N"):
        lower(E(tr(X * X.T)))({"Sigma": torch.eye(2)})
    with pytest.raises(ShapeMismatch, match="declared"):
        lower(E(tr(X * X.T * A)))({"Sigma": torch.eye(2), "A": torch.eye(3), "N": 3})
    with pytest.raises(NotTranslatable, match="not lowered"):
        lower(E(tr(gaussian("W", d, N, cov=(Sigma + A * A.T).inv()) * M.T) ** 2))(
            {"Sigma": torch.eye(2), "A": torch.eye(2), "M": torch.eye(2)}
        )
