"""Calls: all that can be asked of a claim as a function of its letters."""

from workbench.sweeps.curves import explore, plot
from workbench.sweeps.numbers import measured, number

__all__ = ["explore", "measured", "number", "plot"]
