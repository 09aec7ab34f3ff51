"""Averages over whole contexts of n independent tokens, taken one token at a time.

Softmax divides by the total weight S of its context. Since 1/S = ∫ exp(−uS) du and exp(−uS) is a
product over the tokens, an average over contexts is an integral over u of averages over one token:

    E T_n     = ∫ n p(u) a(u)ⁿ⁻¹ du,                            a(u) = E e^{−u s},  p(u) = E s X e^{−u s},
    E T_n T_nᵀ = ∫ u (n q(u) a(u)ⁿ⁻¹ + n(n−1) p(u) p(u)ᵀ a(u)ⁿ⁻²) du,  q(u) = E s² X Xᵀ e^{−u s}.

Nothing is approximated but the integral over u = v/n, by a trapezoidal rule in v = exp(t − e^{−t}).
"""

import torch
from torch import Tensor

from workbench.evidence import Draw

LENGTHS = torch.tensor([32, 64, 128, 256, 512], dtype=torch.float64)
STEP = 0.2
TIMES = torch.arange(-3.5, 5.5, STEP, dtype=torch.float64)
KNOTS = torch.exp(TIMES - torch.exp(-TIMES))  # v
WIDTHS = STEP * KNOTS * (1 + torch.exp(-TIMES))  # dv


def one_token(mu: Tensor, Sigma: Tensor, w: Tensor, draw: Draw) -> tuple[Tensor, Tensor, Tensor]:
    """A token, its softmax weight (scores count from their mean), and e^{−u s} for each length and knot."""
    deviation = torch.linalg.cholesky(Sigma) @ draw.normal("token", len(mu))
    weight = torch.exp(w @ deviation)
    return mu + deviation, weight, torch.exp(-KNOTS / LENGTHS[:, None] * weight)


def mean_output(alive: Tensor, pulled: Tensor, n: Tensor) -> Tensor:
    """E T_n from a(u) and p(u) at the knots."""
    return (WIDTHS * alive ** (n - 1)) @ pulled


def mean_square(alive: Tensor, pulled: Tensor, squared: Tensor, n: Tensor) -> Tensor:
    """E T_n T_nᵀ from a(u), p(u) and q(u) at the knots."""
    alone = torch.einsum("u,uij->ij", WIDTHS * KNOTS * alive ** (n - 1), squared) / n
    pairs = torch.einsum("u,ui,uj->ij", WIDTHS * KNOTS * alive ** (n - 2), pulled, pulled)
    return alone + (1 - 1 / n) * pairs
