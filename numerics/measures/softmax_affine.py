"""Attention heads over sampled Gaussian tokens: the measurements behind `derivations/measures/softmax_affine.py`.

Softmax over an endless context is the ratio of two means over one token, so most twins return the
weighted value and the weight of one token. The 1/n laws average over whole contexts, one token at a
time; the witnesses run whole contexts through a layer.
"""

import torch
from torch.func import grad

from numerics.measures import contexts
from numerics.measures.heads import context, softmax_attention, token, without_each
from workbench.evidence import function_of_means, limit, ratio, root, witness

LENGTHS = (16, 32, 64)  # of the contexts that a layer reads


@ratio
def output(mu, Sigma, Q, K, V, x, *, draw):
    """Value and softmax weight of one token, attended from x."""
    X = token(mu, Sigma, draw)
    weight = torch.exp((K @ X) @ (Q @ x))
    return weight * (V @ X), weight


def linear_output(mu, Sigma, Q, K, V, x, *, draw):
    """Value times score of one token."""
    X = token(mu, Sigma, draw)
    return (V @ X) * ((K @ X) @ (Q @ x))


@ratio
def l2_output(mu, Sigma, Q, K, V, x, *, draw):
    """Value and weight of one token whose key lies at some distance from the query."""
    X = token(mu, Sigma, draw)
    weight = torch.exp(-torch.sum((Q @ x - K @ X) ** 2))
    return weight * (V @ X), weight


@function_of_means(lambda first, mass, second, mass2: first / mass + second / mass2)
def multi_head(mu, Sigma, Q, K, V, Q2, K2, V2, x, *, draw):
    """Values and weights of one token in two heads."""
    X = token(mu, Sigma, draw)
    weight, weight2 = torch.exp((K @ X) @ (Q @ x)), torch.exp((K2 @ X) @ (Q2 @ x))
    return weight * (V @ X), weight, weight2 * (V2 @ X), weight2


@function_of_means(lambda moved, weighed, total, mass: moved / mass - weighed * (total / mass**2))
def sensitivity(mu, Sigma, Q, K, V, x, a, *, draw):
    """Autograd through the softmax: the quotient's numerator and denominator, with their slopes in Q."""
    X = token(mu, Sigma, draw)

    def weight(Q):
        return torch.exp((K @ X) @ (Q @ x))

    def read_out(Q):
        return weight(Q) * (a @ V @ X)

    return grad(read_out)(Q), grad(weight)(Q), read_out(Q), weight(Q)


@root("x")
def fixed_token(mu, Sigma, Q, K, V, x, *, draw):
    """The weighted move of the query; its mean vanishes where attention returns the query itself."""
    X = token(mu, Sigma, draw)
    return torch.exp((K @ X) @ (Q @ x)) * (V @ X - x)


@limit(lambda alive, pulled, total, mass, n: n * (contexts.mean_output(alive, pulled, n) - total / mass))
def finite_bias(mu, Sigma, w, *, draw):
    """One token's part in the average output of contexts of growing length, and in that of an endless one."""
    X, weight, alive = contexts.one_token(mu, Sigma, w, draw)
    sizes = len(contexts.LENGTHS)
    pulled = (alive * weight)[..., None] * X
    return alive, pulled, (weight * X).expand(sizes, -1), weight.expand(sizes), contexts.LENGTHS


def fluctuation(alive, pulled, squared, n):
    """n times the covariance of the output, from one token's parts."""
    mean = contexts.mean_output(alive, pulled, n)
    return n * (contexts.mean_square(alive, pulled, squared, n) - torch.outer(mean, mean))


@limit(fluctuation)
def finite_covariance(mu, Sigma, w, *, draw):
    """One token's part in the average output and its square, for contexts of growing length."""
    X, weight, alive = contexts.one_token(mu, Sigma, w, draw)
    pulled = (alive * weight)[..., None] * X
    return alive, pulled, (weight * pulled)[..., None] * X, contexts.LENGTHS


@witness(finite_bias)
@limit()
def bias_of_a_layer(mu, Sigma, w, *, draw):
    """n times the jackknife's estimate of the bias, on contexts of growing length (nested)."""
    X = context(mu, Sigma, LENGTHS[-1], draw)
    return torch.stack([n * jackknife_bias(X.reshape(-1, n, len(mu)), w).mean(0) for n in LENGTHS])


def jackknife_bias(contexts, w):
    """(n − 1)(mean of the outputs with one token left out − output): its mean is bias(n−1) − bias(n), times n − 1."""

    def one(X):
        return (len(X) - 1) * (without_each(X, X @ w).mean(0) - softmax_attention(X, X @ w))

    return torch.vmap(one)(contexts)


@witness(finite_covariance)
@limit(lambda square, mean, n: n * (square - torch.outer(mean, mean)))
def covariance_of_a_layer(mu, Sigma, w, *, draw):
    """Output and its outer square on contexts of growing length (nested)."""
    X = context(mu, Sigma, LENGTHS[-1], draw)
    outputs = [torch.vmap(lambda c: softmax_attention(c, c @ w))(X.reshape(-1, n, len(mu))) for n in LENGTHS]
    squares = torch.stack([torch.einsum("ki,kj->ij", T, T) / len(T) for T in outputs])
    return squares, torch.stack([T.mean(0) for T in outputs]), torch.tensor(LENGTHS, dtype=torch.float64)


@witness(output)
@limit()
def output_of_a_layer(mu, Sigma, Q, K, V, x, *, draw):
    """The same from whole contexts through one softmax layer, extrapolated to endless ones."""
    X = context(mu, Sigma, LENGTHS[-1], draw)
    scores = (X @ K.T) @ (Q @ x)
    values = X @ V.T
    return torch.stack([
        torch.vmap(softmax_attention)(values.reshape(-1, n, len(mu)), scores.reshape(-1, n)).mean(0)
        for n in LENGTHS
    ])  # fmt: skip
