"""Evidence: each rung of the ladder on twins whose answer is known."""

from math import acos, asin, comb, erf, exp, factorial, pi, sqrt

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.evidence import measure, root
from workbench.evidence.averages import seed_of
from workbench.evidence.cubature import block_degree, degree_five, degree_seven, rule, tensor_rule
from workbench.evidence.ladder import EXACT, HERMITE, PANELS
from workbench.evidence.randomness import Draw, Layout, reading, recording
from workbench.evidence.sampling import QUASI, sobol

SAMPLED = "quasi-Monte Carlo"
powers = st.lists(st.integers(0, 5), min_size=3, max_size=3).filter(lambda p: sum(p) <= 9)


def gaussian_moment(degree):
    return 0 if degree % 2 else factorial(degree) // (2 ** (degree // 2) * factorial(degree // 2))


def covers(estimate, truth):
    """The estimate is sure of its value, and its bound holds the truth."""
    assert (estimate.error == 0).all()
    return (np.abs(estimate.value - truth) <= estimate.bound).all()


def far_from(estimate, truth):
    """How many error bars (and bounds) lie between estimate and truth."""
    beyond = np.maximum(np.abs(estimate.value - truth) - estimate.bound, 0)
    return float(np.max(beyond / np.maximum(estimate.error, np.finfo(float).tiny)))


def found_degree(function, size, seed):
    generator = torch.Generator().manual_seed(seed)
    return block_degree(lambda rows: function(rows)[:, None], list(range(size)), size, generator)


@given(powers=powers, scale=st.sampled_from([1.0, -3.0, 1e6, 1e-6]), seed=st.integers(0, 999))
def test_the_degree_of_a_polynomial_is_found(powers, scale, seed):
    def polynomial(z):
        return scale * (z ** torch.tensor(powers)).prod(dim=1) + 0.5 * scale * z[:, 0]

    assert found_degree(polynomial, 3, seed) == max(sum(powers), 1)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    "function",
    [
        lambda z: torch.exp(z[:, 0] / 2),
        lambda z: z[:, 0].abs(),
        lambda z: torch.relu(z[:, 1] - 2),
        lambda z: (z[:, 2] > 3).double(),
        lambda z: torch.clamp(z[:, 0], -2.5, 2.5) + z[:, 1] ** 3,
        lambda z: 1 / (4 + z[:, 0] ** 2),
        lambda z: torch.sin(z.sum(dim=1) / 3),
        lambda z: z[:, 0] ** 10,
        lambda z: torch.where(z[:, 0] > 10, torch.nan, z[:, 1]) / (z[:, 0] > -1),
    ],
)
def test_what_is_no_polynomial_has_no_degree(function, seed):
    assert found_degree(function, 3, seed) is None


@pytest.mark.parametrize("steep", [10, 1000, 10**5])
def test_a_steep_step_at_zero_is_no_constant(steep):
    assert found_degree(lambda z: torch.tanh(steep * z[:, 0]) ** 2, 1, 0) is None


def test_a_polynomial_near_a_zero_where_large_terms_cancel_has_its_degree():
    assert found_degree(lambda z: ((100 + z[:, 0]) ** 2 - 1e4) ** 2, 1, 0) == 4


def test_a_block_keeps_to_its_columns():
    generator = torch.Generator().manual_seed(0)

    def mixed(z):
        return (z[:, 0] ** 2 * torch.exp(z[:, 1]))[:, None]

    assert block_degree(mixed, [0], 2, generator) == 2
    assert block_degree(mixed, [1], 2, generator) is None


@pytest.mark.parametrize("degree", range(10))
@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_a_rule_integrates_every_monomial_up_to_its_degree(size, degree):
    found = rule(size, degree)
    if found is None:
        assert degree > 7 and size == 7
        return
    nodes, weights = found
    rng = np.random.default_rng(size + 10 * degree)
    for total in [*range(degree + 1), *rng.integers(degree + 1, size=20)]:
        places = rng.integers(size, size=total)
        exponents = np.bincount(places, minlength=size)
        exact = np.prod([gaussian_moment(int(k)) for k in exponents])
        terms = weights * np.prod(nodes**exponents, axis=1)
        roundoff = 64 * np.finfo(float).eps * (np.abs(terms).sum() + 1)
        assert abs(terms.sum() - exact) <= roundoff


