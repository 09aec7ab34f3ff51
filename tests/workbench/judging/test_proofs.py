"""Proofs: a false line is found, whoever wrote it, and an assumed one is counted."""

import subprocess
import sys
from math import ceil, log2

import pytest
import sympy as sp

from workbench.calculus import rules
from workbench.catalogue import builtin, member
from workbench.claims import assumed, by, claim, given, recall, so
from workbench.judging.proofs import ATTEMPTS, check, compared
from workbench.language import letters as L
from workbench.language.laws import E, gaussian

d, N, M = L.size("d"), L.count("N"), L.count("M")
Sigma, C = L.spd("Sigma", d), L.spd("C", d)
A, U, H = (L.matrix(name, d, d) for name in "AUH")
a, mu, t = L.vector("a", d), L.vector("mu", d), L.positive("t")
x, X = gaussian("x", d, cov=Sigma), gaussian("X", d, N, cov=Sigma)
y = gaussian("y", d, mean=mu, cov=Sigma)
alpha, beta = L.eigenvalue("alpha", Sigma), L.eigenvalue("beta", Sigma)


def proof_of(*steps, hypotheses=()):
    """The checked proof of a claim with those lines."""

    @claim("identity", rivals={}, hypotheses=hypotheses)
    def written():
        """A proof."""
        yield from steps

    return check(written)


def grades(*steps, **options):
    return [line.grade for line in proof_of(*steps, **options).lines]


def test_every_line_is_graded():
    found = grades(
        given("the definition", E(L.form(x, A, x))),
        by(rules.expectation),
        so("transposed", L.tr(Sigma * A.T)),
        assumed("someone says so", L.tr(A), reference="hearsay"),
    )
    assert found == ["stated", "proved", "proved", "assumed"]


def test_what_is_transcendental_is_enclosed_within_a_stated_radius():
    line = proof_of(given("the definition", E(sp.exp(L.dot(a, y)))), by(rules.tilting)).lines[1]
    assert line.grade == "enclosed" and 0 < line.radius < 2**-20 and line.chance is None
    assert line.certainty == f"to within {line.radius:.0e}, at these sizes" and line.sizes == (
        "d = 2",
        "d = 3",
        "d = 2",
    )


ALONE = """
from workbench.catalogue import builtin, member
from workbench.judging.proofs import check

print([line.radius for line in check(member(builtin().claim("measures.softmax_affine.output"), "derivations")).lines])
"""


def test_a_radius_does_not_depend_on_what_the_process_did_before():
    last = builtin().claim("measures.softmax_affine.output")
    others = [entry for entry in builtin().entries if entry.id.startswith("measures.softmax_affine.")]
    for entry in [*others, last]:
        proof = check(member(entry, "derivations"))
    alone = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    assert alone.stdout.strip() == str([line.radius for line in proof.lines])


def test_what_is_rational_is_proved_but_for_a_stated_chance():
    line = proof_of(given("the definition", E(L.form(x, A, x))), by(rules.expectation)).lines[1]
    # At d = 3 the degree of tr(AΣ) is 1 for A and 2·3 + 1 for Σ, over det(I + K)².
    assert line.grade == "proved" and line.chance == log2(8) - 80 and line.radius is None
    assert line.certainty == f"but for a chance below 2^{ceil(line.chance)}, for every size"


def test_hypotheses_cost_the_chance_as_many_draws_as_were_allowed():
    s = L.scalar("s")
    steps = given("one", s * L.tr(A)), so("two", L.tr(s * A))
    free, held = (proof_of(*steps, hypotheses=h).lines[1].chance for h in ((), (s > 0,)))
    assert held == free + log2(ATTEMPTS) <= -64


def test_a_remainder_that_is_seen_to_fall_is_measured_and_not_proved():
    line = proof_of(given("exact", L.tr(A) / (N + 1)), by(rules.expand_large, large={N: sp.oo}, order=1)).lines[1]
    assert line.grade == "measured" and line.stands and line.certainty == ""


