"""Descent of one attention layer where key and value do not mix: behind `derivations/single_location/reduced_flow.py`.

Key and value are turned on their spheres by angles, and autograd goes through the layer on one token
at a time, in the four directions that matter (k*, v*, and the two from which key and value come).
"""

import torch
from torch.func import jacfwd, jvp, vmap
from torch.nn.functional import normalize, pad

from numerics.single_location.layers import (
    attention,
    in_span,
    labelled,
    pieces,
    slope_of,
    squared_error,
)
from workbench.evidence import crossing, experiment, function_of_means, witness

STEP, BATCH = 1e-4, 4_000  # of the projected descent in R^12


def placed(kappa, nu):
    """k and v at these overlaps on the manifold, and k*, v*, in R^4."""
    kstar, vstar, aside, away = torch.eye(4)
    kappa, nu = torch.as_tensor(kappa), torch.as_tensor(nu)
    k = kappa * kstar + torch.sqrt(1 - kappa**2) * aside
    return k, nu * vstar + torch.sqrt(1 - nu**2) * away, kstar, vstar


@function_of_means(squared_error)
def risk_on_manifold(kappa, nu, lam, gamma, s, epsilon, L, *, draw):
    """The error of the informative token and the answer of another, with their squares."""
    frame = in_span(kappa, nu, 0.0, 0.0, 0.0)
    means = pieces(*frame, lam, gamma, s, draw.normal("token", 3), epsilon * draw.normal("label noise"))
    return means, torch.as_tensor(float(L))


@function_of_means(slope_of)
def key_flow(kappa, nu, lam, gamma, s, L, *, draw):
    """The slope of the risk where the key moves on its sphere away from k*: descent turns it towards k* so fast."""
    (k, v, kstar, vstar), z = placed(kappa, nu), draw.normal("token", 4)
    away = (k @ kstar) * k - kstar
    values, slopes = jvp(lambda key: pieces(key, v, kstar, vstar, lam, gamma, s, z), (k,), (away,))[:2]
    return values, slopes[:, None], torch.as_tensor(float(L))


@function_of_means(slope_of)
def value_flow(kappa, nu, lam, gamma, s, L, *, draw):
    """The slope of the risk where the value moves on its sphere away from v*."""
    (k, v, kstar, vstar), z = placed(kappa, nu), draw.normal("token", 4)
    away = (v @ vstar) * v - vstar
    values, slopes = jvp(lambda value: pieces(k, value, kstar, vstar, lam, gamma, s, z), (v,), (away,))[:2]
    return values, slopes[:, None], torch.as_tensor(float(L))


@witness(key_flow)
@experiment(runs=8)
def key_trained_for_a_step(kappa, nu, lam, gamma, s, L, *, draw):
    """The key's overlap gained per unit of time in one step of projected SGD on sampled sequences in R^12."""
    k, v, kstar, vstar = (pad(vector, (0, 8)) for vector in placed(kappa, nu))
    X, answers = labelled(kstar, vstar, s, gamma, 0.0, BATCH, L, draw)
    key, value = k.clone().requires_grad_(), v.clone().requires_grad_()
    torch.mean((answers - attention(key, value, lam, X)) ** 2).backward()
    torch.optim.SGD([key, value], lr=STEP).step()
    return (normalize(key.detach(), dim=0) - k) @ kstar / STEP


def slopes_of_key(kappa, nu, lam, gamma, s, L, draw):
    """The key, and the pieces with their slopes along all its coordinates."""
    (k, v, kstar, vstar), z = placed(kappa, nu), draw.normal("token", 4)

    def pieces_at(key):
        return pieces(key, v, kstar, vstar, lam, gamma, s, z)

    return k, pieces_at(k), jacfwd(pieces_at)(k), torch.as_tensor(float(L))


def on_sphere(k, *jet):
    """The part of the risk's gradient that is tangent at the key."""
    slope = slope_of(*jet)
    return slope - (slope @ k) * k


@function_of_means(lambda *means: on_sphere(*means) @ on_sphere(*means))
def key_slope(kappa, nu, lam, gamma, s, L, *, draw):
    """Autograd along all coordinates of the key, and its tangent part."""
    return slopes_of_key(kappa, nu, lam, gamma, s, L, draw)


@function_of_means(lambda alpha, k, *jet: normalize(k - alpha * on_sphere(k, *jet), dim=0)[0])
def key_step(alpha, kappa, nu, lam, gamma, s, L, *, draw):
    """A step of that size down the tangent part, back to the sphere, and the coordinate along k*."""
    return torch.as_tensor(alpha), *slopes_of_key(kappa, nu, lam, gamma, s, L, draw)


def along(function):
    """A function of one number at zero, and its slope there."""
    return jvp(function, (torch.zeros(()),), (torch.ones(()),))[:2]


def both_values(kappa, lam, gamma, s, L, draw):
    """The pieces for the values v* and −v*, their slopes as the key turns away from k*, as λ grows, and as both do."""
    kstar, vstar, aside = torch.eye(3)
    k, z = kappa * kstar + (1 - kappa**2) ** 0.5 * aside, draw.normal("token", 3)

    def pieces_at(turn, change):
        key = k + turn * (kappa * k - kstar)
        return vmap(lambda v: pieces(key, v, kstar, vstar, lam + change, gamma, s, z))(torch.stack([vstar, -vstar]))

    (values, turn), (change, both) = along(lambda change: along(lambda turn: pieces_at(turn, change)))
    return values, turn, change, both, torch.as_tensor(float(L))


def turns(values, turn, change, both, L):
    """For both values, the slope of the risk as the key turns, and how that grows with λ."""

    def risk(step, more):
        return squared_error((values + step * turn + more * change + step * more * both).T, L)

    return along(lambda more: along(lambda step: risk(step, more))[1])


def wait(*means):
    """The overlap ν where the key's slope vanishes: it is affine in ν, known at v = v* and at v = −v*."""
    (right, wrong), _ = turns(*means)
    return (right + wrong) / (wrong - right)


@function_of_means(wait)
def waiting_key(kappa, lam, gamma, s, L, *, draw):
    """Slopes of the key for the right value and for the wrong one."""
    return both_values(kappa, lam, gamma, s, L, draw)


def wait_grows(*means):
    """How that overlap grows with λ, up to a positive factor."""
    (right, wrong), (right_grows, wrong_grows) = turns(*means)
    return wrong * right_grows - right * wrong_grows


@crossing("lam", 0.3, 0.9, of=wait_grows)
def slowest_temperature(kappa, lam, gamma, s, L, *, draw):
    """The same slopes as λ varies, and how they grow with it."""
    return both_values(kappa, lam, gamma, s, L, draw)
