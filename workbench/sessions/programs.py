"""Programs: the twins of an exported session, the definition of every line written out in torch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isqrt
from typing import TYPE_CHECKING, Any

import sympy as sp

from workbench.errors import BadInput
from workbench.evidence import functions
from workbench.evidence.listings import Roots, Spectrum
from workbench.evidence.protocols import Average, Crossing, Root
from workbench.exact.instances import letters_of
from workbench.language.laws import MatrixMean, ScalarMean
from workbench.language.slopes import MatrixSlope, ScalarLimit, ScalarSlope
from workbench.lowering.sources import Code, Sources, real
from workbench.lowering.twins import chain
from workbench.lowering.walks import Walk
from workbench.sessions.combinations import combination, samples, together
from workbench.sessions.literals import docstring

if TYPE_CHECKING:
    from workbench.sessions.quantities import Quantity

MEANS, SLOPES = (ScalarMean, MatrixMean), (ScalarSlope, MatrixSlope)
PLAIN = Average()


def numerics_text(claims: list[tuple[str, str, Quantity]]) -> str:
    """The file of twins: name, what it measures in words, and the quantity."""
    written: dict[Any, str] = {}  # what is sampled → the twin that samples it
    parts = []
    for name, says, quantity in claims:
        parts.append(program(name, says, quantity, written))
        if quantity.plain and isinstance(quantity.expression, MEANS):
            written.setdefault(quantity.expression.inside, name)
    own = [name for name in functions.__all__ if re.search(rf"(?<![\w.]){name}\(", "".join(parts))]
    protocols = sorted({*own, *(need for name, _, quantity in claims for need in imported(name, quantity))})
    head = '"""The measurements, from the definition alone."""\n\nimport torch\n'
    return head + (f"\nfrom workbench.evidence import {', '.join(protocols)}\n" if protocols else "") + "".join(parts)


def imported(name: str, quantity: Quantity) -> list[str]:
    """What a twin needs from `workbench.evidence`."""
    text = decorator(quantity.seek, f"_{name}" if several(quantity.expression) else "")
    return [*([text[1:].split("(")[0].strip()] if text else []), *(["lowest"] if "of=lowest" in text else [])]


def decorator(seek: Any, combine: str = "") -> str:
    """The line that a twin wears; combine: the function that puts its means together, by name."""
    of = f", of={combine}" if combine else ""
    if combine and (isinstance(seek, Spectrum) or seek_of(seek) == "lowest"):
        raise BadInput(f"{combine[1:]} is an eigenvalue of several means; write its twin by hand")
    if combine and seek == PLAIN:
        return f"@function_of_means({combine})\n"
    if isinstance(seek, Root):
        return f'@root("{seek.letter}"{of})\n'
    if isinstance(seek, Roots):
        positive = "".join(f'"{name}", ' for name in seek.positive)
        names = ", ".join(f'"{name}"' for name in seek.letters)
        return f"@roots({names}{f', positive=({positive[:-1]})' if positive else ''}{of})\n"
    if isinstance(seek, Spectrum):
        return "@spectrum\n"
    if isinstance(seek, Crossing):
        of = ", of=lowest" if seek_of(seek) == "lowest" else of
        whole = ", whole=True" if seek.whole else ""
        return f'@crossing("{seek.letter}", {seek.low}, {seek.high}{whole}{of})\n'
    return ""


def seek_of(seek: Any) -> str:
    """What a protocol makes of the means, by name."""
    return seek.combine.__name__ if hasattr(seek, "combine") else ""


def several(expression: Any) -> bool:
    """Whether a definition puts several means together, which no single sample measures."""
    entries = list(expression) if isinstance(expression, sp.MatrixBase) else [expression]
    if isinstance(expression, MEANS):
        return False
    chains = [chain(entry) for entry in entries if isinstance(entry, SLOPES)]
    return len(chains) < len(entries) or any(not isinstance(inside, MEANS) for inside, _ in chains)


def program(name: str, says: str, quantity: Quantity, written: Mapping[Any, str]) -> str:
    """One twin."""
    if isinstance(quantity.expression, ScalarLimit):
        raise BadInput(
            f"{name} is a limit, whose twin runs over sizes; write its twin by hand, with the protocol limit"
        )
    if several(quantity.expression):
        return combined_program(name, says, quantity)
    inside, wrt, how = anatomy(name, quantity.expression)
    placed = dict(quantity.at)
    letters = [letter for letter in letters_of(quantity.expression, *placed.values()) if letter not in placed]
    values = {each.name: Code(each.name, tensor=each.is_Matrix) for each in letters}
    point = {letter: Walk(Sources(), values).visit(value) for letter, value in placed.items()}
    values |= {letter.name: code for letter, code in point.items()} | {letter.name: Code(letter.name) for letter in wrt}
    body = sampled(inside, values, written)
    if wrt:
        inner = "\n        ".join(body)
        here = [starting(letter, str(point.get(letter, letter.name))) for letter in wrt]
        body = [f"def sample({', '.join(letter.name for letter in wrt)}):\n        {inner}\n", *slopes(how, here)]
    lines, gap = "\n    ".join(body), "\n" if wrt else ""
    takes = ", ".join(each.name for each in letters)
    return f"\n\n{decorator(quantity.seek)}{heading(name, takes, says)}\n{gap}    {lines}\n"


def combined_program(name: str, says: str, quantity: Quantity) -> str:
    """The twin of several means, and the function that puts them together."""
    if quantity.at:
        raise BadInput(f"{name} takes several means at a point; write its twin by hand")
    found = combination(name, quantity.expression)
    letters = letters_of(quantity.expression)
    values = {each.name: Code(each.name, tensor=each.is_Matrix) for each in letters}
    here = "" if found.wrt is None else starting(found.wrt, found.wrt.name)
    lines, gap = "\n    ".join(samples(found, values, here)), "\n" if found.wrt is not None else ""
    takes = ", ".join(each.name for each in letters)
    worn = decorator(quantity.seek, f"_{name}")
    return f"{together(name, found)}\n\n{worn}{heading(name, takes, says)}\n{gap}    {lines}\n"


def heading(name: str, takes: str, says: str) -> str:
    """The first lines of a twin."""
    return f"def {name}({takes}, *, draw):\n    {docstring(f'{says}.')}"


def sampled(inside: Any, values: Mapping[str, Code], written: Mapping[Any, str]) -> list[str]:
    """The lines that return one sample: a call of the twin that has them, if there is one."""
    if inside in written:
        given = ", ".join(str(values[letter.name]) for letter in letters_of(inside))
        return [f"return {written[inside]}({given}, draw=draw)"]
    sources = Sources()
    value = Walk(sources, values).visit(inside)
    return [*sources.lines, f"return {real(value)}"]


def starting(letter: Any, here: str) -> str:
    """Where a sample is differentiated in a letter."""
    if letter.is_Matrix:
        return here
    return f"torch.tensor({float(here)})" if here.isdecimal() else f"torch.as_tensor({here})"


def anatomy(name: str, expression: Any) -> tuple[Any, tuple[Any, ...], str]:
    """What stands under the one mean of a definition, the letters in which it is differentiated, and how."""
    entries = list(expression) if isinstance(expression, sp.MatrixBase) else [expression]
    if isinstance(expression, MEANS):
        return expression.inside, (), ""
    chains = [chain(entry) for entry in entries if isinstance(entry, SLOPES)]
    means = {inside for inside, _ in chains}
    if len(chains) < len(entries) or len(means) > 1 or not isinstance(chains[0][0], MEANS):
        raise BadInput(f"{name} combines several means; write its twin by hand (function_of_means puts them together)")
    inside, letters = chains[0]
    if len(letters) == 1:
        return inside.inside, tuple(wrt[-1] for _, wrt in chains), "gradient"
    if len(chains) == 1 and letters[0] != letters[1]:
        return inside.inside, letters, "one after the other"
    return inside.inside, tuple(wrt[-1] for _, wrt in chains[: isqrt(len(chains))]), "Hessian"


def slopes(how: str, here: list[str]) -> list[str]:
    """The lines that differentiate a sample at a point."""
    point, which = ", ".join(here), f", {tuple(range(len(here)))}" if len(here) > 1 else ""
    if how == "one after the other":
        return [f"return torch.func.jacrev(torch.func.jacrev(sample, 0), 1)({point})"]
    if how == "gradient":
        found = f"torch.func.jacrev(sample{which})({point})"
        return [f"return torch.stack({found})" if which else f"return {found}"]
    if not which:
        return [f"return torch.func.hessian(sample)({point}).reshape(1, 1)"]
    return [
        f"rows = torch.func.hessian(sample{which})({point})",
        "return torch.stack([torch.stack(row) for row in rows])",
    ]
