"""Tracing: what a twin does to its noise, read off a run of it.

The places at which an integrand has a kink, a step or a narrow feature are where the argument of a function
changes sign or turns: of |u| and of u > 0 at u = 0, of exp(−10⁶u²) where u² is smallest. A run under a watch records
these arguments for all rows of noise at once, whoever wrote the twin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch._C import _functorch as functorch
from torch.overrides import TorchFunctionMode

from workbench.evidence.averages import Twin, tensors
from workbench.evidence.randomness import Layout, reading

PAIRS = set("maximum minimum max min fmax fmin gt lt ge le".split())  # of a and b, at a − b = 0
SINGLE = set("abs relu sign sgn heaviside".split())
SMOOTH = set(
    "exp exp2 expm1 erf erfc erfinv sin cos tan asin acos atan arcsin arccos arctan sinh cosh tanh sigmoid "
    "softplus gelu silu elu logsigmoid ndtr special_ndtr special_erf".split()
)
SINGULAR = set("log log1p log2 sqrt rsqrt reciprocal rdiv rtruediv".split())  # narrow where their argument is small
OUTERMOST = 1  # the level of vmap at which rows of noise are batched
PIECE = 2**15
REACHES, LOOKS = torch.tensor([4.0, 1.0, 1e-2, 1e-4]), (64, 64, 64, 64)  # rows that are looked at, ever nearer to 0
STEEP = (
    8.0  # how much an argument of a function varies within a standard deviation at most, where fixed nodes are trusted
)


class Watch(TorchFunctionMode):
    """While it is on, the arguments of functions are recorded: of those with kinks, and of smooth ones."""

    def __init__(self, rows: int):
        super().__init__()
        self.rows = rows
        self.kinks: list[Tensor] = []
        self.smooth: list[Tensor] = []

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        name, kwargs = getattr(func, "__name__", "").strip("_"), kwargs or {}
        if name in PAIRS and len(args) == 2:
            self.note(self.kinks, args[0] - args[1])
        elif name in SINGLE:
            self.note(self.kinks, args[0])
        elif name in ("clamp", "clip", "clamp_min", "clamp_max"):
            for bound in (*args[1:], *kwargs.values()):
                self.note(self.kinks, args[0] - bound)
        elif name in SMOOTH:
            self.note(self.smooth, args[0])
        elif name in SINGULAR or (name == "pow" and not whole_power(args[1])):
            self.note(self.smooth, args[0], by=size)
        elif name in ("div", "truediv") and isinstance(args[1], Tensor):
            self.note(self.smooth, args[1], by=size)
        elif name == "softmax":
            self.note(self.smooth, args[0] - args[0].max())
        return func(*args, **kwargs)

    def note(self, kept: list[Tensor], argument: Any, by: Callable[[Tensor], Tensor] = torch.clone) -> None:
        """Keep an argument as (rows, entries), when it depends on the row."""
        place = None
        while isinstance(argument, Tensor) and functorch.is_functorch_wrapped_tensor(argument):
            level = functorch.maybe_get_level(argument)
            place = functorch.maybe_get_bdim(argument) if level == OUTERMOST else None
            argument = functorch.get_unwrapped(argument)
        if place is not None and argument.shape[place] == self.rows and argument.is_floating_point():
            kept.append(by(argument.detach().movedim(place, 0).reshape(self.rows, -1)))


def size(argument: Tensor) -> Tensor:
    """How large an argument is, on a logarithmic scale."""
    return torch.log(argument.abs() + torch.finfo(torch.float64).tiny)


def whole_power(power: Any) -> bool:
    """Whether a power is that of a polynomial."""
    if isinstance(power, Tensor):
        return not functorch.is_functorch_wrapped_tensor(power) and bool(
            ((power >= 0) & (power == power.round())).all()
        )
    return isinstance(power, int | float) and power >= 0 and float(power).is_integer()


Traced = tuple[Tensor, Tensor, Tensor]  # rows of values, of arguments with kinks, of smooth arguments


def traced(twin: Twin, layout: Layout, **override: Any) -> Callable[[Tensor], Traced]:
    """The twin as a function from rows of noise to its values there, with the arguments of the functions in it."""

    letters = twin.letters | override

    def one(row: Tensor) -> tuple[Tensor, ...]:
        return tuple(tensors(twin.function(**letters, draw=reading(layout, row))))

    def piece(rows: Tensor) -> Traced:
        with Watch(len(rows)) as watch:
            outputs = torch.vmap(one)(rows)
        values = [output.detach().reshape(len(rows), -1) for output in outputs]
        return joined(values, len(rows)), joined(watch.kinks, len(rows)), joined(watch.smooth, len(rows))

    def function(rows: Tensor) -> Traced:
        pieces = [piece(some) for some in rows.split(PIECE)]
        values, kinks, smooth = (torch.cat(parts) for parts in zip(*pieces))
        return values, kinks, smooth

    return function


def joined(columns: Iterable[Tensor], rows: int) -> Tensor:
    """Columns beside each other; a table without columns where there are none."""
    return torch.cat([torch.empty(rows, 0, dtype=torch.float64), *columns], dim=1)


def is_no_polynomial(twin: Twin, layout: Layout, **override: Any) -> bool:
    """Whether the twin has kinks in its Gaussian noise, or steep functions: they may be level along all lines tried."""
    if not layout.normal_count:
        return False
    rows = looks(twin, layout)
    rows[:, layout.normal_count :] = rows[0, layout.normal_count :].abs() % 1  # masks and places stay as they are
    sizes = {name: value for name, value in override.items() if isinstance(value, int)}
    _, kinks, smooth = traced(twin, layout, **sizes)(rows)
    return bool((kinks != kinks[:1]).any()) or steep(smooth)


def is_rugged(twin: Twin, layout: Layout) -> bool:
    """Whether the twin has kinks, or functions of what varies fast: no grid of fixed nodes is fine enough."""
    _, kinks, smooth = traced(twin, layout)(looks(twin, layout))
    return bool(kinks.numel()) or steep(smooth)


def looks(twin: Twin, layout: Layout) -> Tensor:
    """Rows of noise, ever nearer to 0."""
    generator = torch.Generator().manual_seed(twin.seed)
    rows = torch.randn(sum(LOOKS), layout.width, generator=generator, dtype=torch.float64)
    return rows * torch.repeat_interleave(REACHES, torch.tensor(LOOKS))[:, None]


def steep(smooth: Tensor) -> bool:
    """Whether arguments of smooth functions vary fast within a standard deviation."""
    near = smooth[LOOKS[0] :]
    return bool((near.amax(dim=0) - near.amin(dim=0) > STEEP).any())
