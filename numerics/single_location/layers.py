"""One layer of erf attention and the sequences it reads, as a network would run them."""

import torch
from torch import Tensor
from torch.func import hessian, jacfwd

from workbench.evidence import Draw


def attention(k: Tensor, v: Tensor, lam: float, X: Tensor) -> Tensor:
    """Σ_ℓ erf(λ X_ℓ·k) X_ℓ·v: what the layer reads from a sequence of tokens."""
    return (torch.erf(lam * (X @ k)) * (X @ v)).sum(-1)


def sequences(kstar: Tensor, s: float, gamma: float, noise: Tensor, places: Tensor) -> Tensor:
    """Gaussian tokens of which the one at its place is informative; shapes (…, L, d) and (…)."""
    informative = torch.nn.functional.one_hot(places, noise.shape[-2]).to(torch.bool)[..., None]
    return torch.where(informative, s * kstar + gamma * noise, noise)


def labelled(kstar, vstar, s, gamma, epsilon, size: int, L: int, draw: Draw) -> tuple[Tensor, Tensor]:
    """A data set of `size` sequences of L tokens with their answers."""
    places = draw.index("places", L, size)
    X = sequences(kstar, s, gamma, draw.normal("tokens", size, L, len(kstar)), places)
    informative = X[torch.arange(size), places]
    return X, informative @ vstar + epsilon * draw.normal("label noise", size)


def pieces(k, v, kstar, vstar, lam, gamma, s, z, xi=0.0) -> Tensor:
    """What a mean squared error is made of: the error of the informative token and the answer of another.

    Tokens are independent given the place, so only the separate means of the two (and of their squares)
    enter, and both may be made from the same noise z.
    """
    x = s * kstar + gamma * z
    error = x @ vstar + xi - attention(k, v, lam, x[None])
    other = attention(k, v, lam, z[None])
    return torch.stack([error**2, error, other, other**2])


def squared_error(means: Tensor, L: int | Tensor) -> Tensor:
    """The mean squared error over sequences of L tokens, from the means of the pieces."""
    square, error, other, other_square = means
    return square - 2 * (L - 1) * error * other + (L - 1) * other_square + (L - 1) * (L - 2) * other**2


def slope_of(means: Tensor, first: Tensor, L: Tensor) -> Tensor:
    """The gradient of the mean squared error from the means of the pieces and their slopes, by the chain rule."""
    return jacfwd(lambda step: squared_error(means + first @ step, L))(first.new_zeros(first.shape[1]))


def curvature_of(means: Tensor, first: Tensor, second: Tensor, L: Tensor) -> Tensor:
    """The Hessian of the mean squared error from the means of the pieces and two derivatives, by the chain rule."""

    def nearby(step: Tensor) -> Tensor:
        return squared_error(means + first @ step + (second @ step) @ step / 2, L)

    return hessian(nearby)(first.new_zeros(first.shape[1]))


def in_span(kappa, nu, theta, eta, rho) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """k, v, k*, v* in coordinates of the span of k, v and v*: all that a token shows to the layer and the answer."""
    one = torch.ones(())
    rows = [[one, rho, eta], [rho, one, nu], [eta, nu, one]]
    root = torch.linalg.cholesky(torch.stack([torch.stack([torch.as_tensor(e) + 0 * one for e in r]) for r in rows]))
    seen = torch.stack([torch.as_tensor(kappa), torch.as_tensor(theta), torch.zeros(())])
    return root[0], root[1], torch.linalg.solve_triangular(root, seen[:, None], upper=False)[:, 0], root[2]


def turned(angles: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """k and v on the manifold, turned away from k* and v* into two directions of their own by these angles."""
    kstar, vstar, aside, away = torch.eye(4)
    k = torch.cos(angles[0]) * kstar + torch.sin(angles[0]) * aside
    v = torch.cos(angles[1]) * vstar + torch.sin(angles[1]) * away
    return k, v, kstar, vstar
