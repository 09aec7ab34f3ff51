"""One attention layer on sampled sequences: the measurements behind `derivations/single_location/attention_risk.py`.

A token shows the layer only its projections on k, v and v*; sampled in coordinates of that span, a
sequence is the same sequence. The witness runs the layer on whole tokens in R^d.
"""

import torch
from torch.func import grad, jacfwd

from numerics.single_location.layers import (
    attention,
    in_span,
    labelled,
    pieces,
    slope_of,
    squared_error,
)
from workbench.evidence import function_of_means, witness


def squared_weight(t, g, *, draw):
    """The squared weight of one token."""
    return torch.erf(t + g * draw.normal("score")) ** 2


def squared_weight_slope(t, g, *, draw):
    """Autograd through the squared weight of one token."""
    return grad(lambda t: squared_weight(t, g, draw=draw))(torch.as_tensor(t))


@function_of_means(squared_error)
def risk(kappa, nu, theta, eta, rho, lam, gamma, s, epsilon, L, *, draw):
    """The error of the informative token and the answer of another, with their squares."""
    frame = in_span(kappa, nu, theta, eta, rho)
    means = pieces(*frame, lam, gamma, s, draw.normal("token", 3), epsilon * draw.normal("label noise"))
    return means, torch.as_tensor(float(L))


@witness(risk)
def risk_of_sequences(kappa, nu, theta, eta, rho, lam, gamma, s, epsilon, L, *, draw):
    """Squared error of the layer on whole sequences of tokens in R^6."""
    k, v, kstar, vstar = embedded(kappa, nu, theta, eta, rho)
    X, answers = labelled(kstar, vstar, s, gamma, epsilon, 1, L, draw)
    return (answers[0] - attention(k, v, lam, X[0])) ** 2


def embedded(kappa, nu, theta, eta, rho):
    """Unit vectors k, v, k*, v* of R^6 with these overlaps."""
    kstar, vstar, up, out = torch.eye(6)[:4]
    height = (1 - kappa**2 - eta**2) ** 0.5
    lean = (rho - kappa * theta - eta * nu) / height
    k = kappa * kstar + eta * vstar + height * up
    v = theta * kstar + nu * vstar + lean * up + (1 - theta**2 - nu**2 - lean**2) ** 0.5 * out
    return k, v, kstar, vstar


def jet(overlaps, lam, gamma, s, L, draw):
    """The pieces and their slopes along the overlaps, through the layer on one token at a time."""
    z = draw.normal("token", 3)

    def pieces_at(overlaps):
        return pieces(*in_span(*overlaps), lam, gamma, s, z)

    return pieces_at(overlaps), jacfwd(pieces_at)(overlaps), torch.as_tensor(float(L))


@function_of_means(slope_of)
def risk_slopes(kappa, nu, theta, eta, rho, lam, gamma, s, L, *, draw):
    """Autograd along the five overlaps."""
    overlaps = torch.stack([torch.as_tensor(overlap) for overlap in (kappa, nu, theta, eta, rho)])
    return jet(overlaps, lam, gamma, s, L, draw)


@function_of_means(slope_of)
def slopes_on_manifold(kappa, nu, lam, gamma, s, L, *, draw):
    """Autograd along the five overlaps where key and value do not mix."""
    return jet(torch.tensor([kappa, nu, 0.0, 0.0, 0.0]), lam, gamma, s, L, draw)
