"""Stochastic descent on one layer of attention: a Markov chain of five overlaps, and the same on whole tokens.

A batch shows key and value its projections on span{k, v, k*, v*}; off that span its two gradients are Gaussian
given the batch's weights, so only their Gram matrix is drawn: a 2×2 Wishart matrix.
"""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numba as nb
import numpy as np
from scipy import special

L, GAMMA = 10, sqrt(0.5)
SMALL_D, NOISE, BATCH = 80, 0.1, 5  # of the stochastic experiment

compiled = nb.njit(nogil=True)  # two threads on two cores


@compiled
def dot(x, y):
    """The scalar product, without a call to BLAS: most vectors here have four coordinates."""
    total = 0.0
    for i in range(len(x)):
        total += x[i] * y[i]
    return total


@compiled
def batch_gradient(k, v, lam, X, bells, weights, inside_k, inside_v, generator):
    """Gradients of a batch inside the span (in place), and the Gram matrix of its pulls on what lies outside."""
    aa = ab = bb = 0.0
    inside_k[:], inside_v[:] = 0, 0
    for _ in range(BATCH):
        prediction = 0.0
        for token in range(L):
            for i in range(4):
                X[token, i] = generator.standard_normal() * (GAMMA if token == 0 else 1.0)
            if token == 0:
                X[0, 0] += sqrt(SMALL_D / 2)
            score, read = lam * dot(X[token], k), dot(X[token], v)
            weights[token], bells[token] = erf(score), read * 2 * lam / sqrt(pi) * exp(-(score**2))
            prediction += weights[token] * read
        error = -2 / BATCH * (X[0, 1] + NOISE * generator.standard_normal() - prediction)
        for token in range(L):
            on_k, on_v = error * bells[token], error * weights[token]
            for i in range(4):
                inside_k[i] += on_k * X[token, i]
                inside_v[i] += on_v * X[token, i]
            spread = GAMMA**2 if token == 0 else 1.0  # off the span the informative token has only its noise
            aa, ab, bb = aa + spread * on_k**2, ab + spread * on_k * on_v, bb + spread * on_v**2
    return aa, ab, bb


@compiled
def walk(state, start, fall, rate, steps, generator):
    """SGD in overlaps, in place: a batch's projections on the span of k, v, k*, v*, and a Wishart rest."""
    k, v, inside_k, inside_v = np.zeros(4), np.zeros(4), np.zeros(4), np.zeros(4)
    X, bells, weights = np.zeros((L, 4)), np.zeros(L), np.zeros(L)
    for run in range(len(state)):
        for step in range(steps):
            kappa, nu, theta, eta, rho = state[run]
            k[0], k[1], k[2] = kappa, eta, sqrt(1 - kappa**2 - eta**2)
            v[0], v[1], v[2] = theta, nu, (rho - kappa * theta - eta * nu) / k[2]
            v[3] = sqrt(max(1 - theta**2 - nu**2 - v[2] ** 2, 0.0))
            lam = start / (1 + fall * step)
            aa, ab, bb = batch_gradient(k, v, lam, X, bells, weights, inside_k, inside_v, generator)
            # Off the span the two gradients are Gaussian with this Gram matrix: a Wishart matrix, by Bartlett.
            off_k = rate * sqrt(aa) * sqrt(generator.chisquare(SMALL_D - 4))
            own = rate * sqrt(max(bb - ab**2 / aa, 0.0))
            mixed = ab / aa * off_k + own * generator.standard_normal()
            rest = own * sqrt(generator.chisquare(SMALL_D - 5))
            shrink_k, shrink_v = 1 + rate * dot(inside_k, k), 1 + rate * dot(inside_v, v)
            for i in range(4):
                k[i] = shrink_k * k[i] - rate * inside_k[i]
                v[i] = shrink_v * v[i] - rate * inside_v[i]
            size_k, size_v = sqrt(dot(k, k) + off_k**2), sqrt(dot(v, v) + mixed**2 + rest**2)
            state[run, 0], state[run, 1], state[run, 2] = k[0] / size_k, v[1] / size_v, v[0] / size_v
            state[run, 3], state[run, 4] = k[1] / size_k, (dot(k, v) + off_k * mixed) / (size_k * size_v)
            k[3] = 0


def full_step(k: np.ndarray, v: np.ndarray, lam: float, rate: float, generator: np.random.Generator) -> tuple:
    """One step of SGD on whole tokens in R^80."""
    repeats = len(k)
    X = generator.standard_normal((repeats, BATCH, L, SMALL_D))
    X[:, :, 0] *= GAMMA
    X[:, :, 0, 0] += sqrt(SMALL_D / 2)
    scores, reads = (np.einsum("rbli,ri->rbl", X, vectors) for vectors in (k, v))
    weights = special.erf(lam * scores)
    answers = X[:, :, 0, 1] + NOISE * generator.standard_normal((repeats, BATCH))
    error = (answers - np.sum(weights * reads, 2))[:, :, None] * (-2 / BATCH)
    bell = 2 * lam / sqrt(pi) * np.exp(-((lam * scores) ** 2))
    for_k, for_v = (np.einsum("rbl,rbli->ri", pull, X) for pull in (error * reads * bell, error * weights))
    moved = [x - rate * (slope - np.sum(slope * x, 1)[:, None] * x) for x, slope in ((k, for_k), (v, for_v))]
    return tuple(x / np.linalg.norm(x, axis=1)[:, None] for x in moved)
