r"""Means through |x|: a polynomial times powers and logarithms of the squared length of Gaussian letters.

Where y = Σ|xᵢ|² is v·χ²ₙ, it is independent of the direction of the xᵢ. So for p of degree m in them

    E[p(x) yˢ] = E[p(x)] · (2v)ˢ Γ(ν/2 + s)/Γ(ν/2),     ν = n + m,

finite just when ν + 2s > 0, and each factor log y differentiates in s. The same with s = −m/2 turns a function of a
random direction into one of a Gaussian vector. (Muirhead, *Aspects of multivariate statistical theory*, 1982, 1.5.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import comb
from typing import Any

from sympy import Abs, Add, Dummy, Expr, Heaviside, MatMul, Max, Min, Mul, Pow, S, Trace, gamma, log, polygamma, sign

from workbench.calculus.algebra import terms
from workbench.calculus.errors import NoSuchMoment, NotPolynomial
from workbench.language.laws import Gaussian, Haar, gaussian, random_letters

Mean = Callable[[Any], Any]
PRODUCTS = (Mul, MatMul, Trace)
HOMOGENEOUS = (Abs, Max, Min)  # of degree one in their arguments
SIGNS = (sign, Heaviside)


@dataclass(frozen=True)
class Length:
    """A squared length: base = v·χ² with n degrees of freedom, in some Gaussian letters."""

    base: Expr
    letters: tuple[Gaussian, ...]
    v: Expr

    @cached_property
    def n(self) -> Expr:
        return Add(*(x.rows * x.cols for x in self.letters))

    def factor(self, degree: Expr, power: Expr, logarithms: int) -> Expr:
        """E[p y^power log^logarithms y]/E[p] for p of that degree. Raises NoSuchMoment where it is infinite."""
        nu = terms.expand(self.n + degree)
        if terms.expand(nu + 2 * power).is_nonpositive:
            raise NoSuchMoment(
                f"a power {power} of {self.base} beside a polynomial of degree {degree} has no mean in dimension "
                f"{self.n}: it needs dimension + degree > {-2 * power}"
            )
        slopes = [log(2 * self.v) + polygamma(0, nu / 2 + power)]
        slopes += [polygamma(j, nu / 2 + power) for j in range(1, logarithms)]
        moments = [S.One]
        for k in range(logarithms):
            moments.append(Add(*(comb(k, j) * slopes[j] * moments[k - j] for j in range(k + 1))))
        return chi_moment(self.v, nu, power) * moments[-1]


def chi_moment(v: Expr, nu: Expr, power: Expr) -> Expr:
    """E yˢ of y = v·χ² with ν degrees of freedom: a product where s is whole, a ratio of Γ elsewhere."""
    if not power.is_Integer:
        return (2 * v) ** power * gamma(nu / 2 + power) / gamma(nu / 2)
    if power >= 0:
        return v**power * Mul(*(nu + 2 * j for j in range(int(power))))
    return v**power / Mul(*(nu - 2 * j for j in range(1, 1 - int(power))))


def length_in(part: Any, letters: tuple[Any, ...]) -> Length | None:
    """The squared length, of most letters, whose powers or logarithms an integrand holds; None where there is none."""
    nodes = [node for node in part.atoms(Pow, log) if random_letters(node).intersection(letters)]
    bases = {node.args[0] for node in nodes if not (isinstance(node, Pow) and node.exp.is_Integer and node.exp > 0)}
    found = [length for base in sorted(bases, key=str) if (length := squared_length(base, letters))]
    return max(found, key=lambda length: len(length.letters), default=None)


def squared_length(base: Expr, letters: tuple[Any, ...]) -> Length | None:
    """A number read as v·χ²: a sum of cᵢ tr(xᵢᵀ Cᵢ xᵢ Kᵢ) whose matrices undo the covariances of centred letters."""
    found: dict[Any, Expr] = {}
    for summand in Add.make_args(terms.normal(base)):
        coefficient, form = summand.as_independent(Trace)
        word, scale = form_in(form)
        if word is None or random_letters(coefficient):
            return None
        places = [i for i, (atom, _) in enumerate(word) if atom in letters]
        if len(places) != 2 or any(random_letters(atom) for i, (atom, _) in enumerate(word) if i not in places):
            return None
        (i, j), x = places, word[places[0]][0]
        faces = word[j][1] != word[i][1] or x.shape == (1, 1)
        if word[j][0] != x or not faces or x in found or x.mean != 0 * x.mean:
            return None
        inner, outer = word[i + 1 : j], (*word[j + 1 :], *word[:i])
        rows, columns = (inner, outer) if word[i][1] else (outer, inner)
        sides = [(rows, x.cov, x.rows), (columns, x.token_cov, x.cols)]
        scales = [undone(*side) for side in sides]
        if None in scales:
            return None
        found[x] = coefficient * scale * Mul(*scales)
    values = set(map(terms.expand, found.values()))
    return Length(base, tuple(found), values.pop()) if len(values) == 1 else None


def form_in(form: Expr) -> tuple[terms.Word | None, Expr]:
    """The word of a trace with its scale; the square of a number g is the trace of gᵀg."""
    if isinstance(form, Pow) and form.exp == 2 and isinstance(form.base, Trace) and form.base.arg.shape == (1, 1):
        ((word, scale),) = terms.words(form.base.arg).items()
        return (terms.reverse(word) + word, scale**2) if len(word) == 1 else (None, scale)
    if not isinstance(form, Trace):
        return None, S.Zero
    ((word, scale),) = terms.words(form.arg).items()
    return word, scale


def undone(word: terms.Word, cov: Any, size: Any) -> Expr | None:
    """The number c with C·cov = c·I, where there is one."""
    product = terms.words(MatMul(terms.matrix({word: S.One}, (size, size)), cov))
    return product[()] if list(product) == [()] else None


def length_mean(part: Any, length: Length, mean: Mean) -> Any:
    """The mean of an integrand with powers and logarithms of a squared length; `mean` averages what is beside."""
    parts = [mean(beside) * factor for beside, factor in by_powers(part, length)]
    return terms.tidy(Add(*parts)) if getattr(part, "is_Matrix", False) else Add(*parts)


def by_powers(part: Any, length: Length) -> Iterator[tuple[Any, Expr]]:
    """The integrand as a sum of p·y^power·log(y)^logarithms: each p, and what its mean is multiplied by."""
    y = Dummy("y", positive=True)
    plain = part.replace(
        lambda node: isinstance(node, Pow | log) and node.args[0] == length.base,
        lambda node: node.func(y, *node.args[1:]),
    )
    is_matrix = getattr(part, "is_Matrix", False)
    words = terms.words(plain) if is_matrix else {None: terms.normal(plain)}
    for word, coefficient in words.items():
        body = S.One if word is None else terms.matrix({word: S.One}, part.shape)
        gathered: dict[Expr, Expr] = {}
        for summand in Add.make_args(terms.expand(coefficient)):
            beside, power, logarithms = read_powers(summand, y, length)
            factor = S.One
            if power != 0 or logarithms:
                factor = length.factor(degree_in(beside * body, length.letters), power, logarithms)
            gathered[factor] = gathered.get(factor, S.Zero) + beside
        yield from ((beside * body, factor) for factor, beside in gathered.items())


def read_powers(summand: Expr, y: Dummy, length: Length) -> tuple[Expr, Expr, int]:
    """One product as (what stands beside, the power of y, the number of its logarithms)."""
    power, logarithms, beside = S.Zero, 0, S.One
    for part in Mul.make_args(summand):
        base, exponent = part.as_base_exp()
        if base == y and not exponent.has(y):
            power += exponent
        elif base == log(y) and exponent.is_Integer and exponent > 0:
            logarithms += int(exponent)
        elif part.has(y):
            raise NotPolynomial(
                f"only powers and logarithms of {length.base} are averaged, and {part.xreplace({y: length.base})} "
                "is neither; expand it first"
            )
        else:
            beside *= part
    return beside, power, logarithms


def degree_in(node: Any, letters: tuple[Any, ...]) -> Expr:
    """The degree of homogeneity in some letters. Raises NotPolynomial where there is none."""
    if node in letters:
        return S.One
    if not getattr(node, "has", lambda *_: False)(*letters):
        return S.Zero
    if isinstance(node, SIGNS):
        degree_in(node.args[0], letters)
        return S.Zero
    degrees = [degree_in(part, letters) for part in node.args if part != 0]
    if isinstance(node, Pow) and not node.exp.has(*letters):
        return node.exp * degrees[0]
    if node.is_Mul or node.is_MatMul or (len(degrees) == 1 and not node.is_Function):
        return Add(*degrees)
    if (node.is_Add or isinstance(node, HOMOGENEOUS)) and len(set(degrees)) == 1:
        return degrees[0]
    raise NotPolynomial(
        f"{node} is not homogeneous in {', '.join(x.name for x in letters)}, so its mean beside a length is not "
        "that of a direction times that of a length; expand it first"
    )


def direction_mean(inside: Any, u: Haar, mean: Callable[[Any, Gaussian], Any]) -> Any:
    """The mean over a uniformly random direction of what is homogeneous in it, by a Gaussian vector."""
    if u.cols != 1:
        raise NotPolynomial(f"{u} is no single direction")
    x = gaussian(f"{u.name} as a Gaussian direction", u.rows)
    inside = inside.xreplace({u: x})
    length = Length(Trace(x.T * x), (x,), S.One)
    found: dict[Expr, list[Any]] = {}
    for part in inside.args if inside.is_Add or inside.is_MatAdd else (inside,):
        found.setdefault(degree_in(part, (x,)), []).append(part)
    parts = [mean(Add(*same), x) / length.factor(S.Zero, degree / 2, 0) for degree, same in found.items()]
    return Add(*parts)