def test_a_typed_formula_is_compared_exactly_with_the_derived_one():
    @claim("identity", rivals={})
    def written():
        """A proof."""
        yield given("so", L.tr(A * Sigma))

    same, other = compared(written, L.tr(Sigma * A.T)), compared(written, L.tr(A) * L.tr(Sigma))
    assert (same.grade, other.grade) == ("proved", "false") and same.chance <= -64
    assert compared(written, L.tr(A * Sigma) * sp.exp(0 * N) + sp.log(1 + t) - sp.log(1 + t)).grade == "proved"
    beside = compared(written, L.tr(A * Sigma) * sp.sqrt(sp.exp(t) ** 2) * sp.exp(-t))
    assert beside.grade in ("proved", "enclosed")


FALSE = {
    "a factor": 2 * L.tr(A * Sigma),
    "a sign": -L.tr(A * Sigma),
    "one in a million": L.tr(A * Sigma) * (1 + sp.Rational(1, 10**6)),
    "a power": L.tr(A * Sigma * Sigma),
    "a dimension": L.tr(A * Sigma) + d - N,
    "the order of three": L.tr(A * Sigma) + L.tr(A * Sigma * C) - L.tr(A * C * Sigma),
    "a transpose": L.tr(A * Sigma) + L.form(a, A * Sigma, a) - L.form(a, Sigma * A, a),
}


@pytest.mark.parametrize("slip", FALSE)
def test_a_false_asserted_line_is_found(slip):
    proof = proof_of(given("the definition", L.tr(A * Sigma)), so("obviously", FALSE[slip]))
    assert [line.grade for line in proof.lines] == ["stated", "false"]
    assert not proof.stands and "is not" in proof.lines[1].reason


def test_a_false_line_in_the_middle_is_found_though_the_next_one_returns():
    found = grades(given("one", L.tr(A)), so("two", L.tr(A) + 1), so("three", L.tr(A)))
    assert found == ["stated", "false", "false"]


def test_a_line_of_another_shape_is_false():
    assert grades(given("a number", L.tr(A)), so("a matrix", A))[-1] == "false"


def test_a_line_that_holds_only_under_the_hypotheses_needs_them():
    s = L.scalar("s")
    steps = given("a length", sp.sqrt(s**2)), so("it is positive", s)
    assert grades(*steps)[-1] == "false"
    assert grades(*steps, hypotheses=(s > 0,))[-1] in ("proved", "enclosed")


def test_a_line_that_cannot_be_evaluated_is_open_and_does_not_stand():
    proof = proof_of(given("no law", E(sp.sin(L.dot(a, x) * L.dot(x, x)))), so("by symmetry", sp.S.Zero))
    assert proof.lines[1].grade == "open" and not proof.stands


def test_an_assumed_line_is_listed_with_its_reference():
    proof = proof_of(given("so", L.tr(A)), assumed("by the lemma", L.tr(C), reference="Lemma 3"))
    assert proof.stands and proof.assumed == ["written: by the lemma (Lemma 3)"]


def test_an_assumed_line_is_listed_by_every_claim_that_builds_on_it():
    @claim("identity", rivals={})
    def lemma():
        """A lemma."""
        yield given("so", L.tr(A))
        yield assumed("by the book", L.tr(C), reference="a book")

    @claim("identity", rivals={})
    def step():
        """A step."""
        yield recall(lemma)
        yield so("twice halved", 2 * L.tr(C) / 2)

    @claim("identity", rivals={})
    def theorem():
        """A theorem."""
        yield recall(step)
        yield assumed("and this", L.tr(A), reference="a friend")
        yield recall(lemma)

    @claim("identity", rivals={})
    def corollary():
        """A corollary that recalls no line and uses a formula."""
        yield given("twice the lemma", 2 * step.formula)

    assert check(corollary).assumed == ["lemma: by the book (a book)"]
    assert check(step).assumed == ["lemma: by the book (a book)"]
    assert check(theorem).assumed == ["theorem: and this (a friend)", "lemma: by the book (a book)"]
    assert check(theorem).rules == []


INVERSE = E(A * sp.Inverse(X * X.T) * C)


