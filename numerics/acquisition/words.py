"""The words of a language of control verbs: roles and their forms, nouns of two syllables, verbs known and invented."""

from collections.abc import Mapping
from typing import Any

ROLES = ("nominative", "accusative", "genitive")
INFLECTED, ANALYTIC = ("{}-ga", "{}-o", "of-{}"), ("{} ga", "{} o", "of {}")  # case in the word, or a word of its own
VERBS = (
    ("promised", "nominative"), ("persuaded", "accusative"), ("threatened", "nominative"), ("asked", "accusative"),
    ("vowed", "nominative"), ("forced", "accusative"), ("offered", "nominative"), ("told", "accusative"),
)  # fmt: skip

SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
SCATTER = 1711


def noun(place: int) -> str:
    """The name with this number: two syllables, scattered by a factor that shares no divisor with their number."""
    first, last = divmod(place * SCATTER % len(SYLLABLES) ** 2, len(SYLLABLES))
    return SYLLABLES[first] + SYLLABLES[last]


def verbs(count: int) -> tuple[tuple[str, str], ...]:
    """So many verbs, from the commonest to the rarest: known ones first, then invented ones of either controller."""
    invented = ((f"{noun(k)}ed", ROLES[k % 2]) for k in range(len(VERBS), max(count, len(VERBS))))
    return (*VERBS, *invented)[: max(count, 0)]


def check_types(given: Mapping[str, Any]) -> None:
    """Raises ValueError for what is no number, or no list of words, where a language needs one."""
    for name in ("nouns", "longest", "seed", "p", "alpha"):
        kinds, what = ((int, float), "a number") if name in ("p", "alpha") else (int, "a whole number")
        if not isinstance(given[name], kinds) or isinstance(given[name], bool):
            raise ValueError(f"{name} = {given[name]!r}: give {what}")
    verbs, names = given["verbs"], given["names"]
    if not isinstance(verbs, tuple | list) or not all(map(is_pair, verbs)):
        raise ValueError(f"verbs = {verbs!r}: give pairs of word and controller, as in {VERBS[:2]}")
    if not isinstance(names, tuple | list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"names = {names!r}: give words, as in ('anna', 'bela')")
    if len(names) > given["nouns"]:
        raise ValueError(f"{len(names)} names for {given['nouns']} nouns: give as many nouns, or more")


def is_pair(verb: Any) -> bool:
    """Whether this is a word with a controller."""
    return isinstance(verb, tuple | list) and [isinstance(part, str) for part in verb] == [True, True]
