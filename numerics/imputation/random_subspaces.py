"""Rows in random subspaces: the measurements behind `derivations/imputation/random_subspaces.py`.

A row's coordinates and its subspace enter every error as polynomials: both are averaged by rules that are exact for
them, masks over all of them. Bayes is measured in sampled subspaces.
"""

import torch
from scipy.special import roots_gegenbauer
from torch import Tensor

from numerics.imputation.imputers import over_masks
from workbench.evidence import experiment
from workbench.evidence.cubature import rule

HEIGHTS = 4  # on each axis of a sphere: exact for polynomials of degree 7


def directions(d: int) -> tuple[Tensor, Tensor]:
    """Points on the unit sphere of R^d, one in each row, and their weights."""
    if d == 1:
        return torch.tensor([[1.0], [-1.0]]), torch.tensor([0.5, 0.5])
    heights, weights = (torch.from_numpy(each) for each in roots_gegenbauer(HEIGHTS, d / 2 - 1))
    circle, shares = directions(d - 1)
    points = [torch.cat([t.expand(len(circle), 1), (1 - t**2).sqrt() * circle], dim=1) for t in heights]
    return torch.cat(points), torch.outer(weights / weights.sum(), shares).flatten()


def subspaces(d: int, r: int) -> tuple[Tensor, Tensor]:
    """Projections on lines or on what is orthogonal to one, all alike, with weights."""
    if r not in (1, d - 1):
        raise ValueError(f"only lines and hyperplanes are averaged over, not {r} of {d} dimensions")
    u, weights = directions(d)
    lines = u[:, :, None] * u[:, None]
    return lines if r == 1 else torch.eye(d) - lines, weights


def nodes_of(size: int, degree: int) -> tuple[Tensor, Tensor]:
    """Gaussian coordinates, one set in each row, and their weights."""
    nodes, weights = rule(size, degree) or (None, None)
    return torch.from_numpy(nodes), torch.from_numpy(weights)


def answers(context: Tensor, seen: Tensor) -> Tensor:
    """Linear attention of queries (q, d) to contexts (c, n, d), missing entries of the queries at zero; (c, q, d)."""
    scores = torch.einsum("cnd,qd->cqn", context, seen)
    return torch.einsum("cqn,cnd->cqd", scores, context) / context.shape[1]


def over_tables(value, d, r, n, p):
    """The mean over subspaces and masks of a value of contexts, their weights, queries and theirs, and the mask."""
    (rows, of_rows), (coordinates, of_queries) = nodes_of(n * d, 4), nodes_of(d, 2)
    places, chances = subspaces(d, r)

    def there(P):
        context, queries = rows.reshape(-1, n, d) @ P, coordinates @ P
        return over_masks(lambda o: value(context, of_rows, queries, of_queries, o), d, p)

    return torch.tensordot(chances, torch.vmap(there)(places), dims=1)


def risk(d, r, n, p, theta, *, draw):
    """Squared error on the missing entries of a query."""

    def error(context, of_rows, queries, of_queries, o):
        missed = (1 - o) * (queries - theta * answers(context, o * queries))
        return of_rows @ torch.sum(missed**2, dim=-1) @ of_queries

    return over_tables(error, d, r, n, p)


def best_scale(d, r, n, p, *, draw):
    """Least squares of the missing entries on the answers: what these share with them, over their square."""

    def moments(context, of_rows, queries, of_queries, o):
        answer = (1 - o) * answers(context, o * queries)
        return torch.stack([of_rows @ torch.sum(answer * other, dim=-1) @ of_queries for other in (queries, answer)])

    shared, squared = over_tables(moments, d, r, n, p)
    return shared / squared


def endless_risk(d, r, p, *, draw):
    """The same least squares on the answers that a subspace's covariance, its projection, gives."""

    def moments(P, o):
        missing = (1 - o)[:, None] * P
        answer = missing @ (o[:, None] * P)
        return torch.stack(
            [torch.sum(one * other) for one, other in ((missing,) * 2, (missing, answer), (answer,) * 2)]
        )

    places, weights = subspaces(d, r)
    found = torch.vmap(lambda P: over_masks(lambda o: moments(P, o), d, p))(places)
    missing, shared, squared = torch.tensordot(weights, found, dims=1)
    return missing - shared**2 / squared


def basis(d: int, r: int, draw) -> Tensor:
    """An orthonormal basis of a uniformly random subspace; shape (d, r)."""
    return torch.linalg.qr(draw.normal("subspace", d, r)).Q


def left(H: Tensor, s: int) -> Tensor:
    """Variance of a row given its first s entries, by least squares on what its coordinates say of them."""
    told = torch.linalg.pinv(H[:s]) @ H[:s]
    return torch.sum((H - H @ told) ** 2)


@experiment(runs=8)
def bayes_risk(d, r, s, *, draw):
    """That variance in a sampled subspace."""
    return left(basis(d, r, draw), s)


@experiment(runs=8)
def critical_holes(d, r, *, draw):
    """The largest number of holes that leave less than half a unit of variance."""
    H = basis(d, r, draw)
    return torch.tensor(float(max(holes for holes in range(d + 1) if left(H, d - holes) < 0.5)))