def test_a_mean_that_small_sizes_do_not_have_is_checked_at_larger_ones():
    found = proof_of(given("the definition", INVERSE), by(rules.inverse_wishart))
    assert [line.grade for line in found.lines] == ["stated", "proved"]
    assert (found.lines[-1].line.expression - A * Sigma.I * C / (N - d - 1)).expand().doit() == sp.ZeroMatrix(d, d)


WRONG_INVERSES = {
    "the mean of W inverted": A * Sigma.I * C / N,
    "one degree of freedom more": A * Sigma.I * C / (N - d),
    "a transpose": A.T * Sigma.I * C / (N - d - 1),
    "right at two counts only": A * Sigma.I * C / (N - d - 1) * (1 + (N - 4) * (N - 5)),
}


@pytest.mark.parametrize("slip", WRONG_INVERSES)
def test_a_broken_inverse_moment_is_found(slip):
    assert grades(given("the definition", INVERSE), so("perhaps", WRONG_INVERSES[slip]))[-1] == "false"


def test_hypotheses_about_sizes_choose_the_sizes():
    second = E(L.tr(sp.Inverse(X * X.T) ** 2 * A))
    assert grades(given("the definition", second), by(rules.inverse_wishart), hypotheses=(N > d + 3,))[-1] == "proved"
    short = L.tr(A) * (N - 7) * (N - 8) * (N - 9)  # zero at every size tried, were it not for the hypothesis
    assert grades(given("nothing", short), so("nothing", 0 * d), hypotheses=(N < 7,))[-1] == "false"
    assert (
        grades(given("more", L.tr(A)), so("more", L.tr(A) + (M - 3) * (M - 4)), hypotheses=(N < M, M < 7))[-1]
        == "false"
    )


AT_SMALL_SIZES = {
    "a polynomial in the dimension": (d - 1) * (d - 2) * (d - 3) * (d - 4),
    "a polynomial in the count": (N - 1) * (N - 2) * (N - 3) * (N - 4),
    "a cap on the count": sp.Min(N, 12) - N,
    "a step far out": sp.Max(t - 100, 0),
    "one count for another": M - N,
}


@pytest.mark.parametrize("slip", AT_SMALL_SIZES)
def test_what_vanishes_at_small_sizes_and_usual_magnitudes_is_found(slip):
    false = L.tr(A) + AT_SMALL_SIZES[slip]
    assert grades(given("one", L.tr(A)), so("the same", false))[-1] == "false"


def test_an_exchange_of_counts_and_back_is_refuted_at_its_first_line():
    found = grades(given("one", N * L.tr(A)), so("two", M * L.tr(A)), so("three", N * L.tr(A)))
    assert found == ["stated", "false", "false"]


def test_equal_normal_forms_hold_for_every_size():
    proof = proof_of(given("one", N * L.tr(A * C)), so("two", N * L.tr(C * A)), so("three", L.tr(N * A * C)))
    assert [line.every for line in proof.lines] == [False, True, True]


def test_a_mean_holds_for_every_size_where_it_is_a_sum_over_pairings():
    proof = proof_of(given("the definition", E(L.tr(X * X.T))), by(rules.expectation))
    assert proof.lines[1].grade == "proved" and proof.lines[1].every


def test_a_line_without_a_value_anywhere_is_open():
    square = gaussian("S", d, d, cov=Sigma)
    found = proof_of(given("no mean", E(sp.Inverse(square * square.T))), so("so what", Sigma.I))
    assert found.lines[-1].grade == "open" and "no value at any instance" in found.lines[-1].reason
    assert not found.stands


def test_an_instance_without_a_value_is_passed_over():
    split = L.tr(A) * d / (d - N) - L.tr(A) * N / (d - N)  # no value at d = N
    assert grades(given("one", L.tr(A)), so("split", split))[-1] == "proved"
    assert grades(given("one", L.tr(A)), so("split", split + L.tr(A) / 10**6))[-1] == "false"


def test_a_formula_with_a_hole_at_two_dimensions_is_checked_at_three():
    split = L.tr(A) * (d / (d - 2) - 2 / (d - 2))  # as Weingarten functions of order 3 have
    assert grades(given("one", L.tr(A)), so("split", split))[-1] == "proved"
    assert grades(given("one", L.tr(A)), so("split", split + L.tr(A) / 10**6))[-1] == "false"
