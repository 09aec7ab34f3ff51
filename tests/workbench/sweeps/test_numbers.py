"""A claim is a function: its closed form and its measurement at letters that are given by name."""

import numpy as np
import pytest

from derivations.in_context import one_layer
from derivations.pca import spikes
from workbench.errors import BadInput

C = np.array([[1, 0.3], [0.3, 2]])
LAMBDA = [[1, 0.2], [0.2, 2]]
PROMPT = {"N": 5, "sigma": 0.5, "C": C, "Lambda": LAMBDA}
moment = one_layer.context_moment


def test_a_number_is_the_closed_form_at_the_letters():
    assert spikes.outlier(theta=2, d=10, n=20) == (1 + 10 / 40) * 3
    L = np.array(LAMBDA)
    by_hand = 1.2 * L @ C @ L + (0.25 / 5 + np.trace(C @ L) / 5) * L
    assert np.abs(moment(**PROMPT) - by_hand).max() < 1e-14


def test_sizes_are_those_of_any_matrix_that_is_given():
    assert one_layer.critical_length(N=10, Lambda=np.eye(3)) == one_layer.critical_length(N=10, d=3)


def test_arrays_of_numbers_give_arrays():
    table = spikes.outlier(theta=[[2.0], [3.0]], d=10, n=[20, 40])
    assert table.shape == (2, 2) and table[1, 0] == spikes.outlier(theta=3, d=10, n=20)
    assert moment(**{**PROMPT, "N": [5, 6, 7]}).shape == (3, 2, 2)


def test_what_is_measured_is_the_same_quantity_in_the_same_shape():
    found = moment.measure(**PROMPT)
    assert found.value.shape == (2, 2) and "exact cubature" in str(found)
    assert (abs(found.value - moment(**PROMPT)) <= found.error).all() and found.error.max() < 1e-9
    several = moment.measure(**{**PROMPT, "N": [3, 5]})
    assert several.shape == (2,) and (several[1].value == found.value).all()


@pytest.mark.parametrize(("changed", "said"), [
    ({"N": 5.5}, "N = 5.5 is no whole number"), ({"sigma": -1}, "sigma = -1 is not positive"),
    ({"C": np.eye(3)}, "is 3 × 3, which does not fit d = 2"), ({"C": np.diag([1, -1])}, "is not positive definite"),
    ({"Lambda": [[1, 2], [0, 1]]}, "Lambda = .* is not symmetric"), ({"nu": 1}, "has no letter nu; its theorem has C,"),
    ({"sigma": np.inf}, "is not finite"),
])  # fmt: skip
def test_a_value_that_a_letter_cannot_have_is_named(changed, said):
    with pytest.raises(BadInput, match=said):
        moment(**{**PROMPT, **changed})


def test_a_missing_letter_and_a_hypothesis_that_fails_are_named():
    with pytest.raises(BadInput, match="needs a value of N, sigma, given by name: N="):
        moment(C=C, Lambda=LAMBDA)
    with pytest.raises(BadInput, match=r"pca.spikes.outlier supposes theta\*\*2 > d/n"):
        spikes.outlier(theta=0.5, d=10, n=20)
