"""The words of a language of control verbs: roles and their forms, nouns of two syllables, verbs known and invented."""

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
