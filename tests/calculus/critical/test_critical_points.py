"""Critical points: clustering, separate heads, PCA and single-location regression, with their counts."""

from dataclasses import replace
from itertools import product

import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    I,
    Matrix,
    Rational,
    Symbol,
    Trace,
    cancel,
    cbrt,
    diff,
    erf,
    exp,
    fraction,
    pi,
    prod,
    sin,
    sqrt,
    symbols,
)

from workbench.calculus.critical.critical_points import (
    certificate,
    check_fixed_points,
    check_jacobian_spectrum,
    fixed_points,
    jacobian_spectrum,
)
from workbench.calculus.critical.radicals import vanishes
from workbench.calculus.errors import CalculusError, NoClosedForm
from workbench.exact.real_roots import real_solution_count, symmetric_signature
from workbench.language.letters import count, matrix, positive, scalar, size

L, N = count("L"), count("N")
lam, gamma = positive("lambda"), positive("gamma")
k0, k1, kappa, nu, v = (scalar(name) for name in ("kappa_0", "kappa_1", "kappa", "nu", "v"))
x, y = symbols("x y", real=True)


def same_points(found, expected):
    """The same set of points, coordinates compared exactly."""

    def same(one, other):
        return one.keys() == other.keys() and all(vanishes(one[u] - other[u]) for u in one)

    return len(found) == len(expected) and all(any(same(f, e) for f in found) for e in expected)


def heads_velocity(dimension):
    """ẇ_d ∝ w_d(λ_d² − λ_d³ γ_d w_d) for separate rank-one heads (Zhang et al. 2025, eq. 18)."""
    eigenvalues = symbols(f"lambda_0:{dimension}", positive=True)
    heads = symbols(f"w_0:{dimension}", real=True)
    trace = sum(eigenvalues)
    rates = [1 + (1 + trace / value) / N for value in eigenvalues]
    velocity = [w * (v**2 - v**3 * g * w) for w, v, g in zip(heads, eigenvalues, rates)]
    return velocity, heads, [1 / (v * g) for v, g in zip(eigenvalues, rates)]


@pytest.mark.parametrize("dimension", [2, 3])
def test_separate_heads_have_two_to_the_d_fixed_points(dimension):
    velocity, heads, tops = heads_velocity(dimension)
    found = fixed_points(velocity, heads)
    expected = [dict(zip(heads, values)) for values in product(*((0, top) for top in tops))]
    assert same_points(found.points, expected)
    assert found.complete and found.counts == (2**dimension,) * 3
    assert set(found.grades) == {"proved"}


def test_d_plus_one_fixed_points_are_too_few():
    velocity, heads, _ = heads_velocity(2)
    found = fixed_points(velocity, heads)
    short = replace(found, points=found.points[:3])
    assert check_fixed_points(velocity, heads, found)
    assert not check_fixed_points(velocity, heads, short)


def test_a_moved_fixed_point_is_refused():
    velocity, heads, _ = heads_velocity(2)
    found = fixed_points(velocity, heads)
    moved = tuple({u: value + 1 for u, value in p.items()} for p in found.points)
    assert not check_fixed_points(velocity, heads, replace(found, points=moved))


def clustering_force(k):
    """κ̇ = 4κ(1−κ²)(A' − 2B'κ²) for Dirac clusters."""
    A, B = lam * (L + 1) / L, lam**2 * (L + 3) / (2 * L)
    return 4 * k * (1 - k**2) * (A - 2 * B * k**2)


def test_dirac_clustering_stops_at_zero_at_one_or_at_partial_alignment():
    found = fixed_points([clustering_force(kappa)], [kappa])
    partial = sqrt((L + 1) / (lam * (L + 3)))
    assert same_points(found.points, [{kappa: value} for value in (0, 1, -1, partial, -partial)])
    assert found.complete and found.how.startswith("Sturm")


def test_two_dirac_clusters_have_every_pair_of_alignments():
    found = fixed_points([clustering_force(k0), clustering_force(k1)], [k0, k1])
    assert len(found) == 25
    assert found.complete and found.counts == (25, 25, 25)


