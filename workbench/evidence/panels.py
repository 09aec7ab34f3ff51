"""Panels: Gaussian means in one to three variables, cut where the integrand has its kinks and narrow features.

Each variable in turn, inside the ones before it: panels with the rules of Gauss and Kronrod on 10 and 21 points
(Kronrod 1965), split at the zeros of what |·|, max, steps and their kin are taken of, halved where an argument turns
and varies fast, and where the two rules disagree. A mean over the inner variables has kinks of its own where the
extremes of an argument vanish. How far the two rules are apart, summed over all panels, bounds the error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from workbench.evidence.tracing import Traced

ADDED = (
    0.0,
    0.294392862701460198,
    0.562757134668604683,
    0.780817726586416897,
    0.930157491355708226,
    0.995657163025808081,
)
AIM = {1: 1e-13, 2: 1e-11, 3: 2e-8}  # share of the mean at which a panel is left as it is, by variables
CUTS = {1: (-8, -5, -3, -1.5, 0, 1.5, 3, 5, 8), 2: (-8.5, -5, -2.5, 0, 2.5, 5, 8.5), 3: (-7, -2.7, 0, 2.7, 7)}
OUTER = (7, 8.5, 12, 17, 25, 37)  # further panels; at 37 the density ends in floats
NARROWEST, BRACKET, BLUR = 2.0**-44, 1e-15, 1e-13
LOST = 1e-6  # share of the mean that may stay unresolved in a narrowest panel: an integrable singularity is that weak
VARIES, LEVEL = 3.0, 1e-4  # how much an argument may vary where it turns or vanishes; how little it does where it turns
MATTERS = 2.0**-12  # wider panels may hide something even where nothing is seen
MOST_ROWS, MOST_ROUNDS = 8_000_000, 60
MOST_CELLS = 2**25  # values and arguments that are held at once (a quarter of a gigabyte), and computed in all
CALL = 5000  # rows that a call costs, whatever is asked


class TooRough(Exception):
    """The integrand does not come to an end of its kinks, or has no mean."""


def kronrod() -> tuple[Tensor, Tensor, Tensor]:
    """21 nodes on [−1, 1] and both ends, Kronrod's weights, and those of Gauss's rule on 10 of the nodes.

    The ends have no weight: arguments of functions are looked at there, so that no zero falls between two panels.
    """
    gauss, weights = np.polynomial.legendre.leggauss(10)
    nodes = np.concatenate([gauss, ADDED, np.negative(ADDED[1:])])
    order = np.argsort(nodes)
    moments = np.zeros(len(nodes))
    moments[0] = 2
    fine = np.linalg.solve(np.polynomial.legendre.legvander(nodes, 20).T, moments)
    coarse = np.concatenate([weights, np.zeros(11)])
    nodes, fine, coarse = (torch.from_numpy(each[order]) for each in (nodes, fine, coarse))
    ends, nothing = torch.ones(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    fine, coarse = (torch.cat([nothing, weights, nothing]) for weights in (fine, coarse))
    return torch.cat([-ends, nodes, ends]), fine, coarse


NODES, FINE, COARSE = kronrod()


@dataclass(frozen=True)
class Means:
    """Means over the inner variables for each of several points in the outer ones.

    values, sizes, errors (n, k): the means, those of the absolute values, and how far the two rules are apart;
    kinks, smooth (n, j): arguments of functions, their extremes over the inner variables.
    """

    values: Tensor
    sizes: Tensor
    errors: Tensor
    kinks: Tensor
    smooth: Tensor

    @staticmethod
    def none(count: int, like: Means) -> Means:
        """Nothing yet, on so many lines."""
        tables = (torch.zeros(count, part.shape[1], dtype=torch.float64) for part in (like.values,) * 3)
        extremes = (
            torch.full((count, part.shape[1]), torch.nan, dtype=torch.float64) for part in (like.kinks, like.smooth)
        )
        return Means(*tables, *extremes)

    def at(self, which: Tensor) -> Means:
        return Means(*(getattr(self, part.name)[which] for part in fields(self)))

    def added(self, lines: Tensor, more: Means) -> Means:
        """With panels added to their lines; extremes are the lower ones and then the upper ones."""
        sums = (getattr(self, n).index_add(0, lines, getattr(more, n)) for n in ("values", "sizes", "errors"))
        return Means(*sums, widened(self.kinks, lines, more.kinks), widened(self.smooth, lines, more.smooth))


def widened(extremes: Tensor, lines: Tensor, more: Tensor) -> Tensor:
    """Least and largest entries of lines (n, 2j), those of further panels (p, 2j) included; nan is none yet."""
    half, where = extremes.shape[1] // 2, lines[:, None].expand(len(lines), extremes.shape[1] // 2)
    low = extremes[:, :half].nan_to_num(nan=torch.inf).scatter_reduce(0, where, more[:, :half], "amin")
    high = extremes[:, half:].nan_to_num(nan=-torch.inf).scatter_reduce(0, where, more[:, half:], "amax")
    return torch.cat([low, high], dim=1)


@dataclass(frozen=True)
class Panels:
    """Intervals [low, high] on lines given by their numbers."""

    line: Tensor
    low: Tensor
    high: Tensor

    def __len__(self) -> int:
        return len(self.line)

    def __getitem__(self, which: Tensor) -> Panels:
        return Panels(self.line[which], self.low[which], self.high[which])

    def cut(self, at: Tensor) -> Panels:
        """Each panel in two."""
        return Panels(torch.cat([self.line, self.line]), torch.cat([self.low, at]), torch.cat([at, self.high]))

    def points(self) -> Tensor:
        return (self.low + self.high)[:, None] / 2 + (self.high - self.low)[:, None] / 2 * NODES


class Nested:
    """Means of a function of `width` independent normals, variable inside variable."""

    def __init__(self, function: Callable[[Tensor], Traced], width: int):
        self.function, self.width, self.spent, self.calls = function, width, 0, 0
        self.aim = AIM[width]
        row = function(torch.zeros(1, width, dtype=torch.float64))
        self.columns = sum(table.shape[1] for table in row)  # known before many rows are asked for at once

    @property
    def affordable(self) -> bool:
        """Whether even the first look at every panel can be held."""
        return ((len(CUTS[self.width]) - 1) * len(NODES)) ** self.width * self.columns <= MOST_CELLS

    def whole(self) -> Means:
        """The mean over all variables. Raises TooRough where it does not settle."""
        return self.over(torch.empty(1, 0, dtype=torch.float64))

    def over(self, outer: Tensor) -> Means:
        """The means over the variables that are left, for each point in the others."""
        if outer.shape[1] < self.width:
            return Line(self, outer).means()
        self.spent += len(outer)
        self.calls += 1
        if self.spent > MOST_ROWS or (self.spent + CALL * self.calls) * self.columns > MOST_CELLS:
            raise TooRough  # a blunter rung says as much in a moment as these would in minutes
        values, kinks, smooth = self.function(outer)
        return Means(values, values.abs(), torch.zeros_like(values), kinks, smooth)


class Line:
    """Means along one variable, the outer ones fixed: one line for each of their points."""

    def __init__(self, nested: Nested, outer: Tensor):
        self.nested, self.outer = nested, outer
        self.heights = torch.exp(-outer.square().sum(dim=1) / 2)  # how much a line matters in the whole
        self.sums: Means | None = None

    def means(self) -> Means:
        panels = self.first()
        for _ in range(MOST_ROUNDS):
            if not len(panels):
                assert self.sums is not None
                return self.sums
            panels = self.refined(panels)
        raise TooRough

    def first(self) -> Panels:
        cuts = torch.tensor(CUTS[self.nested.width], dtype=torch.float64)
        if self.nested.width == 1:
            far = torch.tensor(OUTER[2:], dtype=torch.float64)
            cuts = torch.cat([-far.flip(0), cuts, far])
        lines = torch.arange(len(self.outer)).repeat_interleave(len(cuts) - 1)
        return Panels(lines, cuts[:-1].repeat(len(self.outer)), cuts[1:].repeat(len(self.outer)))

    def at(self, lines: Tensor, points: Tensor) -> Means:
        """What the inner variables make of points on lines."""
        return self.nested.over(torch.cat([self.outer[lines], points[:, None]], dim=1))

    def refined(self, panels: Panels) -> Panels:
        """One look at every panel: those that are well resolved are kept, the others come back cut."""
        points = panels.points()
        lines = panels.line.repeat_interleave(len(NODES))
        inner = self.at(lines, points.reshape(-1))
        here = self.averaged(panels, points, inner)
        wide = panels.high - panels.low > NARROWEST * (1 + panels.low.abs())
        tolerance = self.tolerance(panels, here.sizes)
        unsettled, counts = (here.errors > tolerance).any(dim=1), (here.sizes > tolerance).any(dim=1)
        lost = (here.sizes > LOST / self.nested.aim * tolerance).any(dim=1) & unsettled & ~wide
        if lost.any() or (counts & last(panels)).any() or not here.sizes.isfinite().all():
            raise TooRough  # a pole, or a tail that goes on
        kinks, smooth = (each.reshape(*points.shape, -1) for each in (inner.kinks, inner.smooth))
        at = self.zeros(panels, points, kinks)
        split = torch.isfinite(at) & wide
        matters = counts | (panels.high - panels.low > MATTERS)
        rough = (unsettled | swings(smooth) & matters) & wide & ~split
        kept = ~(split | rough)
        # What lies beyond an outermost panel that does not count is smaller than that panel.
        left_out = torch.where((outermost(panels) & ~counts)[:, None], here.sizes, 0.0)
        here = replace(here, errors=here.errors + left_out)
        self.keep(panels.line[kept], here.at(kept))
        further = [beyond(panels[counts & kept])] if self.nested.width > 1 else []
        return joined(panels[rough].cut((panels.low + panels.high)[rough] / 2), panels[split].cut(at[split]), *further)

    def averaged(self, panels: Panels, points: Tensor, inner: Means) -> Means:
        """The parts of the means that panels contribute."""
        density = torch.exp(-points.square() / 2) * ((panels.high - panels.low) / 2)[:, None] / (2 * np.pi) ** 0.5
        fine = density * FINE

        def summed(weights: Tensor, table: Tensor) -> Tensor:
            inside = table.reshape(*points.shape, -1)[:, 1:-1]  # at the ends there may be no value
            return torch.einsum("pq,pqk->pk", weights[:, 1:-1], inside)

        errors = summed(fine - density * COARSE, inner.values).abs() + summed(fine, inner.errors)
        extremes = (
            torch.cat(
                [table.reshape(*points.shape, -1).amin(dim=1), table.reshape(*points.shape, -1).amax(dim=1)], dim=1
            )
            for table in (inner.kinks, inner.smooth)
        )
        return Means(summed(fine, inner.values), summed(fine, inner.sizes), errors, *extremes)

    def tolerance(self, panels: Panels, sizes: Tensor) -> Tensor:
        """How large the error of a panel may be: a share of its line's mean, or of the mean over all lines."""
        total = torch.zeros(len(self.outer), sizes.shape[1], dtype=torch.float64).index_add(0, panels.line, sizes)
        total = total + self.sums.sizes if self.sums else total
        overall = (total * self.heights[:, None]).max(dim=0).values / self.heights[:, None]
        return (self.nested.aim * torch.maximum(total, overall))[panels.line] + 1e-290

    def keep(self, lines: Tensor, here: Means) -> None:
        """Take well resolved panels into the means of their lines."""
        self.sums = self.sums.added(lines, here) if self.sums else Means.none(len(self.outer), here).added(lines, here)

    def zeros(self, panels: Panels, points: Tensor, kinks: Tensor) -> Tensor:
        """Where in each panel an argument with a kink vanishes first; nan where none does inside."""
        at = torch.full((len(panels),), torch.nan, dtype=torch.float64)
        if not kinks.shape[2]:
            return at
        signs = torch.sign(torch.where(kinks.abs() > BLUR * kinks.abs().amax(dim=1, keepdim=True), kinks, 0.0))
        changes = (signs[:, 1:] * signs[:, :-1] < 0).transpose(1, 2).reshape(len(panels), -1)
        some = changes.any(dim=1).nonzero()[:, 0]
        if not len(some):
            return at
        which = changes[some].to(torch.uint8).argmax(dim=1)
        column, place = which // (len(NODES) - 1), which % (len(NODES) - 1)
        low, high = points[some, place], points[some, place + 1]
        heights = kinks[some, place, column], kinks[some, place + 1, column]
        small = BRACKET * kinks[some, :, column].abs().amax(dim=1)
        at[some] = self.bracketed(panels.line[some], column, low, high, *heights, small)
        inside = (at - panels.low > NARROWEST) & (panels.high - at > NARROWEST)
        return torch.where(inside, at, torch.nan)

    def bracketed(
        self, lines: Tensor, column: Tensor, low: Tensor, high: Tensor, below: Tensor, above: Tensor, small: Tensor
    ) -> Tensor:
        """The zeros in brackets, as far as floats go: inverse quadratic steps where they are safe, halves elsewhere."""
        near, far, old = (low, below), (high, above), (low, below)  # places with their values; the old one is outside
        step = (below / (below - above)).clamp(0, 1)
        for _ in range(MOST_ROUNDS):
            at = near[0] + step * (far[0] - near[0])
            here = self.at(lines, at).kinks.gather(1, column[:, None])[:, 0]
            same = torch.sign(here) == torch.sign(near[1])
            old, far = chosen(same, near, far), chosen(same, far, near)
            near = at, here
            best = chosen(near[1].abs() < far[1].abs(), near, far)
            least = BRACKET * (1 + best[0].abs()) / (far[0] - near[0]).abs()
            if bool(((least > 0.5) | (best[1].abs() <= small)).all()):
                return best[0]
            step = inverse_quadratic(near, far, old).clamp(least.clamp(max=0.5), 1 - least.clamp(max=0.5))
        return best[0]


