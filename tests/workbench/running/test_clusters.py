"""Clusters: where nobody works, or nobody answers, one sentence says so and nothing waits for ever."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from distributed import LocalCluster

from workbench.running import clusters, workers
from workbench.running.workers import Lent

SWEEP = ("sweep", "vectors.gaussian.length", "--over", "s=1,2, Sigma=[[1]]", "--executor", "dask")


@pytest.fixture
def here(folder, workbench, monkeypatch):
    """The command line beside the theorem vectors.gaussian, with little patience."""
    monkeypatch.chdir(folder.root)
    monkeypatch.setattr(clusters, "PATIENCE", 1)
    return lambda *arguments: workbench(*arguments)


def told(reply):
    assert reply.code == 3 and "Traceback" not in reply.err, reply
    return reply.err.splitlines()[-1]


@pytest.mark.parametrize("command", [SWEEP, ("verify", ".", "--executor", "dask")], ids=["sweep", "verify"])
def test_a_scheduler_without_workers_is_told_and_not_waited_for(here, monkeypatch, command):
    with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as cluster:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        said = told(here(*command))
    assert "had no worker for 1 s" in said and "dask worker ADDRESS" in said


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "nowhere", "http://a b", "tcp://127.0.0.1:notaport"])
def test_where_no_scheduler_answers_the_address_is_named(here, monkeypatch, address):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = address.format(port=free.getsockname()[1])
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
    said = told(here(*SWEEP))
    assert f"no scheduler answers at DASK_SCHEDULER_ADDRESS={address}" in said and "MODULE:FACTORY" not in said


def lent(**client):
    executor = ThreadPoolExecutor(1)
    executor._client = SimpleNamespace(status="running", **client)  # type: ignore[reportAttributeAccessIssue]
    return Lent(executor)


def test_a_cluster_that_lost_all_its_workers_is_given_up_and_one_that_gets_others_is_not(monkeypatch):
    clock = iter(range(0, 10_000, 40))
    monkeypatch.setattr(workers.time, "monotonic", lambda: float(next(clock)))
    there = [{}, {}, {"another": 1}, {}, {}, {}, {}]
    cluster = lent(nthreads=lambda: there.pop(0))
    assert [cluster.gone() for _ in range(4)] == [None] * 4
    assert "had no worker for 60 s" in str([cluster.gone() for _ in range(3)][-1])


def test_a_scheduler_that_does_not_answer_any_more_has_gone():
    def silent():
        raise OSError("timed out")

    assert "its scheduler has gone" in str(lent(nthreads=silent).gone())
