"""Exact evaluation: what an expression is worth at one point, by brute force and independent of the calculus.

Every line of a proof is re-checked here, so this room may not see the rules that made the line.
"""

import workbench.exact.fixed_points
import workbench.exact.oracle  # noqa: F401  (these teach the walker of `values` what a fixed point and a mean are)
