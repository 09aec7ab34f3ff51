"""Sweeping: the points of a grid on workers, each once; a point whose worker died is given to another."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from queue import Empty, SimpleQueue

from workbench.grids.axes import Point
from workbench.grids.journals import Journal, name_of
from workbench.grids.measuring import Found, Sweep, work
from workbench.limits import GRACE
from workbench.running.workers import Lent, Pool

TICK = 1.0  # seconds between two looks at who is late
DEATHS = 10  # of workers at one point, until it is left alone: they may all have died of something else
TOGETHER = 64  # finished points that become durable at once, at most


def sweep_points(
    sweep: Sweep, points: list[Point], journal: Journal, *, jobs: int = 1, executor: Executor | None = None
) -> Iterator[tuple[Point, Found]]:
    """What was found at each point that the journal does not know, durable before it is yielded."""
    todo = [point for point in points if name_of(point) not in journal.rows]
    if executor is not None:
        found = side_by_side(sweep, todo, Lent(executor))
    elif jobs > 1 and len(todo) > 1:
        found = side_by_side(sweep, todo, Pool(min(jobs, len(todo))))
    else:
        found = ([(point, work(sweep, point))] for point in todo)
    for several in found:
        journal.keep({name_of(point): each.record() for point, each in several if each.kept})
        yield from several


def side_by_side(sweep: Sweep, points: list[Point], workers: Pool | Lent) -> Iterator[list[tuple[Point, Found]]]:
    """Measure on workers, and yield what came back together."""
    queue, deaths = deque(points), Counter[str]()
    flying: dict[Future[Found], tuple[Point, float]] = {}
    done: SimpleQueue[Future[Found]] = (
        SimpleQueue()
    )  # asking every future of ten thousand takes longer than most points
    try:
        while queue or flying:
            while queue and len(flying) < workers.width:
                future = workers.submit(work, sweep, queue[0])
                flying[future] = queue.popleft(), time.monotonic()
                future.add_done_callback(done.put)
            came = []
            for future in waited_for(done):
                if future in flying:
                    came += taken(future, flying.pop(future)[0], queue, deaths)
            if came:
                yield came
            elif isinstance(workers, Pool):
                yield overdue(sweep, flying, queue, workers)
            elif gone := workers.gone():
                raise gone
    except BaseException:
        for future in flying:
            future.cancel()
        workers.stop()
        raise
    workers.close()


def waited_for(done: SimpleQueue[Future[Found]]) -> list[Future[Found]]:
    """Futures that are done, as many as there are; none when nothing ends for a while."""
    found: list[Future[Found]] = []
    with suppress(Empty):
        found.append(done.get(timeout=TICK))
        while len(found) < TOGETHER:
            found.append(done.get_nowait())
    return found


def taken(
    future: Future[Found], point: Point, queue: deque[Point], deaths: Counter[str]
) -> list[tuple[Point, Found]]:  # fmt: skip
    """What a future brought; where its worker died, the point is queued again."""
    death = CancelledError("cancelled") if future.cancelled() else future.exception()
    if death is None:
        return [(point, future.result())]
    deaths[name_of(point)] += 1
    if deaths[name_of(point)] < DEATHS:
        queue.append(point)
        return []
    problem = f"its worker died {DEATHS} times ({type(death).__name__}: {' '.join(str(death).split())[:200]})"
    return [(point, Found(problem=problem, kept=False))]


def overdue(
    sweep: Sweep, flying: dict[Future[Found], tuple[Point, float]], queue: deque[Point], workers: Pool
) -> list[tuple[Point, Found]]:
    """The points whose workers do not listen to their own alarm; those workers are ended."""
    now = time.monotonic()
    late = [point for point, since in flying.values() if now > since + sweep.limits.seconds + GRACE]
    if late:
        workers.restart()
        queue.extendleft(point for point, _ in flying.values() if point not in late)
        flying.clear()
    return [(point, Found(problem=sweep.limits.too_long, kept=False)) for point in late]
