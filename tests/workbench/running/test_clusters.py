"""A dask cluster with dask's own defaults, several threads a worker: what it finds is what one process finds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

PLACE = Path(__file__).parents[3] / "benchmarks"
THREADS = 4  # what dask starts a worker with on an ordinary machine


@pytest.fixture
def clusters():
    sys.path.insert(0, str(PLACE))
    import cluster

    yield cluster
    sys.path.remove(str(PLACE))


def test_a_worker_of_several_threads_finds_what_one_process_finds(workbench, clusters, monkeypatch, tmp_path):
    calm, spread, theorems = tmp_path / "calm", tmp_path / "spread", tmp_path / "theorems"
    for folder in (calm, spread, theorems):
        folder.mkdir()
    monkeypatch.chdir(theorems)
    assert workbench("new", "own.lengths").code == 0
    monkeypatch.chdir(calm)
    assert workbench("verify", theorems, "--json", "found.json").code == 0
    with clusters.cluster(spread, 1, THREADS) as (address, _):
        run = clusters.verified([str(theorems)], spread, "--executor", "dask", DASK_SCHEDULER_ADDRESS=address)
        assert run.wait(clusters.PATIENCE) == 0, (spread / "said.log").read_text()
    known = clusters.verdicts(calm)
    assert len(known) == 2 and clusters.verdicts(spread) == known
