"""Entrywise products of Gaussian matrices: sums over shared indices."""
