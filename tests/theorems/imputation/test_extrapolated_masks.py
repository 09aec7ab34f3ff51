"""Hand cases for imputation.extrapolated_masks: half of the entries are missing, and half of the others are hidden."""

from pathlib import Path

from flint import fmpq

from numerics.imputation.extrapolated_masks import line_at_zero
from workbench.catalogue import Catalogue, member
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HERE = Catalogue((Path(__file__).resolve().parents[3],))
HALF = fmpq(1, 2)


def value(name, **letters):
    formula = member(HERE.claim(f"imputation.extrapolated_masks.{name}"), "derivations").formula
    return evaluate(formula, as_point(formula, **letters))


def test_the_line_through_a_quarter_and_a_sixteenth_is_read_at_zero():
    # Both entries are seen with chance 1/4 at the rate 1/2, and 1/16 at 3/4: the line meets zero at 5/8.
    assert line_at_zero(0.5, 0.5, 1 / 4, 1 / 16) == 5 / 8
    found = value("extrapolated", d=2, Sigma=[[2, 1], [1, 3]], p=HALF, h=HALF)
    assert found.tolist() == [[2, fmpq(5, 8)], [fmpq(5, 8), 3]]


def test_rows_without_correlation_have_variance_alone():
    # E(o₁o₂ u v)² = 1/4 in one row
    assert value("plain_risk", n=1, rho=fmpq(0), p=HALF) == fmpq(1, 4)
    # seen by the first masks alone it counts 3 times, with chance 3/16, and by both 3 − 2 times, with chance 1/16
    assert value("extrapolated_risk", n=1, rho=fmpq(0), p=HALF, h=HALF) == fmpq(28, 16)
