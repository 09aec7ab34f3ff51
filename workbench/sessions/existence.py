"""Existence: what a typed mean needs to be finite, and means that are known to be infinite.

E[exp(t z²)] exists for 2t < 1 and E[exp(t z⁴)] for t ≤ 0, roots and logarithms want what is not negative;
E[(XXᵀ)⁻ᵏ] and E[(det XXᵀ)⁻ᵏ] need 2k columns more than X has rows, less one (k, where X is complex), and E log det XXᵀ
as many columns as rows; E[|x|⁻²ᵏ] needs more than 2k coordinates; one over a Gaussian number has no mean at all.
Deeper inside that range the samples of an inverse have light tails: there they are drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.errors import NotUnderstood
from workbench.exact.instances import Crowded, Draw, holds, letters_of
from workbench.exact.rings import NotRational, Undefined
from workbench.language import printing
from workbench.language.complex_gaussians import complex_letters
from workbench.language.laws import Gaussian, MatrixMean, Random, ScalarMean, number, random_letters
from workbench.language.letters import SPD, Count
from workbench.language.students import Elliptical, scale_mixtures

SMALL = 9  # sizes below it are looked through for a case that the hypotheses allow and a mean does not
HIGHEST = 32  # random letters in a product, at most
POWERS = (sp.Pow, sp.MatPow, sp.HadamardPower)
PRODUCTS = (sp.Mul, sp.MatMul, sp.HadamardProduct, sp.KroneckerProduct)
SUMS = (sp.Add, sp.MatAdd, sp.Trace, sp.Transpose, DiagMatrix, DiagonalOf)
DETERMINED = 4  # the degree of the means that a covariance and a kurtosis give
LIGHT = 4  # how many moments a sample of an inverse has where it is drawn


def needs_of(left: Any) -> tuple[list[Any], list[Any]]:
    """What random inverses and heavy tails need to have a mean, and to be sampled.

    Raises BadInput for those that never have one.
    """
    needed, spare = [], []
    for mean in left.atoms(ScalarMean, MatrixMean):
        for letter in scale_mixtures(mean.inside):
            here, deeper = needs_of_scales(mean, letter)
            needed += here
            spare += deeper
        order = order_of(mean.inside)
        for inverse in inverses(mean.inside):
            if has_pole(inverse, mean.inside):
                what = printing.text(inverse.base)
                raise NotUnderstood(f"{printing.text(mean)} does not exist: it is too large where {what} is small")
            each = 1 if complex_letters(inverse) else 2  # columns that one inverse more takes
            for free, least in rooms(inverse):
                if (relation := free > least + each * order) == sp.false:
                    bound = least + each * order
                    raise NotUnderstood(f"{printing.text(mean)} does not exist: it needs {free} > {bound}")
                needed.append(relation)
                spare.append(free > least + each * LIGHT * order)
        for free, least in (room for node in mean.inside.atoms(sp.log) for room in rooms_of_determinant(node.args[0])):
            needed.append(free > least)
            spare.append(free > least + LIGHT)
    return needed, spare


def needs_of_scales(mean: Any, letter: Any) -> tuple[list[Any], list[Any]]:
    """What a Student letter needs to have a moment; an elliptical one has four, and no more are determined."""
    degree = degree_in_student(mean, letter)
    if isinstance(letter, Elliptical):
        if degree > DETERMINED or not is_polynomial_in(mean.inside, letter):
            raise NotUnderstood(
                f"{printing.text(mean)} is not determined: of {letter.name} the covariance and the kurtosis are known, "
                f"which give means of polynomials up to degree {DETERMINED}; say more of its law, e.g. "
                "Student(nu, Sigma)"
            )
        return [letter.kurtosis >= 1], []
    if (relation := letter.freedom > degree) == sp.false:
        raise NotUnderstood(
            f"{printing.text(mean)} does not exist: a moment of order {degree} of {letter.name} needs more "
            f"than {degree} degrees of freedom, and it has {letter.freedom}"
        )
    return ([], []) if letter.freedom.is_number else ([relation], [letter.freedom > LIGHT * degree])


def lacking(needed: list[Any], hypotheses: tuple[Any, ...]) -> tuple[Any, str] | None:
    """What is needed of letters that hypotheses speak of and does not follow from them, with a case that shows it.

    What nothing was said of is added to the hypotheses, and said; what was said is never made stronger in silence.
    """
    for relation in needed:
        letters = sorted(relation.free_symbols, key=str)
        typed = [said for said in hypotheses if said.free_symbols & relation.free_symbols]
        inside = [said for said in typed if said.free_symbols <= relation.free_symbols]
        if not typed or len(letters) > 3:
            continue
        for sizes in product(range(1, SMALL), repeat=len(letters)):
            here = dict(zip(letters, sizes))
            if relation.subs(here) == sp.false and all(said.subs(here) != sp.false for said in inside):
                return relation, ", ".join(f"{letter} = {size}" for letter, size in here.items())
    return None


def growth_of(mean: Any) -> list[Any]:
    """What the exponentials under a mean need of the letters in them; false where there is no mean at all."""
    needed = []
    if mean.inside.is_Matrix or not mean.inside.has(sp.exp):
        return needed
    for term in sp.Add.make_args(sp.expand(mean.inside)):
        powers = [factor for factor in sp.Mul.make_args(term) if isinstance(factor, sp.exp) and random_letters(factor)]
        others = [factor for factor in sp.Mul.make_args(term) if factor not in powers and random_letters(factor)]
        if powers and all(is_power_of_number(factor) for factor in others):
            needed += fall_of(sp.Add(*(factor.exp for factor in powers)))
    return needed


def is_power_of_number(factor: Any) -> bool:
    """Whether a factor is a whole power of a Gaussian number: it neither tames an exponential nor feeds it."""
    base, power = factor.as_base_exp()
    return bool(power.is_Integer and power.is_positive) and is_affine(base)


def fall_of(exponent: Any) -> list[Any]:
    """The condition under which exp(u(z)), z one centred Gaussian number, has a mean."""
    forms = [form for form in exponent.atoms(sp.Trace) if random_letters(form)]
    if len(forms) != 1 or not is_affine(forms[0]):
        return []
    variable = sp.Dummy(real=True)
    plain = sp.expand(exponent.xreplace({forms[0]: variable}))
    if random_letters(plain):
        return []
    if plain.is_polynomial(variable):
        polynomial = sp.Poly(plain, variable)
        degree, leading = polynomial.degree(), polynomial.LC()
        if degree == 2:
            variance = variance_of(forms[0])
            return [] if variance is None else [2 * leading * variance < 1]
        return [leading <= 0 if degree % 2 == 0 else sp.false] if degree > 2 else []
    faster = [node for node in plain.atoms(sp.exp) if node.has(variable) and node.exp.is_polynomial(variable)]
    leading = plain.coeff(faster[0]) if len(faster) == 1 else sp.S.Zero
    return [] if leading == 0 or leading.has(variable) else [leading <= 0]


def variance_of(form: Any) -> Any:
    """The variance of a number that is one entry of a Gaussian letter with a known covariance; None elsewhere."""
    (letter,) = random_letters(form)
    if not isinstance(letter, Gaussian) or letter.shape[1] != 1:
        return None
    if letter.shape[0] == 1 and form == sp.Trace(letter):
        return sp.simplify(sp.Trace(letter.cov * letter.token_cov).doit())
    rows = [part for part in form.arg.args if part != letter]
    if len(rows) == 1 and isinstance(rows[0], sp.ImmutableDenseMatrix) and isinstance(letter.cov, type(rows[0])):
        return (rows[0] * letter.cov * rows[0].T)[0, 0]
    return None


def is_negative_somewhere(value: Any) -> bool:
    """Whether a number takes both signs whatever the letters are: an odd polynomial in one Gaussian number."""
    forms = [form for form in value.atoms(sp.Trace) if random_letters(form)]
    if len(forms) != 1 or not is_affine(forms[0]):
        return False
    variable = sp.Dummy(real=True)
    plain = value.xreplace({forms[0]: variable})
    return not random_letters(plain) and plain.is_polynomial(variable) and sp.Poly(plain, variable).degree() % 2 == 1


def of_what_is_positive(name: str, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function that is real where its argument is not negative, refused where a Gaussian number is both."""

    def called(value: Any) -> Any:
        argument = number(value)
        if random_letters(argument) and is_negative_somewhere(argument):
            what = printing.text(argument)
            raise NotUnderstood(f"{name}({what}) is no real number where {what} < 0, so its mean does not exist")
        return function(value)

    return called


