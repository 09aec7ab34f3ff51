"""First lines: what people type who have never seen the workbench, as physicists, statisticians and papers write it."""

from pathlib import Path

import pytest

from workbench.errors import BadInput
from workbench.sessions.answers import check

CASES = Path(__file__).parent / "cases"
LINES = [
    line for name in ("first_lines.txt", "newcomers.txt") for line in (CASES / name).read_text("utf-8").splitlines()
]
ROWS = [line.split(" | ") for line in LINES if line and line[0] != "#"]


@pytest.mark.parametrize(("verdict", "statement", "where"), [(row[0].strip(), row[1], row[2]) for row in ROWS])
def test_a_first_line_gets_its_verdict_or_is_asked_about(verdict, statement, where):
    if verdict == "asked":
        with pytest.raises(BadInput):
            check(statement, where)
    else:
        answer = check(statement, where)
        assert answer.status == verdict, (answer.reason, answer.compared)


def test_the_table_holds_statements_of_every_verdict():
    assert {row[0].strip() for row in ROWS} == {"supported", "refuted", "undecided", "asked"} and len(ROWS) >= 150
