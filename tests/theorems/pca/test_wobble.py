"""Hand cases for pca.wobble: two and three axes, by hand."""

import torch
from flint import fmpq

from derivations.pca import wobble as theorem
from numerics.pca.heads import cloud
from numerics.pca.wobble import BURN, KEPT, errors, stationary, trained, wobble
from workbench.exact.instances import as_point
from workbench.exact.values import value


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return value(claim.formula, as_point(claim.formula, **letters))


def test_one_token_pulls_across_by_twice_the_variance_over_the_length():
    # on the axes the slope across is −2λ β r x₁x₂ with r² = 1/(λσ₁): its square is on average 4λ²β²·σ₁β/(λσ₁)
    assert worth(theorem.noise, lamda=1, first=5, second=2) == 32


def test_a_second_axis_with_half_the_variance_costs_half_a_step():
    # ηλσ₁ β²/(σ₁ − β) with σ₁ = 2, β = 1 is 2η, and each further axis as much
    assert worth(theorem.misalignment, lamda=1, first=2, second=1, third=1) == 4
    assert worth(theorem.misalignment, lamda=fmpq(1, 2), first=4, second=2, third=1) == 4 + fmpq(2, 3)


def test_the_excess_risk_counts_cubes():
    assert worth(theorem.excess, lamda=1, first=3, second=2, third=1) == 9
    assert worth(theorem.excess, lamda=1, first=9, second=2, third=1) == 9


def test_where_gradients_vary_as_much_as_the_risk_is_curved_steps_leave_half_their_size():
    bends = torch.tensor([[2.0, 0.0], [0.0, 8.0]], dtype=torch.float64)
    torch.set_default_dtype(torch.float64)
    assert (stationary(bends, bends) - torch.eye(2) / 2).abs().max() < 1e-15


def test_a_token_on_the_axis_is_returned_by_the_trained_head():
    torch.set_default_dtype(torch.float64)
    prompt = cloud(torch.diag(torch.tensor([4.0, 1.0])))
    head = trained(1.0, prompt)
    assert (head - torch.tensor([0.5, 0.0])).abs().max() < 1e-12  # 1/√4
    assert float(errors(head[None], 1.0, torch.tensor([[3.0, 0.0]]), prompt)) < 1e-12


def test_real_descent_wobbles_as_claimed_and_not_as_a_rival_says():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    variances, point = (
        torch.tensor([1.0, 0.5, 0.5]),
        {"lamda": 1, "first": 1, "second": fmpq(1, 2), "third": fmpq(1, 2)},
    )
    tokens = torch.randn(BURN + KEPT, 2000, 3) * variances.sqrt()
    coarse, fine = wobble(torch.tensor(0.04), tokens, 1.0, cloud(torch.diag(variances)))
    claimed = float(worth(theorem.misalignment, **point))  # 1
    rivals = [float(value(rival, as_point(rival, **point))) for rival in theorem.misalignment.rivals.values()]
    found = float(2 * fine - coarse)
    assert all(abs(found - claimed) < abs(found - rival) for rival in rivals if rival != claimed)
