"""Magics: a statement in a notebook is judged as it is written."""

import pytest
from IPython.core.interactiveshell import InteractiveShell


class Shell(InteractiveShell):
    """A shell that does not mind which virtual environment it runs in."""

    def init_virtualenv(self):
        pass


@pytest.fixture(scope="module")
def shell():
    found = Shell()
    found.run_line_magic("load_ext", "workbench")
    return found


def test_a_line_is_judged(shell):
    assert shell.run_line_magic("check", "E[X*X.T] == N*Sigma").status == "supported"
    assert shell.run_line_magic("check", "E[X*X.T] == d*Sigma").correction["formula"] == "N*Sigma"


def test_a_cell_is_judged_with_its_declarations(shell):
    answer = shell.run_cell_magic("check", "A: symmetric d; x ~ N(0, Sigma)", "E[(x.T*A*x)**2] ==\n  tr(A*Sigma)**2\n")
    assert answer.status == "refuted" and "A: symmetric d" in answer.where


def test_what_is_not_understood_is_said_in_one_sentence(shell, capsys):
    assert shell.run_line_magic("check", "E[X*X.T]") is None
    assert capsys.readouterr().err.startswith("workbench: 'E[X*X.T]' is no statement")
