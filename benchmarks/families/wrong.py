"""Wrong at some sizes or magnitudes only: a right identity with something added that is zero nearby."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from families import Identity, Statement, family
from families.identities import EVERY, INVERSES, NUMBERS, PAIRS, SIZED, VECTORS
from workbench import judging


def preferred() -> tuple[list[int], list[int]]:
    """The dimensions and counts at which the judge mostly looks, read from the judge: its tables of pairs of sizes."""
    modules = [import_module(f"{judging.__name__}.{found.name}") for found in iter_modules(judging.__path__)]
    tables = [value for module in modules for name, value in vars(module).items() if name.isupper()]
    pairs = {pair for table in tables if is_table(table) for pair in table}
    return sorted({small for small, _ in pairs}), sorted({many for _, many in pairs})


def is_table(value: object) -> bool:
    """Whether a constant holds (dimension, count) pairs."""
    return isinstance(value, tuple) and bool(value) and all(
        isinstance(pair, tuple) and [type(size) for size in pair] == [int, int] for pair in value
    )  # fmt: skip


def vanishing(name: str, sizes: Iterator[int] | range | list[int]) -> str:
    """The polynomial that is zero at these sizes."""
    return "*".join(f"({name} - {size})" if size >= 0 else f"({name} + {-size})" for size in sizes)


@family("zero at the judge's sizes")
def at_preferred_sizes() -> Iterator[Statement]:
    small, many = preferred()
    for identity in SIZED:
        yield identity.plus(vanishing("d", small))
        yield identity.plus(vanishing("N", many))
    for identity in (*INVERSES, *SIZED[:4]):
        yield identity.plus(vanishing("N - d", sorted({n - k for n in many for k in small if n > k})))


@family("zero at small sizes")
def at_small_sizes() -> Iterator[Statement]:
    for number, identity in enumerate((*SIZED, *VECTORS)):
        most = 3 + number % 4
        yield identity.plus(vanishing("d", range(1, most + 1)))
        if number < len(SIZED):
            yield identity.plus(vanishing("N", range(1, 2 * most + 1)))
    yield SIZED[0].plus(vanishing("N", range(1, 65)))
    yield SIZED[1].plus(vanishing("d", range(1, 21)))


@family("zero at a few N − d")
def at_differences() -> Iterator[Statement]:
    for identity in (*INVERSES, *SIZED[:6]):
        yield identity.plus(vanishing("N - d", range(-2, 4)))
        yield identity.plus("(N - d - 2)*(N - d - 3)*(N - 2*d)*(N - 2*d - 1)")


@family("right at even sizes only")
def at_even_sizes() -> Iterator[Statement]:
    for identity in SIZED[:8]:
        yield identity.plus("1 - (-1)**N")
        yield identity.plus("sin(pi*d/2)**2")
        yield identity.plus("1 - (-1)**(N*d)")
    yield SIZED[0].plus("1 - cos(2*pi*N/5)")


@family("right for many tokens only")
def at_many_tokens() -> Iterator[Statement]:
    for identity in SIZED[:8]:
        yield identity.plus("max(2*d - N, 0)")
        yield identity.plus("step(3*d/2 - N - 1/4)")
    for identity in INVERSES:
        yield identity.plus("max(2*d - N, 0)")
        yield identity.plus("step(d + 5/2 - N)")


@family("sizes capped")
def capped_sizes() -> Iterator[Statement]:
    caps = ("min(N, 12)", "min(N, 65)", "min(N, 100)", "min(N, 1000)", "max(N, 2)", "min(N, d**2 + 8)")
    for number, identity in enumerate(SIZED[:9]):
        for cap in (caps[number % len(caps)], caps[(number + 3) % len(caps)]):
            yield identity.instead(re.sub(r"\bN\b", cap, identity.right))
        if re.search(r"\bd\b", identity.right):
            yield identity.instead(re.sub(r"\bd\b", "min(d, 10)", identity.right))


# What is zero unless a letter is large, small, or near the end of what it may be; and what the letter is.
BEYOND = (
    ("max(t - 50, 0)", ""), ("max(-t - 1000, 0)", ""), ("abs(10 - t) - 10 + t", ""), ("step(t - 2000)", ""),
    ("min(g, 100) - g", ""), ("max(1/1000 - g, 0)", ""), ("step(g - 5000)", ""), ("max(rho - 99/100, 0)", ""),
    ("max(-rho - 999/1000, 0)", ""), ("max(abs(t) - 20, 0)", ""),
    ("abs(t - 31) + abs(t - 33) - 2*abs(t - 32)", "t < 40"),
    ("max(tau - 40, 0)", "tau > 2"), ("max(lam - 3, 0)*max(lam - 70, 0)", "lam > 3"),
)  # fmt: skip
BEYOND_MATRICES = (
    ("max(tr(Sigma) - 60, 0)", ""), ("max(det(Sigma) - 500, 0)", ""), ("max(tr(inv(Sigma)) - 300, 0)", ""),
    ("max(norm(a) - 40, 0)", ""), ("max(a.T*Sigma*a - 800, 0)", ""), ("max(tr(A*A.T) - 300, 0)", ""),
    ("max(tr(A)**2 - 5000, 0)", ""), ("max(1/1000 - norm(a)**2, 0)", ""), ("max(abs(tr(A*Sigma)) - 900, 0)", ""),
    ("max(tr(Sigma**2) - tr(Sigma)**2*(1 - 1/1000), 0)", "d > 1"),
)  # fmt: skip


@family("zero at usual magnitudes")
def beyond_magnitudes() -> Iterator[Statement]:
    numbers = (*NUMBERS, *PAIRS)
    for number, (term, where) in enumerate(BEYOND):
        for identity in (numbers[number], numbers[-1 - number]):
            yield identity.plus(term, where)
    matrices = (*SIZED, *VECTORS)
    for number, (term, where) in enumerate(BEYOND_MATRICES):
        for identity in (matrices[number], matrices[-1 - number]):
            yield identity.plus(term, where)


@family("a spike in a letter")
def spiked_letters() -> Iterator[Statement]:
    """A bump so narrow that no random letter meets it."""
    spikes = ("max(1 - 1000*abs(t - 1/3), 0)", "exp(-10**6*(t - 3/7)**2)", "1/(1 + 10**9*(t - 2/7)**2)",
              "max(1 - 500*abs(g - 17/5), 0)", "step(1/4000 - abs(t - 11/9))", "exp(-10**4*(g - 5)**2)")  # fmt: skip
    for number, identity in enumerate((*NUMBERS[:9], *PAIRS[:4])):
        yield identity.plus(spikes[number % len(spikes)])
        yield identity.plus(spikes[(number + 2) % len(spikes)])


@family("a spike at a size")
def spiked_sizes() -> Iterator[Statement]:
    """Wrong at one size, which is neither small nor round."""
    for number, identity in enumerate(SIZED[:8]):
        size = 37 + number
        yield identity.plus(f"exp(-10**4*(N - {size})**2)")
        yield identity.plus(f"max(1 - abs(N - {size}), 0)")
        yield identity.plus(f"step(1/2 - abs(d - {11 + number % 3}))")


@family("two letters exchanged")
def exchanged_letters() -> Iterator[Statement]:
    """One letter for another of its kind on the right, where that changes the value."""
    for pair, chosen in EXCHANGED.items():
        for left, right, where in chosen:
            yield Identity(left, right, where).instead(swapped(right, *pair), where)


EXCHANGED = {
    ("A", "B"): (
        ("E[X*X.T*A*X*X.T*B]", "N*(N*Sigma*A*Sigma + Sigma*A.T*Sigma + tr(A*Sigma)*Sigma)*B", ""),
        ("E[tr(X*C*X.T*A)*B]", "tr(C)*tr(Sigma*A)*B", ""),
        ("E[A*x*x.T*B]", "A*Sigma*B", ""),
        ("grad(E[x.T*W.T*A*B*W*x], W)", "(A*B + B.T*A.T)*W*Sigma", ""),
    ),
    ("a", "b"): (
        ("E[exp(a.T*x)*(b.T*x)]", "exp(a.T*Sigma*a/2)*(b.T*Sigma*a)", ""),
        ("E[(a.T*x)**2*(b.T*x)*x]", "(a.T*Sigma*a)*Sigma*b + 2*(a.T*Sigma*b)*Sigma*a", ""),
        ("grad(E[(a.T*x - b.T*x)**2], a)", "2*Sigma*(a - b)", ""),
        ("E[(a.T*X*X.T*b)*X*X.T*a]", "N*(N*(a.T*Sigma*b)*Sigma*a + (a.T*Sigma*a)*Sigma*b + (b.T*Sigma*a)*Sigma*a)", ""),
    ),
    ("Sigma", "Lambda"): (
        ("E[X*X.T*Lambda*X*X.T]", "N*((N + 1)*Sigma*Lambda*Sigma + tr(Lambda*Sigma)*Sigma)", ""),
        ("E[Lambda*x*x.T]", "Lambda*Sigma", ""),
        ("Var[x.T*Lambda*Sigma*x]", "tr((Lambda*Sigma**2)**2) + tr(Lambda*Sigma**3*Lambda*Sigma)", ""),
    ),
    ("N", "d"): (
        ("E[Z*Z.T]", "N*I", ""),
        ("E[Z.T*Z]", "d*I", ""),
        ("E[tr(Z*Z.T)*N]", "N**2*d", ""),
        ("E[tr(Z.T*Z)**2]/d", "N*(N*d + 2)", ""),
    ),
    ("g", "h"): (
        ("E[erf(h + g*z)]", "erf(h/sqrt(1 + 2*g**2))", ""),
        ("E[exp(-g*z**2)*h]", "h/sqrt(1 + 2*g)", ""),
        ("E[relu(g*z)*relu(h*z)*h]", "g*h**2/2", ""),
    ),
    ("s", "t"): (
        ("E[(s + t*z)**4]", "s**4 + 6*s**2*t**2 + 3*t**4", ""),
        ("E[exp(s*z + t)]", "exp(t + s**2/2)", ""),
        ("E[z*exp(s*z)*t]", "s*t*exp(s**2/2)", ""),
    ),
}  # fmt: skip


def swapped(text: str, one: str, other: str) -> str:
    names = {one: other, other: one}
    return re.sub(r"(?<![A-Za-z.])[A-Za-z]+\b", lambda found: names.get(found[0], found[0]), text)


@family("a slip of the pen")
def slips() -> Iterator[Statement]:
    """A coefficient an eighth too large, a sign changed, one added: what every judge should find."""
    for number, identity in enumerate(EVERY):
        if number % 3 == 0:
            yield identity.instead(f"9/8*({identity.right})")
        elif number % 3 == 1:
            yield identity.instead(f"-({identity.right})")
        else:
            yield identity.plus("1/50")
