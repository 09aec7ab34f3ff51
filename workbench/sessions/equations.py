"""Equations: one typed line with an equals sign in it, read by a whitelist and never evaluated."""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from workbench.errors import BadInput, NotUnderstood
from workbench.exact.breakdowns import where_infinite, where_no_law
from workbench.exact.instances import Crowded, Vacuous, draw, letters_of
from workbench.judging.confrontation import shown
from workbench.language import printing
from workbench.language.arithmetic import added, multiplied
from workbench.language.clauses import stated
from workbench.language.complex_gaussians import adjoint
from workbench.language.entries import both_ways, room
from workbench.language.free_indices import apart_from, at_places, vectors_in
from workbench.language.functions import FUNCTIONS, transposed
from workbench.language.laws import E, MatrixMean, Random, ScalarMean, loose_letters, random_letters
from workbench.language.letters import is_letter
from workbench.language.matrix_roots import rooted
from workbench.language.names import SIZELESS, names_in
from workbench.language.reading import fitted, is_matrix, meaning, number, parsed
from workbench.language.sentences import named_by_columns
from workbench.language.slopes import MatrixSlope, ScalarLimit, ScalarSlope, grad, lim
from workbench.language.syntax import SIGNS, equation_in, links_in, shortened
from workbench.sessions.declarations import Alphabet, declared
from workbench.sessions.derivations import derivation_of, derived_limit
from workbench.sessions.existence import HIGHEST, degree_of, growth_of, lacking, needs_of, of_what_is_positive
from workbench.sessions.meanings import meanings_of, with_bases
from workbench.sessions.quantities import under_one_mean

MEANS = (ScalarMean, MatrixMean)
UNFINISHED = (*MEANS, ScalarSlope, MatrixSlope, ScalarLimit)


def mean(value: Any) -> Any:
    """E[…] of a number or a matrix; a 1×1 product is the number it holds."""
    if not random_letters(value):
        raise NotUnderstood(
            f"nothing under E[{shortened(str(value))}] is random; declare a letter with ~, e.g. X ~ N(0, Sigma), "
            f"and write products with *, e.g. X*X.T"
        )
    if (degree := degree_of(value)) > HIGHEST:
        raise NotUnderstood(f"a product of {degree} random letters stands under a mean; at most {HIGHEST} are judged")
    return E(as_number(value))


def as_number(value: Any) -> Any:
    return number(value) if is_matrix(value) and tuple(value.shape) == (1, 1) else value


def covariance(one: Any, other: Any = None) -> Any:
    """Cov[x, y] = E[x yᵀ] − E[x] E[y]ᵀ, of complex ones E[x yᴴ] − E[x] E[y]ᵀ; Cov[x] is Cov[x, x]."""
    one, other = as_number(one), as_number(one if other is None else other)
    return added(mean(multiplied(one, adjoint(other))), -multiplied(mean(one), transposed(mean(other))))


def variance(value: Any) -> Any:
    return covariance(value, value)


def correlation(one: Any, other: Any) -> Any:
    """Corr[x, y] of two random numbers, their covariance by the root of the product of their variances."""
    one, other = number(one), number(other)
    return covariance(one, other) / sp.sqrt(covariance(one, one) * covariance(other, other))


def tending(value: Any) -> Any:
    """lim(…) of a number that is numbers times means, added up."""
    return lim(under_one_mean(as_number(value)))


def summing(term: Any, *over: Any) -> Any:
    """Σ of a term over a whole-numbered index; of a polynomial in the index, worked out."""
    found = FUNCTIONS["sum"](term, *over)
    return worked_out(found) if isinstance(found, sp.Sum) else found


def worked_out(total: sp.Sum) -> Any:
    """The value of a sum of a polynomial up to a whole number, checked step by step; any other sum as it is."""
    (index, first, last), term = total.limits[0], total.function
    if not term.is_polynomial(index) or not last.is_integer or first.has(index) or last.has(index):
        return total
    m = sp.Dummy("m", integer=True)
    upto = sp.expand(sp.Sum(term, (index, first, m)).doit())
    step = upto - upto.xreplace({m: m - 1}) - term.xreplace({index: m})
    right = sp.expand(step) == 0 and sp.expand(upto.xreplace({m: first - 1})) == 0
    return sp.factor(upto.xreplace({m: last})) if right else total


