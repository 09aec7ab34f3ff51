"""One prompt as large as we like: Gaussian noise after reflections that leave a few of its directions alone.

Turning the tokens among themselves and the other directions among themselves changes neither eigenvalues nor what
an eigenvector holds of the directions left alone. Reflections do so until d×n noise has nothing left but one length
and those directions in every column: all independent, and only the first few rows are ever looked at
(Golub & Kahan 1965; Dumitriu & Edelman 2002 for the law of the lengths).
"""

import torch
from scipy.special import gammaincinv
from torch import Tensor

from workbench.evidence import Draw

TOKENS = 10**12  # in one prompt; of what is measured, chance then moves the sixth digit and size the twelfth


def large(d: int, n: int) -> tuple[int, int]:
    """Dimensions and tokens of a large prompt in this proportion."""
    return TOKENS // n * d, TOKENS // n * n


def lengths(draw: Draw, name: str, dimensions: Tensor) -> Tensor:
    """Lengths of independent Gaussian vectors in these many dimensions (χ, by its quantiles)."""
    quantiles = draw.uniform(name, len(dimensions)).numpy()
    return torch.from_numpy(2 * gammaincinv(dimensions.numpy() / 2, quantiles)).sqrt()


def reflected(draw: Draw, d: int, n: int, rows: int, kept: int = 1) -> list[Tensor]:
    """The first rows of d×n noise whose first `kept` directions were left alone: the diagonal, and those below it."""
    rank = torch.arange(rows, dtype=torch.float64)
    among = [draw.normal(f"{j} below", rows - j) for j in range(1, kept)]  # of the directions left alone
    return [
        lengths(draw, "tokens", n - rank),
        *among,
        lengths(draw, "directions", d - kept - rank[: rows - kept]),
    ]
