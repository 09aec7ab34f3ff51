"""Recursions in proofs: for which sizes they are known to hold, and a horizon that is said."""

from workbench.calculus import rules
from workbench.claims import by, claim, given, so
from workbench.judging.proofs import check
from workbench.language.laws import gaussian, sphere
from workbench.language.letters import count, dot, positive, size, vector

d, T = size("d"), count("T")
eta, r, e = positive("eta"), positive("r"), vector("e", d)
x, unit = gaussian("x", d), sphere("unit", d)
DELTA, ROUND = ({e: e - eta * key * key.T * e} for key in (x, unit))


def lines(*steps):
    """The checked lines of a claim."""

    @claim("identity", rivals={})
    def written():
        """A proof."""
        yield from steps

    return check(written).lines


def test_means_of_gaussian_letters_hold_for_every_size_and_number_of_steps():
    for step in (
        by(rules.recursion, update=DELTA, means={r: dot(e, e)}),
        by(rules.after_steps, update=DELTA, times=T),
    ):
        assert lines(given("squared error", dot(e, e)), step)[1].every


def test_other_laws_are_known_at_the_sizes_and_steps_that_were_tried():
    line = lines(given("squared error", dot(e, e)), by(rules.after_steps, update=ROUND, times=T))[1]
    assert line.grade == "proved" and not line.every
    assert all("T = " in sizes for sizes in line.sizes)


def test_which_root_ends_stability_is_known_at_the_sizes_that_were_tried():
    steps = (
        by(rules.recursion, update=DELTA, means={r: dot(e, e)}),
        by(rules.critical_rate, unknowns=[r], parameter=eta),
    )
    line = lines(given("squared error", dot(e, e)), *steps)[2]
    assert line.grade == "proved" and not line.every


def test_a_closed_form_that_is_wrong_from_the_second_step_on_is_false():
    kept = 1 - 2 * eta + (d + 2) * eta**2
    right, wrong = kept**T * dot(e, e), (1 + T * (kept - 1)) * dot(e, e)  # both are right at T = 0 and T = 1
    begin, run = given("squared error", dot(e, e)), by(rules.after_steps, update=DELTA, times=T)
    assert all(line.stands for line in lines(begin, run, so("in short", right)))
    assert lines(begin, run, so("to first order", wrong))[2].grade == "false"
