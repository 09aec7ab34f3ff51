"""Readers that know the scores, place by place: behind `derivations/single_location/posteriors.py`."""

import torch
from torch.distributions import MultivariateNormal

from workbench.evidence import function_of_means, root


def posterior(first, second, kstar, s, gamma, *, draw):
    """Densities of a sequence of two tokens, the first informative, and the second."""
    white = torch.eye(len(kstar))
    informative = MultivariateNormal(s * kstar, gamma**2 * white)
    other = MultivariateNormal(torch.zeros(len(kstar)), white)

    def density(here, elsewhere):
        return informative.log_prob(here) + other.log_prob(elsewhere)

    return density(first, second) - density(second, first)


def chances(r):
    """The probability of each place."""
    return r**2 / torch.sum(r**2)


def risk(omega, r, epsilon, *, draw):
    """Squared error of these weights on tokens with this posterior, on one sequence for each place."""
    z, noise = draw.normal("answers", len(r)), epsilon * draw.normal("label noise")
    return chances(r) @ (z + noise - omega @ z) ** 2


def bayes_risk(r, epsilon, *, draw):
    """Squared error of the posterior itself."""
    return risk(chances(r), r, epsilon, draw=draw)


def excess(omega, r, *, draw):
    """By how much these weights err more than the posterior, on the same sequences."""
    return risk(omega, r, 0.0, draw=draw) - bayes_risk(r, 0.0, draw=draw)


@root("alpha")
def best_scale(sigma, alpha, r, *, draw):
    """Autograd in the scale of the weights."""
    return torch.func.grad(lambda scale: risk(scale * sigma, r, 0.0, draw=draw))(torch.as_tensor(alpha))


def bottom(*heights):
    """The lowest point of the parabola with these heights at −1, 0, 1."""
    below, middle, above = heights
    return middle - (above - below) ** 2 / (8 * (above + below - 2 * middle))


@function_of_means(bottom)
def activation_gap(sigma, r, *, draw):
    """The excess at three scales of the weights."""
    return tuple(excess(scale * sigma, r, draw=draw) for scale in (-1, 0, 1))
