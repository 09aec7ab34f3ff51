"""Clusters: the dask cluster of this shell, or a small one on this machine that nobody else can look into."""

from __future__ import annotations

import os
from typing import Any


def client() -> Any:
    """A client of the cluster that DASK_SCHEDULER_ADDRESS names; without it, one begun here.

    Ours listens to this machine alone, its dashboard too, and its workers are processes of one thread.
    Raises ImportError where dask is not installed, and what dask raises where no scheduler answers.
    """
    from distributed import Client  # type: ignore[reportMissingImports]

    if os.environ.get("DASK_SCHEDULER_ADDRESS"):
        return Client()
    return Client(host="127.0.0.1", dashboard_address="127.0.0.1:0", threads_per_worker=1)
