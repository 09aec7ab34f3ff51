"""Lessons: every notebook says what it teaches, and no exercise shows its answer; the page of solutions is right."""

import re
from pathlib import Path

import jupytext
import pytest
import sympy as sp

import workbench
from workbench.catalogue import builtin, member
from workbench.language import printing

HOME = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted(path for path in (HOME / "examples").glob("*.py") if "# %%" in path.read_text(encoding="utf-8"))
SOLVED = re.findall(r"^- `([\w.]+)` = `(.+)`$", (HOME / "examples" / "solutions.md").read_text(encoding="utf-8"), re.M)
ASKED = re.compile(r'workbench\.exercise\("([\w.]+)"\)\ntask\.try_\("(.+)"\)')


def exercises(path):
    """The claims that a notebook asks for, with the wrong answer that it begins from."""
    return ASKED.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_begins_with_its_goal_what_it_needs_and_how_long_it_takes(path):
    first = jupytext.read(path).cells[0].source
    assert all(word in first for word in ("Afterwards you can", "Before this:", "Minutes:", "Level:", "Papers:"))
    for needed in re.findall(r"`(\w+)`", first.split("Before this:")[1].split("Minutes:")[0]):
        assert (path.parent / f"{needed}.py").exists(), needed


def test_the_syllabus_has_every_notebook_once():
    weeks = (HOME / "docs" / "syllabus.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\(\.\./examples/(\w+)\.py\)", weeks)) == [path.stem for path in NOTEBOOKS]


def test_every_exercise_has_a_solution_and_every_solution_an_exercise():
    assert sorted(name for path in NOTEBOOKS for name, _ in exercises(path)) == sorted(name for name, _ in SOLVED)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_notebook_shows_the_solution_of_its_exercises(path):
    text = path.read_text(encoding="utf-8").split("## Exercises")[1]
    solved = dict(SOLVED)
    assert [name for name, _ in exercises(path) if solved[name] in text] == []


@pytest.mark.parametrize(("name", "solution"), SOLVED)
def test_a_solution_is_right_and_is_told_by_no_message_before_the_last_hint(name, solution):
    wrong = {asked: answer for path in NOTEBOOKS for asked, answer in exercises(path)}[name]
    task = workbench.exercise(name)
    attempt = task.try_(wrong)
    told = " ".join([repr(task), repr(attempt), *(task.hint() for _ in range(3))])
    derived = printing.text(sp.sympify(member(builtin().claim(name), "derivations").formula))
    assert attempt.status == "refuted" and derived not in told.replace(wrong, "") and solution not in told
    assert task.hint() == f"hint 4 of 4: the answer is {derived}"
    assert task.try_(solution).right
