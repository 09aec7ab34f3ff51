"""Pairings: random orthogonal matrices and inverse Wishart matrices, by Weingarten functions."""
