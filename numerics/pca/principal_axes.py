"""The landscape of a head over endless prompts: the measurements behind `derivations/pca/principal_axes.py`."""

import torch
from scipy.integrate import solve_ivp

from numerics.pca.heads import linear_error, trained_softmax
from numerics.pca.landscapes import from_survey, heights, largest_stable_step, radial, risks, transverse
from workbench.evidence import experiment, function_of_means, witness

STEPS, BATCH = 150, 32  # of Adam, and the tokens in each
PRECISE = {"method": "DOP853", "rtol": 1e-12, "atol": 1e-14}


def survey(lamda, Sigma, draw):
    """The error of linear attention on one token of an endless prompt, at many vectors of the head."""
    return heights(lambda vector: linear_error(vector, lamda, Sigma, draw), len(Sigma))


@function_of_means(from_survey(lambda landscape: landscape.census().T))
def critical_points(first, second, lamda, *, draw):
    """Heights of the landscape, in which searches from many starts look for critical points (as columns)."""
    return survey(lamda, torch.diag(torch.tensor([first, second])), draw)


@function_of_means(from_survey(risks))
def risk_on_axes(lamda, Sigma, *, draw):
    """Heights of the landscape; the risk at its critical points."""
    return survey(lamda, Sigma, draw)


@function_of_means(from_survey(lambda landscape: torch.linalg.eigvalsh(landscape.bowl)))
def curvature_at_rest(lamda, Sigma, *, draw):
    """Heights of the landscape; the curvature at rest."""
    return survey(lamda, Sigma, draw)


@function_of_means(from_survey(transverse))
def transverse_curvature(lamda, Sigma, *, draw):
    """Heights of the landscape; at its critical points, the curvature across."""
    return survey(lamda, Sigma, draw)


@function_of_means(from_survey(radial))
def radial_curvature(lamda, Sigma, *, draw):
    """Heights of the landscape; at its critical points, the curvature along."""
    return survey(lamda, Sigma, draw)


@function_of_means(from_survey(lambda landscape: torch.linalg.norm(landscape.minimiser())))
def trained_length(lamda, Sigma, *, draw):
    """Heights of the landscape; the length of its minimiser."""
    return survey(lamda, Sigma, draw)


@witness(trained_length)
@experiment(runs=8)
def length_after_training(lamda, Sigma, *, draw):
    """The length of a softmax head that a real optimiser (Adam) trains on tokens sampled afresh for every step."""
    d = len(Sigma)
    head = trained_softmax(lamda, Sigma, draw.normal("start", d), draw.normal("tokens", STEPS, BATCH, d))
    return torch.linalg.norm(head)


@function_of_means(from_survey(largest_stable_step))
def critical_step(lamda, Sigma, *, draw):
    """Heights of the landscape; the largest curvature at its minimiser."""
    return survey(lamda, Sigma, draw)


def lengths_after(time, start, heights):
    """How long the head is when it has followed the average gradient along each axis (an ODE solver)."""
    landscape = from_survey(lambda found: found)(heights)
    axes = landscape.axes()

    def descent(_, lengths):
        return [-float(axis @ landscape.gradient(float(r) * axis)) for axis, r in zip(axes, lengths)]

    solved = solve_ivp(descent, (0, float(time)), [float(start)] * len(axes), **PRECISE)
    return torch.from_numpy(solved.y[:, -1]).sort().values


@function_of_means(lengths_after)
def growth(lamda, Sigma, time, start, *, draw):
    """Heights of the landscape in which descent runs, for how long and from where."""
    return torch.tensor(time), torch.tensor(start), survey(lamda, Sigma, draw)
