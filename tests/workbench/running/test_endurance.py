"""Endurance: a run that is killed at any moment and started again finds what an undisturbed run finds."""

import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from dataclasses import replace

import pytest

from workbench.catalogue import Catalogue
from workbench.running.record import Record
from workbench.running.runs import run

SETTINGS = {"standard": "quick", "seed": 0}


@pytest.fixture
def entries(folder):
    """Twelve claims in a folder of their own."""
    for k in range(11):
        folder.write(f"vectors.more_{k}")
    return Catalogue((folder.root,)).entries


def findings(outcomes):
    """What was found, by claim, without what it cost."""
    return {o.entry.id: replace(o.verdict, seconds=0, cpu_seconds=0) for o in outcomes}


def killed_after(seconds, entries, path):
    """Verify in a child process that lives so long, and not a moment longer."""
    child = os.fork()
    if child == 0:
        try:
            list(run(entries, record=Record(path), **SETTINGS))
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_run_killed_at_twenty_moments_finds_what_an_undisturbed_run_finds(entries, tmp_path):
    path, chance, kept = tmp_path / "record.sqlite", random.Random("moments"), []
    list(run(entries[:1], **SETTINGS))  # what is slow once is imported
    start = time.monotonic()
    known = findings(run(entries, record=Record(tmp_path / "calm.sqlite"), **SETTINGS))
    usual = (time.monotonic() - start) / len(entries)
    for _ in range(20):
        killed_after(chance.uniform(0, 4 * usual), entries, path)
        with closing(sqlite3.connect(path)) as store:
            assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept.append(len(Record(path).seconds("quick")))
    assert kept == sorted(kept) and kept[-1] > 0
    record = Record(path)
    resumed = list(run(entries, record=record, **SETTINGS))
    assert findings(resumed) == known and record.troubles == []
    assert sum(o.remembered for o in resumed) == kept[-1]
    again = list(run(entries, record=record, **SETTINGS))
    assert findings(again) == known and all(o.remembered for o in again)
