"""What many tests share: a tiny theorem in a folder of its own, and the command line called from within."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from workbench.catalogue import HOME, Entry
from workbench.limits import Limits, bounded, loading, one_thread

one_thread()  # before a test loads NumPy: on shared cores the threads of two workers would mostly wait

# Examples are drawn from the test itself, so that a run is never lucky or unlucky; cores are shared, so no deadline.
settings.register_profile("workbench", deadline=None, derandomize=True)
settings.load_profile("workbench")

ROOM = Limits(0, 8)  # the gigabytes that one test may take, or what the machine has left


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What collecting loads stays until the end."""
    with loading():
        return (yield)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is asked of one theorem stands together: one worker derives it, once."""
    places: dict[Path, int] = {}
    items.sort(key=lambda item: places.setdefault(subject(item), len(places)))


def subject(item: pytest.Item) -> Path:
    """The theorem that a test is about, by its parameter or its file; of others, their file."""
    entry = getattr(item, "callspec", None) and item.callspec.params.get("entry")
    hand_cases = HOME / "derivations" / item.path.parent.name / item.path.name.removeprefix("test_")
    theorem = entry.derivation if isinstance(entry, Entry) else hand_cases
    return theorem if theorem.is_file() else item.path


@pytest.fixture(autouse=True)
def bounded_memory() -> Iterator[None]:
    """A test that eats memory is refused it and fails; the system ends neither its worker nor another program."""
    unbounded = bounded(ROOM.here())
    yield
    unbounded()


DERIVATION = '''
"""A Gaussian vector is as long as its covariance allows.

Source: by hand
"""

from workbench import E, by, claim, dot, gaussian, given, positive, size, spd, tr
from workbench.calculus.rules import expectation

d = size("d")
s = positive("s")
Sigma = spd("Sigma", d)
x = gaussian("x", d, cov=Sigma)


@claim("expectation", "E s|x|²", rivals={"dimension taken for the trace": s * d, "squared": s * tr(Sigma * Sigma)})
def length():
    """The mean squared length is the trace of the covariance."""
    yield given("the definition", E(s * dot(x, x)))
    yield by(expectation)
'''
TWIN = '''
"""A Gaussian vector, measured."""

import torch


def length(s, Sigma, *, draw):
    """Squared length of one vector."""
    x = torch.linalg.cholesky(Sigma) @ draw.normal("x", len(Sigma))
    return s * (x @ x)
'''


@dataclass(frozen=True)
class Folder:
    """A folder with theorems of its own."""

    root: Path

    def write(self, theorem: str, derivation: str = DERIVATION, twin: str | None = TWIN) -> Folder:
        chapter, name = theorem.split(".")
        for wing, text in (("derivations", derivation), ("numerics", twin)):
            place = self.root / wing / chapter / f"{name}.py"
            place.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                place.write_text(text.lstrip(), encoding="utf-8")
        return self

    def edit(self, wing: str, theorem: str, old: str, new: str) -> Folder:
        """Change one place of a file; the place must exist once."""
        path = self.root / wing / (theorem.replace(".", "/") + ".py")
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return self


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with one tiny theorem, vectors.gaussian, whose only claim is vectors.gaussian.length."""
    return Folder(tmp_path / "own").write("vectors.gaussian")


@dataclass(frozen=True)
class Reply:
    """What a command answered."""

    code: int
    out: str
    err: str


@pytest.fixture
def workbench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Callable[..., Reply]:
    """Call the command line in this process, from an empty folder."""
    from workbench.cli import main

    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)

    def call(*arguments: str) -> Reply:
        capsys.readouterr()
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        said = capsys.readouterr()
        return Reply(code, said.out, said.err)

    return call