def test_the_spectrum_at_full_alignment_changes_sign_at_the_critical_scale():
    ((rate, multiplicity),) = jacobian_spectrum([clustering_force(kappa)], [kappa], {kappa: 1})
    assert multiplicity == 1
    assert cancel(rate + 8 * (lam * (L + 1) / L - lam**2 * (L + 3) / L)) == 0


def pca_gradient(eigenvalues, mu):
    """∇R∞ = −4λΣ²μ + 2λ²(aΣ²μ + bΣμ) in the eigenbasis."""
    a = sum(s * m**2 for s, m in zip(eigenvalues, mu))
    b = sum(s**2 * m**2 for s, m in zip(eigenvalues, mu))
    return [-4 * lam * s**2 * m + 2 * lam**2 * (a * s**2 + b * s) * m for s, m in zip(eigenvalues, mu)]


def test_every_critical_point_of_attention_pca_is_an_eigenvector_or_zero():
    s, mu = symbols("sigma_1 sigma_2", positive=True), symbols("mu_1 mu_2", real=True)
    gradient = pca_gradient(s, mu)
    found = fixed_points(gradient, mu)
    r = [1 / sqrt(lam * value) for value in s]
    eigenvectors = [(0, 0), (r[0], 0), (-r[0], 0), (0, r[1]), (0, -r[1])]
    assert same_points(found.points, [dict(zip(mu, p)) for p in eigenvectors])
    assert found.complete and found.counts == (5, 5, 5)
    spectrum = dict(jacobian_spectrum(gradient, mu, dict(zip(mu, eigenvectors[1]))))
    expected = {8 * lam * s[0] ** 2, 2 * lam * s[1] * (s[0] - s[1])}
    assert all(any(vanishes(value - e) for value in spectrum) for e in expected)


def test_a_finite_prompt_moves_the_norm_of_the_eigenvector():
    """r_i² = (𝒯+(L+1)σ_i)/(λ(L+2)σ_i(𝒯+(L+3)σ_i)), along one eigenvector."""
    s, rest, mu = positive("sigma"), positive("rho"), scalar("mu")
    T = s + rest
    a, b = s * mu**2, s**2 * mu**2
    p = -2 * lam * T + lam**2 * (L + 2) * (2 * T * a + (L + 3) * b)
    q = -2 * lam * (L + 1) + lam**2 * (L + 2) * (L + 3) * a
    found = fixed_points([2 * p * s * mu + 2 * q * s**2 * mu], [mu])
    r = sqrt((T + (L + 1) * s) / (lam * (L + 2) * s * (T + (L + 3) * s)))
    assert same_points(found.points, [{mu: 0}, {mu: r}, {mu: -r}])
    assert found.complete


def test_the_quintic_of_separate_heads_has_one_positive_fixed_point():
    found = fixed_points([lam**2 * v**2 - lam**3 * gamma * v**5], [v])
    assert same_points(found.points, [{v: 0}, {v: 1 / cbrt(lam * gamma)}])
    assert found.complete


def test_single_location_flow_has_four_corners_and_a_saddle():
    """κ̇ ∝ A(κ)(1−κ²)(ν − erf cκ), ν̇ ∝ (1−ν²) erf c'κ."""
    c, cp = positive("c"), positive("cp")
    slope = 2 * cp / sqrt(pi) * exp(-((cp * kappa) ** 2))
    flow = [slope * (1 - kappa**2) * (nu - erf(c * kappa)), (1 - nu**2) * erf(cp * kappa)]
    found = fixed_points(flow, [kappa, nu])
    corners = [{kappa: a, nu: b} for a, b in product((1, -1), repeat=2)]
    assert same_points(found.points, [*corners, {kappa: 0, nu: 0}])
    assert not found.complete and found.how.startswith("not certified")
    A0 = 2 * cp / sqrt(pi)
    spectrum = [value for value, _ in jacobian_spectrum(flow, [kappa, nu], {kappa: 0, nu: 0})]
    saddle = [A0 * (-c / sqrt(pi) + sign * sqrt(1 + c**2 / pi)) for sign in (1, -1)]
    origin = {kappa: 0, nu: 0}
    assert all(any(vanishes(value - e) for value in spectrum) for e in saddle)
    assert check_jacobian_spectrum(flow, [kappa, nu], origin, tuple((e, 1) for e in saddle))
    forgotten = [A0 * (-c + sign * sqrt(1 + c**2)) for sign in (1, -1)]  # 1/√π left out
    assert not check_jacobian_spectrum(flow, [kappa, nu], origin, tuple((e, 1) for e in forgotten))


