"""The prompt: one warm process, a line at a time; whatever a line does, the next one is answered."""

import subprocess
import sys

import pytest

LINES = [
    "E[X*X.T] == N*Sigma",
    "E[Y*Y.T] == 2*L*Sigma where Y: d×L ~ N(0, Sigma)",
    'check "E[y*y.T] == Lambda" --where "y ~ N(0, Lambda)"',
    "E[tr((X*X.T + A)**14)] == 1",
    'show "in_context',
    "show nowhere.at_all",
    "E[[ == 3",
    "__import__('os').abort() == 1",
    "conjecture in_context.one_layer.context_moment 'Lambda*C'",
    "",
    "list measures",
    "help",
    "E[x*x.T] == Sigma",
    "quit",
    "E[z] == 0",
]


@pytest.fixture(scope="module")
def said():
    """What a prompt says to these lines, of which each may work for five seconds; words and errors together."""
    command = [sys.executable, "-m", "workbench", "repl", "--time-limit", "5"]
    done = subprocess.run(
        command, input="\n".join(LINES), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True
    )
    return done.stdout


def test_statements_are_answered_as_check_answers_them(said):
    assert "E[X*X.T] = N*Sigma: SUPPORTED for every size\n" in said
    assert "E[Y*Y.T] = (2*L)*Sigma: REFUTED\n" in said and "  try: L*Sigma" in said
    assert "E[y*y.T] = Lambda: SUPPORTED" in said


def test_a_line_that_takes_too_long_is_undecided_and_the_next_is_answered(said):
    assert "UNDECIDED — exceeded 5 s; give it more with --time-limit" in said
    assert "E[x*x.T] = Sigma: SUPPORTED" in said


def test_what_cannot_be_read_is_told_in_a_sentence(said):
    assert "workbench: show: No closing quotation; put a formula between two quotation marks\n" in said
    assert "workbench: no chapter, theorem or claim is called 'nowhere.at_all'" in said
    assert "workbench: 'E[[ == 3' is not a formula" in said
    assert "Traceback" not in said and "fault" not in said


def test_commands_are_those_of_the_shell(said):
    assert "in_context.one_layer.context_moment = Lambda*C: REFUTED" in said
    assert "measures.softmax_affine.linear_output" in said and 'conjecture CLAIM "FORMULA"' in said


def test_nothing_is_read_after_quit(said):
    assert "E[z]" not in said
