"""Ridge on one long prompt: the measurements behind `derivations/in_context/ridge_regression.py`."""

import torch

from workbench.evidence import limit

SIZES = (2, 4, 8)  # copies of the d directions and n examples, from which large prompts are extrapolated
LARGEST = SIZES[-1]


def solved(tokens, answers, s):
    """The weights of ridge of strength s on the columns of matrices of tokens."""
    d, n = tokens.shape[-2:]
    return torch.linalg.solve(tokens @ tokens.mT / n + s * torch.eye(d), tokens @ answers / n)


def missed(tokens, noise, w, s, root):
    """Squared error at a new query of prompts whose directions come in copies.

    It is averaged over the query, over both signs of the noise, and over the copies along which the task may point.
    """
    copies = tokens.shape[-2] // len(w)
    tasks = torch.kron(torch.eye(copies), w.reshape(-1, 1))
    weights = solved(tokens, torch.cat([tokens.mT @ tasks, noise], dim=-1), s)

    def length(wrong):
        at_query = wrong.mT.unflatten(-1, (copies, len(w))) @ root
        return at_query.square().sum((-1, -2)).mean(-1)

    return length(weights[..., :copies] - tasks) + length(weights[..., copies:])


@limit()
def risk(Sigma, w, s, sigma, n, *, draw):
    """Squared error in prompts of growing size; the smaller ones are the parts of the largest."""
    d, root = len(w), torch.linalg.cholesky(Sigma)
    tokens = root @ draw.normal("tokens", LARGEST, d, LARGEST * n)
    noise = sigma * draw.normal("noise", LARGEST * n)

    def at(copies):
        parts = LARGEST // copies
        prompts = tokens.reshape(parts, copies * d, parts, copies * n).transpose(1, 2)
        spoiling = noise.reshape(1, parts, copies * n, 1).expand(parts, -1, -1, -1)
        return missed(prompts, spoiling, w, s, root).mean()

    return torch.stack([at(copies) for copies in SIZES])


@limit()
def forgotten(s, d, n, *, draw):
    """What is not learned of tasks along every direction, in prompts of growing size without noise."""

    def share(copies):
        tokens = draw.normal(f"tokens {copies}", copies * d, copies * n)
        return 1 - torch.trace(solved(tokens, tokens.T, s)) / (copies * d)

    return torch.stack([share(copies) for copies in SIZES])
