"""Averages: a twin at fixed letters, and its means over a source of weighted noise."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.evidence.protocols import Crossing, protocol_of
from workbench.evidence.randomness import Layout, reading, recording

CHUNK = 4096
ROUNDOFFS = 16 * float(np.finfo(float).eps)  # what summing may have cost a mean
PIECE = 2**14  # rows whose outputs are held at once


class Twin:
    """A twin at fixed letters: what rows of noise are worth."""

    def __init__(self, function: Callable[..., Any], letters: Mapping[str, Any], seed: int):
        names = [n for n, p in inspect.signature(function).parameters.items() if p.kind != p.KEYWORD_ONLY]
        missing = [name for name in names if name not in letters]
        if missing:
            raise LookupError(
                f"the twin {function.__module__}.{function.__name__} asks for {', '.join(missing)}, "
                f"which the theorem does not name; its letters are {', '.join(sorted(letters))}"
            )
        torch.set_default_dtype(torch.float64)  # what a twin makes by itself is as precise as what it is given
        self.function, self.seed, self.all_letters = function, seed, dict(letters)
        self.letters = {name: letters[name] for name in names}
        self.protocol, self.layouts = protocol_of(function), {}
        self.recorded: dict[Any, list[Tensor]] = {}  # what a twin that draws nothing returned, by sizes

    def stages(self) -> dict[str, Callable[..., Any]]:
        """The letters that other twins measure first."""
        return getattr(self.function, "stages", {})

    def with_letters(self, found: dict[str, Any]) -> Twin:
        return Twin(self.function, self.all_letters | found, self.seed)

    def layout(self, **override: Any) -> Layout:
        """Which noise the twin asks for; it may depend on sizes, not on the values of other letters."""
        sizes = {name: value for name, value in override.items() if isinstance(value, int)}
        key = tuple(sorted(sizes.items()))
        if key not in self.layouts:
            self.layouts[key] = Layout()
            draw = recording(self.layouts[key], np.random.default_rng(self.seed))
            outputs = self.function(**(self.letters | sizes), draw=draw)
            if not self.layouts[key].width:
                self.recorded[key] = tensors(outputs)
        return self.layouts[key]

    def values(self, rows: Tensor, layout: Layout, **override: Any) -> list[Tensor]:
        """The twin's outputs on every row of noise: a list of (n, …) tensors."""
        letters = self.letters | override
        # A twin that draws nothing was run already, to find that out. That counts once: the next look runs it again.
        if (outputs := self.recorded.pop(tuple(sorted(override.items())), None)) is not None:
            return [output.expand(len(rows), *output.shape) for output in outputs]

        def one(row: Tensor) -> tuple[Tensor, ...]:
            return tuple(tensors(self.function(**letters, draw=reading(layout, row))))

        return list(torch.vmap(one, chunk_size=CHUNK)(rows))


class Average:
    """Averages over one source of weighted noise, and what a twin's protocol makes of them."""

    def __init__(self, source: Callable[[Twin, Layout, dict[str, Any]], tuple[Tensor, Tensor]]):
        self.source, self.evaluations, self.absolute = source, 0, 0.0
        self.kept: dict[Any, list[Tensor]] = {}
        self.staged: dict[Twin, Twin] = {}

    def means(self, twin: Twin, **override: Any) -> list[Tensor]:
        """The weighted means of a twin's outputs, letters overridden by name."""
        if any(isinstance(value, Tensor) for value in override.values()):
            return self.compute(twin, **override)
        key = (twin, *sorted(override.items()))
        if key not in self.kept:
            self.kept[key] = self.compute(twin, **override)
        return self.kept[key]

    def compute(self, twin: Twin, **override: Any) -> list[Tensor]:
        layout = twin.layout(**override)
        rows, weights = self.source(twin, layout, override)
        self.evaluations += len(rows)
        means: list[Any] = []
        sizes: list[Any] = []
        for some, share in zip(rows.split(PIECE), weights.split(PIECE)):
            outputs = self.outputs(twin, some, layout, override)
            means = added(means, [torch.tensordot(share, output, dims=1) for output in outputs])
            sizes = added(sizes, [torch.tensordot(share.abs(), output.detach().abs(), dims=1) for output in outputs])
        largest = (float(size.max()) for size in sizes)
        self.absolute = max(self.absolute, *(size for size in largest if isfinite(size)), 0.0)
        return means

    def outputs(self, twin: Twin, rows: Tensor, layout: Layout, override: dict[str, Any]) -> list[Tensor]:
        """What some of the rows are worth."""
        return twin.values(rows, layout, **override)

    def at_stages(self, twin: Twin) -> Twin:
        """The twin with the letters that other twins measure put in."""
        if twin not in self.staged:
            self.staged[twin] = self.measure_stages(twin)
        return self.staged[twin]

    def measure_stages(self, twin: Twin) -> Twin:
        found = {}
        for name, stage in twin.stages().items():
            value = self.solve(Twin(stage, twin.all_letters, twin.seed))
            shape = getattr(twin.all_letters.get(name), "shape", ())
            found[name] = torch.from_numpy(value).reshape(shape)
        return twin.with_letters(found) if found else twin

    def solve(self, twin: Twin) -> np.ndarray:
        twin = self.at_stages(twin)
        before = self.absolute
        value = twin.protocol.solve(lambda **override: self.means(twin, **override), twin.letters)
        seek = getattr(twin.protocol, "seek", twin.protocol)  # what is sought in a function of means
        if isinstance(seek, Crossing) and not seek.whole:
            # Far from the crossing a mean may be huge; what roundoff can do is decided where the search ended.
            self.absolute = before
            self.compute(twin, **{seek.letter: float(value)})
        return np.atleast_1d(real(value).detach().numpy())

    def doubt(self, twin: Twin) -> np.ndarray | float:
        """A bound on what the protocol leaves out, where it states one."""
        if not hasattr(twin.protocol, "doubt"):
            return 0.0
        twin = self.at_stages(twin)
        return twin.protocol.doubt(lambda **override: self.means(twin, **override)).detach().numpy()


