"""JUnit: a verdict per test case, for the dashboards of continuous integration."""

from __future__ import annotations

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite

from workbench.judging.verdicts import Verdict


def write_junit(verdicts: list[Verdict], path: Path) -> None:
    """Write the verdicts as a JUnit XML file: refuted is a failure, undecided an error."""
    suite = TestSuite("workbench")
    for verdict in verdicts:
        suite.add_testcase(case_of(verdict))
    report = JUnitXml()
    report.add_testsuite(suite)
    report.write(str(path), pretty=True)


def case_of(verdict: Verdict) -> TestCase:
    theorem, _, name = verdict.claim.rpartition(".")
    case = TestCase(name, theorem, verdict.seconds)
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
