"""Quantifiers: which proof lines of the catalogue are compared at some sizes only, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbench.catalogue import Entry, member
from workbench.errors import about
from workbench.judging import proofs
from workbench.judging.proofs import CheckedLine
from workbench.judging.sizes import expressions_in
from workbench.language.laws import Random


def lines_at_some_sizes(entries: Iterable[Entry]) -> Iterator[str]:
    """A line of text for every such proof line as it is found, then the counts of means and of closed forms."""
    counts = {True: [0, 0], False: [0, 0]}  # whether a mean occurs → for every size, of all
    for entry in entries:
        claim = member(entry, "derivations")
        with about(f"{entry.id} could not be checked"):
            lines = proofs.check(claim).lines
        for before, line in zip((None, *lines), lines):
            if line.grade not in ("proved", "enclosed"):
                continue
            mean = before is not None and has_mean(before, line)
            counts[mean][0] += line.every
            counts[mean][1] += 1
            if not line.every:
                yield f"{entry.id}: “{line.line.step.why}” {proofs.quantifier([line])}{': a mean' if mean else ''}"
    for mean, (every, total) in counts.items():
        what = "lines with a mean in them" if mean else "lines between closed forms"
        yield f"{what}: {every} of {total} hold for every size"


def has_mean(before: CheckedLine, line: CheckedLine) -> bool:
    """Whether a mean is multiplied out in the check of a line."""
    step = line.line.step
    seen = (before.line.expression, line.line.expression, *expressions_in(step.arguments))
    return any(each.has(Random) for each in seen)
