"""A dask cluster loses a worker, then its scheduler, and is begun anew: the verdicts are those of a serial run.

    python benchmarks/cluster.py [NAME|PATH …] [--workers 2] [--threads 4]

Needs `pip install 'theorem-workbench[distributed]'`. Scheduler and workers are processes with dask's own defaults
(a nanny each, several threads). A worker is killed when a quarter of the verdicts is kept, the scheduler at one half;
the run has to name every claim that it lost, and the same command on another cluster has to find the rest.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from endurance import kept, verdicts

NAMES = ["clustering", "in_context.one_layer"]
PATIENCE = 600.0  # seconds until something that does not happen is given up


def begun(folder: Path, *command: str, **environment: str) -> subprocess.Popen[bytes]:
    """A command of Python's in a folder, in a session of its own, with its words in said.log."""
    with (folder / "said.log").open("ab") as said:
        return subprocess.Popen([sys.executable, "-m", *command], cwd=folder, stdout=said, stderr=said,
                                env=os.environ | environment, start_new_session=True)  # fmt: skip


def until(happened: Callable[[], Any], what: str) -> Any:
    """Wait for something to happen."""
    end = time.monotonic() + PATIENCE
    while not (found := happened()):
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come about in {PATIENCE:g} s")
        time.sleep(0.02)
    return found


@contextmanager
def cluster(folder: Path, workers: int, threads: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its process followed by those of its workers' nannies."""
    file = folder / f"scheduler-{time.monotonic_ns()}.json"
    here = ["--scheduler-file", str(file), "--no-dashboard"]
    processes = [begun(folder, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *here)]
    try:
        until(file.exists, "a scheduler")
        for _ in range(workers):
            processes.append(begun(folder, "distributed.cli.dask_worker", *here, "--nthreads", str(threads)))
        yield json.loads(file.read_text())["address"], processes
    finally:
        for process in processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def worker_of(nanny: subprocess.Popen[bytes]) -> int | None:
    """The process in which a nanny's worker measures."""
    children = " ".join(each.read_text() for each in Path(f"/proc/{nanny.pid}/task").glob("*/children")).split()
    return next((int(c) for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()), None)


def verified(names: list[str], folder: Path, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    return begun(folder, "workbench", "verify", *names, "--json", "found.json", *options, **environment)


def disturbed(names: list[str], folder: Path, claims: int, workers: int, threads: int) -> tuple[set[str], set[str]]:
    """The claims that a run found and those that it named as lost, while its cluster fell to pieces."""
    with cluster(folder, workers, threads) as (address, (scheduler, *nannies)):
        run = verified(names, folder, "--executor", "dask", DASK_SCHEDULER_ADDRESS=address)
        for victim, share in ((nannies[0], 4), (scheduler, 2)):
            until(lambda share=share: kept(folder) >= claims // share or run.poll() is not None, "a verdict")
            assert run.poll() is None, f"the run came to its end with {kept(folder)} verdicts; give it more claims"
            who = victim.pid if victim is scheduler else until(lambda: worker_of(nannies[0]), "a worker")
            os.kill(who, signal.SIGKILL)
            print(f"  {'the scheduler' if victim is scheduler else 'a worker'} killed, {kept(folder)} verdicts kept")
        code = run.wait(PATIENCE)
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    lost = {problem.split()[0] for problem in found["problems"]}
    print(f"  exit code {code}, {len(found['verdicts'])} verdicts, {len(lost)} claims named as lost")
    assert code == 3, (folder / "said.log").read_text()
    return {each["claim"] for each in found["verdicts"]}, lost


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        calm, rough = Path(place) / "calm", Path(place) / "rough"
        calm.mkdir()
        rough.mkdir()
        verified(options.names, calm).wait()
        known = verdicts(calm)
        found, lost = disturbed(options.names, rough, len(known), options.workers, options.threads)
        missed = known.keys() - found - lost
        with cluster(rough, options.workers, options.threads) as (address, _):
            verified(options.names, rough, "--executor", "dask", DASK_SCHEDULER_ADDRESS=address).wait(PATIENCE)
        resumed = verdicts(rough)
        different = sorted(name for name in known.keys() | resumed.keys() if known.get(name) != resumed.get(name))
        print(f"{len(known)} claims, {len(missed)} not accounted for, {len(different)} differ {' '.join(different)}")
        sys.exit(bool(missed or different))


if __name__ == "__main__":
    main()
