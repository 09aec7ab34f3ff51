"""In-context imputers used elsewhere than trained: the measurements behind `derivations/imputation/context_shifts.py`.

The squared answer of a prompt is a sum over pairs of examples: two different ones or one twice, each read as the layer
reads it. The average over masks is taken over all of them.
"""

import torch

from numerics.imputation.masked_contexts import alike, attention, over_prompt_masks, prompt_of
from workbench.evidence import crossing, function_of_means


def moments(Sigma, p, q, draw):
    """What is missing by the answer of one example, that answer squared, and the answers of two examples multiplied."""
    prompt = prompt_of(Sigma, 2, draw)

    def products(o):
        missing, seen = 1 - o[2], o * prompt
        one, other = (missing * attention(seen[[k, 2]], 1.0) for k in (0, 1))
        return torch.stack([(missing * prompt[2]) @ one, one @ one, one @ other])

    return over_prompt_masks(products, 2, len(Sigma), q, p)


def answers(n, moment):
    """The mean square of the answer to n examples."""
    return moment[1] / n + (1 - 1 / n) * moment[2]


def changed(n, there, here):
    """What a layer changes here whose scale was trained there."""
    theta = there[0] / answers(n, there)
    return theta**2 * answers(n, here) - 2 * theta * here[0]


@function_of_means(changed)
def shifted_gain(d, rho, n, p, q, s, *, draw):
    """The products of answers in one prompt, at both rates."""
    Sigma = alike(d, rho)
    return torch.as_tensor(n), moments(Sigma, p, q, draw), moments(Sigma, p, s, draw)


@crossing("s", 0.001, 0.999, of=changed)
def harmful_rate(rho, n, q, s, *, draw):
    """The same for two entries, one of them missing half the time."""
    Sigma = alike(2, rho)
    return torch.as_tensor(n), moments(Sigma, 0.5, q, draw), moments(Sigma, 0.5, s, draw)
