"""A small record with everything in it that a report shows, and the page made from it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import pytest

SPHERES = '''
"""Gaussian vectors on a scale.

Source: by <b>hand</b> & by pencil
"""

from workbench import E, assumed, by, claim, dot, gaussian, given, positive, recall, size, so, spd, tr
from workbench.calculus.rules import expectation, gradient

d = size("d")
s = positive("s")
Sigma = spd("Sigma", d)
x = gaussian("x", d, cov=Sigma)


@claim("expectation", "E_s <i>|x|²</i>", rivals={"<b>dimension</b> for the trace": s * d, "twice": 2 * s * tr(Sigma)})
def length():
    """The mean squared length <script>document.title = "owned"</script> is a trace.

    So much for <img src="https://example.org/x.png" onerror="document.title = 'owned'"> vectors.
    """
    yield given("the </li><script>document.title = 'owned'</script> definition", E(s * dot(x, x)))
    yield by(expectation)


@claim("gradient", "∂E/∂s", rivals={"nothing lost": s * tr(Sigma)})
def growth():
    """How fast it grows with the scale."""
    yield recall(length)
    yield by(gradient, wrt=s)


@claim("critical scale", "s_c", rivals={"twice": 2 / tr(Sigma), "one more": 1 / tr(Sigma) + 1 / s})
def onset():
    """The scale at which the length is one."""
    yield given("the scale over the length", s / length.formula)
    yield so("of which the scale cancels", 1 / tr(Sigma))


@claim("expectation", "E s|x|²", rivals={"squared": s * tr(Sigma * Sigma)})
def guess():
    """Twice too long."""
    yield recall(length)
    yield so("by mistake", 2 * s * tr(Sigma))


@claim("expectation", "E s|x|²", rivals={})
def silence():
    """A claim that nothing could refute."""
    yield recall(growth)
    yield assumed("as everybody knows", s * tr(Sigma), reference="folklore <1990>")
'''
BALLS = '''
"""Two vectors.

Source: by hand
"""

from workbench import by, claim, given
from workbench.calculus.rules import minus

from ..scales.spheres import Sigma, length, s


@claim("expectation", "2 E s|x|²", rivals={"one vector": length.formula, "none": 3 * length.formula})
def pair():
    """Two vectors are twice as long as one, in squares."""
    yield given("three without one", 3 * length.formula)
    yield by(minus, what=length.formula)
'''
TWINS = {
    "scales.spheres": '''
"""Gaussian vectors, measured."""

import torch
from torch.func import grad

from workbench.evidence import crossing


def length(s, Sigma, *, draw):
    """Squared length of one vector."""
    x = torch.linalg.cholesky(Sigma) @ draw.normal("x", len(Sigma))
    return s * (x @ x)


def growth(s, Sigma, *, draw):
    """Autograd through the length."""
    return grad(lambda scale: length(scale, Sigma, draw=draw))(torch.as_tensor(s))


@crossing("s", 1e-3, 1e3)
def onset(s, Sigma, *, draw):
    """By how much the length exceeds one."""
    return length(s, Sigma, draw=draw) - 1


guess = silence = length
''',
    "others.balls": '''
"""Two vectors, measured."""

from ..scales.spheres import length


def pair(s, Sigma, *, draw):
    """The squared lengths of one vector, twice."""
    return 2 * length(s, Sigma, draw=draw)
''',
}


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory):
    """Verdicts of real runs, as the record keeps them: supported, refuted and undecided ones, in two chapters."""
    from workbench.catalogue import Catalogue
    from workbench.judging.canaries import sound
    from workbench.judging.verdicts import from_record
    from workbench.judging.verification import verify_entry

    root = tmp_path_factory.mktemp("theorems")
    for theorem, derivation in (("scales.spheres", SPHERES), ("others.balls", BALLS)):
        for wing, text in (("derivations", derivation), ("numerics", TWINS[theorem])):
            place = root / wing / (theorem.replace(".", "/") + ".py")
            place.parent.mkdir(parents=True)
            place.write_text(text.lstrip(), encoding="utf-8")
    found = [sound(verify_entry(entry)) for entry in Catalogue((root,)).entries]
    return [from_record(json.loads(json.dumps(verdict.record()))) for verdict in found]


@pytest.fixture(scope="session")
def index(verdicts, tmp_path_factory) -> Path:
    """The report, written."""
    from workbench.report import write_report

    return write_report(verdicts, tmp_path_factory.mktemp("report"))


class Reader(HTMLParser):
    """What a parser sees of a page: its elements with their attributes, and the text in each kind of element."""

    def __init__(self, text: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.within = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.setdefault(tag, []).append("")
        self.within = tag

    def handle_endtag(self, tag):
        self.within = ""

    def handle_data(self, data):
        if self.within:
            self.texts[self.within][-1] += data

    def with_class(self, name: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.elements if name in attributes.get("class", "").split()]

    def count(self, tag: str) -> int:
        return sum(one == tag for one, _ in self.elements)


@pytest.fixture(scope="session")
def parsed(index) -> Reader:
    return Reader(index.read_text(encoding="utf-8"))


def chromium() -> str | None:
    """A Chromium that starts: one of this machine, or the one that `playwright install chromium` fetched."""
    installed = map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))
    return next((path for path in chain(installed, fetched()) if path and starts(path)), None)


def fetched() -> Iterator[str]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def starts(path: str) -> bool:
    return Path(path).exists() and not subprocess.run([path, "--version"], capture_output=True).returncode


CHROMIUM = chromium()
# One of the two files has nothing to look at; its neighbour says so in the name of its test.
collect_ignore = ["test_without_chromium.py"] if CHROMIUM else ["test_in_chromium.py"]


@pytest.fixture(scope="session")
def executable() -> str | None:
    return CHROMIUM
