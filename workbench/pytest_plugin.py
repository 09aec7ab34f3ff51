"""The plugin of pytest: with --workbench, the claims of a theorem folder are tests.

    pytest --workbench                                  every claim under derivations/, beside the other tests
    pytest --workbench derivations/pca/rank_one.py      one theorem

Off unless asked for, and nothing is loaded then. A claim that is not supported fails with the sentences of
`workbench verify`; what has not changed is taken from the record in .workbench/ as there.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from workbench.catalogue import Entry
    from workbench.running.runs import Outcome

WING = "derivations"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("workbench", "theorems")
    group.addoption("--workbench", action="store_true", help="Collect the claims of derivations/ as tests.")
    group.addoption(
        "--workbench-standard",
        default="quick",
        choices=["quick", "strict"],
        help="How sharp the verdicts must be that --workbench asks for.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Where the places to look in are those of the configuration, the theorems are one more."""
    wing = config.rootpath / WING
    by_testpaths = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if config.getoption("--workbench") and by_testpaths and wing.is_dir():
        config.args.append(str(wing))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Theorem | None:
    if not parent.config.getoption("--workbench") or file_path.suffix != ".py":
        return None
    root = root_of(file_path)
    return Theorem.from_parent(parent, path=file_path, root=root) if root else None


def root_of(path: Path) -> Path | None:
    """The folder of theorems that a file of the left wing stands in."""
    return next(
        (each.parent for each in path.parents if each.name == WING and (each.parent / "numerics").is_dir()), None
    )


class Theorem(pytest.File):
    """A theorem file: its claims are tests, and what the catalogue cannot list is an error."""

    def __init__(self, *, root: Path, **how: Any):
        super().__init__(**how)
        self.root = root

    def collect(self) -> Iterator[Claim]:
        from workbench.catalogue import Catalogue

        catalogue = Catalogue((self.root,))
        name = ".".join(self.path.relative_to(self.root / WING).with_suffix("").parts).removesuffix(".__init__")
        if faults := catalogue.faults([name]) or catalogue.unseen([name]):
            raise self.CollectError("\n".join(faults))
        for entry in catalogue.entries:
            if entry.derivation == self.path:
                yield Claim.from_parent(self, name=entry.parts[2], entry=entry)


class Unsupported(Exception):
    """A claim that is not supported; its text says why."""


class Claim(pytest.Item):
    """A claim: it passes where it is supported."""

    def __init__(self, *, entry: Entry, **how: Any):
        super().__init__(**how)
        self.entry = entry

    def runtest(self) -> None:
        from workbench.running.record import Record
        from workbench.running.runs import run

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a verdict does not depend on what else is tested here, and how
            standard = self.config.getoption("--workbench-standard")
            (outcome,) = run([self.entry], standard=standard, seed=0, record=Record())
        if said := against(outcome):
            raise Unsupported(said)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, Unsupported) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.entry.line - 1, self.entry.id


def against(outcome: Outcome) -> str:
    """What speaks against a claim; nothing where it is supported."""
    from workbench.showing.telling import refutation

    verdict = outcome.verdict
    said = [*([outcome.problem] if outcome.problem else []), *outcome.unlisted]
    if verdict is not None and verdict.status == "refuted":
        said.append(refutation(verdict))
    elif verdict is not None and verdict.status != "supported":
        said.append(f"{verdict.claim}: {verdict.headline}\n  replay: {verdict.replay}")
    return "\n".join(said)
