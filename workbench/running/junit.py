"""JUnit: a verdict per test case, for the dashboards of continuous integration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from junitparser import Attr, Error, Failure, JUnitXml, TestCase, TestSuite

from workbench.judging.verdicts import Verdict


class Case(TestCase):
    """A test case with the place where its claim is stated."""

    file = Attr("file")
    line = Attr("line")


def write_junit(verdicts: list[Verdict], path: Path, places: Mapping[str, tuple[str, int]] | None = None) -> None:
    """Write the verdicts as a JUnit XML file: refuted is a failure, undecided an error.

    places: claim → the file and the line where it is stated.
    """
    cases = [case_of(verdict) for verdict in verdicts]
    for verdict, case in zip(verdicts, cases):
        if place := (places or {}).get(verdict.claim):
            case.file, case.line = place[0], str(place[1])
    save("workbench", cases, path)


def save(name: str, cases: Iterable[Case], path: Path) -> None:
    """Write test cases as the only suite of a file."""
    suite, report = TestSuite(name), JUnitXml()
    suite.add_testcases(cases)
    report.add_testsuite(suite)
    report.write(str(path), pretty=True)


def case_of(verdict: Verdict) -> Case:
    theorem, _, name = verdict.claim.rpartition(".")
    case = Case(name, theorem, verdict.seconds)
    message = printable(f"{verdict.reason} replay: {verdict.replay}".strip())
    if verdict.status == "refuted":
        case.result = [Failure(printable(f"{verdict.witness or ''} {message}"), "refuted")]
    elif verdict.status == "undecided":
        case.result = [Error(message, "undecided")]
    facts = ("resolution", "z", "samples", "seed", "standard", "cpu_seconds")
    case.system_out = "\n".join(f"{name} = {getattr(verdict, name)}" for name in facts)
    return case


def printable(text: str) -> str:
    """Text without the control characters that XML forbids."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)
