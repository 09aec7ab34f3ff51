"""Statements: what cannot be an equation, or says nothing, is named in one sentence and never supported."""

import pytest
from flint import fmpq
from sympy import log

from workbench.exact.instances import draw
from workbench.exact.values import value
from workbench.judging.well_formed import idle_letters
from workbench.language.letters import dot, positive, unit_vector

OWN = "vectors.gaussian.length"
PROOF = 'yield given("the definition", E(s * dot(x, x)))\n    yield by(expectation)'
SQUARE = "return s * (x @ x)"


def reply_to(workbench, folder, *, proof=PROOF, more="", twin=SQUARE, takes="s, Sigma", letters=""):
    """What verifying the tiny theorem answers after some of it was rewritten."""
    folder.edit("derivations", "vectors.gaussian", PROOF, proof)
    folder.edit("derivations", "vectors.gaussian", '"squared": s * tr(Sigma * Sigma)}', f'"squared": s}}{more}')
    folder.edit("derivations", "vectors.gaussian", 's = positive("s")', f's = positive("s")\n{letters}')
    folder.edit("numerics", "vectors.gaussian", SQUARE, twin)
    folder.edit("numerics", "vectors.gaussian", "length(s, Sigma,", f"length({takes},")
    return workbench("verify", folder.root)


VACUOUS = [
    ", hypotheses=(s < 0,)",
    ", hypotheses=(s > 1, s < 1)",
    ", hypotheses=(d > 9, d < 9)",
    ", regime=(s > 5, s < 4)",
]


@pytest.mark.parametrize("more", VACUOUS)
def test_hypotheses_that_nothing_satisfies_are_vacuous(workbench, folder, more):
    reply = reply_to(workbench, folder, more=more)
    assert reply.code == 2 and "undecided" in reply.out and "vacuous: " in reply.out
    assert "draws satisfies" in reply.out or "contradicts what its letters promise" in reply.out


def test_hypotheses_that_something_satisfies_are_not(workbench, folder):
    assert reply_to(workbench, folder, more=", hypotheses=(s < 1, s > 0.25)").code == 0


ILL_TYPED = {
    "a relation": ({"proof": 'yield given("less", s * tr(Sigma) < 3)'}, "is the relation"),
    "a relation among the factors": (
        {"proof": 'yield given("one", sp.Function("f")(s < 1) * tr(Sigma))', "letters": "import sympy as sp"},
        "holds the relation",
    ),
    "a matrix measured, a number claimed": (
        {"twin": "return s * torch.outer(x, x)"},
        "a number and its twin measures a ",
    ),
    "a number measured, a matrix claimed": (
        {"proof": 'yield given("definition", E(s * x * x.T))\n    yield by(expectation)'},
        "matrix and its twin measures a number",
    ),
    "rows for columns": (
        {
            "proof": 'yield given("definition", E(dot(x, x)) * A)\n    yield by(expectation)',
            "letters": 'from workbench import count, matrix\nN = count("N")\nA = matrix("A", d, N)',
            "twin": "return x @ x * A.T",
            "takes": "s, Sigma, A",
        },
        "matrix and its twin measures a ",
    ),
    "a letter that the twin does not take": (
        {"proof": 'yield given("definition", E(s * t * dot(x, x)))\n    yield by(expectation)',
         "letters": 't = positive("t")'},
        "depends on t, which its twin does not take",
    ),
    "a letter that the theorem does not name": ({"takes": "s, Sigma, t"}, "asks for t, which the theorem does not"),
}  # fmt: skip


@pytest.mark.parametrize("fault", ILL_TYPED)
def test_an_ill_typed_statement_is_named_in_one_sentence_before_it_is_measured(workbench, folder, fault, monkeypatch):
    from workbench.judging import canaries, confrontation

    monkeypatch.setattr(confrontation, "measured", None)
    monkeypatch.setattr(canaries, "flock", lambda: canaries.Flock(1, 1, ()))
    changes, sentence = ILL_TYPED[fault]
    reply = reply_to(workbench, folder, **changes)
    assert reply.code == 3 and sentence in reply.err and reply.err.startswith(OWN)
    assert len(reply.err.strip().splitlines()) == 1 and "Traceback" not in reply.err + reply.out


