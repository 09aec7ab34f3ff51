"""Clusters: the dask cluster of this shell, or a small one on this machine that nobody else can look into."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Any

from workbench.errors import BadInput

PATIENCE = 30  # seconds in which a scheduler has to answer, and a first worker to come
START = "start one (dask worker ADDRESS), or unset DASK_SCHEDULER_ADDRESS for workers on this machine"


def client() -> Any:
    """A client of the cluster that DASK_SCHEDULER_ADDRESS names; without it, one begun here.

    Ours listens to this machine alone, its dashboard too, and its workers are processes of one thread.
    Raises ImportError where dask is not installed, and BadInput where no scheduler answers or nobody works for it.
    """
    from distributed import Client  # type: ignore[reportMissingImports]

    for name in ("client", "core", "comm"):  # what has gone is told in a sentence of ours
        logging.getLogger(f"distributed.{name}").setLevel(logging.CRITICAL)
    if address := os.environ.get("DASK_SCHEDULER_ADDRESS"):
        return with_workers(Client, address)
    return Client(host="127.0.0.1", dashboard_address="127.0.0.1:0", threads_per_worker=1)


def with_workers(connected: Callable[..., Any], address: str) -> Any:
    """A client of the scheduler at an address, once it has a worker: work that nobody takes would wait for ever."""
    try:
        found = connected(address, timeout=PATIENCE)
    except (OSError, ValueError) as problem:
        said = " ".join(str(problem).split())[:200]
        raise BadInput(f"no scheduler answers at DASK_SCHEDULER_ADDRESS={address} ({said}); start it (dask scheduler), "
                       f"or unset the variable for workers on this machine") from None  # fmt: skip
    try:
        found.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        found.close()
        raise BadInput(f"the scheduler at {address} had no worker for {PATIENCE} s; {START}") from None
    return found
