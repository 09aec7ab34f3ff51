"""Incomplete prompts read by linear attention: the measurements behind `derivations/imputation/masked_contexts.py`.

A prompt is a tensor of tokens, examples first and the query last, missing entries at zero. The average over
masks is taken over all masks of the whole prompt; `sampled_risk` draws them.
"""

import torch
from torch.func import grad

from numerics.imputation.imputers import chances, masks, sample
from workbench.evidence import at, root, witness


def attention(tokens, theta):
    """What a layer answers at the last token: keys and values are the others, scores are their products with it."""
    context, query = tokens[:-1], tokens[-1]
    return theta * context.T @ (context @ query) / len(context)


def prompt_of(Sigma, n, draw):
    """Complete examples and the complete query; shape (n + 1, d)."""
    examples = draw.normal("examples", n, len(Sigma)) @ torch.linalg.cholesky(Sigma).T
    return torch.cat([examples, sample(Sigma, draw)[None]])


def error(prompt, seen, theta):
    """Squared error of the layer on the missing entries of the query."""
    return torch.sum(((1 - seen[-1]) * (prompt[-1] - attention(seen * prompt, theta))) ** 2)


def over_prompt_masks(value, n, d, q, p):
    """The mean over all masks of a prompt of what one of them is worth."""
    o = masks((n + 1) * d).reshape(-1, n + 1, d)
    chance = chances(o[:, :-1].flatten(1), 1 - q) * chances(o[:, -1], p)
    return torch.tensordot(chance, torch.vmap(value)(o), dims=1)


def risk(Sigma, n, p, q, theta, *, draw):
    """Squared error on one prompt, over all masks of its examples and its query."""
    prompt = prompt_of(Sigma, n, draw)
    return over_prompt_masks(lambda o: error(prompt, o, theta), n, len(Sigma), q, p)


@witness(risk)
def sampled_risk(Sigma, n, p, q, theta, *, draw):
    """The same with one mask drawn at random."""
    d, prompt = len(Sigma), prompt_of(Sigma, n, draw)
    seen = torch.cat([draw.bernoulli("seen examples", q, n, d), draw.bernoulli("seen query", 1 - p, 1, d)])
    return error(prompt, seen, theta)


@root("theta")
def best_scale(Sigma, n, p, q, theta, *, draw):
    """Autograd in the scale of the layer."""
    return grad(lambda scale: risk(Sigma, n, p, q, scale, draw=draw))(torch.as_tensor(theta))


@at(theta=best_scale)
def least_risk(Sigma, n, p, q, theta, *, draw):
    """Squared error at the scale that was found."""
    return risk(Sigma, n, p, q, theta, draw=draw)


def alike(d, rho):
    """Unit variances and equal correlations."""
    return rho + (1 - rho) * torch.eye(d)


def risk_alike(d, n, p, q, rho, theta, *, draw):
    """Squared error on one prompt of entries that are all alike, over all masks."""
    return risk(alike(d, rho), n, p, q, theta, draw=draw)


@root("theta")
def scale_alike(d, n, p, q, rho, theta, *, draw):
    """Autograd in the scale of the layer, on entries that are all alike."""
    return grad(lambda scale: risk_alike(d, n, p, q, rho, scale, draw=draw))(torch.as_tensor(theta))
