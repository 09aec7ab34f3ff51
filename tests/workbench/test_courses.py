"""Courses: a try says right or wrong and never the answer, which is the last hint and no earlier one."""

import re
from pathlib import Path

import pytest
import sympy as sp

import workbench
from workbench.catalogue import builtin, member
from workbench.courses.hints import hints_on
from workbench.errors import BadInput
from workbench.language import printing

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = ["in_context.one_layer.fixed_point", "measures.softmax_affine.linear_output", "language.grammars.critical_rate"]


def answer(name):
    return printing.text(sp.sympify(member(builtin().claim(name), "derivations").formula))


@pytest.mark.parametrize(("name", "wrong"), list(zip(NAMES, ["inv(Lambda)", "V*mu", "1 - g"])))
def test_a_wrong_answer_is_told_so_by_a_witness_and_a_right_one_too(name, wrong):
    task = workbench.exercise(name)
    first = task.try_(wrong)
    assert not first.right and "wrong: at " in repr(first) and answer(name) not in repr(first) + repr(task)
    assert task.try_(answer(name)).right and repr(task.tries[-1]).endswith("right")


def test_hints_come_one_at_a_time_and_the_answer_last():
    task = workbench.exercise("E[tr(X*X.T)**2]")
    assert not task.try_("N**2*tr(Sigma)**2 + N*tr(Sigma) + d").right
    hints = [task.hint() for _ in range(5)]
    assert hints[0] == "hint 1 of 4: the answer is a number, a sum of 2 terms in N, Sigma"
    assert hints[1] == "hint 2 of 4: of your last try, too much: N*tr(Sigma); too much: d; 1 term is missing"
    assert "expectation" in hints[2] and hints[3] == hints[4]
    solution = "N**2*tr(Sigma)**2 + 2*N*tr(Sigma**2)"
    assert hints[3].endswith(solution) and not any("tr(Sigma**2)" in hint for hint in hints[:3])
    assert "tr(Sigma**2)" not in repr(task) + repr(task.tries)
    assert workbench.check(f"E[tr(X*X.T)**2] == {solution}").status == "supported"


@pytest.mark.parametrize("entry", builtin().entries, ids=lambda entry: entry.id)
def test_no_hint_but_the_last_shows_the_answer(entry):
    claim = member(entry, "derivations")
    *early, last = hints_on(claim, None)
    text = printing.text(sp.sympify(claim.formula))
    assert last() == f"the answer is {text}"
    assert len(text) < 6 or not any(text in hint() for hint in early)


def near_misses(claim):
    """Five wrong answers that are near the right one."""
    text = printing.text(sp.sympify(claim.formula))
    first = (sp.MatAdd if claim.formula.is_Matrix else sp.Add).make_args(claim.formula)[0]
    return [f"2*({text})", f"-({text})", f"({text})/3", f"({text}) + 5*({text})",
            f"({text}) - ({printing.text(first)})/7"]  # fmt: skip


EXERCISES = re.findall(
    r'workbench\.exercise\("([\w.]+)"\)', "".join(path.read_text() for path in sorted(EXAMPLES.glob("*.py")))
)


@pytest.mark.parametrize("name", EXERCISES)
def test_no_hint_on_a_near_miss_shows_the_answer(name):
    task = workbench.exercise(name)
    solution = printing.text(sp.sympify(task.claim.formula))
    for typed in near_misses(task.claim):
        *early, last = hints_on(task.claim, task.read(typed))
        assert not any(solution in hint() for hint in early) and solution in last(), typed
    assert solution not in repr(task)


def test_what_is_no_exercise_or_no_formula_is_one_sentence():
    with pytest.raises(BadInput, match="no claim is called"):
        workbench.exercise("pca.spikes.nothing")
    with pytest.raises(BadInput):
        workbench.exercise("in_context.one_layer.fixed_point").try_("inv(Lambda")
    with pytest.raises(BadInput, match="no rule derives"):
        workbench.exercise("E[tanh(z**2 + z)]")
