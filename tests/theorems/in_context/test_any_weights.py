"""Hand cases for in_context.any_weights."""

from itertools import product

from flint import fmpq

from derivations.in_context import any_weights as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import identity
from workbench.exact.values import evaluate


def test_for_white_weights_u_the_critical_length_is_d_plus_one_times_u_over_two_minus_u():
    for d, u in product((1, 2, 3), (fmpq(1, 3), fmpq(1), fmpq(3, 2))):
        white = identity(d)
        letters = {"d": d, "Lambda": white, "C": white, "sigma": 0, "U": white * u}
        point = as_point(theorem.critical_length.formula, **letters)
        assert evaluate(theorem.critical_length.formula, point) == (d + 1) * u / (2 - u)
