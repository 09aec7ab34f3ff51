"""Recursions: from a random update of a state to the closed recursion of the means that a quantity needs."""
