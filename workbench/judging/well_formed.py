"""Statements: what is said has to be sayable, and to say something, before it is measured.

An equation needs two sides of one shape in letters that both know; hypotheses that nothing satisfies, and
closed forms that never move, say nothing. Each is named in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import Parameter, signature
from typing import Any

import numpy as np
import sympy as sp
import torch
from sympy.logic.boolalg import Boolean

from workbench.catalogue import Entry, load
from workbench.errors import BadInput
from workbench.evidence import protocols
from workbench.evidence.ladder import Twin
from workbench.exact.instances import Instance, Vacuous, draw, letters_of
from workbench.exact.rings import Rationals
from workbench.exact.values import Walker, floats
from workbench.language.letters import Eigenvalue, Matrix, Size, is_letter

Function = Callable[..., Any]
REDRAWS = 9  # of one letter, until it has another value than an instance gives it


def letters_of_theorem(entry: Entry) -> dict[str, Any]:
    """The letters that a theorem file declares or imports, by name."""
    return {v.name: v for v in vars(load(entry, "derivations")).values() if is_letter(v)}


def check_statement(entry: Entry, formula: Any, twin: Function, known: dict[str, Any]) -> None:
    """Raise BadInput, in one sentence, when formula and twin cannot be the two sides of an equation.

    known: the letters of the theorem by name.
    """
    value_is_a_quantity(entry, formula)
    named = letters_of(formula)
    others = [other for letter in named for other in [*named, *known.values()] if other.name == letter.name]
    if twice := sorted({one.name for one in others for other in others if one.name == other.name and one != other}):
        raise BadInput(f"{entry.id}: two different letters are called {twice[0]}; give one of them another name")
    asked = letters_asked(twin)
    strange = sorted(name for name in asked if name not in known)
    if strange:
        raise BadInput(
            f"{entry.id}: the twin asks for {', '.join(strange)}, which the theorem does not name; "
            f"its letters are {', '.join(sorted(known))}"
        )
    measured = {known[name] for name in asked}
    unknown = sorted(letter.name for letter in letters_of(formula) if not determined(letter, measured))
    if unknown:
        raise BadInput(
            f"{entry.id}: the formula depends on {', '.join(unknown)}, which its twin does not take "
            f"({twin.__name__} takes {', '.join(sorted(asked))}), so what is measured cannot"
        )


def value_is_a_quantity(entry: Entry, formula: Any) -> None:
    """A closed form is a number or a matrix; a relation, or a Boolean among its factors, is neither."""
    outside = formula.replace(lambda node: isinstance(node, sp.Piecewise), lambda node: node.args[0][0])
    booleans = [node for node in sp.preorder_traversal(outside) if isinstance(node, Boolean) and not node.is_Symbol]
    if booleans:
        where = "is" if outside in booleans else "holds"
        raise BadInput(
            f"{entry.id}: the formula {where} the relation {booleans[0]}, which is true or false and no quantity; "
            "yield the side that the twin measures"
        )
    if not isinstance(formula, sp.Expr | sp.MatrixExpr):
        raise BadInput(f"{entry.id}: the formula is a {type(formula).__name__}; it has to be a number or a matrix")


def letters_asked(twin: Function) -> set[str]:
    """The letters that a twin takes by name, those of its stages included."""
    own = {name for name, p in signature(twin).parameters.items() if p.kind != Parameter.KEYWORD_ONLY}
    stages = getattr(twin, "stages", {}).values()
    return own.union(*(letters_asked(stage) for stage in stages))


def determined(letter: Any, measured: set[Any]) -> bool:
    """Whether a twin that takes these letters can know this one: by name, as a size of one, as its eigenvalue."""
    if letter in measured or letter.name in {other.name for other in measured}:
        return True
    if isinstance(letter, Eigenvalue):
        return letter.of in measured
    matrices = [other for other in measured if isinstance(other, Matrix)]
    return isinstance(letter, Size) and any(letter in sp.sympify(n).free_symbols for m in matrices for n in m.shape)


def check_shape(name: str, formula: Any, twin: Function, instance: Instance, letters: dict[str, Any]) -> None:
    """Raise BadInput when the formula and what the twin measures differ in shape (axes of length one aside)."""
    measured = shape_measured(twin, letters)
    walker = Walker(instance, Rationals())
    claimed = tuple(walker.size(sp.sympify(n)) for n in formula.shape) if formula.is_Matrix else ()
    if formula.atoms(Eigenvalue) or measured is None or essential(claimed) == essential(measured):
        return
    raise BadInput(
        f"{name}: the formula is {in_words(claimed)} and its twin measures {in_words(measured)}; "
        "give both the same shape"
    )


def shape_measured(twin: Function, letters: dict[str, Any]) -> tuple[int, ...] | None:
    """The shape of the quantity that a twin measures, from one sample; None where one sample does not tell."""
    protocol = protocols.protocol_of(twin)
    if isinstance(protocol, protocols.Crossing):
        return ()
    if isinstance(protocol, protocols.Root):
        return tuple(np.shape(letters[protocol.letter])) if protocol.letter in letters else None
    if isinstance(protocol, protocols.Experiment) or getattr(protocol, "rows", 0):
        return None
    one = Twin(twin, letters, 0)
    try:
        means = [output[0].detach() for output in samples(one, 1)]
        shape = tuple(protocol.solve(lambda **_: means, one.letters).shape)
    except (ArithmeticError, RuntimeError, ValueError, IndexError):
        return None
    # What is searched for in means (roots of a polynomial, say) may be fewer in those of one sample.
    searched = isinstance(protocol, protocols.FunctionOfMeans) and shape not in [tuple(mean.shape) for mean in means]
    return None if searched else shape


def samples(twin: Twin, count: int) -> list[torch.Tensor]:
    """What a few plain random samples of a twin return."""
    layout, generator = twin.layout(), torch.Generator().manual_seed(0)
    normals = torch.randn(count, layout.normal_count, dtype=torch.float64, generator=generator)
    uniforms = torch.rand(count, layout.width - layout.normal_count, dtype=torch.float64, generator=generator)
    return twin.values(torch.cat([normals, uniforms], dim=1), layout)


def silent(twin: Function, letters: dict[str, Any]) -> bool:
    """Whether every sample of a twin is exactly zero."""
    if isinstance(protocols.protocol_of(twin), protocols.Experiment):
        return False
    return all(not output.any() for output in samples(Twin(twin, letters, 0), 8))


def essential(shape: Iterable[int]) -> tuple[int, ...]:
    return tuple(length for length in shape if length != 1)


def in_words(shape: tuple[int, ...]) -> str:
    if not essential(shape):
        return "a number"
    return f"a vector of length {shape[0]}" if len(shape) == 1 else f"a {'×'.join(map(str, shape))} matrix"


def idle_letters(formula: Any, instances: list[Instance], value: Callable[[Any, Instance], Any]) -> list[str]:
    """The letters (sizes aside) that a formula names and that its value does not depend on at any instance."""
    idle = []
    named = [n for n in letters_of(formula) if n in formula.free_symbols and not isinstance(n, Size | Eigenvalue)]
    spectra = {letter.of for letter in formula.atoms(Eigenvalue)}
    for letter in (n for n in named if n not in spectra):
        if not any(moves(letter, formula, instance, value) for instance in instances):
            idle.append(letter.name)
    return idle


def dormant_terms(formula: Any, instances: list[Instance]) -> list[str]:
    """The terms of sums in a formula that are zero at every instance for the sizes they name: nothing tested them."""
    sums = [node for node in sp.preorder_traversal(formula) if isinstance(node, sp.Add | sp.MatAdd)]
    terms = dict.fromkeys(term for node in sums for term in node.args)
    return [str(term) for term in terms if (part := in_sizes(term)) is not None and vanishes(part, instances)]


def in_sizes(term: Any) -> Any:
    """The factor of a term that names sizes and nothing else; None where there is none."""
    factors = [f for f in term.args if f.free_symbols] if isinstance(term, sp.Mul | sp.MatMul) else [term]
    own = [
        f for f in factors if not f.is_Matrix and f.free_symbols and all(isinstance(n, Size) for n in f.free_symbols)
    ]
    return sp.Mul(*own) if own else None


def vanishes(number: Any, instances: list[Instance]) -> bool:
    values = [number.xreplace({n: sp.Integer(int(at[n].p)) for n in number.free_symbols}) for at in instances]
    return all(value == 0 for value in values)


def moves(letter: Any, formula: Any, instance: Instance, value: Callable[[Any, Instance], Any]) -> bool:
    """Whether the value changes when the letter alone takes another value; where it has none, it may."""
    sizes = {other.name: int(exact.p) for other, exact in instance.items() if isinstance(other, Size)}
    try:
        anew = (draw([letter], f"idle{'+' * k}", sizes)[letter] for k in range(REDRAWS))
        other = next((exact for exact in anew if not np.array_equal(exact, instance[letter])), None)
        if other is None:  # it can only be what it is, as a unit vector of one dimension
            return False
        here, there = value(formula, instance), value(formula, {**instance, letter: other})
        return not np.isfinite(floats(there)).all() or overlaps_not(here, there)
    except (BadInput, Vacuous, ArithmeticError):
        return True


def overlaps_not(one: Any, other: Any) -> bool:
    """Whether two exact values (or enclosures) differ."""
    from workbench.calculus.agreement import Refuted, Unsettled, agree

    try:
        agree(one, other, "")
    except Refuted:
        return True
    except Unsettled:
        return False
    return False
