"""Verbs embedded in few dimensions: the measurements behind `derivations/acquisition/directions.py`."""

from itertools import combinations, product

import numpy as np
import torch
from scipy.optimize import linprog

from workbench.evidence import crossing, experiment, witness

TRIED = 100  # languages in one experiment


def embedded(K, d):
    """K verbs in general position in d dimensions."""
    return np.random.default_rng([K, d]).standard_normal((K, d))


def sides(readers, verbs):
    """The different ways in which readers divide the verbs."""
    return {tuple(row) for row in readers @ verbs.T > 0}


def in_a_plane(K):
    """All ways in which a direction divides K verbs of a plane: one between any two neighbouring borders."""
    verbs = embedded(K, 2)
    across = np.angle(verbs @ np.array([1, 1j])) + np.pi / 2
    borders = np.sort(np.concatenate([across, across + np.pi]) % (2 * np.pi))
    between = (borders + np.append(borders[1:], borders[0] + 2 * np.pi)) / 2
    return sides(np.stack([np.cos(between), np.sin(between)], axis=1), verbs)


def divisions(verbs):
    """All ways in which a direction divides verbs (K×d, d ≤ K): those around any corner, where d − 1 borders meet."""
    (K, d), found = verbs.shape, set()
    for met in map(list, combinations(range(K), d - 1)):
        corner = np.linalg.svd(verbs[met])[2][-1]
        for row in (verbs @ corner > 0, verbs @ corner < 0):
            for row[met] in product((False, True), repeat=d - 1):
                found.add(tuple(row.tolist()))
    return found


def least(K):
    """The least number of directions for each way to divide K verbs; a further direction is a further coordinate."""
    verbs = embedded(K, K)
    made = [divisions(verbs[:, :d]) for d in range(1, K + 1)]
    ways = product((False, True), repeat=K)
    return torch.tensor([1.0 + sum(way not in some for some in made) for way in ways])


def share(ways, K):
    """Of all ways to divide so many verbs."""
    return torch.tensor(len(ways) / 2.0**K)


def learned_in_a_plane(K, *, draw):
    """The divisions of K verbs that some direction makes, counted."""
    return share(in_a_plane(int(K)), int(K))


def learned_in_space(K, *, draw):
    """The divisions of K verbs that some direction makes, counted."""
    return share(divisions(embedded(int(K), 3)), int(K))


def learnable(K, d, draw):
    """The share of languages, with roles drawn by coins, for which linear programming finds a direction."""
    rng = np.random.default_rng(int(draw.uniform("seed") * 2**52))
    found = 0
    for _ in range(TRIED):
        signed = rng.standard_normal((K, d)) * rng.choice([-1, 1], size=(K, 1))
        found += divided(signed)
    return torch.tensor(found / TRIED)


def fewest(signed):
    """The least number of directions, one more at a time, in which there is one (K×K)."""
    return next(d for d in range(1, len(signed) + 1) if divided(signed[:, :d]))


def divided(signed):
    """Whether linear programming finds a direction along which all of these are positive."""
    K, d = signed.shape
    return linprog(np.zeros(d), A_ub=-signed, b_ub=-np.ones(K), bounds=(None, None)).status == 0


@witness(learned_in_a_plane)
@experiment(runs=8)
def programmed_in_a_plane(K, *, draw):
    """Two directions, found by linear programming."""
    return learnable(int(K), 2, draw)


@witness(learned_in_space)
@experiment(runs=8)
def programmed_in_space(K, *, draw):
    """Three directions, found by linear programming."""
    return learnable(int(K), 3, draw)


@crossing("K", 2, 12, whole=True)
def half_in_a_plane(K, *, draw):
    """The logarithm of twice the share, for each of K verbs."""
    return torch.log(2 * share(in_a_plane(int(K)), int(K)))


@crossing("K", 2, 12, whole=True)
def half_in_space(K, *, draw):
    """The logarithm of twice the share, for each of K verbs."""
    return torch.log(2 * share(divisions(embedded(int(K), 3)), int(K)))


@crossing("K", 2, 12, whole=True)
def half_in_any_dimension(K, d, *, draw):
    """The same in d dimensions, all of them learned where there are no more verbs."""
    K, d = int(K), int(d)
    return torch.log(2 * (share(divisions(embedded(K, d)), K) if d < K else torch.tensor(1.0)))


def least_directions(K, *, draw):
    """The mean over all languages of K verbs, each tried in ever more directions."""
    return least(int(K)).mean()


def spread_of_directions(K, *, draw):
    """The variance over all languages of K verbs."""
    return least(int(K)).var(correction=0)
