"""Meanings: what letters of which nothing was said may be, usual ones first; other readings are asked about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import combinations, islice, product

import sympy as sp

from workbench.errors import NotUnderstood
from workbench.language.entries import LETTERED, split_name
from workbench.language.names import SIZELESS
from workbench.sessions.declarations import CUSTOM, MATRICES, RANDOM, Alphabet

LIKE_IDENTITY = re.compile(r"I_\w+|I\d+|Id\w?|eye|Identity|identity|one|ones_\w+")
LIKE_CONSTANTS = {
    **dict.fromkeys(("i", "j"), "a sum over an index is read of columns, sum_i x_i*x_i.T, and entries, sum_i x_i**2"),
    "imag": "only real numbers are read here",
    **dict.fromkeys(("Catalan", "GoldenRatio", "TribonacciConstant"), "write its value as a number"),
    **dict.fromkeys(("inf", "infty", "Infinity", "infinity", "nan"), "it is no number"),
    **dict.fromkeys(
        "trigamma erfc erfi besseli besselj Ei Ci Si rank softmax sinc logdet".split(),
        "it is no function that is read here",
    ),
    **dict.fromkeys(("exp1", "euler", "Euler", "euler_gamma", "gamma_E"), "write EulerGamma, or exp(1) for e"),
}  # fmt: skip


def ask_about(name: str) -> None:
    """Refuse a name of which nothing was said and that looks like a constant or a function, as no letter does."""
    if LIKE_IDENTITY.fullmatch(name):
        what = "for the identity write I, or I(d) with its size"
    elif name in LIKE_CONSTANTS:
        what = LIKE_CONSTANTS[name]
    else:
        return
    raise NotUnderstood(f"what is {name}? {what}; if it is a letter, declare it: {name}: real, or {name}: d×d")


def ask_for_entry(name: str, names: list[str], alphabet: Alphabet) -> None:
    """Refuse a name that may be an entry of a letter of which nothing was said."""
    if (found := LETTERED.fullmatch(name)) and (found[1] in "xXZz" or found[1] in alphabet.declared or found[2]):
        raise NotUnderstood(f"{name}: an index that is a letter is not read; write numbers, x_1 or Sigma_12, or say it "
                            f"of the whole matrix, E[x*x.T] == Sigma; or declare {name}")  # fmt: skip
    base, indices = split_name(name)
    number = CUSTOM.get(base, "spd").partition(" ")[0] != "spd"
    if base in RANDOM or number or not indices or (base[0].isupper() and len("".join(indices)) == 1):
        return
    if base in names or len("".join(indices)) > 1:
        raise NotUnderstood(f"is {name} an entry of {base}, or a letter of its own? Declare the one that it is, e.g. "
                            f"{base}: {'d×d' if base[0].isupper() else 'd'}, or {name}: real")  # fmt: skip


def with_bases(names: list[str], alphabet: Alphabet) -> list[str]:
    """Names, and the letters of which they are entries."""
    bases = [split_name(name)[0] for name in names if name not in alphabet.meanings and alphabet.is_entry(name)]
    return list(dict.fromkeys([*names, *bases]))


def meanings_of(alphabet: Alphabet, names: list[str], transposed: Collection[str] = ()) -> Iterator[Alphabet]:
    """The alphabets that could be meant: names of which nothing was said take the shapes of their kind, usual first.

    transposed: names that are transposed, and so are no numbers.
    """
    keys = {"k"} if "q" in names and "q" not in alphabet.meanings else set()  # a key beside a query is no number
    usual = {*CUSTOM, *RANDOM} - keys
    open_ = [name for name in names if name not in alphabet.meanings and name not in usual]
    for name in open_:
        ask_about(name)
    open_ = [name for name in open_ if not alphabet.is_entry(name)]
    for name in open_:
        ask_for_entry(name, names, alphabet)
    sized = alphabet.sizes()
    identities = list(dict.fromkeys(["d", "N", *sized]))  # the sizes that an I without one may have
    others = [name for name in sized if name not in "dN"]
    squares, lengths = [f"{name}×{name}" for name in others], ["d", "N", *others]
    choices = [identities if name in SIZELESS else [*MATRICES, *squares] if name[0].isupper()
               else [*lengths, *([] if name in transposed else ["real"])] for name in open_]  # fmt: skip
    for shapes in combined([len(choice) for choice in choices]):
        found = alphabet.copy()
        for name, choice, place in zip(open_, choices, shapes):
            if name in SIZELESS:
                size = found.length(identities[place])
                found.meanings[name] = sp.Identity(size) if name == "I" else sp.OneMatrix(size, 1)
            elif name == "e" and choice[place] == "real":
                found.meanings["e"], found.said["e"] = sp.E, "= exp(1)"
            else:
                found.declare_by_custom(name, choice[place])
        for name in names:
            found[name]
        yield found


MOST = 800  # combinations of shapes that are tried


def combined(lengths: list[int]) -> Iterator[tuple[int, ...]]:
    """Choices of places, those with the fewest unusual ones first."""
    return islice((places for count in range(len(lengths) + 1) for places in unusual(lengths, count)), MOST)


def unusual(lengths: list[int], count: int) -> Iterator[tuple[int, ...]]:
    """The choices with that many places other than the first."""
    for moved in combinations(range(len(lengths)), count):
        for places in product(*(range(1, lengths[each]) for each in moved)):
            chosen = dict(zip(moved, places))
            yield tuple(chosen.get(each, 0) for each in range(len(lengths)))
