"""Slopes for the steps of a training: those of torch.func, bit by bit, wherever they are taken."""

import pytest
import torch
from torch.func import grad, jacrev, vmap

from workbench.evidence import gradient

A, B = torch.arange(6.0, dtype=torch.float64).reshape(2, 3) / 7, torch.ones(3, dtype=torch.float64) / 3


def loss(weights, x):
    """A loss of two weights; one of them is unused."""
    return (weights["a"] @ x).tanh().square().sum()


def same(one, two):
    return one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)


def test_slopes_are_those_of_torch_func_and_nothing_remembers_them():
    weights = {"a": A, "unused": B}
    found = gradient(loss)(weights, B)
    assert same(found, grad(loss)(weights, B)) and not found["unused"].any()
    assert not any(each.requires_grad for each in (*found.values(), *weights.values()))


@pytest.mark.parametrize(
    "inner",
    [lambda y, x: (x * y**3).sum(), lambda y, x: (x**2 * y.exp()).sum()],
    ids=["a polynomial", "an exponential"],
)
def test_slopes_of_slopes_are_right_also_in_what_a_function_remembers(inner):
    def outer(take):
        return lambda x: take(lambda y: inner(y, x))(B).sum() + x.sum()  # x is no argument of the inner one

    assert torch.equal(gradient(outer(gradient))(A[0]), grad(outer(grad))(A[0]))
    assert torch.equal(jacrev(gradient(lambda y: inner(y, B)))(B), jacrev(grad(lambda y: inner(y, B)))(B))


def test_slopes_of_many_rows_are_taken_by_torch_func():
    rows = torch.stack([B, 2 * B])
    assert torch.equal(vmap(gradient(torch.sum))(rows), torch.ones(2, 3))
    assert torch.equal(
        vmap(lambda x: gradient(loss)({"a": A}, x)["a"])(rows)[1], gradient(loss)({"a": A}, rows[1])["a"]
    )


def test_what_is_recorded_for_somebody_else_is_differentiated_through():
    x = B.clone().requires_grad_()
    gradient(lambda y, x: (x * y**2).sum())(B, x).sum().backward()
    assert torch.equal(x.grad, 2 * B)
