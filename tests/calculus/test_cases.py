"""The conformance cases: published tables, packages and papers, through the public door.

`cases/moments.json` names the source of each case. What is averaged or differentiated is written
out here by hand, once per case; what is expected is read from the file by a reader of arithmetic.
"""

import ast
import json
import operator
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from flint import fmpq
from sympy import Determinant, HadamardProduct, Identity, Max, OneMatrix, Rational, Trace, erf, exp, log
from sympy.matrices.expressions.diagonal import DiagonalOf

from workbench.calculus import expect, gradient, polynomial, same
from workbench.calculus.agreement import agree
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate
from workbench.language.complex_gaussians import complex_gaussian
from workbench.language.laws import E, gaussian
from workbench.language.letters import (
    count,
    dot,
    form,
    matrix,
    positive,
    scalar,
    size,
    spd,
    symmetric,
    tr,
    unit_vector,
    vector,
)  # fmt: skip

CASES = {
    case["id"]: case for case in json.loads((Path(__file__).parent / "cases" / "moments.json").read_text())["cases"]
}

d, n, m, N = size("d"), count("n"), size("m"), count("N")
S, P = spd("S", d), spd("P", n)
A, B, C, T = matrix("A", d, d), matrix("B", d, d), matrix("C", d, d), matrix("X", d, d)
An, Cn = matrix("A", n, n), matrix("C", n, n)
As, Bs, Cs = symmetric("A", d), symmetric("B", d), symmetric("C", d)
X, Z, Y = gaussian("X", d, n, cov=S), gaussian("Z", d, n), gaussian("Y", m, n)
XP = gaussian("X", d, n, cov=S, token_cov=P)
x, z = gaussian("x", d, cov=S), gaussian("z", d)
G = gaussian("G", N, N)
W, V, M = X * X.T, Z * Z.T, G + G.T  # M is √2 times the orthogonal ensemble
CZ, CX, CG, cz = (  # complex: standard, with a covariance, square, one number
    complex_gaussian("Z", d, n), complex_gaussian("X", d, n, cov=S), complex_gaussian("G", N, N),
    complex_gaussian("z", 1),
)  # fmt: skip
CV, CW, CM = CZ * CZ.H, CX * CX.H, CG + CG.H  # CM is √2 times the unitary ensemble
HALF, FIFTH, THIRD = Rational(1, 2), Rational(1, 5), Rational(1, 3)