def inverses(inside: Any) -> list[Any]:
    """The random inverses in an integrand: of matrices, and of numbers."""
    powers = inside.atoms(sp.Inverse, sp.MatPow, sp.Pow)
    return [node for node in powers if node.exp.is_negative and random_letters(node.base)]


def order_of(node: Any) -> Any:
    """How many inverses are multiplied with each other in an integrand."""
    if not random_letters(node):
        return 0
    if isinstance(node, sp.Pow | sp.MatPow | sp.Inverse) and node.exp.is_number:
        return -node.exp if node.exp.is_negative else node.exp * order_of(node.base)
    orders = [order_of(part) for part in node.args]
    return sum(orders) if isinstance(node, sp.Mul | sp.MatMul | sp.HadamardProduct) else max(orders, default=0)


def decidable(relation: Any, text: str) -> Any:
    """A hypothesis, if exact arithmetic can tell whether it holds."""
    try:
        if relation not in (sp.true, sp.false):
            holds(relation, Draw("0").values(letters_of(relation)))
    except NotRational:
        raise NotUnderstood(
            f"whether {text!r} holds cannot be told exactly; write a hypothesis without exp, log and the like, "
            f"e.g. t > 9 for log(t) > 2"
        ) from None
    except (Undefined, Crowded):  # at this point only
        pass
    return relation


