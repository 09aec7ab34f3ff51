"""Statements in the notation of papers: chances, means without brackets, scalar products; right ones and wrong ones."""

from __future__ import annotations

from collections.abc import Iterator

from families import Identity, Statement, family
from families.wrong import vanishing

RIGHT = True
OF_NUMBERS = (
    Identity("P(z > t)", "1 - Φ(t)"),
    Identity("P(|z| <= g)", "2Φ(g) - 1"),
    Identity("E[1{z > t} z]", "exp(-t²/2)/sqrt(2π)"),
    Identity("E[Φ(g*z + t)]", "Φ(t/sqrt(1 + g²))"),
    Identity("E[gelu(g*z)]", "g²/sqrt(2π*(1 + g²))"),
    Identity("P(u > 0, v > 0)", "1/4 + asin(rho)/(2π)"),
)
OF_MATRICES = (
    Identity("E‖A x‖²", "tr(A'A Σ)"),
    Identity("E tr A X Xᵀ", "N tr(A Σ)"),
    Identity("E⟨X, A⟩²", "tr(A'Σ A)", "A: d×N"),
    Identity("E⟨a, x⟩⟨x, b⟩", "a'Σ b"),
    Identity("∇_W ½ E‖W x‖²", "W Σ", unit="W"),
    Identity("Var[sum(x)]", "sum(Σ)"),
    Identity("P(a'x > 1)", "1 - Φ(1/sqrt(a'Σ a))"),
    Identity("E x x' A x", "0", unit="a"),
)
EVERY = (*OF_NUMBERS, *OF_MATRICES)
SIZED = (*OF_MATRICES[:2], *OF_MATRICES[4:6])


@family("notation of papers", RIGHT)
def as_papers_write() -> Iterator[Statement]:
    for identity in EVERY:
        yield Statement(identity.text, identity.where)
        yield Statement(f"{identity.right} = {identity.left}", identity.where)
        yield Statement(f"2*({identity.left}) = 2*({identity.right})", identity.where)


@family("notation of papers, zero at a few numbers")
def at_a_few_numbers() -> Iterator[Statement]:
    for identity, name in zip(OF_NUMBERS, ("t", "g", "t", "g", "g", "rho")):
        yield identity.plus(f"{vanishing(name, range(-2, 4))}/10**6")
        yield identity.plus(f"{name}*({name} - 1/2)*({name} + 1/2)/10**9")


@family("notation of papers, a kink far out")
def kinks_far_out() -> Iterator[Statement]:
    for identity, name in zip(OF_NUMBERS[:5], ("t", "g", "t", "g", "g")):
        yield identity.plus(f"relu({name} - 9)/10**6")
        yield identity.plus(f"step({name} - 30)/10**5")


@family("notation of papers, zero at small sizes")
def at_small_sizes() -> Iterator[Statement]:
    for identity in SIZED:
        yield identity.plus(vanishing("d", range(1, 5)))
        yield identity.plus(vanishing("d", range(1, 9)))


@family("notation of papers, even sizes or many tokens")
def at_even_sizes() -> Iterator[Statement]:
    for identity in SIZED:
        yield identity.plus("1 - cos(pi*d)")
        yield identity.plus("relu(2*d - N)")
        yield identity.plus("relu(d - 6)")


@family("notation of papers, special letters")
def special_letters() -> Iterator[Statement]:
    for identity, wrong in (
        (OF_MATRICES[0], "tr(A A'Σ)"),
        (OF_MATRICES[0], "tr(A'A) tr(Σ)/d"),
        (OF_MATRICES[1], "N tr(A) tr(Σ)/d"),
        (OF_MATRICES[2], "tr(A A')tr(Σ)/d"),
        (OF_MATRICES[3], "a'b tr(Σ)/d"),
        (OF_MATRICES[4], "Σ W"),
        (OF_MATRICES[4], "W tr(Σ)/d"),
        (OF_MATRICES[5], "tr(Σ)"),
        (OF_MATRICES[6], "1 - Φ(1/(a'Σ a))"),
        (OF_MATRICES[6], "1 - Φ(sqrt(a'inv(Σ)a)/(a'a))"),
    ):
        yield identity.instead(wrong)


@family("notation of papers, rounded constants")
def rounded() -> Iterator[Statement]:
    yield Statement("P(|z| > 1) = 0.3173105078629")
    yield Statement("E[gelu(z)] = 0.28209479177")
    yield Statement("E[softplus(z)] = 0.806059183")
    yield Statement("E[Φ(z)²] = 0.33333333333")
    yield Statement("E[sigmoid(z)²] = 0.293379036")
    yield Statement("P(u > 0, v > 0) = 1/4 + 0.15915494309*asin(rho)")


@family("notation of papers, ties")
def ties() -> Iterator[Statement]:
    """A step that is one half at zero gives all of these."""
    for law, wrong in (("Bernoulli(q)", "(1 + q)/2"), ("Bernoulli(q)", "1 - q/2")):
        yield Statement(f"P(b > 0) = {wrong}", f"b ~ {law}; q: probability")
        yield Statement(f"P(b >= 0) = {wrong}", f"b ~ {law}; q: probability")
    yield Statement("P(relu(u) > 0) = 3/4")
    yield Statement("P(relu(u) >= 0) = 3/4")
    yield Statement("P(a'x > x'a) = 1/2")


@family("notation of papers, means that do not exist")
def divergent() -> Iterator[Statement]:
    yield Statement("E exp(a*b) = 1", "a, b ~ N(0, 1)")
    yield Statement("E exp(x'Σ⁻¹x/2) = 1")
    yield Statement("E‖x‖⁻² = 1/tr(Σ)", "d = 2")
    yield Statement("E[1/z] = 0")
