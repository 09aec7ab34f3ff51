"""The record: a verdict is addressed by what it depends on, and survives whatever happens next."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from workbench.judging.verdicts import SCHEMA, Verdict, from_record, versions
from workbench.running import record
from workbench.running.record import LAYOUT, Record


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


def test_what_was_kept_survives_a_kill(tmp_path):
    """A process that keeps verdicts and is killed in the middle leaves all that it said it kept."""
    program = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from workbench.running.record import Record\n"
        "from workbench.judging.verdicts import from_record\n"
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


WRITER = """
import json, sys
from pathlib import Path
from workbench.running.record import Record
from workbench.judging.verdicts import from_record
store, name, plain = Record(Path(sys.argv[1])), sys.argv[2], json.loads(sys.argv[3])
for k in range(40):
    store.keep(f"{name}{k}", from_record(plain | {"seed": k}))
assert store.troubles == [], store.troubles
"""


def test_two_processes_write_at_once_from_the_first_moment(tmp_path):
    path, plain = tmp_path / "record.sqlite", json.dumps(verdict().record())
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name, plain]) for name in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    found = Record(path).find_all(f"{name}{k}" for name in "ab" for k in range(40))
    assert len(found) == 80 and found["b7"].seed == 7


def test_what_is_stored_is_json_and_nothing_is_unpickled(tmp_path):
    store = Record(tmp_path / "record.sqlite")
    store.keep("k", verdict())
    with closing(sqlite3.connect(store.path)) as connection:
        ((kept,),) = connection.execute("SELECT verdict FROM finished").fetchall()
    assert json.loads(kept) == verdict().record()


def asides(path):
    """The stores that were moved aside."""
    return sorted(path.parent.glob("*.aside"))


DAMAGES = {
    "no database": lambda path: path.write_bytes(b"once upon a time " * 100),
    "the first page overwritten": lambda path: overwrite(path, 0, b"\0" * 60),
    "a page in the middle overwritten": lambda path: overwrite(path, 4096, b"\xff" * 4096),
    "cut in half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "somebody else's tables": lambda path: sql(path, "DROP TABLE finished"),
}


def overwrite(path, place, content):
    with path.open("r+b") as file:
        file.seek(place)
        file.write(content)


def sql(path, command):
    with closing(sqlite3.connect(path)) as store, store:
        store.execute(command)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_store_is_moved_aside_with_a_sentence_and_a_new_one_begun(tmp_path, damage):
    path = tmp_path / "record.sqlite"
    old = Record(path)
    for k in range(30):
        old.keep(str(k), verdict(seed=k))
    DAMAGES[damage](path)
    broken = path.read_bytes()
    store = Record(path)
    assert store.find_all(map(str, range(30))) == {}
    (sentence,) = store.troubles
    (aside,) = asides(path)
    assert "was damaged" in sentence and str(aside) in sentence and "\n" not in sentence
    assert aside.read_bytes() == broken
    store.keep("new", verdict())
    assert Record(path).find("new") == verdict() and Record(path).troubles == []


def test_a_store_of_a_newer_workbench_is_moved_aside_untouched(tmp_path):
    path = tmp_path / "record.sqlite"
    Record(path).keep("k", verdict())
    sql(path, f"PRAGMA user_version = {LAYOUT + 7}")
    (sentence,) = Record(path).troubles
    assert f"newer workbench (its layout is {LAYOUT + 7}" in sentence and "moved to" in sentence
    with closing(sqlite3.connect(asides(path)[0])) as kept:
        assert kept.execute("SELECT key FROM finished").fetchall() == [("k",)]


def test_a_verdict_of_which_a_bit_changed_is_measured_again(tmp_path):
    store = Record(tmp_path / "record.sqlite")
    for key in "abc":
        store.keep(key, verdict())
    sql(store.path, "UPDATE finished SET verdict = replace(verdict, '0.01', '0.02') WHERE key = 'a'")
    sql(store.path, "UPDATE finished SET verdict = 'x', seal = 'y' WHERE key = 'b'")
    assert set(store.find_all("abc")) == {"c"} and store.troubles == []


def test_a_locked_store_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(record, "PATIENCE", 0.05)
    store = Record(tmp_path / "record.sqlite")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        store.keep("a", verdict(seed=1))
        store.keep("b", verdict(seed=2))
        assert store.troubles == [f"the record {store.path} cannot be written now (database is locked)"]
        other.execute("ROLLBACK")
    store.keep("c", verdict(seed=3))
    assert {key: found.seed for key, found in Record(store.path).find_all("abc").items()} == {"a": 1, "b": 2, "c": 3}


def test_a_full_disk_keeps_what_was_written_and_says_so(tmp_path, monkeypatch):
    store = Record(tmp_path / "record.sqlite")
    store.keep("before", verdict())
    connect = sqlite3.connect

    def cramped(*arguments, **options):
        connection = connect(*arguments, **options)
        connection.execute("PRAGMA max_page_count = 1")  # SQLite then answers as on a full disk
        return connection

    monkeypatch.setattr(sqlite3, "connect", cramped)
    for k in range(9):
        store.keep(str(k), verdict(formula="x" * 5000))
    assert store.troubles == [f"the record {store.path} cannot be written now (database or disk is full)"]
    assert store.find("before") == verdict()
    monkeypatch.undo()
    store.keep("after", verdict())
    assert len(Record(store.path).find_all(["before", "after", *map(str, range(9))])) == 11


def test_a_folder_that_cannot_be_made_costs_the_record_and_not_the_run(tmp_path):
    (tmp_path / ".workbench").write_text("a file in its place")
    store = Record(tmp_path / ".workbench" / "record.sqlite")
    store.keep("k", verdict())
    assert store.find("k") is None and store.seconds("quick") == {}
    assert all("cannot be" in sentence and "\n" not in sentence for sentence in store.troubles) and store.troubles


READER = """
import os, sys
from pathlib import Path
from workbench.running.record import Record
if os.getuid() == 0:  # nothing is read-only to root
    os.setuid(65534)
store = Record(Path(sys.argv[1]))
found = store.find("k")
store.keep("other", found)
print(found.seed, "|".join(store.troubles))
"""


def test_a_read_only_record_is_read_and_not_written():
    with TemporaryDirectory() as folder:  # one that every user may enter
        path = Path(folder) / ".workbench" / "record.sqlite"
        Record(path).keep("k", verdict(seed=5))
        for place, mode in ((path, 0o444), (path.parent, 0o555), (Path(folder), 0o755)):
            place.chmod(mode)
        done = subprocess.run([sys.executable, "-c", READER, str(path)], capture_output=True, text=True)
        path.parent.chmod(0o755)
        assert done.stdout.startswith("5 the record ") and "cannot be written" in done.stdout, done.stderr
        assert "readonly" in done.stdout and "|" not in done.stdout and done.stderr == ""
        assert Record(path).find("k").seed == 5


def test_it_knows_how_long_each_claim_took_last(tmp_path):
    store = Record(tmp_path / "record.sqlite")
    store.keep("1", verdict(seconds=3.0))
    store.keep("2", verdict(seconds=4.0))
    store.keep("3", verdict(claim="d.e.f", seconds=5.0))
    store.keep("4", verdict(standard="strict", seconds=600.0))
    assert store.seconds("quick") == {"a.b.c": 4.0, "d.e.f": 5.0} and store.seconds("strict") == {"a.b.c": 600.0}
