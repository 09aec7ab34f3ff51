"""A gated average begun anywhere: the measurements behind `derivations/in_context/gated_states.py`."""

import torch

from workbench.evidence import root


def read(h, x, y, a):
    """The state after the example (x, y)."""
    return a * h + (1 - a) * y * x


def many_examples(h, w, a, sigma, T, *, draw):
    """Squared distance of the state from the task w after T examples."""
    for example in range(T):
        x = draw.normal(f"key {example}", len(w))
        h = read(h, x, w @ x + sigma * draw.normal(f"noise {example}", 1)[0], a)
    return torch.sum((h - w) ** 2)


@root("r")
def distance_kept(w, a, sigma, r, *, draw):
    """By how much one example changes the mean square of an error, along the axes and against them."""
    x = draw.normal("key", len(w))
    y = w @ x + sigma * draw.normal("noise", 1)[0]
    errors = torch.cat([torch.eye(len(w)), -torch.eye(len(w))])
    after = torch.vmap(lambda error: torch.sum((read(w + error, x, y, a) - w) ** 2))(errors).mean()
    none = torch.sum((read(w, x, y, a) - w) ** 2)
    return (after - none) * r + none - r
