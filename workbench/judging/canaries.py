"""Canaries: claims that are known to be wrong, one of every kind, refuted in every run or the run is void.

Each is a system of one or two dimensions with a twin of its own and a closed form with a slip in it. They
pass through the very measurement and judgement that claims pass through, are never taken from the
record, and cost about a second. Decoys are false lines that pass through the re-check of proofs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sympy as sp
import torch
from torch import Tensor
from torch.func import grad, jacrev

from workbench.catalogue import Entry
from workbench.claims import Claim, given, so
from workbench.evidence import Draw, at, crossing, experiment, function_of_means, limit, ratio, root
from workbench.judging.confrontation import confront
from workbench.judging.decoys import decoys
from workbench.judging.judge import STANDARDS
from workbench.judging.statement import Statement
from workbench.judging.verdicts import Verdict, unmeasured
from workbench.language import letters

d = letters.size("d")
s, u, v = letters.positive("s"), letters.positive("u"), letters.positive("v")
A, Lambda = letters.matrix("A", d, d), letters.spd("Lambda", d)
alpha = letters.eigenvalue("alpha", Lambda)
TIME, STEPS = 0.75, 24


@dataclass(frozen=True)
class Canary:
    """A wrong claim: the kind, the slip in it, the wrong closed form and the twin that must refute it."""

    kind: str
    slip: str
    wrong: Any
    twin: Callable[..., Any]


def normal(s: float, draw: Draw) -> Tensor:
    """One centred normal number of standard deviation s."""
    return s * draw.normal("x", 1)[0]


def fourth_moment(s, *, draw):
    """The fourth power of a normal number: exact cubature."""
    return normal(s, draw) ** 4


def quadratic_form(Lambda, A, *, draw):
    """A quadratic form in a Gaussian vector."""
    x = torch.linalg.cholesky(Lambda) @ draw.normal("x", len(Lambda))
    return x @ A @ A @ x


@ratio
def tilted_mean(s, u, *, draw):
    """The mean of a normal number reweighted by an exponential: Gauss–Hermite."""
    x = normal(s, draw)
    return x * torch.exp(u * x / 2), torch.exp(u * x / 2)


def squared_uniform(s, *, draw):
    """The square of a uniform number: quasi-Monte Carlo."""
    return s * draw.uniform("share", 1)[0] ** 2


@experiment(runs=16)
def sample_variance(s, *, draw):
    """The variance of a sample, again and again: repeated experiments."""
    return torch.var(s * draw.normal("x", 20_000))


def slope(s, u, *, draw):
    """Autograd through the squared answer of one weight."""
    return grad(lambda weight: (weight * normal(s, draw)) ** 2)(torch.as_tensor(u))


@root("u")
def trained_weight(s, u, v, *, draw):
    """The gradient of the squared error of one weight; it vanishes at the trained one."""
    x = normal(s, draw)
    return 2 * x * (u * x - v * x - draw.normal("noise", 1)[0])


@at(u=trained_weight)
def trained_risk(s, u, v, *, draw):
    """The squared error at the trained weight."""
    x = normal(s, draw)
    return (u * x - v * x - draw.normal("noise", 1)[0]) ** 2


@function_of_means(torch.linalg.eigvalsh)
def curvature(Lambda, *, draw):
    """Autograd's Hessian of the squared answer of a linear unit."""
    x = torch.linalg.cholesky(Lambda) @ draw.normal("x", len(Lambda))
    return jacrev(grad(lambda w: (w @ x) ** 2))(torch.zeros(len(Lambda)))


@crossing("u", 1e-3, 1e3)
def onset(s, u, *, draw):
    """How much an answer of gain u grows: it crosses zero at the critical gain."""
    return u * normal(s, draw) ** 2 - 1


def flowed(field: Callable[[Tensor], Tensor], start: Tensor) -> Tensor:
    """The point that a vector field carries to, after TIME (Runge–Kutta)."""
    x, h = start, TIME / STEPS
    for _ in range(STEPS):
        a = field(x)
        b = field(x + h / 2 * a)
        c = field(x + h / 2 * b)
        x = x + h / 6 * (a + 2 * b + 2 * c + field(x + h * c))
    return x


def decay(s, u, *, draw):
    """A weight under gradient flow on s·u²/2."""
    return flowed(lambda x: -s * x, torch.as_tensor(u))


