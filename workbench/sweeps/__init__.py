"""Sweeps: a claim as a function of its letters, in numbers, measurements and pictures."""

from __future__ import annotations

from typing import Any

from workbench import faces
from workbench.claims import Claim


@faces.called.register
def called(claim: Claim) -> Any:
    """What a claim is called through; loaded when one first is, since it measures in torch."""
    from workbench.sweeps import calls

    return calls
