"""Formulas typed in place of a claim's: exact arithmetic outranks what a measurement can resolve."""

import pytest

from workbench import conjecture
from workbench.judging.verdicts import numbers_of

MOMENT = "(sigma**2/N + tr(C*Lambda)/N)*Lambda + (1 + 1/N)*Lambda*C*Lambda"
WRONG = {
    "a polynomial that vanishes at small sizes": (
        "in_context.one_layer.context_moment",
        f"{MOMENT} + (N - 1)*(N - 2)*(N - 3)*(N - 4)*(N - 5)*(N - 7)*Lambda",
    ),
    "a constant rounded below what was measured": ("acquisition.loss_curves.last_lessons", "2000001/1000000*p"),
}


@pytest.mark.parametrize("slip", WRONG)
def test_a_formula_that_is_not_the_derived_one_is_refuted_with_a_derived_witness(slip):
    verdict = conjecture(*WRONG[slip])
    assert (verdict.status, verdict.compared) == ("refuted", "not the derived formula")
    assert verdict.witness["by"] == "derived" and verdict.witness["claimed"] != verdict.witness["measured"]
    assert verdict.correction


def test_the_derived_formula_itself_is_supported():
    verdict = conjecture("in_context.one_layer.context_moment", MOMENT)
    assert verdict.status == "supported" and verdict.compared.startswith("equal to the derived formula")


def test_a_witness_shows_digits_enough_and_says_which_number_was_derived():
    close = {"claimed": 1.0, "measured": 1.00000001, "component": 0}
    assert numbers_of(close) == "claimed 1, measured 1.00000001 (component 0)"
    assert "derived 1.00000001" in numbers_of(close | {"by": "derived"})
