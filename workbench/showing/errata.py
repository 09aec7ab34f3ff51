"""Errata: formulas in print that a claim refutes, as rivals whose name says where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbench.catalogue import Entry, member
from workbench.errors import about
from workbench.language import printing

PRINTED = "as printed in "  # and then the place, in the name of a rival


def formulas_in_print(entries: Iterable[Entry]) -> Iterator[str]:
    """Three lines of text for every erratum: the claim and where print differs, what is printed, what is derived."""
    for entry in entries:
        claim = member(entry, "derivations")
        printed = {name: formula for name, formula in claim.rivals.items() if name.startswith(PRINTED)}
        with about(f"{entry.id} could not be derived"):
            derived = printing.text(claim.formula) if printed else ""
        for name, formula in printed.items():
            yield f"{entry.id}: {claim.symbol}"
            yield f"    {name}: {printing.text(formula)}"
            yield f"    derived: {derived}"