def degree_in_student(mean: Any, letter: Any) -> Any:
    """The order of the moment of a Student letter that a mean asks for. Raises BadInput for exponentials of it."""
    if any(node.has(letter) for node in mean.inside.atoms(sp.exp, sp.sinh, sp.cosh)):
        raise NotUnderstood(
            f"{printing.text(mean)} does not exist: the density of {letter.name} falls like a power only, and an "
            "exponential of it has no mean"
        )
    return degree_of(mean.inside, letter)


def degree_of(node: Any, letter: Any = None) -> Any:
    """How many random letters, or copies of one letter, are multiplied with each other in an integrand."""
    if isinstance(node, Random) or not random_letters(node):
        return int(isinstance(node, Random) and letter in (None, node))
    if isinstance(node, POWERS) and node.exp.is_number:
        return abs(node.exp) * degree_of(node.base, letter)
    degrees = [degree_of(part, letter) for part in node.args]
    return sum(degrees) if isinstance(node, PRODUCTS) else max(degrees, default=0)


def is_polynomial_in(node: Any, letter: Any) -> bool:
    """Whether an integrand is made of sums, products and whole powers of a letter."""
    if node == letter or not node.has(letter):
        return True
    if isinstance(node, POWERS):
        return bool(node.exp.is_Integer and node.exp.is_positive) and is_polynomial_in(node.base, letter)
    return isinstance(node, SUMS + PRODUCTS) and all(is_polynomial_in(part, letter) for part in node.args)


def rooms(inverse: Any) -> list[tuple[Any, Any]]:
    """The sizes that have to exceed a bound, with the bound: of (XXᵀ)⁻¹ the columns, of 1/|x|² the coordinates."""
    letters = random_letters(inverse)
    if inverse.is_Matrix:
        shapes = [] if inverse.has(sp.MatAdd) else [turned(x.shape, inverse.shape[0]) for x in letters]
        return [(long, short - 1) for short, long in shapes]
    if isinstance(inverse.base, sp.Determinant):
        return rooms_of_determinant(inverse.base)
    return [(x.shape[0] * x.shape[1], 0) for x in letters if is_squared_length(inverse.base)]


def rooms_of_determinant(node: Any) -> list[tuple[Any, Any]]:
    """The columns that det X·X.T needs to differ from zero, with the bound that they have to exceed."""
    letters = random_letters(node) if isinstance(node, sp.Determinant) and not node.has(sp.MatAdd) else ()
    shapes = [turned(x.shape, node.arg.shape[0]) for x in letters]
    return [(long, short - 1) for short, long in shapes if short != long]


def turned(shape: Any, side: Any) -> list[Any]:
    """The two sizes of a letter, first the one that its Gram matrix of that side has."""
    return [side, shape[0]] if side == shape[1] else [side, shape[1]] if side == shape[0] else by_custom(shape)


def by_custom(shape: Any) -> list[Any]:
    """The two sizes of a letter, its columns last."""
    return sorted(shape, key=lambda n: isinstance(n, Count))


def is_squared_length(base: Any) -> bool:
    """Whether a number is tr(x.T*A*x) with A positive definite: it vanishes where x does, and nowhere else."""
    if not isinstance(base, sp.Trace) or not isinstance(base.arg, sp.MatMul) or base.arg.T != base.arg:
        return False
    random = [part for part in base.arg.args if random_letters(part)]
    return len(random) == 2 and all(part in random or isinstance(part, SPD) for part in base.arg.args)


def has_pole(inverse: Any, inside: Any) -> bool:
    """Whether one over a Gaussian number, or its absolute value, stands beside nothing that vanishes with it."""
    if inverse.is_Matrix or inside.is_Matrix or inverse.exp > -1 or complex_letters(inverse):
        return False
    base = inverse.base.args[0] if isinstance(inverse.base, sp.Abs) else inverse.base
    return is_affine(base) and not (inside / inverse).has(*random_letters(base))


def is_affine(base: Any) -> bool:
    """Whether a number is a Gaussian one: fixed numbers, and projections of random letters."""
    forms = [form for form in base.atoms(sp.Trace) if random_letters(form)]
    once = all(sum(isinstance(node, Random) for node in sp.preorder_traversal(form)) == 1 for form in forms)
    hidden = base.xreplace({form: sp.Dummy() for form in forms})
    return once and not random_letters(hidden) and all(sp.diff(hidden, a).is_number for a in hidden.atoms(sp.Dummy))