REAL = {name: of_what_is_positive(name, FUNCTIONS[name]) for name in ("sqrt", "log")}
AVERAGES = {"E": mean, "Var": variance, "Cov": covariance, "Corr": correlation}
OPERATIONS: Mapping[str, Callable[..., Any]] = ChainMap(
    {**AVERAGES, "grad": grad, "lim": tending, "sum": summing, **REAL}, FUNCTIONS
)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Equation:
    """Two sides in declared letters; the right one is a closed form, the left one a definition."""

    left: Any
    right: Any
    typed: str
    alphabet: Alphabet
    names: tuple[str, ...]
    hypotheses: tuple[Any, ...]
    regime: tuple[Any, ...]
    sign: str = "=="  # or < <= > >= between two numbers

    @property
    def where(self) -> str:
        """What the letters mean, in words."""
        return self.alphabet.in_words(self.names)

    @property
    def letters(self) -> dict[str, Any]:
        """The fixed letters that a formula in its place may use, by name."""
        values = self.alphabet.meanings.items()
        return {name: value for name, value in values if name not in SIZELESS and not value.atoms(Random)}


def read_equation(text: str, where: Iterable[str] = ()) -> Equation:
    """Read LEFT == RIGHT, its letters declared in `where` or meant by custom.

    Raises BadInput with one sentence for anything that is not understood.
    """
    (equation,) = read_statement(text, where, equation_in)
    return equation


def read_statement(
    text: str, where: Iterable[str] = (), links: Callable[[ast.expr, str], Any] = links_in
) -> list[Equation]:
    """Read a statement as its links: one where it is LEFT == RIGHT, two where it is A == B <= C; all in one alphabet.

    Raises BadInput with one sentence for anything that is not understood.
    """
    statement, said = stated(text)
    where, differ = apart_from((*where, said))
    alphabet = declared(where, rooted((statement, *where)))
    typed_tree = parsed(statement, alphabet.meanings)
    trees = at_places(typed_tree, "; ".join((statement, *where)), alphabet.meanings, differ)
    found = [links(tree, text) for tree in trees]
    parts = [part for each in found for part in (each if isinstance(each, list) else [each])]
    tree = ast.Tuple(trees)
    names = with_bases(names_in(tree), alphabet)
    ask_for_columns(names, named_by_columns(where), alphabet)
    both_ways(names, typed_tree)
    alphabet.declare_columns(tree)
    problem: BadInput | None = None
    for candidate in meanings_of(alphabet, names, columns_in(tree)):
        try:
            read = [sides(part, candidate) for part in parts]
        except NotUnderstood:
            raise
        except BadInput as error:
            problem = problem or error
            continue
        typed = [text] if len(parts) == 1 else [ast.unparse(part) for part in parts]
        return [finished(*pair, says, candidate.copy(), names) for pair, says in zip(read, typed)]
    assert problem is not None
    if alphabet.declared >= set(names):
        raise problem
    raise BadInput(f'{problem}; say what its letters are with --where, e.g. --where "C: N×N; X ~ N(0, Sigma)"')


def ask_for_columns(names: list[str], columns: set[str], alphabet: Alphabet) -> None:
    """Refuse x of which nothing was said where x_i ~ … tells the law of the columns of X: x would have another one."""
    known = alphabet.meanings
    for name in names:
        if name in columns and name not in known and name.upper() in known:
            whole = name.upper()
            raise NotUnderstood(f"what is {name}? {name}_i ~ … declares columns of {whole}; write the law of {name} "
                                f"as well, {name} ~ …, or {name}_i for a column of {whole}")  # fmt: skip


def columns_in(tree: ast.AST) -> set[str]:
    """The names that are transposed, or stand beside the dot of a scalar product, and so are no numbers."""
    return {part.id for part in vectors_in(tree) if isinstance(part, ast.Name)}


TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def sides(tree: ast.Compare, alphabet: Alphabet) -> tuple[Any, Any, str]:
    """Both sides, of one shape, and the sign between them; the side that still has to be computed on the left."""
    sign = SIGNS[type(tree.ops[0])]
    left, right = (as_number(meaning(side, alphabet.meanings, functions=OPERATIONS))
                   for side in (tree.left, tree.comparators[0]))  # fmt: skip
    if sign != "==" and (is_matrix(left) or is_matrix(right)):
        raise NotUnderstood("an inequality between matrices has two readings, entry by entry and for every quadratic "
                            "form; write it for numbers, e.g. a.T*A*a <= a.T*B*a")  # fmt: skip
    if right.has(*UNFINISHED) and not left.has(*UNFINISHED):
        left, right, sign = right, left, TURNED[sign]
    if is_matrix(right) and left.has(*MEANS) and not is_matrix(left):
        raise BadInput(f"the left side is a number, and the right side is {right.shape[0]}×{right.shape[1]}")
    if is_matrix(right) and not is_matrix(left):
        left = fitted(left, right)
    right = fitted(right, left) if is_matrix(left) else number(right)
    for side in (left, right):
        if loose := sorted(letter.name for letter in loose_letters(side)):
            raise NotUnderstood(
                f"{loose[0]} is random and stands outside E[…]; average it, or declare it as a fixed letter"
            )
    return left, right, sign


def fails_somewhere(relation: Any, hypotheses: tuple[Any, ...]) -> bool:
    """Whether the hypotheses allow letters at which a condition fails."""
    if relation == sp.false:
        return True
    against = (*hypotheses, sp.Not(relation))
    try:
        draw(letters_of(*(side for each in against for side in each.args)), str(relation), {}, against)
    except (Vacuous, Crowded):
        return False
    return True


def in_own_names(mean: Any, alphabet: Alphabet) -> str:
    """A mean with the entries of random vectors by the names that they were typed with."""
    known = {name: as_number(value) for name, value in alphabet.meanings.items() if not is_letter(value)}
    entries = {
        value: sp.MatrixSymbol(name, *value.shape) if value.is_Matrix else sp.Symbol(name)
        for name, value in known.items()
        if random_letters(value)
    }
    return printing.text(mean.xreplace(entries))


def without_mean(what: str, relation: Any) -> str:
    """The sentence about a mean that does not exist for all letters that the hypotheses allow."""
    if relation == sp.false:
        return f"{what} does not exist: it grows faster than a Gaussian density falls, whatever the letters are"
    condition = f"{relation.lhs} {relation.rel_op} {relation.rhs}"
    return f"{what} does not exist unless {condition}; add that, or more, with --where, e.g. --where {condition!r}"


def without_law(letter: Any, cov: Any, point: Any) -> str:
    """The sentence about a normal law whose covariance is none for all letters that the hypotheses allow."""
    at = f" at {shown(point)}" if point else ""
    return (
        f"the law of {letter.name} is none: a covariance is symmetric and positive semidefinite, and "
        f"{printing.text(cov)} is not{at}"
    )


def finished(left: Any, right: Any, sign: str, text: str, alphabet: Alphabet, names: list[str]) -> Equation:
    """The equation with what its inverses need."""
    if right.has(*UNFINISHED) and derivation_of(right, tuple(alphabet.hypotheses)) is None:
        left, right = added(left, -right), fitted(sp.S.Zero, left)  # what has no closed form is measured as well
    needed, spare = needs_of(left)
    if left.has(ScalarLimit):
        where = (*alphabet.hypotheses, *needed)
        derived_limit(added(left, -right) if right.has(ScalarLimit) else left, where)
    needed += room(left, right)
    if found := lacking(needed, tuple(alphabet.hypotheses)):
        relation, case = found
        raise NotUnderstood(
            f"the left side exists for {relation.lhs} {relation.rel_op} {relation.rhs} only, and the hypotheses allow "
            f"{case}, where it does not; add {relation.lhs} {relation.rel_op} {relation.rhs} with --where"
        )
    for letter in sorted(random_letters(left), key=str):
        if found := where_no_law(letter, tuple(alphabet.hypotheses)):
            raise NotUnderstood(without_law(letter, *found))
    for mean in left.atoms(*MEANS):
        for relation in growth_of(mean):
            if relation != sp.true and fails_somewhere(relation, tuple(alphabet.hypotheses)):
                raise NotUnderstood(without_mean(in_own_names(mean, alphabet), relation))
        if point := where_infinite(mean, tuple(alphabet.hypotheses)):
            raise NotUnderstood(
                f"{in_own_names(mean, alphabet)} does not exist at {shown(point)}: there the exponential grows faster "
                "than the Gaussian density falls; say with --where what its letters have to satisfy"
            )
    alphabet.hypotheses = list(dict.fromkeys((*alphabet.hypotheses, *needed)))
    named = tuple(name for name in names if name not in SIZELESS)
    return Equation(left, right, text, alphabet, named, tuple(alphabet.hypotheses), tuple(spare), sign)
