"""Statements at random, from sense to nonsense: what the reader and the judge make of ten thousand of them.

    python benchmarks/fuzzing.py [--read 10000] [--judge 200] [--seed 0]

Every statement ends in a verdict or in one sentence. A fault (anything else), a hang (beyond its limit), a
contradiction (a derived form refuted, or the same form plus one supported) and anything that ran is printed.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from random import Random

from workbench.errors import BadInput, Exceeded
from workbench.limits import Limits, within
from workbench.sessions.answers import check
from workbench.sessions.equations import read_equation

LIMITS = Limits(10, 4)
NUMBERS = ["z", "z", "u*v", "t", "s", "g", "rho", "d", "N", "2", "1/3", "pi", "tr(Sigma)", "x.T*x", "x.T*A*x", "a.T*x"]
MATRICES = ["X*X.T", "x*x.T", "Sigma", "A", "A.T", "I", "W", "Z*Z.T", "inv(Sigma)", "diag(a)", "ones(d, d)", "a*a.T"]
CALLS = ["exp", "log", "sqrt", "erf", "relu", "step", "abs", "sign", "sin", "cos", "atan", "tanh", "sinh", "asin"]
WHERE = [
    "", "", "", "d = 2", "N > d + 3", "x ~ N(mu, Sigma)", "x: d ~ q*N(mu, I) + (1 - q)*N(-mu, I); q: probability",
    "x: d ~ Sphere", "x: d ~ Rademacher", "W ~ Wishart(N, Sigma)", "g > t", "z ~ N(t, g**2)", "u ~ N(0, g)", "A: spd d",
    "x: d ~ Bernoulli(p); p: probability", "y = x", "d = 10**9", "t: positive; t < 1", "X: d×N ~ N(0, Sigma, K)",
]  # fmt: skip
FIXED = {
    "x.T*x": "d", "x.T*A*x": "tr(A)", "a.T*x": "t", "u*v": "rho", "z": "s", "X*X.T": "N*Sigma", "x*x.T": "Sigma",
    "Z*Z.T": "I", "W": "A",
}  # fmt: skip
NOISE = [
    *"()[]{}+-*/.,=<>~'|^_\\ #:;@!%&?$0189zxEΣᵀ²×⁻\u202e\x00",
    "__import__('os')",
    "lambda:",
    "**",
    "E[",
    "==",
    "where",
]


def number(chance: Random, depth: int) -> str:
    """A formula for a number, mostly."""
    if depth <= 0 or chance.random() < 0.25:
        return chance.choice(NUMBERS)
    one = number(chance, depth - 1)
    match chance.randrange(7):
        case 0 | 1:
            return f"({one} {chance.choice('+-')} {number(chance, depth - 1)})"
        case 2:
            return f"{one}*{number(chance, depth - 1)}"
        case 3:
            return f"({one})**{chance.choice(['2', '2', '3', '4', '-1', '1/2', 't'])}"
        case 4:
            return f"{chance.choice(CALLS)}({one})"
        case 5:
            return f"tr({matrix(chance, depth - 1)})"
        case _:
            return f"({one})/({number(chance, depth - 1)})"


def matrix(chance: Random, depth: int) -> str:
    """A formula for a matrix, mostly."""
    if depth <= 0 or chance.random() < 0.3:
        return chance.choice(MATRICES)
    one, other = matrix(chance, depth - 1), matrix(chance, depth - 1)
    return chance.choice([f"{one}*{other}", f"({one} + {other})", f"inv({one})", f"had({one}, {other})", f"({one}).T",
                          f"({one})**2", f"{number(chance, 0)}*{one}"])  # fmt: skip


def statement(chance: Random) -> tuple[str, str]:
    """A statement and its declarations; what stands outside its mean is mostly fixed."""
    kind = chance.choice([number, number, matrix])
    inside, right = kind(chance, chance.randint(1, 3)), kind(chance, chance.randint(0, 2))
    for random, fixed in FIXED.items() if chance.random() < 0.9 else ():
        right = right.replace(random, fixed)
    left = chance.choice(["E[{}]", "E[{}]", "E[{}]", "Var[{}]", "grad(E[{}], t)", "E[{}] + t", "{}"]).format(inside)
    return f"{left} == {right}", chance.choice(WHERE)


def garbled(chance: Random, text: str) -> str:
    """A text with a few signs taken out, put in or exchanged."""
    signs = list(text)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(signs) + 1)
        signs[place : place + chance.randint(0, 2)] = chance.choice([[], [chance.choice(NOISE)]])
    return "".join(signs)


def asked(chance: Random) -> tuple[str, str]:
    """What somebody may type: a statement, or something like one."""
    text, where = statement(chance)
    if chance.random() < 0.4:
        text = garbled(chance, text)
    return text, garbled(chance, where) if chance.random() < 0.1 else where


def ending(work, *arguments) -> tuple[str, object]:
    """How something ended, in a word, and what it brought."""
    started = time.monotonic()
    try:
        with within(LIMITS):
            found = work(*arguments)
    except BadInput as refusal:
        word, found = ("refused", str(refusal)) if str(refusal).strip() else ("FAULT", "no sentence")
    except Exceeded:
        word, found = "exceeded", ""
    except Exception as fault:
        word, found = "FAULT", f"{type(fault).__name__}: {fault}"
    else:
        word = getattr(found, "status", "read")
    return ("HANG", "") if time.monotonic() - started > LIMITS.seconds + 60 else (word, found)


def contradiction(text: str, where: str, answer) -> str:
    """Whether the judge refutes what the rules derive, or supports the same plus one; empty when it does neither."""
    derived, left = getattr(answer, "derived", ""), text.partition("==")[0]
    if not derived or not left.strip().startswith("E["):
        return ""
    right, _ = ending(check, f"{left} == {derived}", where)
    if right == "refuted":
        return f"derived {derived}, and refuted"
    wrong, _ = ending(check, f"{left} == {derived} + 1", where)
    return f"derived {derived}, and that plus one is supported" if wrong == "supported" else ""


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--read", type=int, default=10_000, help="statements that are read")
    options.add_argument("--judge", type=int, default=200, help="of these, how many are judged")
    options.add_argument("--seed", type=int, default=0)
    asked_for = options.parse_args()
    endings, contradictions = Counter(), 0
    for k in range(asked_for.read):
        text, where = asked(Random(f"{asked_for.seed}/{k}"))
        judged = k < asked_for.judge
        word, found = ending(check if judged else read_equation, text, where if judged else (where,) if where else ())
        endings[f"{'judged' if judged else 'read'}: {word}"] += 1
        if word.isupper():
            print(f"{word} {text!r} where {where!r}: {found}", flush=True)
        if judged and (said := contradiction(text, where, found)):
            contradictions += 1
            print(f"CONTRADICTION {text!r} where {where!r}: {said}", flush=True)
    print(", ".join(f"{count} {word}" for word, count in sorted(endings.items())))
    ran = [path for path in ("pwned",) if Path(path).exists()]
    print(f"{contradictions} contradictions, {len(ran)} executed")


if __name__ == "__main__":
    main()
