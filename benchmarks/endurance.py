"""A run is killed again and again, and what it found in the end is what an undisturbed run finds.

    python benchmarks/endurance.py [NAME|PATH …] --kills 20 --jobs 2

`workbench verify` is started, killed with SIGKILL at a random moment (the driver, or one of its
workers) and started again, until it comes to its end. After every kill the record must be whole; in
the end every verdict must equal that of a run nobody disturbed, in all but its times.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

TIMES = ("seconds", "cpu_seconds")


def started(names: list[str], folder: Path, jobs: int) -> subprocess.Popen[bytes]:
    """A run of the command line in a folder, whose record it uses."""
    command = [sys.executable, "-m", "workbench", "verify", *names, "--jobs", str(jobs), "--json", "found.json"]
    with (folder / "said.log").open("ab") as said:
        return subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)


def verdicts(folder: Path) -> dict[str, Any]:
    """What a run that came to its end found, without how long it took."""
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    assert not found["problems"], found["problems"]
    return {v["claim"]: {k: fact for k, fact in v.items() if k not in TIMES} for v in found["verdicts"]}


def kept(folder: Path) -> int:
    """How many verdicts the record holds; it must be whole."""
    path = folder / ".workbench" / "record.sqlite"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as store:
        (answer,) = store.execute("PRAGMA integrity_check").fetchone()
        assert answer == "ok", answer
        (tables,) = store.execute("SELECT count(*) FROM sqlite_master WHERE name = 'finished'").fetchone()
        return store.execute("SELECT count(*) FROM finished").fetchone()[0] if tables else 0


def workers_of(driver: int) -> list[int]:
    """The processes that a driver has started to measure in."""
    children = Path(f"/proc/{driver}/task/{driver}/children").read_text().split()
    return [int(c) for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]


def kill(run: subprocess.Popen[bytes], chance: random.Random, jobs: int) -> str:
    """Kill a worker, now and then, and otherwise the driver; who it was."""
    workers = workers_of(run.pid) if jobs > 1 and chance.random() < 0.4 else []
    victim = chance.choice(workers) if workers else run.pid
    os.kill(victim, signal.SIGKILL)
    if victim == run.pid:
        run.wait()
    return "worker" if workers else "driver"


def disturbed(names: list[str], folder: Path, kills: int, jobs: int, span: float, chance: random.Random) -> int:
    """Kill and resume until the run has ended and the kills are used up; how many there were."""
    done, run = 0, started(names, folder, jobs)
    while done < kills:
        time.sleep(chance.uniform(0, span))
        if run.poll() is None:
            done += 1
            print(f"  kill {done}: a {kill(run, chance, jobs)}, {kept(folder)} verdicts kept", flush=True)
        if run.poll() is not None:
            if run.returncode == 0:
                print("  the run came to its end before the next kill", flush=True)
                return done
            run = started(names, folder, jobs)
    run.wait()
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--span", type=float, default=20.0, help="seconds until the next kill, at most")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        calm, rough = Path(place) / "calm", Path(place) / "rough"
        calm.mkdir()
        rough.mkdir()
        started(options.names, calm, 1).wait()
        done = disturbed(options.names, rough, options.kills, options.jobs, options.span, random.Random(options.seed))
        one, other = verdicts(calm), verdicts(rough)
        different = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
        print(f"{len(one)} verdicts, {done} kills, {len(different)} differ {' '.join(different)}")
        sys.exit(bool(different))


if __name__ == "__main__":
    main()
