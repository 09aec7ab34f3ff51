"""Regression in context from covariates with holes: the measurements behind
`derivations/imputation/missing_covariates.py`.

The squared answer of a prompt is a sum over pairs of examples: two different ones or one twice, each read as the layer
reads it. `layer_risk` gives whole prompts to the layer. The average over masks is taken over all of them.
"""

import torch

from numerics.imputation.imputers import chances, masks
from workbench.evidence import crossing, function_of_means, witness


def examples_of(w, sigma, n, draw):
    """Covariates and labels of n examples, and a query."""
    x = draw.normal("tokens", n, len(w))
    return x, x @ w + sigma * draw.normal("noise", n), draw.normal("query", len(w))


def attention(x, y, query, u):
    """What a layer answers at the query: values are labels, scores are products of keys with the query."""
    return u * y @ (x @ query) / len(y)


def over_prompt_masks(value, n, d, q):
    """The mean over all masks of n examples and a query of what one of them is worth."""
    o = masks((n + 1) * d)
    return torch.tensordot(chances(o, 1 - q), torch.vmap(value)(o.reshape(-1, n + 1, d)), dims=1)


def moments(w, sigma, q, draw):
    """A label by the answer of one example, that answer squared, and the answers of two examples multiplied."""
    x, y, query = examples_of(w, sigma, 2, draw)

    def products(o):
        one, other = (attention(o[[k]] * x[[k]], y[[k]], o[2] * query, 1) for k in (0, 1))
        return torch.stack([w @ query * one, one**2, one * other])

    return over_prompt_masks(products, 2, len(w), q)


def error(u, N, moment):
    """The squared error of a layer on N examples."""
    label, same, different = moment
    return 1 - 2 * u * label + u**2 * (same / N + (1 - 1 / N) * different)


def trained(N, moment):
    """The scale at which that is least."""
    label, same, different = moment
    return label / (same / N + (1 - 1 / N) * different)


@function_of_means(error)
def risk(w, sigma, q, N, u, *, draw):
    """The products of answers and labels in one prompt."""
    return torch.as_tensor(u), torch.as_tensor(N), moments(w, sigma, q, draw)


@witness(risk)
def layer_risk(w, sigma, q, N, u, *, draw):
    """Squared error of the layer on one whole prompt."""
    x, y, query = examples_of(w, sigma, N, draw)

    def lost(o):
        return (w @ query - attention(o[:-1] * x, y, o[-1] * query, u)) ** 2

    return over_prompt_masks(lost, N, len(w), q)


@function_of_means(trained)
def best_scale(w, sigma, q, N, *, draw):
    """The products of answers and labels in one prompt."""
    return torch.as_tensor(N), moments(w, sigma, q, draw)


@function_of_means(lambda N, moment: error(trained(N, moment), N, moment))
def least_risk(w, sigma, q, N, *, draw):
    """The same, for the error at the best scale."""
    return torch.as_tensor(N), moments(w, sigma, q, draw)


def changed(N, there, here):
    """What a layer changes here that was trained there."""
    return error(trained(N, there), N, here) - 1


@function_of_means(changed)
def shifted_gain(w, sigma, q, s, N, *, draw):
    """The products of answers and labels at both rates."""
    return torch.as_tensor(N), moments(w, sigma, q, draw), moments(w, sigma, s, draw)


@crossing("s", 0.001, 0.999, of=changed)
def harmful_rate(w, sigma, q, s, N, *, draw):
    """The products of answers and labels at both rates."""
    return torch.as_tensor(N), moments(w, sigma, q, draw), moments(w, sigma, s, draw)
