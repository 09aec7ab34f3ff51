"""Rules that pass to a limit of large sizes: sampled matrices of growing size re-check them."""

from __future__ import annotations

from typing import Any

from workbench.calculus.rules.limits_sampled import approached_by_samples
from workbench.calculus.rules.making import rule


@rule(approached_by_samples)
def equivalent(line: Any) -> Any:
    """Traces of inverses of large Gaussian matrices tend to the fixed point of their Dyson equation."""
    from workbench.calculus.equivalents.lines import limit_of

    return limit_of(line)
