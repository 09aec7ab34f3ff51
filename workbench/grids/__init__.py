"""Grids: a claim derived and measured at every point of a grid of its letters, on any machine, every point once."""
