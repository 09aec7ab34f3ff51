"""Hand cases for imputation.remasking: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.imputation import remasking as theorem
from workbench.exact.values import as_point, evaluate


def test_an_entry_alone_costs_its_variance_where_it_is_hidden_on_purpose():
    point = as_point(theorem.risk.formula, d=1, Sigma=[[3]], W=[[7]], p=fmpq(1, 5), r=fmpq(1, 2))
    assert evaluate(theorem.risk.formula, point) == 3 * fmpq(1, 2) * fmpq(4, 5)
