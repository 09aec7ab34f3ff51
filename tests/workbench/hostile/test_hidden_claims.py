"""Hidden claims: however a claim is kept from the catalogue, it is named, and no run ends as if all were well."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workbench.catalogue import Catalogue
from workbench.running.record import Record
from workbench.running.runs import run

BODY = '''
    """A claim that no catalogue shows."""
    yield given("the definition", E(s * dot(x, x)))
    yield by(expectation)
'''
HEAD = '@{claim}("expectation", "E s|x|²", rivals={{"squared": s * tr(Sigma * Sigma)}})\ndef hidden():' + BODY
PLAIN = HEAD.format(claim="claim")
MADE = 'claim("expectation", "E s|x|²", rivals={})'
QUIET = f"def hidden():{BODY}\n\nhidden = {MADE}(hidden)\n"


def indented(text: str, by: str = "    ") -> str:
    return "".join(by + line if line.strip() else line for line in text.splitlines(keepends=True))


# How a claim may be kept from a reader of the source; each is appended to one of twelve theorem files.
APPENDED = {
    "by another name": "from workbench import claim as statement\n\n\n" + HEAD.format(claim="statement"),
    "by a name given later": "statement = claim\n\n\n" + HEAD.format(claim="statement"),
    "as an attribute": "import workbench as wb\n\n\n" + HEAD.format(claim="wb.claim"),
    "as an attribute of its room": "import workbench.claims\n\n\n" + HEAD.format(claim="workbench.claims.claim"),
    "under if": "if True:\n" + indented(PLAIN),
    "under an if that never holds": "if len('ab') == 3:\n" + indented(PLAIN),
    "under try": "try:\n" + indented(PLAIN) + "finally:\n    pass\n",
    "in a loop": "for _ in range(1):\n" + indented(PLAIN),
    "in a class": "class Drawer:\n" + indented(PLAIN),
    "in a function": "def drawer():\n" + indented(PLAIN) + "\n\ndrawer()\n",
    "in a function that returns it": "def drawer():\n" + indented(PLAIN) + "    return hidden\n\n\nwidth = drawer()\n",
    "without a decorator": "def hidden():" + BODY + f"\n\nhidden = {MADE}(hidden)\n",
    "by a decorator made before": f"stamp = {MADE}\n\n\n@stamp\ndef hidden():" + BODY,
    "in a list": "def hidden():" + BODY + f"\n\ndrawer = [{MADE}(hidden)]\n",
    "and thrown away": "def hidden():" + BODY + f"\n\n{MADE}(hidden)\n",
    "and deleted": PLAIN + "\n\ndel hidden\n",
    "and replaced by the one beside it": PLAIN + "\n\nhidden = length\n",
    "and replaced by a second one": PLAIN + "\n\n" + PLAIN,
    "and wrapped": "def wrapped(made):\n    return 7\n\n\n@wrapped\n" + PLAIN,
    "by a computed name": "import workbench\n\nstamp = getattr(workbench, 'cl' + 'aim')\n\n\n"
    "@stamp('expectation', rivals={})\ndef hidden():" + BODY,
    "from text": f"exec({PLAIN!r})\n",
    "as the class itself": "from workbench.claims import Claim\n\n\ndef hidden():" + BODY
    + "\n\nhidden = Claim('expectation', '', {}, (), (), hidden)\n",
    "by setattr": f"import sys\n\n\ndef hidden():{BODY}\n\nsetattr(sys.modules[__name__], 'drawer', {MADE}(hidden))\n",
    "among the globals": f"def hidden():{BODY}\n\nglobals()['draw' + 'er'] = {MADE}(hidden)\n",
    "in a thread": f"from threading import Thread\n\nimport workbench\n\n\ndef hidden():{BODY}\n\n"
    "drawer = [getattr(workbench, 'cl' + 'aim')('expectation', rivals={})]\n"
    "thread = Thread(target=lambda: drawer.append(drawer[0](hidden)))\nthread.start()\nthread.join()\n",
    "while another is proved": "def drawer():\n" + indented(PLAIN) + "    return 0\n\n\n" + PLAIN.replace(
        "E(s * dot(x, x))", "drawer() + E(s * dot(x, x))").replace("def hidden", "def shown"),
    "by an author of another module": f"def hidden():{BODY}\n\n"
    f"\n\nhidden.__module__ = 'workbench.claims'\n{MADE}(hidden)\n",
    "as an async function": PLAIN.replace("def hidden", "async def hidden"),
    "of a kind that is computed": PLAIN.replace('"expectation"', '"expect" + "ation"'),
    "of a kind that there is not": PLAIN.replace('"expectation"', '"certainty"'),
    "made of a lambda": f"hidden = {MADE}(lambda: (yield given('hidden', E(s * dot(x, x)))))\n",
}  # fmt: skip
# Files of their own: where they stand under derivations/, and what is in them besides the letters.
FILES = {
    "in a file too high": ("hidden.py", PLAIN),
    "in a file too deep": ("vectors/deep/hidden.py", PLAIN),
    "in the package of a chapter": ("vectors/__init__.py", PLAIN),
    "in a file whose name has two parts": ("vectors/two.parts.py", PLAIN),
    "in a file that shows none": ("vectors/quiet.py", QUIET),
    "in a file too deep that shows none": ("vectors/deep/quiet.py", QUIET),
    "in a file that is no Python": ("vectors/hidden.py", PLAIN.replace("def hidden():", "def hidden(:")),
    "in a file that imports nothing that there is": ("vectors/hidden.py", "import nowhere\n" + PLAIN),
    "behind an end of the program": ("vectors/hidden.py", "import sys\n\nsys.exit(0)\n" + PLAIN),
    "behind an end of the program with a word": ("vectors/hidden.py", "raise SystemExit('hidden')\n" + PLAIN),
    "behind an exception of its own": ("vectors/hidden.py", "class No(BaseException): ...\n\n\nraise No\n" + PLAIN),
}  # fmt: skip


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    """A folder with twelve theorems, all verified, and the record of it."""
    from tests.conftest import DERIVATION, Folder

    place = tmp_path_factory.mktemp("twelve")
    folder = Folder(place / "own")
    for k in range(12):
        folder.write(f"vectors.gaussian_{k}")
    (place / "head.txt").write_text(DERIVATION.split("@claim")[0].lstrip())
    outcomes = list(run(Catalogue((folder.root,)).entries, standard="quick", seed=0, record=Record(place / "r.sqlite")))
    assert [o.verdict.status for o in outcomes] == ["supported"] * 12
    return place


@pytest.fixture
def own(twelve, tmp_path, workbench):
    """A copy of the twelve where the command looks for its record."""
    shutil.copytree(twelve / "own", tmp_path / "own")
    Path(".workbench").mkdir()
    shutil.copy(twelve / "r.sqlite", ".workbench/record.sqlite")
    return tmp_path / "own"


def test_twelve_claims_without_a_hidden_one_are_supported(workbench, own):
    reply = workbench("verify", own)
    assert reply.code == 0 and "12 supported" in reply.out and reply.err == ""


def named(text: str) -> bool:
    return any("hidden" in line or "quiet" in line for line in text.splitlines())


def accounted(reply) -> bool:
    """Named, and either verified like any other or the reason of an exit that is not 0."""
    verified = "13 supported" in reply.out and "vectors.gaussian_7.hidden" in reply.out
    return named(reply.out + reply.err) and "Traceback" not in reply.out + reply.err and (verified or reply.code == 3)


@pytest.mark.parametrize("way", APPENDED)
def test_a_claim_hidden_in_a_theorem_is_verified_or_named(workbench, own, way):
    place = own / "derivations" / "vectors" / "gaussian_7.py"
    place.write_text(place.read_text() + "\n\n" + APPENDED[way])
    twin = own / "numerics" / "vectors" / "gaussian_7.py"
    twin.write_text(twin.read_text() + "\n\nhidden = length\n")
    for _ in range(2):  # what is remembered is accounted for like what is measured
        reply = workbench("verify", own)
        assert accounted(reply), reply
    assert reply.out.count("  supported ") >= 11, reply


@pytest.mark.parametrize("way", FILES)
def test_a_claim_hidden_in_a_file_is_named(workbench, own, twelve, way):
    name, text = FILES[way]
    place = own / "derivations" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text((twelve / "head.txt").read_text() + text)
    reply = workbench("verify", own)
    assert reply.code == 3 and named(reply.err) and "12 supported" in reply.out, reply
    assert "Traceback" not in reply.out + reply.err


@pytest.mark.parametrize("way", ["in a file too high", "in a file that is no Python"])
def test_a_hidden_claim_is_named_by_every_command(workbench, own, twelve, monkeypatch, way):
    name, text = FILES[way]
    (own / "derivations" / name).write_text((twelve / "head.txt").read_text() + text)
    reply = workbench("list", own)
    assert reply.code == 3 and named(reply.err) and len(reply.out.splitlines()) == 12
    assert workbench("export", own).code == 3
    monkeypatch.chdir(own)
    assert workbench("show", "hidden" if "high" in way else "vectors.hidden").code == 3
    assert workbench("show", "vectors.gaussian_7").code == 0


ENDS = ["import sys\n\nsys.exit(0)", "raise SystemExit", "raise BaseException('no')"]
ANCHORS = {
    "derivation": "d = size", "proof": "    yield by(", "twin": "import torch", "sample": "    x = torch",
}  # fmt: skip


@pytest.mark.parametrize("place", ANCHORS)
@pytest.mark.parametrize("end", ENDS)
def test_code_that_ends_the_program_ends_its_own_claim_only(workbench, own, place, end):
    wing = "numerics" if place in ("twin", "sample") else "derivations"
    path = own / wing / "vectors" / "gaussian_7.py"
    text = path.read_text()
    anchor = ANCHORS[place]
    inside = indented(end.replace("\n\n", "\n"), "    " if anchor.startswith("    ") else "") + "\n"
    before, after = text.split(anchor, 1)
    path.write_text(before + inside + anchor + after)
    reply = workbench("verify", own)
    assert reply.code == 3 and "11 supported" in reply.out, reply
    assert "vectors/gaussian_7" in reply.err.replace(".", "/") and "Traceback" not in reply.err


@pytest.mark.parametrize("end", ["KeyboardInterrupt", "GeneratorExit", "StopIteration", "MemoryError"])
def test_whatever_a_sample_raises_ends_no_worker(own, end):
    twin = own / "numerics" / "vectors" / "gaussian_7.py"
    twin.write_text(twin.read_text().replace("    x = torch", f"    raise {end}\n    x = torch"))
    entries = Catalogue((own,)).select(["vectors.gaussian_7", "vectors.gaussian_8"])
    outcomes = {each.entry.id: each for each in run(entries, standard="quick", seed=0, apart=True)}
    bad, good = outcomes["vectors.gaussian_7.length"], outcomes["vectors.gaussian_8.length"]
    assert good.verdict is not None and good.verdict.status == "supported" and not good.problem
    assert end in bad.problem or (bad.verdict is not None and bad.exceeded and end == "MemoryError"), bad


def test_workers_end_nothing_either(workbench, own):
    path = own / "derivations" / "vectors" / "gaussian_7.py"
    path.write_text("import sys\n\nsys.exit(0)\n" + path.read_text())
    reply = workbench("verify", own, "--jobs", "2")
    assert reply.code == 3 and "gaussian_7" in reply.err and "11 supported" in reply.out, reply


EXECUTORS = '''
from concurrent.futures import Executor, Future


class Lazy(Executor):
    """An executor that brings back whatever it likes."""

    def submit(self, work, *arguments):
        done = Future()
        done.set_result(what)
        return done


class Ending(Lazy):
    def submit(self, work, *arguments):
        done = Future()
        done.set_exception(SystemExit(0))
        return done


def lazy():
    return Lazy()


def ending():
    return Ending()


what = None
'''


@pytest.mark.parametrize("name", ["builtins:exit", "builtins:quit", "sys:exit", "his:lazy", "his:ending"])
def test_an_executor_that_does_nothing_ends_nothing(workbench, own, name):
    Path("his.py").write_text(EXECUTORS)
    reply = workbench("verify", own, "--executor", name, "--fresh")
    assert reply.code == 3 and "Traceback" not in reply.err and reply.err.strip(), reply
    assert "supported" not in reply.out or "0 supported" in reply.out


def test_a_claim_of_which_nothing_comes_back_is_missed(workbench, own, monkeypatch):
    from workbench.running import runs

    monkeypatch.setattr(runs, "one_by_one", lambda tasks, begun: iter(()))
    reply = workbench("verify", own, "--fresh")
    assert reply.code == 3 and reply.err.count("was not verified: nothing came back") == 12
