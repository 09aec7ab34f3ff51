"""Conditioning: a mean over several letters taken one law at a time (Fubini)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.calculus.errors import UnknownLaw
from workbench.language.laws import E, MatrixMean, Random, ScalarMean, random_letters

Rule = Callable[[Any, Any], Any]


def averaged(expression: Any, letters: tuple[Any, ...], kind: tuple[type, ...], rule: Rule) -> Any:
    """The expression with its letters of one kind of law averaged by a rule, one after the other.

    Where means E(…) stand in the expression, they are computed in place and keep the letters left;
    otherwise the expression itself is averaged. `letters` may name the ones to average.
    Raises UnknownLaw when no letter is of that kind, or when another law depends on the letter.
    """
    if not expression.has(ScalarMean, MatrixMean):
        return _one_by_one(expression, letters or _chosen(random_letters(expression), kind, expression), kind, rule)
    done = 0

    def conditioned(node: Any) -> Any:
        nonlocal done
        inside, over = node.args[0], node.args[1:]
        mine = tuple(x for x in over if isinstance(x, kind) and (not letters or x in letters))
        done += len(mine)
        rest = tuple(x for x in over if x not in mine)
        _refuse_dependence(mine, rest)
        value = _one_by_one(inside, mine, kind, rule) if mine else inside
        return E(value, *rest) if rest else value

    result = expression.replace(lambda node: isinstance(node, ScalarMean | MatrixMean), conditioned)
    if not done:
        _chosen(set(), kind, expression)
    return result


def _one_by_one(expression: Any, letters: Any, kind: tuple[type, ...], rule: Rule) -> Any:
    for letter in letters:
        if not isinstance(letter, kind):
            raise UnknownLaw(f"{letter} does not have the law that this rule averages over; use the rule of its law")
        _refuse_dependence((letter,), random_letters(expression) - {letter})
        expression = rule(expression, letter)
    return expression


def _chosen(letters: set[Random], kind: tuple[type, ...], expression: Any) -> list[Random]:
    found = sorted((x for x in letters if isinstance(x, kind)), key=lambda letter: letter.name)
    if not found:
        names = " or ".join(law.__name__ for law in kind)
        raise UnknownLaw(f"no {names} letter is averaged in {expression}; declare one in workbench.language.laws")
    return found


def _refuse_dependence(mine: tuple[Any, ...], others: Any) -> None:
    for other in others:
        for letter in mine:
            if any(getattr(part, "has", lambda _: False)(letter) for part in other.args[3:]):
                raise UnknownLaw(f"the law of {other} depends on {letter}; average over {other} first")