class Remembering(Average):
    """Means, and the samples of which they were made at a twin's own letters."""

    def __init__(self, source: Callable[[Twin, Layout, dict[str, Any]], tuple[Tensor, Tensor]]):
        super().__init__(source)
        self.seen: dict[Twin, list[Tensor]] = {}  # rows of numbers, in the order of the noise

    def outputs(self, twin: Twin, rows: Tensor, layout: Layout, override: dict[str, Any]) -> list[Tensor]:
        outputs = super().outputs(twin, rows, layout, override)
        if not override:
            self.seen.setdefault(twin, []).append(side_by_side(outputs))
        return outputs

    def samples(self, twin: Twin, **override: Any) -> Tensor:
        """What every row of the source's noise is worth; what was computed for a mean is not computed again."""
        if twin in self.seen and not override:
            return torch.cat(self.seen[twin])
        layout = twin.layout(**override)
        return flat(twin, layout, **override)(self.source(twin, layout, override)[0])


class Pooled(Average):
    """The average of several averages that saw equally many samples."""

    def __init__(self, parts: list[Average]):
        super().__init__(parts[0].source)
        self.parts = parts

    def compute(self, twin: Twin, **override: Any) -> list[Tensor]:
        each = [part.means(twin, **override) for part in self.parts]
        return [torch.stack(outputs).mean(0) for outputs in zip(*each)]


def tensors(outputs: Any) -> list[Tensor]:
    """What a twin returned, one or several things, as tensors."""
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    return [real(output).to(torch.float64) for output in outputs]


def real(output: Any) -> Tensor:
    """A quantity as a tensor of real numbers. Raises TypeError for complex ones, whose other half would be lost."""
    found = torch.as_tensor(output)
    if found.is_complex():
        raise TypeError("the twin makes complex numbers, and a claim is about real ones; return its real part, or both")
    return found


def added(sums: list[Tensor], terms: list[Tensor]) -> list[Tensor]:
    """Sums continued, output by output."""
    return [total + term for total, term in zip(sums, terms)] if sums else terms


def flat(twin: Twin, layout: Layout, **override: Any) -> Callable[[Tensor], Tensor]:
    """The twin as a function from rows of noise to rows of numbers."""

    def function(rows: Tensor) -> Tensor:
        return side_by_side(twin.values(rows, layout, **override))

    return function


def side_by_side(outputs: list[Tensor]) -> Tensor:
    """All outputs of each row in one row of numbers."""
    return torch.cat([output.detach().reshape(len(output), -1) for output in outputs], dim=1)


class Shaken(Average):
    """Means moved by a few roundoffs, always the same way: what a protocol makes of that is its own roundoff."""

    def __init__(self, calm: Average):
        super().__init__(calm.source)
        self.calm = calm

    def compute(self, twin: Twin, **override: Any) -> list[Tensor]:
        generator = np.random.default_rng(0)  # not torch's: Newton's slopes are taken under vmap
        moved = []
        for mean in self.calm.means(twin, **override):
            # by amounts that differ: all three entries of a parabola moved alike would leave its ratios as they are
            shares = torch.from_numpy(generator.uniform(-2, 2, size=tuple(mean.shape)))
            moved.append(mean * (1 + ROUNDOFFS * shares))
        return moved


def seed_of(*parts: Any) -> int:
    """A seed that belongs to what is measured, not to when or where it runs."""
    return int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:6], "big")