MEANS = {
    "pyrtni2-real-wishart-k2": tr(V**2),
    "pyrtni2-real-wishart-k3": tr(V**3),
    "wm-k2-1": W**2,
    "wm-k3-0": tr(W) ** 2 * W,
    "wm-k3-2": W**3,
    "wm-k4-0": tr(W) ** 3 * W,
    "wm-k4-4": W**4,
    "wm-k5-2": 4 * FIFTH * tr(W**2) * tr(W) * W**2 + FIFTH * tr(W**2) ** 2 * W,
    "wm-k5-3": 3 * FIFTH * tr(W) ** 2 * W**3 + 2 * FIFTH * tr(W**3) * tr(W) * W,
    "wm-k5-4": 3 * FIFTH * tr(W**2) * W**3 + 2 * FIFTH * tr(W**3) * W**2,
    "wm-k5-5": 4 * FIFTH * tr(W) * W**4 + FIFTH * tr(W**4) * W,
    "wm-k5-6": W**5,
    "wishmom-sym-1": tr(W) ** 4,
    "tg-chisq-k5": tr(z.T * z) ** 5,
    "tg-chisq-k8": tr(z.T * z) ** 8,
    "tg-quadratic": Z * An * Z.T,
    "tg-quartic-cov": XP * An * XP.T * B * XP * Cn * XP.T,
    "seber-quad3": form(x, As, x) ** 3,
    "magnus-quad1": form(x, As, x),
    "magnus-quad2": form(x, As, x) ** 2,
    "magnus-quad5": form(x, As, x) ** 5,
    "magnus-quad6": form(x, As, x) ** 6,
    "magnus-quad8": form(x, As, x) ** 8,
    "taucet-cov": tr(A * W) * tr(B * W),
    "magnus-3quad": form(x, As, x) * form(x, Bs, x) * form(x, Cs, x),
    "two-1": tr(Z * Y.T * Y * Z.T),
    "oeis-goe-k1": HALF * tr(M**2),
    "oeis-goe-k2": HALF**2 * tr(M**4),
    "oeis-goe-k3": HALF**3 * tr(M**6),
    "oeis-goe-k4": HALF**4 * tr(M**8),
    **{f"pyrtni2-cplx-wishart-k{k}": tr(CV**k) for k in (1, 2, 4, 5)},
    **{f"oeis-A035309-k{k}": HALF**k * tr(CM ** (2 * k)) for k in (2, 3, 6)},
    "wishmom-sym-3": tr(CW) ** 4,
}
GRADIENTS = {
    "grad-axbxt": tr(A * T * B * T.T),
    "grad-sum2": tr(T) + tr(T**2),
    "grad-trsq": tr(Identity(d) - T) ** 2,
    "grad-logdet": log(Determinant(T)),
    "grad-inv": tr(T.inv() * A),
}
LEADING = {f"oeis-A001263-k{k}": (tr(V**k), k + 1) for k in (3, 4, 5, 8, 10)}
SEQUENCES = {
    "oeis-A001147": [(tr(V**k), {d: 1, n: 1}) for k in range(1, 9)],
    "oeis-A000165": [(tr(z.T * z) ** k, {d: 2}) for k in range(1, 9)],
    "oeis-A000142": [(tr(CV**k), {d: 1, n: 1}) for k in range(1, 9)],
}
COEFFICIENTS = {"proto-real-k12-nd": (tr(V**12), n * d)}
COVARIANCE, UNIT = [[25, 49], [49, 109]], [[1, 0], [0, 1]]
NUMBERS = {
    "wishmom-num-1": (tr(W) ** 4, 20, COVARIANCE),
    "wishmom-num-inv-2": (tr(W.I) ** 2 * tr(W.I**3) * W.I**2, 20, COVARIANCE),
    "wishmom-exist-1": (tr(W.I), 5, UNIT),
}
INVERSES = {
    "wm-inv-k2-1": W.I**2,
    "wm-inv-k3-0": tr(W.I) ** 2 * W.I,
    "wm-inv-k3-1": Rational(2, 3) * tr(W.I) * W.I**2 + THIRD * tr(W.I**2) * W.I,
    "wishmom-isym-1": tr(W.I) ** 4,
    "wishmom-isym-4": tr(CW.I) * tr(CW.I**2) * CW.I,
}
a, mu = vector("a", d), vector("mu", d)
s2, q1, q2, c, rho = positive("s2"), positive("q1"), positive("q2"), scalar("c"), scalar("rho")
v = gaussian("v", d, mean=mu, cov=S)
f, g = unit_vector("f", 2), unit_vector("g", 2)
PLANE = spd("R", 2)
p = gaussian("p", 2, cov=PLANE)  # two correlated numbers, read along f and g
u1, u2 = dot(f, p), dot(g, p)
JOINT = {form(f, PLANE, f): q1, form(g, PLANE, g): q2, form(f, PLANE, g): c, form(g, PLANE, f): c}
CORRELATED = {form(f, PLANE, f): 1, form(g, PLANE, g): 1, form(f, PLANE, g): rho, form(g, PLANE, f): rho}
PROJECTIONS = {
    "nl-relu-1": (Max(0, u1), {form(f, PLANE, f): s2}),
    "nl-relu-stein": (Max(0, dot(a, x)) * x, {}),
    "nl-arccos1": (Max(0, u1) * Max(0, u2), CORRELATED),
    "nl-erf-erf": (erf(u1) * erf(u2), JOINT),
    "nl-exp": (exp(dot(a, v)), {}),
    "nl-exp-xx": (exp(dot(a, x)) * x * x.T, {}),
    "nl-price": (erf(u1) * erf(u2), JOINT),
}
ENTRYWISE = {"had-xx": HadamardProduct(X, X)}
DONE = (MEANS, GRADIENTS, LEADING, SEQUENCES, COEFFICIENTS, NUMBERS, INVERSES, PROJECTIONS, ENTRYWISE)

LETTERS = {
    "d": d, "n": n, "m": m, "N": N, "S": S, "P": P, "A": A, "B": B, "C": C, "X": T, "Id": Identity(d),
    "a": a, "mu": mu, "s2": s2, "q1": q1, "q2": q2, "c": c, "rho": rho, "pi": sp.pi,
}  # fmt: skip
INSIDE = {c: fmpq(1, 16), rho: fmpq(-3, 8), q1: fmpq(5, 8), q2: fmpq(3, 2)}  # a positive definite joint law
BY_KIND = {
    "matrix Gaussian": {"A": An},
    "matrix normal, both covariances": {"A": An, "C": Cn},
    "vector Gaussian": {"A": As, "B": Bs, "C": Cs},
}
OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip
CALLS = {
    "Matrix": lambda rows: sp.ImmutableMatrix(rows), "exp": lambda power: exp(Trace(power)),
    "sqrt": sp.sqrt, "acos": sp.acos, "asin": sp.asin,
    "tr": Trace, "dg": DiagonalOf, "ones": lambda length: OneMatrix(length, 1), "had": HadamardProduct,
}  # fmt: skip