def test_a_rule_fails_beyond_its_degree():
    nodes, weights = degree_five(3)
    assert abs(weights @ nodes[:, 0] ** 6 - 15) > 1
    nodes, weights = degree_seven(3)
    assert abs(weights @ (nodes[:, 0] * nodes[:, 1]) ** 4 - 9) > 1
    nodes, weights = tensor_rule(2, 2)
    assert abs(weights @ nodes[:, 0] ** 4 - 3) > 1


@settings(max_examples=40)
@given(powers=powers, seed=st.integers(0, 99).map(str))
def test_cubature_is_exact_on_polynomials(powers, seed):
    def monomial(c, *, draw):
        z = torch.cat([draw.normal("a", 1), draw.normal("b", 2)])
        return c * (z ** torch.tensor(powers)).prod()

    estimate = measure(monomial, {"c": 2.5}, seed=seed)
    assert estimate.rung == EXACT
    assert covers(estimate, 2.5 * np.prod([gaussian_moment(p) for p in powers]))
    assert estimate.bound.max() < 1e-9


def test_a_sextic_is_exact_in_twenty_dimensions():
    def sextic(*, draw):
        return torch.sum(draw.normal("z", 20) ** 2) ** 3

    estimate = measure(sextic, {})
    assert estimate.rung == EXACT and covers(estimate, 20 * 22 * 24) and estimate.bound < 1e-6


def test_a_rule_that_would_fill_gigabytes_is_none():
    assert rule(512, 5) is None and rule(200, 5) is not None


def test_cubature_is_exact_in_fifty_dimensions():
    def quartic(*, draw):
        z = draw.normal("z", 50)
        return torch.stack([(z @ z) ** 2, z.sum() ** 4, 1 + z[0] ** 4])

    estimate = measure(quartic, {})
    assert estimate.rung == EXACT and covers(estimate, [50 * 52, 3 * 50**2, 4])


def step(*, draw):
    return (draw.normal("z", 4).sum() > 4).to(torch.float64)


@pytest.mark.parametrize("seed", range(12))
def test_a_rare_step_is_sampled_and_not_taken_for_a_constant(seed):
    estimate = measure(step, {}, seed=str(seed))
    assert estimate.rung == SAMPLED
    assert far_from(estimate, (1 - erf(sqrt(2))) / 2) < 8


def test_uniform_noise_is_sampled():
    def chord(*, draw):
        return 4 * torch.sqrt(1 - draw.uniform("x") ** 2)

    estimate = measure(chord, {})
    assert estimate.rung == SAMPLED and far_from(estimate, pi) < 8


def test_coins_and_indices_follow_their_laws():
    def heads(p, *, draw):
        coins = draw.bernoulli("coins", p, 3)
        return torch.cat([coins.mean()[None], torch.nn.functional.one_hot(draw.index("k", 4), 4).to(coins)])

    estimate = measure(heads, {"p": 0.3}, samples=2**16)
    assert far_from(estimate, [0.3, 0.25, 0.25, 0.25, 0.25]) < 8 and estimate.error.max() < 1e-3


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_smooth_twins_of_few_variables_take_gauss_hermite(size):
    def tilted(w, *, draw):
        return torch.exp(w @ draw.normal("z", len(w)))

    w = torch.linspace(0.2, 0.5, size, dtype=torch.float64)
    estimate = measure(tilted, {"w": w})
    assert estimate.rung == HERMITE and covers(estimate, exp(float(w @ w) / 2))


@pytest.mark.parametrize("steep", [30, 1000])
def test_a_step_between_the_nodes_of_a_line_is_noticed(steep):
    def stepping(*, draw):
        return torch.tanh(steep * draw.normal("z")) ** 2 + torch.exp(draw.normal("z"))

    estimate = measure(stepping, {})
    assert estimate.rung == PANELS and abs(estimate.value - exp(0.5) - 1) > 100 * estimate.bound


def test_many_variables_take_sobol_points():
    def tilted(w, *, draw):
        return torch.exp(w @ draw.normal("z", len(w)))

    w = torch.full((8,), 0.2, dtype=torch.float64)
    estimate = measure(tilted, {"w": w})
    assert estimate.rung == SAMPLED and far_from(estimate, exp(0.16)) < 8


def test_a_tail_without_variance_is_reported():
    def heavy(*, draw):
        return torch.exp(0.45 * draw.normal("z", 6)[0] ** 2) + draw.normal("z", 6).sum()

    assert measure(heavy, {}, samples=2**16).tail > 0.5


