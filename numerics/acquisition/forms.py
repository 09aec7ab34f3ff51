"""Slope and curvature of a sentence's surprise in all weights, where renaming the nouns changes nothing on average.

A quadratic form that commutes with renaming is known from what it does to one pattern x of nouns (Σ x = 0; there are
V − 1), which values have on the diagonal or alike in every row, and role values, memories and noun scores have as it
is; and to values without diagonal part or sums of rows and columns, symmetric or antisymmetric. What values add alike
to all nouns drops out of the softmax.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from numerics.acquisition.reduced import Reduced

SCORES = 6  # among what a sentence reads of a pattern: values (diagonal, alike), three role values, memory, noun scores


class Sentences(NamedTuple):
    """Sentences of each verb and length (K, lengths), their nouns in four classes: two heads, genitives, the absent."""

    alike: Tensor  # (…, 4): nouns in a class
    attention: Tensor  # (…, 4): to one of them
    chances: Tensor  # (…, 4): of one of them as the answer
    meant: Tensor  # (…, 4): the same among the answers that are meant
    told: Tensor  # (…, 4, 3): what a noun knows of its case


class Form(NamedTuple):
    """A quadratic form on all weights off the manifold: its traces over V − 1 patterns, and over the other values."""

    patterns: Tensor  # (…, 7, 7), or over all verbs (5 + 2K, 5 + 2K)
    others: Tensor  # (…, 2): symmetric, antisymmetric


def said(reduced: Reduced, state: Tensor, g: Tensor, within: bool = False) -> Sentences:
    """Sentences of so many genitives, of which the right answer is meant, or any noun within them."""
    near, told = reduced.attention(state, g)
    absent, one = torch.zeros_like(near[..., :1]), torch.ones_like(g)
    alike = torch.stack([one, one, g, reduced.V - 2 - g], dim=1).expand(reduced.K, -1, -1)
    attention = torch.cat([near, absent], dim=2)
    chances = (reduced.parts(state)[1] * attention).exp()
    chances = chances / (chances * alike).sum(2, keepdim=True)
    meant = torch.eye(4, dtype=torch.float64)[reduced.own][:, None, :].expand_as(chances)
    if within:
        meant = torch.cat([chances[..., :3], absent], dim=2)
        meant = meant / (meant * alike).sum(2, keepdim=True)
    return Sentences(alike, attention, chances, meant, torch.cat([told, torch.zeros_like(told[..., :1, :])], dim=2))


def moves(said: Sentences) -> tuple[Tensor, Tensor]:
    """How a pattern x moves the logits: by u∘x − s a(a·x), a row u (7×4) and a number s (7) for each part that has it.

    For one unit of copying: noun scores shift attention a, and what is read of all others falls.
    """
    a, one = said.attention, torch.ones_like(said.attention)
    read = torch.einsum("...v,...vr->...r", said.alike * a, said.told)
    rows = torch.stack([a, one, *(read[..., r, None] * one for r in range(3)), one, a], dim=-2)
    return rows, torch.eye(7, dtype=torch.float64)[SCORES].expand_as(rows[..., 0])


def slopes(said: Sentences, m: Tensor) -> Form:
    """The squared slope of the surprise −ln P(what is meant) of each sentence."""
    (n, a, p, q, _), (rows, turned) = said, moves(said)
    V, e = n[0, 0].sum(), p - q
    mean = (n * a * e).sum(-1, keepdim=True)
    slope = (rows * e[..., None, :] - turned[..., None] * (a * mean)[..., None, :]) * parts(m)
    flat = (slope * n[..., None, :]).sum(-1)
    patterns = torch.einsum("...iv,...jv,...v->...ij", slope, slope, n) - flat[..., :, None] * flat[..., None, :] / V
    return Form(patterns, others(patterns, (n * a * a).sum(-1) * (n * e * e).sum(-1), mean[..., 0] ** 2, V))


def parts(m: Tensor) -> Tensor:
    """What a unit of each part is worth in logits: noun scores act through copying."""
    return torch.cat([torch.ones(6, dtype=torch.float64), m[None]])[:, None]


def curvature(said: Sentences, m: Tensor) -> Form:
    """The second derivative of the same surprise."""
    (n, a, p, q, _), (rows, turned) = said, moves(said)
    V, e, size = n[0, 0].sum(), p - q, (n * a * a).sum(-1)
    here = a[..., None, :]

    def bent(u: Tensor, v: Tensor) -> Tensor:
        """uᵀ H v, with the Hessian H of the surprise in logits: diag e − ppᵀ + qqᵀ."""
        inner = torch.einsum("...iv,...jv,...v->...ij", u, v, n * e)
        for sign, chances in ((-1, p), (1, q)):
            one, other = (torch.einsum("...iv,...v->...i", x, n * chances) for x in (u, v))
            inner = inner + sign * one[..., :, None] * other[..., None, :]
        return inner

    diagonal = e - p**2 + q**2
    crossed = bent(rows * here, here) * turned[..., None, :]
    flat = rows - turned[..., None] * here
    patterns = (
        torch.einsum("...iv,...jv,...v->...ij", rows, rows, n * diagonal)
        - crossed
        - crossed.mT
        + bent(here, here) * size[..., None, None] * turned[..., :, None] * turned[..., None, :]
        - bent(flat, flat) / V
    ) * (parts(m) * parts(m).T)
    through = others(patterns, size * (n * diagonal).sum(-1), bent(here, here)[..., 0, 0], V)
    return Form(patterns + twice(said, m), through)


def twice(said: Sentences, m: Tensor) -> Tensor:
    """The same of what is no linear function of the weights: attention is not one of noun scores, nor what it reads."""
    n, a, p, q, told = said
    e = p - q
    mean = (n * a * e).sum(-1, keepdim=True)
    shifted = torch.einsum("...v,...vr->...r", n * a * (e - mean), told)
    none = torch.zeros_like(mean)
    beside = torch.cat([(n * e * a * (1 - a)).sum(-1, keepdim=True), none, shifted, none], dim=-1)
    own = -2 * m * (n * a * a * (e - mean)).sum(-1, keepdim=True)
    zero = torch.zeros_like(beside)[..., None, :].expand(*beside.shape[:-1], 6, 6)
    above = torch.cat([zero, beside[..., :, None]], dim=-1)
    return torch.cat([above, torch.cat([beside, own], dim=-1)[..., None, :]], dim=-2)


def others(patterns: Tensor, trace: Tensor, transposed: Tensor, V: Tensor) -> Tensor:
    """What is left of values' trace, and of that with rows and columns exchanged, beside copying and patterns."""
    inverse, copying = inverse_gram(V), transposed / (V - 1)
    here = patterns[..., :2, :2]
    seen = (inverse[:2, :2] * here).sum((-1, -2))
    turned = (inverse[0, :2] * here[..., :, 0]).sum(-1) + (inverse[2, :2] * here[..., :, 1]).sum(-1)
    even = (trace + transposed - seen - turned) / 2 - copying
    return torch.stack([even, (trace - transposed - seen + turned) / 2], dim=-1)


def inverse_gram(V: Tensor) -> Tensor:
    """The inverse of the inner products of a pattern as values: on the diagonal, alike in rows, alike in columns."""
    return torch.linalg.inv(torch.tensor([[1.0, 1, 1], [1, float(V), 0], [1, 0, float(V)]], dtype=torch.float64))
