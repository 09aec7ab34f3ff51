"""A layer among noisy tokens: the measurements behind `derivations/denoising/corrupted_contexts.py`.

Attention commutes with rotations, so one subspace stands for all.
"""

import torch
from torch.func import grad

from numerics.denoising.layers import distance, linear_attention
from workbench.evidence import crossing, function_of_means, root, roots


def noisy_tokens(n, d, s, v, L, draw):
    """L noisy tokens from the subspace of the first d axes of R^n, a clean query there, and the same query in noise."""
    signal, spread = (torch.as_tensor(variance, dtype=torch.float64).sqrt() for variance in (s, v))
    inside = (torch.arange(n) < d).double()
    clean = torch.nn.functional.pad(signal * draw.normal("query", d), (0, n - d))
    context = torch.sqrt(s * inside + v) * draw.normal("tokens", L, n)  # signal and noise of a token are Gaussian alike
    return context, clean, clean + spread * draw.normal("noise", n)


def layer(context, query, t1, t2):
    """Linear attention with a skip connection."""
    return t1 * query + t2 * linear_attention(context, query)


def risk(n, d, s, v, L, t1, t2, *, draw):
    """Squared distance between the clean query and what the layer makes of the noisy one."""
    context, clean, noisy = noisy_tokens(n, d, s, v, L, draw)
    return distance(clean, layer(context, noisy, t1, t2))


def risk_slopes(n, d, s, v, L, t1, t2, *, draw):
    """Autograd in the two numbers, as a column."""
    both = torch.stack([torch.as_tensor(t, dtype=torch.float64) for t in (t1, t2)])
    return grad(lambda pair: risk(n, d, s, v, L, *pair, draw=draw))(both)[:, None]


def endless_error(n, d, s, v, t1, t2, draw):
    """Squared distance on an endless prompt, where attention averages over tokens: its square reads two."""
    context, clean, noisy = noisy_tokens(n, d, s, v, 2, draw)
    left, right = (clean - layer(token[None], noisy, t1, t2) for token in context)
    return left @ right


def pull(n, d, s, v, t1, t2, draw):
    """Autograd of that in the two numbers."""
    both = torch.stack([torch.as_tensor(t, dtype=torch.float64) for t in (t1, t2)])
    return grad(lambda pair: endless_error(n, d, s, v, *pair, draw))(both)


@roots("t1", "t2")
def endless_pair(n, d, s, v, t1, t2, *, draw):
    """Where the average slope on endless prompts vanishes."""
    return pull(n, d, s, v, t1, t2, draw)


def moments(n, d, s, v, draw):
    """The products of a clean query, the noisy one and an endless output with each other."""
    context, clean, noisy = noisy_tokens(n, d, s, v, 2, draw)
    one, other = (linear_attention(token[None], noisy) for token in context)
    return clean @ clean, clean @ noisy, clean @ one, noisy @ noisy, noisy @ one, one @ other


def fitted(energy, kept, read, query, mixed, output):
    """What the best combination of query and output leaves."""
    seen, square = torch.stack([kept, read]), torch.stack([query, mixed, mixed, output]).reshape(2, 2)
    return energy - seen @ torch.linalg.solve(square, seen)


@function_of_means(fitted)
def endless_risk(n, d, s, v, *, draw):
    """The moments from which the best pair is fitted on endless prompts."""
    return moments(n, d, s, v, draw)


@root("t2")
def skipless_strength(n, d, s, v, L, t2, *, draw):
    """Where the average slope in the strength vanishes without a skip."""
    return grad(lambda strength: risk(n, d, s, v, L, 0.0, strength, draw=draw))(torch.as_tensor(t2))


def forgone(seen, variance, kept, read, query, mixed, output):
    """What shrinking a query in its subspace regains, beyond what the best multiple of an output does."""
    return seen**2 / variance - read**2 / output


@function_of_means(lambda *means: forgone(*means[:2], *means[3:]))
def price_without_skip(n, d, s, v, *, draw):
    """The same moments, and those of the query projected on the subspace, which Bayes knows."""
    _, clean, noisy = noisy_tokens(n, d, s, v, 2, draw)
    inside = noisy * (torch.arange(n) < d)
    return clean @ inside, inside @ inside, *moments(n, d, s, v, draw)


def skip_pull(L, alone, energy, kept, read, query, mixed, output):
    """The slope in the skip where it is zero and attention is at its best, over L tokens alike in law."""
    strength = read / (alone / L + (L - 1) / L * output)
    return 2 * strength * mixed - 2 * kept


@crossing("L", 1, 1e6, of=skip_pull)
def critical_length(n, d, s, v, L, *, draw):
    """Two tokens tell the square of an average over L: L are squared, and L(L − 1) pairs multiplied."""
    context, _, noisy = noisy_tokens(n, d, s, v, 2, draw)
    one = linear_attention(context[:1], noisy)
    return torch.as_tensor(L, dtype=torch.float64), one @ one, *moments(n, d, s, v, draw)
