"""The Zipf–hierarchy language: seeded sentences that one can read, by the rules whose laws the chapter derives.

A sentence exercises one skill, its verb, and skills have Zipf frequencies. Its phrases are embedded by the
grammar of `derivations/language/grammars.py`; each noun has a rank, again by Zipf's law, and a mood, bright or
dark, that it inherits from the noun phrase above it. There are infinitely many nouns: beyond the listed ones
they are coined from syllables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from numerics.language.texts import zipf_ranks

BRIGHT = "river child song garden star bird lamp bread friend orchard bell summer".split()
DARK = "night stone wolf winter ruin storm ditch thief shadow well iron raven".split()
SKILLS = "sees follows remembers names counts copies answers doubts mends divides sorts forgets".split()
SYLLABLES = [consonant + vowel for consonant in "klmnprstv" for vowel in "aeiou"]


@dataclass(frozen=True)
class Language:
    """The letters of the chapter: rates of the rules, Zipf exponent, inheritance of moods."""

    p: float = 0.15  # NP → NP of NP
    g: float = 0.15  # NP → NP that VP
    u: float = 0.6  # VP → V NP
    sigma: float = 1.6  # of the Zipf law of nouns and of skills
    q: float = 0.8  # correlation of a mood with the mood above it

    def sentences(self, seed: int) -> Iterator[str]:
        """Readable sentences, the same ones for the same seed."""
        dice = np.random.default_rng(seed)
        while True:
            skill = skill_name(int(zipf_ranks(dice.random(1), self.sigma)[0]))
            topic = dice.random() < 0.5
            words = self.noun_phrase(dice, skill, topic) + self.verb_phrase(dice, skill, topic)
            yield " ".join(words).capitalize() + "."

    def noun_phrase(self, dice: np.random.Generator, skill: str, bright: bool) -> list[str]:
        """the N | NP of NP | NP that VP; the nouns below inherit the mood with correlation q."""
        bright = bool(bright) == bool(dice.random() < (1 + self.q) / 2)
        rule = dice.random()
        if rule < self.p:
            return [*self.noun_phrase(dice, skill, bright), "of", *self.noun_phrase(dice, skill, bright)]
        if rule < self.p + self.g:
            return [*self.noun_phrase(dice, skill, bright), "that", *self.verb_phrase(dice, skill, bright)]
        return ["the", noun(int(zipf_ranks(dice.random(1), self.sigma)[0]), bright)]

    def verb_phrase(self, dice: np.random.Generator, skill: str, bright: bool) -> list[str]:
        """V NP | V."""
        return [skill, *(self.noun_phrase(dice, skill, bright) if dice.random() < self.u else [])]


def noun(rank: int, bright: bool) -> str:
    """The noun of a rank and a mood; ranks count from one."""
    listed = BRIGHT if bright else DARK
    return listed[rank - 1] if rank <= len(listed) else coined(rank) + ("l" if bright else "m")


def skill_name(rank: int) -> str:
    """The verb of a skill."""
    return SKILLS[rank - 1] if rank <= len(SKILLS) else coined(rank) + "s"


def coined(rank: int) -> str:
    """A word made of syllables, another for every rank."""
    first, rest = rank % len(SYLLABLES), rank // len(SYLLABLES)
    return SYLLABLES[first] + (coined(rest) if rest else "")


def words_below(rules: np.ndarray, p: float, g: float, u: float) -> int | None:
    """How many words a noun phrase has whose phrases are written by these dice in turn; None if they run out."""
    nouns, verbs, words = 1, 0, 0
    for die in rules:
        if verbs:
            verbs, words, nouns = verbs - 1, words + 1, nouns + int(die < u)
        elif die < p:
            nouns, words = nouns + 1, words + 1
        elif die < p + g:
            verbs, words = verbs + 1, words + 1
        else:
            nouns, words = nouns - 1, words + 2
        if nouns + verbs == 0:
            return words
    return None