def test_error_bars_hold_the_truth_as_often_as_they_say():
    def quotient(*, draw):
        z = draw.normal("z", 6)
        return torch.exp(0.3 * z.sum())

    far = [far_from(measure(quotient, {}, seed=str(s), samples=2**9), exp(0.27)) for s in range(40)]
    assert sum(z > 2.04 for z in far) <= 8  # 2.04: what t with 31 degrees exceeds once in twenty
    assert max(far) < 6
    assert sum(z < 0.68 for z in far) < 34, "bars far too wide"


def test_a_measurement_is_reproducible_and_belongs_to_its_seed():
    one, again, other = (measure(step, {}, seed=s) for s in ("1", "1", "2"))
    assert one.value == again.value and one.error == again.error
    assert one.value != other.value


def test_chunks_change_nothing(monkeypatch):
    whole = measure(step, {}, seed="3", samples=2**12)
    monkeypatch.setattr("workbench.evidence.averages.CHUNK", 7)
    assert measure(step, {}, seed="3", samples=2**12).value == whole.value


def test_sobol_points_are_evenly_spread():
    layout = Layout({"z": (2,)}, {"u": (3,)})
    rows = sobol(layout, 10, 0).numpy()
    assert rows.shape == (1024, 5) and np.isfinite(rows).all()
    counts = [np.histogram(rows[:, 2 + k], bins=64, range=(0, 1))[0] for k in range(3)]
    assert all((count == 16).all() for count in counts)
    assert ((rows[:, :2] > 0).sum(axis=0) == 512).all()


def test_a_seed_belongs_to_what_is_measured():
    assert seed_of("a", 1) == seed_of("a", 1) != seed_of("a", 2)
    assert seed_of("a", "bc") != seed_of("ab", "c")


def test_the_same_name_is_the_same_noise():
    layout = Layout()
    draw = recording(layout, np.random.default_rng(0))
    assert (draw.normal("z", 3) == draw.normal("z", 3)).all()
    assert (draw.normal("z", 3) != draw.normal("y", 3)).any()
    draw.uniform("u", 2)
    assert layout.width == 8 and layout.normal_count == 6
    again = reading(layout, torch.arange(8.0))
    assert again.uniform("u", 2).tolist() == [6, 7] and again.normal("y", 3).tolist() == [3, 4, 5]
    assert isinstance(again, Draw)


def test_moments_of_binomials_are_measured_by_powers():
    def power(k, *, draw):
        return (1 + draw.normal("z")) ** k

    for k in range(8):
        truth = sum(comb(k, j) * gaussian_moment(j) for j in range(k + 1))
        assert covers(measure(power, {"k": k}), truth)


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_of_a_grid_holds_for_every_rotation(seed):
    """Two rules can agree by chance and both be wrong; a third one tells."""

    def squared_weight(g, *, draw):
        return torch.erf(g * draw.normal("score", 3)[0]) ** 2

    estimate = measure(squared_weight, {"g": 0.8}, seed=str(seed))
    assert estimate.rung == HERMITE and covers(estimate, 2 / pi * asin(2 * 0.8**2 / (1 + 2 * 0.8**2)))


def test_a_kink_in_two_variables_is_not_taken_for_smooth():
    rho = 0.8125

    def kinked(rho, *, draw):
        u, v = draw.normal("noise", 2)
        return torch.relu(u) * torch.relu(rho * u + (1 - rho**2) ** 0.5 * v)

    exact = ((1 - rho**2) ** 0.5 + rho * (pi - acos(rho))) / (2 * pi)
    found = measure(kinked, {"rho": rho})
    assert found.rung == PANELS and abs(found.value.item() - exact) <= found.bound.item()


def test_a_root_that_is_a_vector_of_one_component_is_sampled():
    @root("w")
    def equation(w, *, draw):
        x = draw.normal("x", 1)
        return x * (x @ w - 2 * x[0])

    found = measure(equation, {"w": torch.ones(1)}, chance=True)
    assert found.rung == QUASI and round(found.value.item(), 9) == 2


def test_a_twin_that_draws_nothing_is_run_twice_and_believed_as_far_as_it_repeats_itself():
    runs = []

    def forgetful(s, *, draw):
        runs.append(s)
        return torch.as_tensor(s * len(runs))

    estimate = measure(forgetful, {"s": 1.0})
    assert len(runs) == 2 and estimate.rung == "exact cubature"
    assert estimate.value[0] == 1.5 and estimate.bound[0] > 1
