"""Function rows: a function of numbers, and all that the workbench knows of it in one row.

What is typed and printed, what SymPy calls it, how a ball encloses it, what torch measures it with, and what
`--help` says. A new function is a new row; the calculus adds rows where it defines functions of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from flint import acb, arb

from workbench.errors import BadInput
from workbench.language.arithmetic import MAX_POWER, number, root


@dataclass(frozen=True)
class Row:
    """One function of numbers.

    `kind` is its class, or whatever SymPy makes it of; what it makes is printed, enclosed and measured by the row of
    that class. `torch` is a name in `torch`, or in `workbench.evidence.functions` where torch has none.
    """

    name: str
    kind: Any
    says: str
    ball: Callable[..., arb] | None = None
    torch: str = ""
    takes: int = 1  # arguments as they are typed; 0: one or more
    also: tuple[str, ...] = ()  # other names that are typed for it
    check: Callable[..., None] = lambda *arguments: None  # raises BadInput for arguments that are not taken

    def read(self) -> Callable[..., Any]:
        """What a typed call means: a function of as many arguments."""

        def meant(*arguments: Any) -> Any:
            numbers = [apart(number(argument)) if self.name in KINKED else number(argument) for argument in arguments]
            self.check(*numbers)
            return self.kind(*numbers)

        readers = {1: lambda x: meant(x), 2: lambda x, y: meant(x, y), 0: lambda x, *more: meant(x, *more)}
        return readers[self.takes]

    def typed(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments that are typed; SymPy notes the value of a step at 0 as another one."""
        return arguments[: self.takes] if self.takes else arguments


ROWS: dict[str, Row] = {}
KINKED = ("abs", "sign", "step", "relu", "max", "min")


def apart(value: Any) -> Any:
    """A number with no sum left under a trace; SymPy takes such a sum for one of numbers where it looks for signs."""
    if not isinstance(value, sp.Basic):
        return value
    spread = {trace: sp.expand(trace.arg) for trace in value.atoms(sp.Trace)}
    sums = {trace: arg for trace, arg in spread.items() if isinstance(arg, sp.MatAdd)}
    return value.xreplace({trace: sp.Add(*map(trace_of, arg.args)) for trace, arg in sums.items()})


def trace_of(term: Any) -> Any:
    """The trace of a product, its numbers in front."""
    coefficient, word = term.as_coeff_mmul()
    return coefficient * sp.Trace(word)


def add(row: Row) -> None:
    """Take in a function. Raises ValueError where its name is taken."""
    if row.name in ROWS:
        raise ValueError(f"there are two functions called {row.name}; give one of them another name")
    ROWS[row.name] = row


def row_of(kind: type) -> Row | None:
    """The row of a class of SymPy's; None where there is none."""
    return next((row for row in ROWS.values() if row.kind is kind), None)


class Rows(Mapping[str, Any]):
    """Something of every row by its typed name, rows that are added later included."""

    def __init__(self, of: Callable[[Row], Any]):
        self.of = of

    def __getitem__(self, name: str) -> Any:
        return self.of(ROWS[name])

    def __iter__(self) -> Iterator[str]:
        return iter(ROWS)

    def __len__(self) -> int:
        return len(ROWS)


class OtherNames(Mapping[str, str]):
    """The names of functions by the other names that papers have for them, those of rows that are added later too."""

    def __getitem__(self, name: str) -> str:
        return next(row.name for row in ROWS.values() if name in row.also)

    def __contains__(self, name: object) -> bool:
        return any(name in row.also for row in ROWS.values())

    def __iter__(self) -> Iterator[str]:
        return (name for row in ROWS.values() for name in row.also)

    def __len__(self) -> int:
        return sum(len(row.also) for row in ROWS.values())


OTHER_NAMES = OtherNames()


def no_giant(value: Any) -> None:
    """Γ of a large number would be computed digit by digit."""
    if value.is_number and abs(value) > MAX_POWER:
        raise BadInput(f"gamma({value}) is too large; it is taken of numbers up to {MAX_POWER}")


def no_giant_factorial(value: Any) -> None:
    """A factorial is taken of a number that is not negative."""
    no_giant(value)
    if value.is_negative or value.is_integer is False:
        raise BadInput(f"factorial({value}) is taken of a whole number that is not negative; gamma(x) of any positive")


def whole_order(order: Any, value: Any) -> None:
    if not (order.is_Integer and 0 <= order <= MAX_POWER):
        raise BadInput(f"polygamma({order}, …): the order is a whole number up to {MAX_POWER}")


ALSO = {"log": "ln", "asin": "arcsin", "acos": "arccos", "atan": "arctan"}
for _name in "exp log erf sin cos tan asin acos atan sinh cosh tanh".split():
    _others = (ALSO[_name],) if _name in ALSO else ()
    add(Row(_name, getattr(sp, _name), "", lambda x, _name=_name: getattr(x, _name)(), _name, also=_others))
add(Row("sqrt", root, ""))
add(Row("abs", sp.Abs, "", abs, "abs"))
add(Row("sign", sp.sign, "", lambda x: x.sgn(), "sign", also=("sgn",)))
add(
    Row(
        "step",
        sp.Heaviside,
        "",
        lambda x, at_zero: at_zero if x == 0 else (1 + x.sgn()) / 2,
        "heaviside",
        also=("heaviside",),
    )
)
add(Row("relu", lambda x: sp.Max(0, x), "", also=("ReLU", "Relu")))
add(Row("max", sp.Max, "", lambda *xs: reduce(lambda a, b: a.max(b), xs), "maximum", takes=0))
add(Row("min", sp.Min, "", lambda *xs: reduce(lambda a, b: a.min(b), xs), "minimum", takes=0))
add(Row("gamma", sp.gamma, "gamma(x)   Euler's Γ", lambda x: x.gamma(), "gamma", check=no_giant))
add(
    Row(
        "lambertw",
        sp.LambertW,
        "lambertw(x)   the larger w with w*exp(w) = x",
        lambda x: x.lambertw(),
        "lambertw",
        also=("LambertW",),
    )
)
add(Row("factorial", lambda n: sp.gamma(n + 1), "factorial(n)   n!", check=no_giant_factorial))
add(Row("digamma", sp.digamma, "digamma(x)   the logarithmic derivative of Γ"))
add(
    Row(
        "polygamma", sp.polygamma, "polygamma(n, x)   the n-th derivative of digamma",
        lambda order, x: acb(x).polygamma(acb(order)).real if order != 0 else x.digamma(),
        "polygamma", takes=2, check=whole_order,
    )
)  # fmt: skip
# What these stand for is printed, enclosed and measured, and averaged by the rules of erf, tanh, log and exp.
add(Row("Phi", lambda x: (1 + sp.erf(x / sp.sqrt(2))) / 2, "Phi(x)   the normal distribution function"))
add(Row("sigmoid", lambda x: (1 + sp.tanh(x / 2)) / 2, "sigmoid(x)   1/(1 + exp(-x))", also=("Sigmoid", "expit")))
add(Row("softplus", lambda x: sp.log(1 + sp.exp(x)), "softplus(x)   log(1 + exp(x))", also=("Softplus",)))
add(Row("gelu", lambda x: x * (1 + sp.erf(x / sp.sqrt(2))) / 2, "gelu(x)   x*Phi(x)", also=("GELU", "GeLU")))
add(Row("silu", lambda x: x * (1 + sp.tanh(x / 2)) / 2, "silu(x)   x*sigmoid(x)", also=("SiLU", "swish")))
add(Row("sech", lambda x: 1 / sp.cosh(x), "sech(x)   1/cosh(x)"))
