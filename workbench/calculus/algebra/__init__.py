"""The algebra: canonical words in matrix letters, their traces, and the polynomials these make.

Read in this order: `alphabets` (letters as small integers), `words` (necklaces), `polynomials` (sums),
`equality`, `inverses`, `substitution`, then the way in and out: `translation` and `printing`. `terms` and
`sums` are the smaller algebra on SymPy expressions that the laws other than Gaussian matrices use.
"""