def read(node, letters):
    """The value of a parsed arithmetic text; anything but arithmetic is a KeyError."""
    if isinstance(node, ast.Constant):
        return sp.Integer(node.value)
    if isinstance(node, ast.Name):
        return letters[node.id]
    if isinstance(node, ast.UnaryOp):
        return -read(node.operand, letters)
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](read(node.left, letters), read(node.right, letters))
    if isinstance(node, ast.Attribute):
        return {"T": lambda value: value.T}[node.attr](read(node.value, letters))
    if isinstance(node, ast.Call):
        return CALLS[node.func.id](*[read(part, letters) for part in node.args])
    elements = {ast.List: lambda: node.elts}[type(node)]()
    return [read(part, letters) for part in elements]


def expected(name):
    """What a case says the answer is."""
    case = CASES[name]
    text = ast.parse(case["expected"], mode="eval").body
    return read(text, LETTERS | BY_KIND.get(case["kind"], {}))


def equal(left, right):
    """Whether two expressions are the same trace polynomial."""
    return same(polynomial(left), polynomial(right))


@pytest.mark.parametrize("name", MEANS)
def test_published_means(name):
    assert equal(expect(E(MEANS[name])), expected(name))


@pytest.mark.parametrize("name", GRADIENTS)
def test_published_gradients(name):
    assert equal(gradient(GRADIENTS[name], T), expected(name))


@pytest.mark.parametrize("name", LEADING)
def test_leading_parts_count_noncrossing_partitions(name):
    expression, degree = LEADING[name]
    terms = sp.Poly(expect(E(expression)), n, d).terms()
    leading = sum(c * n**i * d**j for (i, j), c in terms if i + j == degree)
    assert sp.expand(leading - expected(name)) == 0
    assert max(i + j for (i, j), _ in terms) == degree


@pytest.mark.parametrize("name", SEQUENCES)
def test_integer_sequences(name):
    assert [expect(E(expression)).subs(sizes) for expression, sizes in SEQUENCES[name]] == expected(name)


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_single_coefficients(name):
    expression, monomial = COEFFICIENTS[name]
    assert sp.Poly(expect(E(expression)), n, d).coeff_monomial(monomial) == expected(name)


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers(name):
    expression, tokens, covariance = NUMBERS[name]
    point = {n: fmpq(tokens), d: fmpq(2), S: np.array([[fmpq(entry) for entry in row] for row in covariance])}
    answer = evaluate(expect(E(expression)), point)
    agree(answer, evaluate(expected(name), {}), name)


@pytest.mark.parametrize("name", INVERSES)
def test_published_inverse_means(name):
    for sizes in ({"d": 2, "n": 12}, {"d": 3, "n": 14}):
        answer = expect(E(INVERSES[name]))
        point = draw(letters_of(answer, expected(name)), name, sizes)
        agree(evaluate(answer, point), evaluate(expected(name), point), name)


@pytest.mark.parametrize("name", PROJECTIONS)
def test_published_means_of_projections(name):
    expression, meaning = PROJECTIONS[name]
    answer = expect(E(expression)).xreplace(meaning)
    answer = sp.diff(answer, c) if name == "nl-price" else answer
    for seed in ("0", "1"):
        point = draw(letters_of(answer, expected(name)), f"{name}/{seed}", {"d": 2})
        point |= {letter: value for letter, value in INSIDE.items() if letter in point}
        agree(evaluate(answer, point, Balls()), evaluate(expected(name), point, Balls()), name)


@pytest.mark.parametrize("name", ENTRYWISE)
def test_published_entrywise_means(name):
    assert equal(expect(E(ENTRYWISE[name])), expected(name))


def test_every_case_is_run():
    run = [name for table in DONE for name in table]
    assert len(run) == len(set(run)) and set(run) == set(CASES)


@pytest.mark.parametrize("name", ["wm-k3-2", "magnus-quad5", "tg-quartic-cov", "grad-axbxt", "wishmom-sym-3"])
def test_a_changed_expectation_is_noticed(name):
    answer = expect(E(MEANS[name])) if name in MEANS else gradient(GRADIENTS[name], T)
    assert not equal(answer, 2 * expected(name))


@pytest.mark.parametrize("k", [2, 4, 5])
def test_the_real_moments_are_no_complex_ones(k):
    assert not equal(expect(E(tr(V**k))), expected(f"pyrtni2-cplx-wishart-k{k}"))


def test_a_complex_number_is_the_first_case_of_a_complex_matrix():
    assert [expect(E(tr(cz * cz.H) ** k)) for k in range(1, 9)] == expected("oeis-A000142")


def test_the_reader_reads_arithmetic_only():
    for hostile in ("__import__('os')", "d.__class__", "[d for d in S]", "lambda: d", "d if d else d"):
        with pytest.raises(KeyError):
            read(ast.parse(hostile, mode="eval").body, LETTERS)
