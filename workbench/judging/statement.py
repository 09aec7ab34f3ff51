"""Statements: a closed form against what measures, and what derives, the other side.

A claim, a conjecture in a claim's place, a typed equation and a line of a session are statements; all of them
are judged by `workbench.judging.judgement`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from inspect import Parameter, signature
from typing import Any

import sympy as sp

from workbench.catalogue import Entry, load, member
from workbench.claims import Claim
from workbench.exact.instances import Instance, draw, exchangeable, letters_of, sizes_allowed
from workbench.judging import proofs
from workbench.judging.well_formed import check_statement, letters_of_theorem
from workbench.language.letters import Count, Eigenvalue, Size, TopEigenvalue

Twin = Callable[..., Any]
SHAPES = ((2, 4), (3, 3), (2, 7), (4, 5))  # (dimensions, counts) of the instances, smallest first
LONGEST = 64  # how far sizes are raised to meet the hypotheses


@dataclass(frozen=True)
class Statement:
    """An equation to be judged.

    formula: the side that is asserted. twins: the functions that measure the other side, the sharpest first.
    letters: those that the twins take. proof: how the rules derive the other side, where they do.
    definition: the other side as an expression, where there is no theorem file that says it.
    """

    name: str  # what seeds and messages call it
    formula: Any
    twins: tuple[Twin, ...]
    letters: tuple[Any, ...]
    hypotheses: tuple[Any, ...] = ()
    regime: tuple[Any, ...] = ()  # where it is measured, within the hypotheses
    rivals: Mapping[str, Any] = field(default_factory=dict)
    proof: proofs.Proof | None = None
    definition: Any = None
    typed: str = ""  # as it was typed; a claim in its own words was not

    @property
    def derived(self) -> Any:
        """The closed form that the rules find for the measured side; None where they find none."""
        return self.proof.claim.formula if self.proof else None

    @property
    def conditions(self) -> tuple[Any, ...]:
        return (*self.hypotheses, *self.regime)

    @property
    def family(self) -> tuple[Eigenvalue, ...]:
        return family_of(self.formula if self.derived is None else self.derived)

    @property
    def formulas(self) -> dict[str, Any]:
        """The asserted formula and its rivals, which meet the same evidence."""
        return {"": self.formula, **{f"rival {name}": sp.sympify(rival) for name, rival in self.rivals.items()}}

    def saying(self, formula: Any) -> Statement:
        """The same with another formula asserted."""
        return replace(self, formula=formula)

    def without_rivals(self) -> Statement:
        """The same where only the asserted formula is of interest."""
        return replace(self, rivals={})

    def instance(self, seed: Any, place: int, shape: tuple[int, int] | None = None, spread: int = 0) -> Instance:
        """A generic instance of all letters, of the sizes of a place or of (dimensions, counts) from these upwards.

        spread: numbers and matrices are scaled by powers of two up to 2^±spread.
        """
        letters = letters_of(*self.letters, *self.formulas.values(), *self.conditions)
        named = sorted((each for each in letters_of(*letters) if isinstance(each, Size)), key=lambda each: each.name)
        wanted = sizes_at(place, named) if shape is None else [sizes_from(shape, named, max(place, 0))]
        fixed = next(filter(None, (raised(sizes, named, self.conditions) for sizes in wanted)), wanted[0])
        return draw(letters, f"{self.name}/{seed}/{place}", fixed, self.conditions, spread=spread)


def of_claim(entry: Entry, formula: Any = None, typed: str = "") -> Statement:
    """A claim of the catalogue as a statement, or a formula typed in its place.

    Raises BadInput when the theorem or its twin cannot be used as they stand.
    """
    claim: Claim = member(entry, "derivations")
    twins, known = twins_of(entry), letters_of_theorem(entry)
    stated = claim.formula if formula is None else formula
    check_statement(entry, stated, twins[0], known)
    taken = dict.fromkeys(name for twin in twins for name in names_taken(twin) if name in known)
    return Statement(
        entry.id, stated, tuple(twins), tuple(known[name] for name in taken), tuple(claim.hypotheses),
        tuple(claim.regime), claim.rivals, proofs.check(claim), typed=typed,
    )  # fmt: skip


def twins_of(entry: Entry) -> list[Twin]:
    """The functions that measure a claim: its namesake, and further witnesses."""
    module, name = load(entry, "numerics"), entry.parts[2]
    member(entry, "numerics")
    extra = [f for f in vars(module).values() if getattr(f, "witness_of", None) == name]
    return [getattr(module, name), *extra]


def names_taken(twin: Twin) -> list[str]:
    """The names of the letters that a twin takes."""
    return [name for name, each in signature(twin).parameters.items() if each.kind != Parameter.KEYWORD_ONLY]


def family_of(formula: Any) -> tuple[Eigenvalue, ...]:
    """The eigenvalue letters of a formula: it holds for each choice of them, and is compared as a whole spectrum."""
    free = (letter for letter in formula.atoms(Eigenvalue) if not isinstance(letter, TopEigenvalue))
    return tuple(sorted(free, key=lambda letter: letter.name))


def sizes_at(place: int, sizes: Iterable[Any]) -> list[dict[str, int]]:
    """Sizes for the instance at a place, those wanted first: every other place has them in the opposite order.

    Different letters get different ones, and none is always the larger, so none can stand for another.
    """
    orders = (sizes_from(SHAPES[place % len(SHAPES)], sizes, backwards=backwards) for backwards in (False, True))
    return list(orders)[:: -1 if place % 2 else 1]


def sizes_from(shape: tuple[int, int], sizes: Iterable[Any], turn: int = -1, backwards: bool = False) -> dict[str, int]:
    """Dimensions and counts from these upwards, no two of one kind alike.

    Where there are several turns, counts do not move in step: one may grow by the place of the turn more.
    """
    small, many = shape
    named = list(sizes)
    counts = sorted((size.name for size in named if isinstance(size, Count)), reverse=backwards)
    dimensions = sorted((size.name for size in named if not isinstance(size, Count)), reverse=backwards)
    chosen = {name: small + shift for shift, name in enumerate(dimensions)}
    return chosen | {name: many + shift * (1 + max(turn, 0) % 3) for shift, name in enumerate(counts)}


def raised(sizes: dict[str, int], named: Iterable[Any], conditions: tuple[Any, ...]) -> dict[str, int] | None:
    """The sizes, raised one by one (counts first) until what the conditions say of sizes alone holds.

    One size that may equal another exceeds it here: an instance where they are equal would hide which is which.
    None where that is not reached (d < 3), or with two alike: the draw then looks for sizes itself.
    """
    named, found = list(named), dict(sizes)
    conditions = tuple(apart(said) for said in conditions)
    for _ in range(LONGEST):
        here = {letter: found[letter.name] for letter in named}
        failing = [said for said in conditions if not sizes_allowed(here, (said,))]
        short = [letter for letter in named if any(said.has(letter) for said in failing)]
        if not short:
            return None if exchangeable(here, {}) else found
        helping = [letter for letter in short if any(helps(said, letter, here) for said in failing)] or short
        counts = [letter for letter in helping if isinstance(letter, Count)]
        found = found | {letter.name: found[letter.name] + 1 for letter in counts or helping}
    return None


def apart(relation: Any) -> Any:
    """A weak inequality between two sizes as the strict one."""
    both = isinstance(relation, sp.Ge | sp.Le) and all(isinstance(side, Size) for side in relation.args)
    return sp.Gt(relation.gts, relation.lts) if both else relation


def helps(relation: Any, letter: Any, here: dict[Any, int]) -> bool:
    """Whether one more of a letter brings its condition nearer."""
    if not isinstance(relation, sp.Ge | sp.Gt | sp.Le | sp.Lt):
        return False
    gap = relation.gts - relation.lts
    return bool(
        letter in gap.free_symbols and (gap.subs(here | {letter: here[letter] + 1}) - gap.subs(here)).is_positive
    )
