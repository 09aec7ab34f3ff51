"""Verbs embedded in few dimensions: the measurements behind `derivations/acquisition/directions.py`."""

from itertools import combinations

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


def in_space(K):
    """All ways in which a direction divides K verbs of a space: all four around any corner of two borders."""
    verbs, found = embedded(K, 3), set()
    for i, j in combinations(range(K), 2):
        corner = np.cross(verbs[i], verbs[j])
        for row in sides(np.stack([corner, -corner]), verbs):
            for first, second in ((False, False), (False, True), (True, False), (True, True)):
                found.add(tuple(first if k == i else second if k == j else side for k, side in enumerate(row)))
    return found


def share(ways, K):
    """Of all ways to divide so many verbs."""
    return torch.tensor(len(ways) / 2.0**K)


def learned_in_a_plane(K, *, draw):
    """The divisions of K verbs that some direction makes, counted."""
    return share(in_a_plane(int(K)), int(K))


def learned_in_space(K, *, draw):
    """The divisions of K verbs that some direction makes, counted."""
    return share(in_space(int(K)), int(K))


def learnable(K, d, draw):
    """The share of languages, with roles drawn by coins, for which linear programming finds a direction."""
    rng = np.random.default_rng(int(draw.uniform("seed") * 2**52))
    found = 0
    for _ in range(TRIED):
        signed = rng.standard_normal((K, d)) * rng.choice([-1, 1], size=(K, 1))
        found += linprog(np.zeros(d), A_ub=-signed, b_ub=-np.ones(K), bounds=(None, None)).status == 0
    return torch.tensor(found / TRIED)


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
    return torch.log(2 * share(in_space(int(K)), int(K)))
