"""Files: the verdicts of a paper for machines, as JUnit and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from junitparser import Error, Failure

from workbench.papers.checking import Found
from workbench.papers.telling import detail
from workbench.running.junit import Case, printable, save

SCHEMA = 1  # of the JSON; the verdict in it has its own


def write_junit(every: list[Found], path: Path) -> None:
    """Write a test case per statement, with its file and line; one that is as its contract says passes.

    Otherwise it is a failure where there is a verdict, and an error where it is undecided or cannot be read.
    """
    save("workbench check", map(case_of, every), path)


def case_of(found: Found) -> Case:
    case = Case(
        printable(found.name or f"line {found.line}"),
        found.path.stem,
        found.answer.seconds if found.answer is not None else 0,
    )
    case.file, case.line = str(found.path), str(found.line)
    if not found.expected:
        kind = Failure if found.status in ("refuted", "supported") else Error
        case.result = [kind(printable(detail(found)), found.status)]
    case.system_out = printable(f"{found.place}: {found.said}")
    return case


def write_json(every: list[Found], path: Path) -> None:
    """Write a record per statement: where it stands, what was expected, and the verdict."""
    record = {"schema": SCHEMA, "statements": [record_of(found) for found in every]}
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def record_of(found: Found) -> dict[str, Any]:
    contract = found.marked
    return {
        "file": str(found.path), "line": found.line, "name": found.name, "status": found.status,
        "as_expected": found.expected, "problem": found.problem,
        "statement": contract.text if contract else "", "where": list(contract.where) if contract else [],
        "expect": contract.expect if contract else "", "every_size": bool(contract and contract.every_size),
        "verdict": None if found.answer is None else found.answer.record(),
    }  # fmt: skip
