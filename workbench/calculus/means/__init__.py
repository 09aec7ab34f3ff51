"""Means: what E(…) is worth, one room per kind of law.

`gaussian` (polynomials of Gaussian matrices), `entries` (entrywise products), `finite` (masks, random
indices, mixtures), `pairings` (random orthogonal and inverse Wishart matrices), `projections`
(exponentials, erf, relu, sign). `expectation` is the one door to all of them.
"""
