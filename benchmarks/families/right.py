"""Right statements: every identity as it stands, written otherwise, and those that are right under a hypothesis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from families import Identity, Statement, family
from families.identities import EVERY, NUMBERS, PAIRS, SIZED, VECTORS

RIGHT = True
SQUARED_INVERSE = "(tr(inv(Sigma))**2 + (N - d - 1)*tr(inv(Sigma)**2))/((N - d)*(N - d - 1)*(N - d - 3))"


@family("as the literature has it", RIGHT)
def as_known() -> Iterator[Statement]:
    for identity in EVERY:
        yield Statement(identity.text, identity.where)


@family("sides exchanged", RIGHT)
def exchanged() -> Iterator[Statement]:
    for identity in EVERY:
        yield Statement(f"{identity.right} == {identity.left}", identity.where)


@family("zero added", RIGHT)
def plus_nothing() -> Iterator[Statement]:
    """What vanishes for every size and every number, in disguise."""
    for identity in SIZED:
        yield identity.plus("(N - 1)*(N + 1) - N**2 + 1")
        yield identity.plus("(d + N)**3 - d**3 - 3*d*N*(d + N) - N**3")
    for identity in (*NUMBERS, *PAIRS):
        yield identity.plus("(s + h)**2 - s**2 - 2*s*h - h**2")


@family("tripled", RIGHT)
def tripled() -> Iterator[Statement]:
    """Both sides times three, the factor inside the mean."""
    for identity in EVERY:
        if identity.left.startswith("E["):
            yield Statement(f"E[3*({identity.left[2:-1]})] == 3*({identity.right})", identity.where)


@family("other letters", RIGHT)
def renamed() -> Iterator[Statement]:
    """Letters that custom does not know, declared."""
    names = {"Sigma": "K", "X": "Tokens", "x": "word", "A": "Key", "W": "Value", "a": "query", "N": "L", "d": "p"}
    for identity in (*SIZED, *VECTORS):
        used = set(re.findall(r"[A-Za-z]+", identity.text))
        if not identity.where and not used & {"Z", "C", "b", "c", "e", "B"} and used & set(names):
            yield Statement(changed(identity.text, names), declarations(changed(identity.text, names)))


def changed(text: str, names: dict[str, str]) -> str:
    """Every letter by its new name, at once."""
    return re.sub(r"(?<![A-Za-z.])[A-Za-z]+\b", lambda found: names.get(found[0], found[0]), text)


DECLARED = {
    "K": "K: spd p", "Tokens": "Tokens: p×L ~ N(0, K)", "word": "word: p ~ N(0, K)", "Key": "Key: p×p",
    "Value": "Value: p×p", "query": "query: p", "L": "L: count", "p": "p: size",
}  # fmt: skip


def declarations(text: str) -> str:
    used = set(re.findall(r"[A-Za-z]+", text)) | {"K", "p"}
    used |= {"L"} if "Tokens" in used else set()
    return "; ".join(said for name, said in DECLARED.items() if name in used)


# (the equation, the hypothesis under which it is right; without it, it is wrong)
CONDITIONAL = (
    Identity("E[X*X.T*A*X*X.T]", "N*((N + 1)*Sigma*A*Sigma + tr(A*Sigma)*Sigma)", "A: symmetric d", "Sigma"),
    Identity("E[(x.T*A*x)**2]", "tr(A*Sigma)**2 + 2*tr(A*Sigma*A*Sigma)", "A: symmetric d"),
    Identity("E[tr(A*Z*Z.T*B*Z*Z.T)]", "N*(N + 1)*tr(A*B) + N*tr(A)*tr(B)", "A: symmetric d"),
    Identity("E[norm(Q*x)**2]", "tr(Sigma)", "Q: orthogonal d"),
    Identity("E[Q*x*x.T*inv(Q)]", "Q*Sigma*Q.T", "Q: orthogonal d"),
    Identity("E[m.T*Z*Z.T*m]", "N", "m: unit d"),
    Identity("E[Z*Z.T]", "min(N, 12)*I", "N <= 12", "I"),
    Identity("E[tr(Z*Z.T)]", "N*d + max(2*d - N, 0)", "N >= 2*d"),
    Identity("E[tr(Z*Z.T)]", "N*d + (d - 1)*(d - 2)*(d - 3)", "d <= 3"),
    Identity("E[z**2*abs(10 - t)]", "10 - t", "t < 10"),
    Identity("E[z**2*min(g, 100)]", "g", "g <= 100"),
    Identity("E[z**2] + max(t - 50, 0)", "1", "t < 50"),
    Identity("E[z**2*abs(t)]", "t", "t: positive"),
    Identity("E[g*z**2]", "g", "g > 5; d > 5"),
    Identity("E[z**2*max(g, h)]", "g", "g > h"),
    Identity("E[(a.T*x)**2*sign(g - t)]", "a.T*Sigma*a", "t < 0"),
    Identity("A**2 - tr(A)*A + det(A)*I", "0*A", "A: d×d; d = 2"),
    Identity("E[exp(t*z**2)]", "1/sqrt(1 - 2*t)", "t < 1/2"),
    Identity("E[tr(inv(X*X.T)**2)]", SQUARED_INVERSE, "N > d + 3"),
    Identity("E[u*v]", "0", "(u, v) ~ N(0, [[1, 0], [0, 1]])"),
    Identity("E[S*x*x.T*S]", "S**3", "S: spd d; x: d ~ N(0, S)", "S"),
    Identity("E[x*x.T]", "S", "S: spd d; x: d ~ N(0, S)", "S"),
)  # fmt: skip


@family("right under their hypothesis", RIGHT)
def conditional() -> Iterator[Statement]:
    for identity in CONDITIONAL:
        yield Statement(identity.text, identity.where)


@family("periodic in a size, and always zero", RIGHT)
def whole_numbers() -> Iterator[Statement]:
    """Sizes are whole numbers."""
    for identity in SIZED[:4]:
        yield identity.plus("sin(pi*N)")
        yield identity.plus("1 - cos(2*pi*N)")
        yield identity.plus("1 - (-1)**(N*(N + 1))")