def test_denominators_invent_no_fixed_point():
    found = fixed_points([(x**2 - 1) / (x - 1)], [x])
    assert found.points == ({x: -1},)
    assert found.complete


def test_an_unknown_declared_positive_keeps_only_positive_solutions():
    r, s = positive("r"), positive("s")
    found = fixed_points([r**2 + s**2 - 1, r * s - Rational(1, 4)], [r, s])
    assert len(found) == 2 and found.complete and found.counts == (2, 2, 2)


def test_one_unknown_declared_positive_has_its_one_positive_solution():
    r, c = positive("r"), positive("c")
    assert fixed_points([r**2 - c**2], [r]).points == ({r: c},)
    assert real_solution_count([r**2 - c**2], [r], {c: fmpq(3)}) == 1


def test_points_that_are_real_only_for_some_parameters_are_listed_apart():
    t = scalar("t")
    found = fixed_points([(x**2 - t) * (x - 5)], [x])
    assert {x: 5} in found.points
    assert len(found.points) + len(found.sometimes) == 3
    assert found.complete


def test_a_hypothesis_decides_which_points_are_real():
    t = scalar("t")
    assert len(fixed_points([x**2 - t], [x], hypotheses=[t > 0]).points) == 2
    nowhere = fixed_points([x**2 - t], [x], hypotheses=[t < 0])
    assert nowhere.points == nowhere.sometimes == () and nowhere.complete


def test_a_whole_circle_of_solutions_is_not_called_complete():
    found = fixed_points([x * (x**2 + y**2 - 1), y * x], [x, y])
    assert not found.complete


def test_an_unstable_focus_has_a_complex_pair():
    assert {value for value, _ in jacobian_spectrum([x - y, x + y], [x, y], {x: 0, y: 0})} == {1 + I, 1 - I}


def test_a_wrong_eigenvalue_fails():
    system, origin = [lam * x + y, 2 * y], {x: 0, y: 0}
    assert check_jacobian_spectrum(system, [x, y], origin, ((lam, 1), (2, 1)))
    assert not check_jacobian_spectrum(system, [x, y], origin, ((lam, 1), (3, 1)))
    assert not check_jacobian_spectrum(system, [x, y], origin, ((lam, 2),))


def test_a_system_that_is_no_polynomial_system_in_its_unknowns_is_refused():
    d = size("d")
    for equations, unknowns in [
        ([], [x]),
        ([x], []),
        ([x], [x, y]),
        ([matrix("A", d, d)], [x]),
        ([sin(x) - x / 2], [x]),
        ([x**5 - x - 1], [x]),
    ]:
        with pytest.raises(CalculusError):
            fixed_points(equations, unknowns)


def test_too_many_cases_are_refused(monkeypatch):
    monkeypatch.setattr("workbench.calculus.critical.case_splits.MAX_CASES", 6)
    many = symbols("z_0:3", real=True)
    with pytest.raises(NoClosedForm, match="cases"):
        fixed_points([z**2 - 1 for z in many], many)


def test_a_cubic_characteristic_polynomial_is_refused():
    z = Symbol("z", real=True)
    with pytest.raises(NoClosedForm, match="irreducible"):
        jacobian_spectrum([y, z, x + y], [x, y, z], {x: 0, y: 0, z: 0})


fractions = st.fractions(min_value=-3, max_value=3, max_denominator=4)
root_lists = st.lists(fractions, min_size=1, max_size=3)


@settings(max_examples=25, deadline=None)
@given(root_lists, root_lists, st.integers(0, 2))
def test_hermite_counts_a_grid_of_known_points(first, second, twist):
    one = prod(x - Rational(r.numerator, r.denominator) for r in first) * (x**2 + 1)
    two = prod(y - Rational(r.numerator, r.denominator) - twist * x for r in second)
    assert real_solution_count([one, two], [x, y], {}) == len(set(first)) * len(set(second))


