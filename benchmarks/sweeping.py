"""A sweep of ten thousand points on a Dask cluster whose workers are killed, against the same sweep in one process.

    python benchmarks/sweeping.py [--points 10000] [--workers 2] [--every 20]

A cluster is begun on this machine, each worker below a nanny that replaces it, and every so many seconds one worker is
killed with SIGKILL. In the end every point must stand in the journal once and the numbers must be those of the serial
sweep. What driver and scheduler cost is printed per point, and so is what the whole took beside the serial sweep.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from workbench.catalogue import known_here
from workbench.grids.axes import Point, axes_of, points_of
from workbench.grids.journals import Journal, digest_of, name_of
from workbench.grids.measuring import Sweep
from workbench.grids.sweeping import sweep_points
from workbench.limits import STATEMENT

CLAIM, SAMPLES, LENGTHS = "acquisition.waiting.waiting_mean", 2**10, 2


def swept(sweep: Sweep, points: list[Point], place: Path, executor: Any = None) -> tuple[dict[str, Any], float, float]:
    """What was found, by point, and the seconds on the clock and of this process; every point must be kept once."""
    clock, cpu, journal = time.monotonic(), time.process_time(), Journal(sweep.digest, place)
    found = Counter(name_of(point) for point, _ in sweep_points(sweep, points, journal, executor=executor))
    journal.close()
    took, spent = time.monotonic() - clock, time.process_time() - cpu
    kept = Counter(json.loads(line)["point"] for line in journal.path.read_bytes().splitlines())
    assert found == kept == Counter(map(name_of, points)), "a point is missing, or there more than once"
    return journal.rows, took, spent


def killing(cluster: Any, every: float, over: threading.Event, chance: random.Random, killed: list[int]) -> None:
    """Kill one worker every so many seconds, until all is over; a nanny does not replace one that was just starting."""
    while not over.wait(every):
        alive = [nanny.pid for nanny in cluster.workers.values() if nanny.pid]
        with suppress(ProcessLookupError, IndexError):  # it ended just then, or all are being replaced
            victim = chance.choice(alive)
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)


def on_a_cluster(sweep: Sweep, points: list[Point], place: Path, workers: int, every: float) -> tuple[Any, int]:
    """The sweep on a cluster whose workers are killed: what it found and took, and how many were killed."""
    from distributed import Client, LocalCluster

    with LocalCluster(
        host="127.0.0.1", n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster, Client(cluster) as client:  # fmt: skip
        over, killed = threading.Event(), []
        killer = threading.Thread(target=killing, args=(cluster, every, over, random.Random(0), killed))
        killer.start()
        try:
            found = swept(sweep, points, place, client.get_executor())
        finally:
            over.set()
            killer.join()
    return found, len(killed)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--points", type=int, default=10_000)
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--every", type=float, default=20.0)
    asked = words.parse_args()
    entry = known_here().claim(CLAIM)
    sweep = Sweep(entry, 0, SAMPLES, STATEMENT, digest_of(entry, 0, SAMPLES))
    points = points_of(axes_of(f"p=0.05:0.95:{asked.points // LENGTHS}, n=1:{LENGTHS}:{LENGTHS}"))
    with tempfile.TemporaryDirectory() as place:
        (theirs, took, spent), killed = on_a_cluster(sweep, points, Path(place) / "far", asked.workers, asked.every)
        print(
            f"{len(points)} points on {asked.workers} workers in {took:.0f} s, {killed} of them killed: each point once"
        )
        print(f"  driver and scheduler: {1000 * spent / len(points):.2f} ms of CPU time per point", flush=True)
        ours, alone, _ = swept(sweep, points, Path(place) / "near")
    assert ours == theirs, "the numbers are not those of one process"
    beyond = 1000 * (asked.workers * took - alone) / len(points)
    print(f"one process: {alone:.0f} s ({1000 * alone / len(points):.2f} ms per point), the same numbers")
    print(f"  beyond it, workers that begin anew included: {beyond:.2f} ms of a worker's time per point")


if __name__ == "__main__":
    main()
