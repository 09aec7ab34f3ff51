"""Projections: exponentials, error functions, relu and sign of a few linear forms of Gaussian letters."""