def balance(s, u, v, *, draw):
    """What two layers conserve under gradient flow on (uv − s)²/2."""
    end = flowed(lambda w: (s - w[0] * w[1]) * w.flip(0), torch.tensor([u, v]))
    return end[0] ** 2 - end[1] ** 2


@limit()
def shrinking_variance(s, *, draw):
    """n times the squared mean of n numbers, at n = 2, 4, 8."""
    x = s * draw.normal("x", 8)
    return torch.stack([n * x[:n].mean() ** 2 for n in (2, 4, 8)])


@function_of_means(lambda fourth, second: fourth - second**2)
def slack(s, *, draw):
    """By how much E x⁴ exceeds (E x²)²."""
    x = normal(s, draw)
    return x**4, x**2


FLOCK = (
    Canary("expectation", "pairings miscounted", 2 * s**4, fourth_moment),
    Canary("expectation", "transposed", sp.Trace(Lambda * A.T * A), quadratic_form),
    Canary("expectation", "exponent doubled", s**2 * u, tilted_mean),
    Canary("expectation", "a tenth too much", s * sp.Rational(11, 30), squared_uniform),
    Canary("expectation", "deviation for variance", s, sample_variance),
    Canary("gradient", "factor 2 forgotten", u * s**2, slope),
    Canary("fixed point", "covariance counted", v * s**2, trained_weight),
    Canary("fixed point", "noise forgotten", s**2 * v / 8, trained_risk),
    Canary("spectrum", "factor 2 forgotten", alpha, curvature),
    Canary("critical scale", "deviation for variance", 1 / s, onset),
    Canary("flow", "rate halved", u * sp.exp(-s * sp.Rational(3, 8)), decay),
    Canary("manifold", "sum for difference", u**2 + v**2, balance),
    Canary("rate", "one token too few", sp.Rational(7, 8) * s**2, shrinking_variance),
    Canary("inequality", "taken for an equality", sp.S.Zero * s, slack),
    Canary("identity", "factors transposed", sp.Trace(Lambda * A * A.T), quadratic_form),
)


@dataclass(frozen=True)
class Flock:
    """How the canaries fared: those that a run refuted, and those that survived (there must be none)."""

    refuted: int
    total: int
    survivors: tuple[str, ...]

    @property
    def void(self) -> bool:
        return bool(self.survivors)

    @property
    def reason(self) -> str:
        return f"void run: the canary “{self.survivors[0]}” is wrong and was not refuted; trust no verdict of this run"

    def record(self) -> dict[str, int]:
        return {"refuted": self.refuted, "total": self.total}


@lru_cache(maxsize=1)
def flock() -> Flock:
    """Every canary judged, once in a process."""
    names = [f"{canary.kind}: {canary.slip}" for canary in FLOCK if fate(canary) != "refuted"]
    lines = decoys()
    names += [f"identity: {wrong}" for wrong, pair in lines.items() if stands(*pair)]
    total = len(FLOCK) + len(lines)
    return Flock(total - len(names), total, tuple(names))


def fate(canary: Canary) -> str:
    """The status of a wrong claim; what raises has not refuted it."""
    name = f"canaries.tiny.{canary.twin.__name__}"
    try:
        statement = Statement(name, canary.wrong, (canary.twin,), (s, u, v, A))
        return confront(statement, STANDARDS["quick"], 0, 0).statuses[""][0]
    except Exception as error:  # a canary must never end a run with a traceback: it survives, and voids it
        return f"{type(error).__name__}: {error}"


def stands(before: Any, after: Any) -> bool:
    """Whether the re-check of proofs lets a line pass."""
    from workbench.judging import proofs

    def author():
        yield given("a line", before)
        yield so("by hand, wrongly", after)

    return proofs.check(Claim("identity", "", {}, (), (), author)).stands


def sound(verdict: Verdict) -> Verdict:
    """The verdict with the fate of this process's canaries; none is supported when one survived."""
    fared = flock()
    if fared.void:
        return replace(verdict, status="undecided", reason=fared.reason, canaries=fared.record())
    return replace(verdict, canaries=fared.record())


def void_verdict(entry: Entry, standard: str, seed: int) -> Verdict:
    """The verdict of a claim in a void run: nothing was measured."""
    return unmeasured(entry, flock().reason, standard, seed, canaries=flock().record())


__all__ = ["FLOCK", "Canary", "Flock", "fate", "flock", "sound", "void_verdict"]
