"""Evidence: measuring a quantity from its definition, in torch, with honest error bars.

A twin (a function in `numerics/`) is a function of its randomness: it asks for named blocks of it
and says what one sample is worth. Its protocol, a decorator, says how samples become the quantity;
the ladder picks the sharpest way to average: exact cubature where the twin is a polynomial of its
Gaussian noise, quasi-Monte Carlo otherwise, independent repetitions for experiments.
This package knows no SymPy and no theorem.
"""

import workbench.evidence.uncompiled  # noqa: F401 (before torch takes its first slope)
from workbench.evidence.estimates import Estimate
from workbench.evidence.functions import (
    chi_square,
    digamma_sum,
    gamma,
    lambertw,
    owens_t,
    polygamma,
    tanh_mean,
    zeta_erf,
)
from workbench.evidence.ladder import measure
from workbench.evidence.listings import lowest, roots, spectrum
from workbench.evidence.protocols import (
    at,
    crossing,
    experiment,
    function_of_means,
    ratio,
    root,
    witness,
)
from workbench.evidence.randomness import Draw
from workbench.evidence.scales import limit, slope
from workbench.evidence.searches import bracket, descent, largest, smallest
from workbench.evidence.starts import almost_every, end_of_flow
from workbench.evidence.trainings import gradient, trained

__all__ = [
    "Draw",
    "Estimate",
    "almost_every",
    "at",
    "bracket",
    "chi_square",
    "crossing",
    "descent",
    "digamma_sum",
    "end_of_flow",
    "experiment",
    "function_of_means",
    "gamma",
    "gradient",
    "lambertw",
    "largest",
    "limit",
    "lowest",
    "measure",
    "owens_t",
    "polygamma",
    "ratio",
    "root",
    "roots",
    "slope",
    "smallest",
    "spectrum",
    "tanh_mean",
    "trained",
    "witness",
    "zeta_erf",
]
