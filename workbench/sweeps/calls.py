"""Calls: all that can be asked of a claim as a function of its letters."""

from workbench.sweeps.compiled import compiled
from workbench.sweeps.curves import explore, plot
from workbench.sweeps.numbers import measured, number

__all__ = ["compiled", "explore", "measured", "number", "plot"]
