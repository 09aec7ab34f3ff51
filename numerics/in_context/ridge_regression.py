"""Ridge on one long prompt: the measurements behind `derivations/in_context/ridge_regression.py`."""

import torch

from workbench.evidence import limit

SIZES = (1, 2, 4, 8)  # copies of the d directions and n examples, from which large prompts are extrapolated
LARGEST = SIZES[-1]


def solved(tokens, answers, s):
    """The weights of ridge of strength s on the columns of matrices of tokens."""
    d, n = tokens.shape[-2:]
    return torch.linalg.solve(tokens @ tokens.mT / n + s * torch.eye(d), tokens @ answers / n)


def missed(tokens, w, s, sigma, root):
    """Squared error at a new query of prompts whose directions come in copies.

    It is averaged over the query, over the noise, one label at a time, and over the copies along which the task may
    point.
    """
    copies, n = tokens.shape[-2] // len(w), tokens.shape[-1]
    tasks = torch.kron(torch.eye(copies), w.reshape(-1, 1))
    labels = sigma * torch.eye(n).expand(*tokens.shape[:-2], n, n)  # noise is white: each label counts for itself
    weights = solved(tokens, torch.cat([tokens.mT @ tasks, labels], dim=-1), s)

    def length(wrong):
        return (wrong.mT.unflatten(-1, (copies, len(w))) @ root).square().sum((-1, -2, -3))

    return length(weights[..., :copies] - tasks) / copies + length(weights[..., copies:])


@limit()
def risk(Sigma, w, s, sigma, n, *, draw):
    """Squared error in prompts of growing size; the smaller ones are the parts of the largest."""
    d, root = len(w), torch.linalg.cholesky(Sigma)
    tokens = root @ draw.normal("tokens", LARGEST, d, LARGEST * n)

    def at(copies):
        parts = LARGEST // copies
        prompts = tokens.reshape(parts, copies * d, parts, copies * n).transpose(1, 2)
        return missed(prompts, w, s, sigma, root).mean()

    return torch.stack([at(copies) for copies in SIZES])


@limit()
def forgotten(s, d, n, *, draw):
    """What is not learned of tasks along every direction, in prompts of growing size without noise."""

    def share(copies):
        tokens = draw.normal(f"tokens {copies}", copies * d, copies * n)
        return 1 - torch.trace(solved(tokens, tokens.T, s)) / (copies * d)

    return torch.stack([share(copies) for copies in SIZES])