@settings(max_examples=25, deadline=None)
@given(root_lists)
def test_sturm_counts_known_roots(places):
    polynomial = prod(x - Rational(r.numerator, r.denominator) for r in places) * (x**2 + x + 1)
    assert real_solution_count([polynomial], [x], {}) == len(set(places))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=9, max_size=9), st.lists(st.integers(-2, 2), min_size=3, max_size=3))
def test_signature_survives_congruence(entries, diagonal):
    P = fmpq_mat(3, 3, [fmpq(e) for e in entries])
    if P.det() == 0:
        return
    D = fmpq_mat(3, 3, [fmpq(diagonal[i] if i == j else 0) for i in range(3) for j in range(3)])
    inertia = sum((e > 0) - (e < 0) for e in diagonal)
    assert symmetric_signature(P.transpose() * D * P) == inertia


@settings(max_examples=15, deadline=None)
@given(st.lists(fractions, min_size=2, max_size=2, unique=True), fractions)
def test_random_triangular_systems_are_solved_completely(places, slope):
    a, b = (Rational(p.numerator, p.denominator) for p in places)
    s = Rational(slope.numerator, slope.denominator)
    found = fixed_points([(x - a) * (x - b), (y - s * x) * (y + 1)], [x, y])
    expected = {(p, value) for p in (a, b) for value in (s * p, -1)}
    assert {(p[x], p[y]) for p in found.points} == expected
    assert found.complete


def test_the_spectrum_of_a_diagonal_system_is_its_slopes():
    system = [lam * x + x**2, gamma * y - y**3]
    assert set(jacobian_spectrum(system, [x, y], {x: 0, y: 0})) == {(lam, 1), (gamma, 1)}
    assert Matrix([[diff(e, u) for u in (x, y)] for e in system]).subs({x: 0, y: 0}).is_diagonal()


def test_a_solution_at_a_pole_is_not_counted():
    assert real_solution_count([x * (x - 1), y / (x - 1)], [x, y], {}) == 1


def test_a_list_with_a_point_missing_is_not_complete():
    complete, how, counts = certificate([x**2 - 1], (x,), [{x: Rational(1)}], [{}])
    assert not complete and how.startswith("not complete") and counts == (2,)


def test_a_repeated_slope_is_counted_twice():
    assert jacobian_spectrum([lam * x, lam * y], [x, y], {x: 0, y: 0}) == ((lam, 2),)


def test_roots_vanish_only_by_their_own_relation():
    r, q = sqrt(lam), sqrt(gamma)
    assert vanishes(1 / (r - q) - (r + q) / (lam - gamma))
    assert vanishes(sqrt(2 + sqrt(3)) ** 2 - 2 - sqrt(3))
    assert not vanishes(1 / (r - q) - (r - q) / (lam - gamma))
    assert not vanishes(r**2 + lam)


def test_an_affine_equation_with_a_root_in_its_coefficients_has_one_solution():
    found = fixed_points([sqrt(1 + 2 * lam**2) * x - lam / sqrt(pi)], [x])
    assert found.complete and found.counts == (1, 1, 1)
    below = positive("below")
    assert not len(fixed_points([sqrt(1 + lam**2) * below + 1], [below]))
    system = [sqrt(2) * x + pi * y - lam, sqrt(2) * x - pi * y]
    assert fixed_points(system, [x, y]).complete
    assert not fixed_points([*system[:1], 2 * system[0]], [x, y]).complete


def test_a_quotient_in_traces_is_written_on_one_level():
    A = matrix("A", size("d"), size("d"))
    s, t = Trace(A), Trace(A * A.T)
    (point,) = fixed_points([s * x + t * y - 1, t * x + N * s * y + x - s], [x, y]).points
    assert all("/" not in str(part) for value in point.values() for part in fraction(value))


def test_a_curve_of_solutions_is_called_a_family():
    with pytest.raises(NoClosedForm, match="form a family in x, y"):
        fixed_points([y * (x * y - lam), x * (x * y - lam)], [x, y])
