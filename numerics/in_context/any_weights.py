"""One linear attention layer with any weights, on sampled prompts of every length."""

from numerics.in_context.layers import gain
from workbench.evidence import crossing


@crossing("M", 1, 9, whole=True)
def critical_length(Lambda, C, sigma, M, U, *, draw):
    """How much worse than predicting zero the layer is on one prompt of length M."""
    return gain(Lambda, C, sigma, M, U, draw=draw)
