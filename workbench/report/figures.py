"""Figures: theory against measurement, as places on a unit square that the templates draw.

A figure of the plotting library takes a fifth of a second and twenty kilobytes; a page holds hundreds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import ceil, copysign, floor, hypot, inf, isfinite, log10
from statistics import median
from typing import Any

from matplotlib.ticker import MaxNLocator

from workbench.judging.verdicts import Verdict

SPREAD = 100  # largest over typical magnitude, above which magnitudes are shown and not values
TICKS = 4
FINEST, WIDEST = -15, 1  # decades of relative distance


@dataclass(frozen=True)
class Scale:
    """An axis: where a value stands between 0 and 1, and which values are marked on it."""

    bend: Callable[[float], float]
    low: float
    high: float
    marked: tuple[float, ...]

    def place(self, value: float) -> float:
        """Between 0 and 1; what lies beyond an end is shown at the end."""
        return min(1.0, max(0.0, (self.bend(value) - self.low) / (self.high - self.low)))

    @property
    def ticks(self) -> list[tuple[float, str]]:
        return [(self.place(value), label(value)) for value in self.marked]


@dataclass(frozen=True)
class Dot:
    """A measured value with its error bar, a claimed one, and what the rivals say; all placed."""

    measured: float
    bar: tuple[float, float]
    claimed: float
    rivals: tuple[tuple[str, float], ...]
    title: str


def label(value: float) -> str:
    """A value below its tick; powers of ten as such."""
    decade = log10(abs(value)) if value else 0
    if value and decade == round(decade) and not -3 < decade < 4:
        return f"{'−' if value < 0 else ''}10{superscript(round(decade))}"
    return f"{value:.4g}".replace("-", "−")


def superscript(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def scale_for(values: list[float]) -> Scale:
    """A linear axis, or one of signed magnitudes where the values spread over many."""
    sizes = [abs(value) for value in values if value]
    if not sizes or max(sizes) < SPREAD * median(sizes):
        return linear(min(values), max(values))
    return magnitudes(min(values), max(values), min(size for size in sizes if size * 10**6 >= max(sizes)))


def linear(low: float, high: float) -> Scale:
    margin = 0.08 * (high - low or abs(high) or 1)
    ends = low - margin, high + margin
    marked = tuple(float(tick) for tick in MaxNLocator(TICKS).tick_values(*ends) if ends[0] <= tick <= ends[1])
    return Scale(lambda value: value, *ends, marked or (low, high))


def magnitudes(low: float, high: float, unit: float) -> Scale:
    """The logarithm of each value in units of a small one, with its sign; linear around zero."""

    def bend(value: float) -> float:
        return copysign(log10(1 + abs(value) / unit), value)

    margin = 0.08 * (bend(high) - bend(low))
    decades = range(floor(log10(unit)), ceil(log10(max(abs(low), abs(high)))) + 1)
    powers = [10.0**decade for decade in decades[:: ceil(len(decades) / TICKS)]]
    marked = [-p for p in powers if -p >= low] + [0.0] * (low <= 0 <= high) + [p for p in powers if low <= p <= high]
    return Scale(bend, bend(low) - margin, bend(high) + margin, tuple(spaced(marked, bend, (bend(high) - bend(low)))))


def spaced(values: Iterable[float], bend: Callable[[float], float], width: float) -> Iterator[float]:
    """Those of the values that do not stand on each other's labels."""
    last = -inf
    for value in sorted(values):
        if bend(value) - last > width / (2 * TICKS):
            last = bend(value)
            yield value


def against(verdict: Verdict) -> dict[str, Any]:
    """Claimed against measured, every component of every instance; rivals lie off the diagonal."""
    found = list(components(verdict))
    axis = scale_for([value for _, measured, _, claimed, _ in found for value in (measured, claimed)])
    dots = [
        Dot(
            axis.place(measured),
            (axis.place(measured - error), axis.place(measured + error)),
            axis.place(claimed),
            tuple((f"{name}: {value:.4g}", axis.place(value)) for name, value in rivals.items()),
            f"{where}: measured {measured:.6g} ± {error:.1e}, claimed {claimed:.6g}",
        )
        for where, measured, error, claimed, rivals in found
    ]
    return {"axis": axis, "dots": dots}


def components(verdict: Verdict) -> Iterator[tuple[str, float, float, float, dict[str, float]]]:
    """Where, measured, its error bar, claimed, and the rivals: one component of one instance after the other."""
    for number, instance in enumerate(verdict.instances, 1):
        columns = zip(instance["measured"], instance["error"], instance["claimed"])
        for place, (measured, error, claimed) in enumerate(columns):
            rivals = {name: values[place] for name, values in instance["rivals"].items() if isfinite(values[place])}
            if isfinite(measured) and isfinite(claimed):
                yield f"instance {number}", measured, error, claimed, rivals


def brackets(verdict: Verdict) -> dict[str, Any]:
    """Where a critical scale was measured: each bracket, and how far from it claim and rivals lie, in decades."""
    found = list(components(verdict))
    bars = [error / unit_of(measured, claimed) for _, measured, error, claimed, _ in found]
    finest = max(FINEST, min((floor(log10(bar)) for bar in bars if 0 < bar < inf), default=FINEST) - 1)

    def bend(distance: float) -> float:
        return copysign(max(0.0, log10(abs(distance)) - finest) if distance else 0.0, distance)

    step = ceil((WIDEST - finest) / 3)
    powers = [10.0**decade for decade in range(0, finest, -step) if 5 * (decade - finest) > WIDEST - finest]
    axis = Scale(bend, finest - WIDEST, WIDEST - finest, (*(-p for p in powers), 0.0, *reversed(powers)))
    rows = [row(axis, *one) for one in found]
    return {"axis": axis, "rows": rows}


def row(axis: Scale, where: str, measured: float, error: float, claimed: float, rivals: dict[str, float]) -> dict:
    """One measured bracket, in numbers and on the axis of distances from its middle."""
    unit = unit_of(measured, claimed)
    dot = Dot(
        axis.place(0),
        (axis.place(-error / unit), axis.place(error / unit)),
        axis.place((claimed - measured) / unit),
        tuple((f"{name}: {value:.4g}", axis.place((value - measured) / unit)) for name, value in rivals.items()),
        where,
    )
    return {"dot": dot, "where": where, "bracket": bracket(measured, error), "claimed": f"{claimed:.10g}"}


def unit_of(measured: float, claimed: float) -> float:
    """What a distance is compared with."""
    return hypot(measured, claimed) / hypot(1, 1) or 1.0


def bracket(measured: float, error: float) -> str:
    """The ends of a measured bracket, with as many digits as tell them apart."""
    if not 0 < error < inf:
        return f"{measured:.10g}"
    digits = min(17, max(0, ceil(-log10(error)) + 1))
    low, high = (f"{value:.{digits}f}" for value in (measured - error, measured + error))
    common = next((at for at, (a, b) in enumerate(zip(low, high)) if a != b), len(low))
    return f"{low[:common]}[{low[common:]}, {high[common:]}]" if common > 3 else f"[{low}, {high}]"
