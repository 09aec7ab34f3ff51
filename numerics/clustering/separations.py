"""Two clusters, parted by three readers: the measurements behind `derivations/clustering/separations.py`.

Tokens on either side of a border are counted by Gauss's rule; the witnesses run the algorithms on samples.
"""

import numpy as np
import torch
from scipy.optimize import brentq
from torch import Tensor
from torch.func import grad

from workbench.evidence import crossing, experiment, witness

FAR = 12  # spreads beyond the clusters there are no tokens
NODES, WEIGHTS = (torch.from_numpy(each) for each in np.polynomial.legendre.leggauss(160))
LINE, SHARES = (torch.from_numpy(each) for each in np.polynomial.hermite_e.hermegauss(24))
FINE = torch.linspace(-FAR, FAR, 481, dtype=torch.float64)  # equal spacing is exact for Gaussians
EVEN = torch.softmax(-(FINE**2) / 2, dim=0)
TOKENS, ROUNDS = 2**15, 60  # in one sample; of an algorithm


def density(t: Tensor, s, gamma) -> Tensor:
    """Of tokens along the axis of both clusters."""
    return sum(torch.exp(-((t - place) ** 2) / (2 * gamma**2)) for place in (s, -s)) / (8 * torch.pi) ** 0.5 / gamma


def beyond(border, s, gamma, of=torch.ones_like) -> Tensor:
    """The mean of a function of tokens, counted positive beyond a border and negative before it."""
    reach = abs(border) + s + FAR * gamma
    right, left = (border + sign * reach * (NODES + 1) / 2 for sign in (1, -1))
    return (
        reach / 2 * (WEIGHTS @ (of(right) * density(right, s, gamma)) - WEIGHTS @ (of(left) * density(left, s, gamma)))
    )


def bayes_rate(s, gamma, *, draw):
    """Tokens of one cluster beyond the middle, those of a cluster without separation moved there."""
    return (1 + beyond(torch.tensor(-s), 0.0, gamma)) / 2


def k_means_centre(s, gamma, *, draw):
    """The mean of tokens on one side."""
    return beyond(torch.zeros(()), s, gamma, lambda t: t)


def sample(s, gamma, draw) -> tuple[Tensor, Tensor]:
    """Tokens in the plane and the clusters that they are of, ±1."""
    labels = torch.sign(draw.uniform("labels", TOKENS) - 0.5)
    tokens = gamma * draw.normal("tokens", TOKENS, 2)
    return tokens + s * torch.stack([labels, 0 * labels], dim=1), labels


def lloyd(tokens: Tensor) -> Tensor:
    """Half the difference of both centres of k-means, from a start beside the axis; shape (2,)."""
    centres = torch.tensor([[-0.5, 0.3], [1.0, -0.2]], dtype=torch.float64)
    for _ in range(ROUNDS):
        nearer = torch.cdist(tokens, centres).argmin(dim=1)
        centres = torch.stack([tokens[nearer == k].mean(dim=0) for k in (0, 1)])
    return (centres[1] - centres[0]) / 2


@witness(bayes_rate)
@experiment(runs=8)
def labels_of_k_means(s, gamma, *, draw):
    """The share of sampled tokens that k-means gives to their own cluster."""
    tokens, labels = sample(s, gamma, draw)
    return torch.mean((torch.sign(tokens @ lloyd(tokens)) == labels).double())


@witness(k_means_centre)
@experiment(runs=8)
def centres_of_a_sample(s, gamma, *, draw):
    """Where Lloyd's algorithm ends on sampled tokens."""
    return torch.linalg.norm(lloyd(sample(s, gamma, draw)[0]))


def maximised(theta: float, s, gamma) -> Tensor:
    """Where a step of expectation maximisation places the centres from θ: tokens times votes."""
    t = s + gamma * FINE
    return EVEN @ (t * torch.tanh(theta * t / gamma**2))


def mixture_centre(s, gamma, *, draw):
    """Where such a step changes nothing."""
    return torch.tensor(brentq(lambda theta: float(maximised(theta, s, gamma)) - theta, 0.2 * s, 5 * s, xtol=1e-15))


@witness(mixture_centre)
@experiment(runs=8)
def mixture_of_a_sample(s, gamma, *, draw):
    """Where expectation maximisation ends on the tokens that k-means and Bayes are given."""
    tokens, _ = sample(s, gamma, draw)
    centre = torch.tensor([0.7, 0.2], dtype=torch.float64)
    for _ in range(4 * ROUNDS):
        centre = torch.tanh(tokens @ centre / gamma**2) @ tokens / TOKENS
    return torch.linalg.norm(centre)


def turned(tilt: Tensor, s, gamma, eta) -> Tensor:
    """The tilt of the centres after a step of Lloyd's algorithm from a tilted border, token by token across."""

    def at(z):
        return torch.stack(
            [eta * z * beyond(-tilt * eta * z, s, gamma), beyond(-tilt * eta * z, s, gamma, lambda t: t)]
        )

    across, along = torch.tensordot(SHARES / SHARES.sum(), torch.vmap(at)(LINE), dims=1)
    return across / along


def turning(s, gamma, eta, *, draw):
    """How that grows with the tilt of the border."""
    return grad(lambda tilt: turned(tilt, s, gamma, eta))(torch.zeros((), dtype=torch.float64))


@crossing("eta", 1e-3, 1e3)
def critical_width(s, gamma, eta, *, draw):
    """Whether a small tilt grows."""
    return turning(s, gamma, eta, draw=draw) - 1
