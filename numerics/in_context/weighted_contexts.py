"""A layer that weighs examples by their place: behind `derivations/in_context/weighted_contexts.py`."""

from numerics.in_context.layers import prediction, prompt
from workbench.evidence import crossing


def weighed(U, c, x, y, query):
    """What the layer answers when each example counts by the weight of its place."""
    return prediction(U, x, len(c) * c * y, query)


def risk(Lambda, C, sigma, U, c, *, draw):
    """Squared error of the layer on one prompt."""
    x, y, query, w = prompt(Lambda, C, sigma, len(c), draw)
    return (w @ query - weighed(U, c, x, y, query)) ** 2


@crossing("M", 1, 9, whole=True)
def equivalent_length(Lambda, C, sigma, U, c, M, *, draw):
    """By how much a layer that weighs M examples alike, with the same total weight, errs more."""
    x, y, query, w = prompt(Lambda, C, sigma, max(M, len(c)), draw)
    alike = prediction(c.sum() * U, x[:M], y[:M], query)
    return (w @ query - alike) ** 2 - (w @ query - weighed(U, c, x[: len(c)], y[: len(c)], query)) ** 2
