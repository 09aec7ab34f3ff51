"""Folding: a long formula said with names, for what the theorem file abbreviates and for what recurs in it.

Only what people read is folded; what is typed again, recorded or compared stays written out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from string import ascii_uppercase
from typing import Any

import sympy as sp

from workbench.language import printing
from workbench.language.letters import is_letter

LONG = 160  # characters up to which a formula stays as it is
WORTH, SHORTEST, MOST = 24, 8, 4  # characters that a name has to save; those of what it names; names at most
Named = list[tuple[Any, Any]]


def folded(expression: Any, abbreviations: Mapping[str, Any] | None = None) -> tuple[Any, Named]:
    """A formula with names for parts of it, and what they stand for, each in the names after it."""
    found: Named = []
    taken = {letter.name for letter in expression.atoms(sp.Symbol, sp.MatrixSymbol)}
    for name, part in sorted((abbreviations or {}).items(), key=lambda pair: -sp.count_ops(pair[1])):
        if name not in taken and len(printing.text(part)) >= SHORTEST:
            shorter = replaced(expression, part, letter := letter_for(name, part))
            if shorter != expression:
                expression, taken = shorter, taken | {name}
                found.append((letter, part))
    names = (name for name in ascii_uppercase if name not in taken | {"E", "I"})
    while len(printing.text(expression)) > LONG and len(found) < MOST:
        part = heaviest(expression)
        if part is None:
            break
        letter = letter_for(next(names), part)
        expression = replaced(expression, part, letter)
        found.append((letter, part))
    return expression, found


def abbreviations_of(module: Any) -> dict[str, Any]:
    """The formulas, other than letters, to which a theorem file gives names."""
    values = {name: value for name, value in vars(module).items() if isinstance(value, sp.Expr | sp.MatrixExpr)}
    return {n: v for n, v in values.items() if v.args and not is_letter(v) and v.free_symbols and not n.startswith("_")}


def text(expression: Any, abbreviations: Mapping[str, Any] | None = None) -> str:
    """A formula as typed text, with its names explained behind it."""
    return joined(*folded(expression, abbreviations), printing.text, ", where ", " = ", " and ")


def latex(expression: Any, abbreviations: Mapping[str, Any] | None = None) -> str:
    """A formula as LaTeX, with its names explained behind it."""
    return joined(*folded(expression, abbreviations), printing.latex, r",\quad ", " = ", r",\quad ")


def joined(short: Any, named: Named, printed: Any, where: str, equals: str, between: str) -> str:
    said = [f"{printed(letter)}{equals}{printed(part)}" for letter, part in named]
    return printed(short) + (where + between.join(said) if said else "")


def letter_for(name: str, part: Any) -> Any:
    return sp.MatrixSymbol(name, *part.shape) if part.is_Matrix else sp.Symbol(name)


def heaviest(expression: Any) -> Any:
    """The part whose name saves most; None where none saves enough."""
    counts = Counter(parts(expression))
    saved = {part: (times - 1) * (len(printing.text(part)) - 1) for part, times in counts.items() if times > 1}
    best = max(saved, key=lambda part: (saved[part], str(part)), default=None)
    return best if best is not None and saved[best] >= WORTH else None


def parts(expression: Any) -> Iterator[Any]:
    """The parts of a formula that can have a name: what has parts of its own, and runs of factors of a product."""
    if not expression.args or is_letter(expression) or isinstance(expression, sp.MatrixSymbol | sp.Number):
        return
    if isinstance(expression, sp.Expr | sp.MatrixExpr) and not isinstance(expression, sp.Identity):
        yield expression
    for run in runs(expression):
        if 1 < len(run) < len(expression.args):
            yield sp.MatMul(*run)
    for part in expression.args:
        if isinstance(part, sp.Basic):
            yield from parts(part)


def runs(expression: Any) -> Iterator[tuple[Any, ...]]:
    """Neighbouring matrix factors of a product."""
    if isinstance(expression, sp.MatMul):
        factors = [factor for factor in expression.args if factor.is_Matrix]
        for start in range(len(factors)):
            for end in range(start + 2, len(factors) + 1):
                yield tuple(factors[start:end])


def replaced(expression: Any, part: Any, letter: Any) -> Any:
    """A formula with a name wherever a part stands in it."""
    if expression == part:
        return letter
    if not expression.args or is_letter(expression) or isinstance(expression, sp.MatrixSymbol):
        return expression
    args = [replaced(each, part, letter) if isinstance(each, sp.Basic) else each for each in expression.args]
    if isinstance(expression, sp.MatMul) and isinstance(part, sp.MatMul):
        args = without_run(args, list(part.args), letter)
    return expression if args == list(expression.args) else expression.func(*args)


def without_run(factors: list[Any], run: list[Any], letter: Any) -> list[Any]:
    """Factors with a name in place of every run of neighbours."""
    kept: list[Any] = []
    while factors:
        same = factors[: len(run)] == run
        kept.append(letter if same else factors[0])
        factors = factors[len(run) if same else 1 :]
    return kept
