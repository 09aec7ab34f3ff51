"""The record: a verdict is addressed by what it depends on, and survives whatever happens next."""

import json
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from workbench import record
from workbench.catalogue import Catalogue
from workbench.record import Record, closure, key_of
from workbench.verdicts import SCHEMA, Verdict, from_record, versions


def verdict(**changes):
    """A verdict as a run would leave it."""
    known = {
        "claim": "a.b.c", "kind": "rate", "title": "t", "symbol": "s", "formula": "x", "latex": "x",
        "status": "supported", "reason": "", "resolution": 0.01, "z": 1.5, "samples": 64, "seed": 0,
        "standard": "quick", "witness": None,
        "rivals": {"r": "refuted"}, "assumed": [], "proof": [],
        "rungs": ["exact cubature"], "instances": [], "seconds": 0.5,
    }  # fmt: skip
    fields = Verdict.__dataclass_fields__
    known |= {"mutants": {"total": 0, "refuted": 0, "smallest": None, "surviving": []}} if "mutants" in fields else {}
    return Verdict(**(known | changes))


def keys(folder, **choice):
    """The key of every claim of a folder, its files read afresh."""
    record.digest.cache_clear()
    options = {"standard": "quick", "seed": 0} | choice
    return {entry.id: key_of(entry, **options) for entry in Catalogue((folder.root,)).entries}


def test_a_verdict_comes_back_as_it_went(tmp_path):
    store = Record(tmp_path / "deep" / "record.sqlite")
    store.keep("k", verdict(witness={"instance": "d = 1 — “ε”", "component": 0, "claimed": 1.0, "measured": 2.0}))
    assert Record(store.path).find("k") == store.find("k") == verdict(witness=store.find("k").witness)
    assert store.find("other") is None
    store.keep("k", verdict(status="refuted"))
    assert store.find("k").status == "refuted"


def test_a_verdict_is_no_truth_value():
    with pytest.raises(TypeError, match="supported, refuted or undecided"):
        bool(verdict())
    with pytest.raises(TypeError):
        assert not verdict(status="refuted")


def test_a_verdict_is_plain_data_with_versions_and_a_replay():
    plain = verdict().record()
    assert json.loads(json.dumps(plain)) == plain and from_record(plain) == verdict()
    assert plain["schema"] == SCHEMA and set(plain["versions"]) >= {"python", "sympy", "torch", "workbench"}
    assert versions() == plain["versions"]
    assert verdict(seed=3).replay == "workbench verify a.b.c --standard quick --seed 3 --fresh"


def test_the_key_depends_on_standard_and_seed(folder):
    assert len({str(keys(folder, **choice)) for choice in ({}, {"seed": 1}, {"standard": "strict"})}) == 3
    assert keys(folder) == keys(folder)


@pytest.mark.parametrize("wing", ["derivations", "numerics"])
def test_touching_a_wing_changes_its_key_and_no_other(folder, wing):
    folder.write("vectors.other")
    before = keys(folder)
    first = "import torch\n" if wing == "numerics" else "d = size"
    folder.edit(wing, "vectors.gaussian", f"\n{first}", f"\n# touched\n{first}")
    after = keys(folder)
    assert before["vectors.gaussian.length"] != after["vectors.gaussian.length"]
    assert before["vectors.other.length"] == after["vectors.other.length"]


def test_touching_what_a_twin_imports_changes_its_key(folder):
    helper = folder.root / "numerics" / "vectors" / "draws.py"
    helper.write_text("WIDTH = 1\n")
    folder.edit("numerics", "vectors.gaussian", "import torch\n", "import torch\n\nfrom .draws import WIDTH\n")
    before = keys(folder)
    helper.write_text("WIDTH = 2\n")
    assert keys(folder) != before


def test_what_recalls_another_theorem_depends_on_it(folder):
    folder.write("vectors.later", "from derivations.vectors.gaussian import length\nfrom .gaussian import d\n")
    entry = Catalogue((folder.root,)).entries[0]
    found = closure(folder.root, folder.root / "derivations" / "vectors" / "later.py")
    assert entry.derivation in found and len(found) == 2


def test_touching_the_workbench_changes_every_key(folder, monkeypatch, tmp_path):
    before = keys(folder)
    (tmp_path / "workbench").mkdir()
    (tmp_path / "workbench" / "judge.py").write_text("changed = True\n")
    monkeypatch.setattr(record, "HOME", tmp_path)
    assert set(keys(folder).values()).isdisjoint(before.values())


def test_what_was_kept_survives_a_kill(tmp_path):
    """A process that keeps verdicts and is killed in the middle leaves all that it said it kept."""
    program = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from workbench.record import Record\n"
        "from workbench.verdicts import from_record\n"
        "store, plain = Record(Path(sys.argv[1])), json.loads(sys.argv[2])\n"
        "for k in range(10**6):\n"
        "    store.keep(str(k), from_record(plain))\n"
        "    print(k, flush=True)\n"
    )
    path = tmp_path / "record.sqlite"
    writer = subprocess.Popen(
        [sys.executable, "-c", program, str(path), json.dumps(verdict().record())], stdout=subprocess.PIPE, text=True
    )
    kept = [int(writer.stdout.readline()) for _ in range(20)]
    os.kill(writer.pid, signal.SIGKILL)
    rest = writer.stdout.read().split("\n")
    writer.wait()
    writer.stdout.close()
    kept += [int(line) for line in rest[:-1]]
    store = Record(path)
    assert len(kept) >= 20 and all(store.find(str(k)) == verdict() for k in kept)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_two_processes_write_side_by_side(tmp_path):
    stores = [Record(tmp_path / "record.sqlite") for _ in range(3)]
    for k, store in enumerate(stores * 5):
        store.keep(str(k), verdict(seed=k))
    assert [stores[0].find(str(k)).seed for k in range(15)] == list(range(15))


def test_what_is_stored_is_json_and_nothing_is_unpickled(tmp_path):
    store = Record(tmp_path / "record.sqlite")
    store.keep("k", verdict())
    connection = sqlite3.connect(store.path)
    ((kept,),) = connection.execute("SELECT verdict FROM verdict").fetchall()
    connection.close()
    assert json.loads(kept) == verdict().record()
