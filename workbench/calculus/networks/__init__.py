"""Index networks: a normal form of matrix formulas with entrywise products, in which every size is free."""

from workbench.calculus.networks.reading import equal_as_networks

__all__ = ["equal_as_networks"]