def test_a_letter_that_does_nothing_is_named(workbench, folder):
    reply = reply_to(
        workbench, folder, takes="s, Sigma, A",
        proof='yield given("definition", E(s * dot(x, x)))\n    yield by(expectation)\n'
        '    yield so("idle", s * tr(Sigma) + tr(A * Sigma) - tr(Sigma * A.T))',
        letters='from workbench import matrix, so\nA = matrix("A", d, d)',
    )  # fmt: skip
    assert reply.code == 2 and "the closed form names A and does not depend on it" in reply.out


def test_a_letter_with_values_out_of_reach_is_not_taken_for_idle():
    x, y = positive("x"), positive("y")
    formula = log(2 - 64 * x) + y  # drawn anew, x is at least ¼ and the logarithm has no value
    assert idle_letters(formula, [{x: fmpq(1, 64), y: fmpq(1)}], value) == []


def test_a_letter_is_not_taken_for_idle_where_it_was_drawn_with_the_value_that_is_tried_next():
    x, y = positive("x"), positive("y")
    for seed in range(40):  # of 29 values of x the one that is tried next is drawn before long
        instance = draw([x, y], str(seed))
        assert idle_letters(x - y, [instance], value) == []


def test_a_letter_that_can_only_be_what_it_is_does_not_move():
    e, x = unit_vector("e", 1), positive("x")
    formula = x + dot(e, e)
    assert idle_letters(formula, [draw([e, x])], value) == ["e"]


def test_the_shape_of_an_explicit_column_is_read(workbench, folder):
    reply = reply_to(
        workbench, folder, proof='yield given("two", sp.ImmutableMatrix([s, s]))', letters="import sympy as sp"
    )
    assert reply.code == 3 and "the formula is a 2×1 matrix and its twin measures a number" in reply.err


def test_nothing_equals_nothing_is_not_supported(workbench, folder):
    reply = reply_to(workbench, folder, proof='yield given("nothing", 0 * s)', twin="return 0 * (x @ x)")
    assert reply.code == 2 and "0 = 0: every sample of the twin is exactly zero" in reply.out


def test_a_mean_that_vanishes_is_not_nothing(workbench, folder):
    reply = reply_to(workbench, folder, proof='yield given("odd", 0 * s)', twin="return s * x[0]")
    assert reply.code == 0


def test_an_unknown_letter_of_a_conjecture_is_named_too(workbench):
    reply = workbench("conjecture", "measures.softmax_affine.output", "V*mu + V2*Sigma*K.T*Q*x")
    assert reply.code == 3 and "depends on V2, which its twin does not take" in reply.err


def test_two_letters_of_one_name_are_named(workbench, folder):
    reply = reply_to(workbench, folder, letters='from workbench import scalar\nother = scalar("s")')
    assert reply.code == 3 and "two different letters are called s" in reply.err


def test_a_proof_that_recalls_itself_is_named(workbench, folder):
    reply = reply_to(workbench, folder, proof="from workbench import recall\n\n    yield recall(length)")
    assert reply.code == 3 and "goes round in circles" in reply.err and "recalls itself" in reply.err


@pytest.mark.parametrize("typed", ["log(-x.T*x)*mu", "(-x.T*x)**(1/3)*mu", "asin(2 + x.T*x)*mu"])
def test_a_formula_without_a_real_value_is_named(workbench, typed):
    reply = workbench("conjecture", "measures.softmax_affine.linear_output", typed)
    assert reply.code == 3 and "has no real value at d = 2" in reply.err


def test_a_formula_beyond_all_floats_is_refuted(workbench):
    assert workbench("conjecture", "measures.softmax_affine.linear_output", "(10**39)**9*mu").code == 1


def test_tiny_values_are_judged_on_their_own_scale(workbench, folder):
    tiny = 'yield given("definition", E(s * dot(x, x) / 10**30))\n    yield by(expectation)'
    assert reply_to(workbench, folder, proof=tiny, twin="return 1.1e-30 * s * (x @ x)").code == 1
