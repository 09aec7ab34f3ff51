"""What every peer of the ladder shares: the letters' values, the time cap and the answer as one JSON line.

Standard library only: each peer runs under its own interpreter.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

COARSE = 0.02  # below this many seconds the wall clock is read: CPU clocks may step by ten milliseconds
ROWS, COLUMNS = 2, 3
SYMMETRIC, ARBITRARY, OTHER = [[2, 1], [1, 3]], [[1, 2], [-1, 3]], [[0, 1], [2, -1]]
SIGMA, MEAN, MEAN_Y = [[2, 1], [1, 2]], [[1, 0, -1], [2, 1, 1]], [[0, 1, 1], [1, -1, 2]]
VALUES = {
    "A": SYMMETRIC, "C": ARBITRARY, "B": OTHER, "G": ARBITRARY, "S": SIGMA, "L": SIGMA, "M": MEAN, "K": MEAN_Y,
}  # fmt: skip


def timed(compute: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of one computation, and its result."""
    start, clock = time.process_time(), time.perf_counter()
    result = compute()
    wall, cpu = time.perf_counter() - clock, time.process_time() - start
    return (cpu if cpu > COARSE else wall), result


def answer(cases: dict[str, Callable[[int], Callable[[], Any]]], value: Callable[[Any], list[Fraction]]) -> None:
    """Run `python peer.py CASE SIZE CAP`: prepare, time the first evaluation and the next, print both and the value.

    The first one is cold: nothing but imports and the statement of the problem came before it.
    """
    name, size, cap = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if name not in cases:
        print(json.dumps({"absent": True}))
        return
    compute = cases[name](size)
    spent = int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cap, spent + cap + 2))
    cold, result = timed(compute)
    warm = timed(compute)[0] if cold < cap / 10 else None
    print(json.dumps({"cold": cold, "warm": warm, "value": [str(entry) for entry in value(result)]}))