Places = tuple[Tensor, Tensor]  # places and the values there


def chosen(which: Tensor, one: Places, other: Places) -> Places:
    """The places of one list where `which` says so, else those of the other."""
    return torch.where(which, one[0], other[0]), torch.where(which, one[1], other[1])


def inverse_quadratic(near: Places, far: Places, old: Places) -> Tensor:
    """How far from `near` to `far` a parabola through three places puts the zero; one half where it is not trusted.

    Source: Chandrupatla, A new hybrid quadratic/bisection algorithm, Advances in Engineering Software 28 (1997).
    """
    (a, fa), (b, fb), (c, fc) = near, far, old
    place, height = (a - b) / (c - b), (fa - fb) / (fc - fb)
    safe = (height**2 < place) & ((1 - height) ** 2 < 1 - place)
    step = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    return torch.where(safe & step.isfinite(), step, 0.5)


def joined(*parts: Panels) -> Panels:
    """Panels of several lists in one."""
    return Panels(*(torch.cat([getattr(part, name) for part in parts]) for name in ("line", "low", "high")))


def beyond(panels: Panels) -> Panels:
    """The panels further out than those that are outermost so far."""
    found = []
    for near, far in pairwise(OUTER):
        right, left = panels.line[panels.high == near], panels.line[panels.low == -near]
        for lines, low, high in ((right, near, far), (left, -far, -near)):
            ends = (torch.full((len(lines),), float(end), dtype=torch.float64) for end in (low, high))
            found.append(Panels(lines, *ends))
    return joined(*found)


def outermost(panels: Panels) -> Tensor:
    """Which panels end where further ones would begin."""
    ends = torch.tensor(OUTER, dtype=torch.float64)
    return torch.isin(panels.high, ends) | torch.isin(panels.low, -ends)


def last(panels: Panels) -> Tensor:
    """Which panels end where the density does."""
    return (panels.high == OUTER[-1]) | (panels.low == -OUTER[-1])


def swings(smooth: Tensor) -> Tensor:
    """Whether an argument of a function turns or vanishes in a panel that does not resolve it there."""
    if not smooth.shape[2]:
        return torch.zeros(len(smooth), dtype=torch.bool)
    steps, varies = smooth.diff(dim=1), smooth.amax(dim=1) - smooth.amin(dim=1)
    turns = ((steps[:, 1:] * steps[:, :-1]) < 0).any(dim=1) | ((smooth[:, 1:] * smooth[:, :-1]) <= 0).any(dim=1)
    flat = torch.minimum(steps[:, 0].abs(), steps[:, -1].abs()) < LEVEL * varies
    return ((turns | flat) & (varies > VARIES)).any(dim=1)
