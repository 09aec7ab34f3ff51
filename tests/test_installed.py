"""An installed workbench: built as other people build it, put where nothing of the checkout is, and at work there."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parents[1]
LEFT_OUT = {"build", "dist", "report"}  # what commands write beside the sources
OURS = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
BUILD = "import sys; from setuptools import build_meta as b; print(getattr(b, sys.argv[1])(sys.argv[2]))"
LOOK = """
from importlib.metadata import distribution
from importlib.util import find_spec
import json, workbench
from workbench.catalogue import builtin

ours = distribution("theorem-workbench")
print(json.dumps({
    "place": workbench.__file__, "claims": len(builtin().entries), "metadata": [key.lower() for key in ours.metadata],
    "found": [name for name in ("derivations", "numerics") if find_spec(name)],
    "names": [*{file.parts[0] for file in ours.files if file.suffix == ".py"},
              *ours.read_text("top_level.txt").split()],
}))
"""


def ran(*command: Any, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command that has ended well."""
    done = subprocess.run([*map(str, command)], cwd=cwd, env=OURS, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done


def built(what: str, source: Path, into: Path) -> Path:
    """A distribution, built by the backend that pyproject.toml names."""
    into.mkdir()
    return into / ran(sys.executable, "-c", BUILD, what, into, cwd=source).stdout.split()[-1]


def leftovers(folder: str, names: list[str]) -> list[str]:
    """What of a folder is no source."""
    written = LEFT_OUT if Path(folder) == HERE else set()
    return [name for name in names if name in written or name.startswith((".", "__pycache__")) or "egg-info" in name]


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    """What an unpacked source distribution holds."""
    place = tmp_path_factory.mktemp("sources")
    shutil.copytree(HERE, place / "checkout", ignore=leftovers)
    with tarfile.open(built("build_sdist", place / "checkout", place / "sdist")) as archive:
        archive.extractall(place / "unpacked", filter="data")
    (unpacked,) = (place / "unpacked").iterdir()
    return unpacked


@pytest.fixture(scope="module")
def python(sources, tmp_path_factory) -> Path:
    """The Python of an environment that holds the wheel, and the libraries of this one without its workbench."""
    place = tmp_path_factory.mktemp("installed")
    wheel = built("build_wheel", sources, place / "wheel")
    venv.create(place / "env", symlinks=True)
    python = place / "env" / "bin" / "python"
    ran(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=place)
    purelib = ran(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).stdout.strip()
    (Path(purelib) / "libraries.pth").write_text(sysconfig.get_path("purelib"))  # its own .pth files are not read
    return python


def test_a_source_distribution_holds_its_tests_and_constraints(sources):
    here = {path.relative_to(HERE) for path in (HERE / "tests").rglob("*.py")}
    assert here <= {path.relative_to(sources) for path in (sources / "tests").rglob("*.py")}
    for name in ("constraints.txt", "Makefile", "CHANGELOG.md", "LICENSE", "setup.py"):
        assert (sources / name).read_bytes() == (HERE / name).read_bytes()


def test_an_installed_workbench_takes_one_name_and_brings_its_theorems(python, tmp_path):
    from workbench.catalogue import builtin

    seen = json.loads(ran(python, "-c", LOOK, cwd=tmp_path).stdout)
    assert Path(seen["place"]).is_relative_to(python.parents[1]) and seen["claims"] == len(builtin().entries)
    assert set(seen["names"]) == {"workbench"} and seen["found"] == []
    for key in ("name", "version", "summary", "author", "license-expression", "requires-python", "classifier"):
        assert key in seen["metadata"]


def verified(python: Path | str, folder: Path) -> tuple[float, list[dict[str, Any]]]:
    """Seconds of computing for `new` and `verify .`, and the verdicts."""
    folder.mkdir(parents=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran(python, "-m", "workbench", "new", "own.lengths", cwd=folder)
    ran(python, "-m", "workbench", "verify", ".", "--json", "found.json", cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = json.loads((folder / "found.json").read_text())["verdicts"]
    costs = ("seconds", "cpu_seconds")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, [{key: value for key, value in each.items() if key not in costs} for each in found]


def test_an_installed_workbench_verifies_as_this_one_does(python, tmp_path):
    for attempt in ("first", "second"):  # other programs on the machine cost one of the two a little now and then
        there, found = verified(python, tmp_path / attempt / "installed")
        here, known = verified(sys.executable, tmp_path / attempt / "checkout")
        assert found == known and [each["status"] for each in found] == ["supported"] * 2
        if there <= 1.5 * here:
            break
    assert there <= 1.5 * here, f"{there:.1f} s of computing where it is installed, {here:.1f} s here"


PROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "theorems-of-others"
version = "1.0"

[project.entry-points."workbench.theorems"]
of_others = "of_others"

[tool.setuptools.packages.find]
include = ["of_others*"]
"""


def test_pytest_collects_the_claims_of_a_folder_where_the_wheel_is_installed(python, tmp_path):
    ran(python, "-m", "workbench", "new", "own.lengths", cwd=tmp_path)
    said = ran(python, "-m", "pytest", "--workbench", "-rA", cwd=tmp_path).stdout
    for name in ("risk", "risk_gradient"):
        assert f"PASSED derivations/own/lengths.py::{name}" in said
    assert "3 passed" in said and "1 passed" in ran(python, "-m", "pytest", cwd=tmp_path).stdout


def test_a_package_of_others_brings_theorems_that_are_listed_and_verified_by_name(python, tmp_path):
    project = tmp_path / "project"
    (project / "of_others").mkdir(parents=True)
    (project / "pyproject.toml").write_text(PROJECT)
    ran(python, "-m", "workbench", "new", "of_others.lengths", cwd=project / "of_others")
    wheel = built("build_wheel", project, tmp_path / "wheel")
    place = tmp_path / "site"
    ran(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", place, wheel, cwd=tmp_path)
    look = f"import sys; sys.path.insert(0, {str(place)!r}); from workbench.cli import main; main(sys.argv[1:])"
    assert "of_others.lengths.risk_gradient" in ran(python, "-c", look, "list", cwd=tmp_path).stdout
    said = ran(python, "-c", look, "verify", "of_others.lengths.risk", cwd=tmp_path).stdout
    assert "1 supported" in said and str(place) in said


def test_an_installed_workbench_is_at_home_in_a_clone(python):
    listed = ran(python, "-m", "workbench", "list", "--json", cwd=HERE).stdout
    names = [each["id"] for each in json.loads(listed)]
    assert "in_context.one_layer.risk" in names and len(names) == len(set(names))
