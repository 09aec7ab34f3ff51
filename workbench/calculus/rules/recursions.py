"""Rules for random updates of a state: the recursion of means, a mean after T steps, the critical rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from workbench.calculus.rules.making import rule
from workbench.calculus.rules.recursions_compared import (
    loses_stability,
    mean_after_one_step_more,
    means_of_the_next_state,
)


@rule(means_of_the_next_state)
def recursion(line: Any, *, update: Mapping[Any, Any], means: Mapping[Any, Any]) -> Any:
    """The mean after one step of the update, by the means before it; letters stand for those."""
    from workbench.calculus.recursions.closing import next_means

    return next_means(line, update, means)


@rule(mean_after_one_step_more)
def after_steps(line: Any, *, update: Mapping[Any, Any], times: Any) -> Any:
    """The mean after so many steps of the update, each with fresh letters, from the state at the start."""
    from workbench.calculus.recursions.powers import after_steps as compute

    return compute(line, update, times)


@rule(loses_stability)
def critical_rate(line: Any, *, unknowns: Sequence[Any], parameter: Any, hypotheses: Sequence[Any] = ()) -> Any:
    """Up to this value of the parameter the recursion, the line, forgets where its means started."""
    from workbench.calculus.recursions.rates import critical_rate as compute

    return sp.factor(compute(line, unknowns, parameter, hypotheses))
