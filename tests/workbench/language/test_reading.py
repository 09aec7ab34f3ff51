"""Notation: hostile text is refused with one sentence and executes nothing; what is printed reads back."""

import sys

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench.errors import BadInput
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import evaluate
from workbench.language import letters as L
from workbench.language.laws import E, gaussian
from workbench.language.printing import latex, text
from workbench.language.reading import read_formula

d, N = L.size("d"), L.count("N")
A, B, Sigma = L.matrix("A", d, d), L.matrix("B", d, d), L.spd("Sigma", d)
F, a, b = L.matrix("F", d, N), L.vector("a", d), L.vector("b", d)
s, t, x = L.scalar("s"), L.positive("t"), gaussian("x", d, cov=Sigma)
LETTERS = {letter.name: letter for letter in (d, N, A, B, Sigma, F, a, b, s, t, x)}

HOSTILE = [
    "__import__('os').system('touch pwned')", "().__class__.__bases__[0].__subclasses__()", "A.__class__",
    "A.T.__init__", "A._args", "A.func(1)", "A.subs(1, 2)", "A.doit()", "A.T()", "A.inv()", "lambda: 1",
    "(lambda: A)()", "[A for A in (1, 2)]", "{A: 1}", "{A}", "[A, B]", "(A, B)", "(i for i in A)", "f'{A}'",
    "f'{__import__(\"os\")}'", "'A'", "...", "None", "True", "eval('1')", "exec('1')", "open('/etc/passwd')",
    "print(A)", "getattr(A, 'T')", "globals()", "sympify('A')", "S('A')", "Symbol('q')", "9**9**9", "9**9**9**9",
    "2**1000", "(2**64)**64", "2**-100000", "A**100000", "A**s", "A**0.5", "s**100", "((s**64)**64)**64",
    "(A**64)**65", "s**(N**9)", "d**d**d**d", "2**(N*s)**9", "factorial(10**6)", "gamma(10**9)", "zeta(3)",
    "A if s else B", "A and B", "not A", "A < B", "A == B", "A // B", "A % 2", "A << 2", "A | B", "A & B", "~A",
    "A[0]", "A[0, None]", "A[:]", "E[A][0]", "x := A", "(y := A)", "A; B", "A = B", "A\nB", "import os", "await A",
    "yield A", "*A", "tr(*A)", "tr(**A)", "tr(A, axis=0)", "tr(x=A)", "tr()", "tr(A, B)", "det()", "inv(A, B)",
    "inv(F)", "det(F)", "tr(F)", "A + F", "F * F", "A / B", "exp(A)", "log(F)", "sqrt(a)", "a + 1", "A**A",
    "had(A, F)", "diag(F)", "I(A)", "diag(1)", "had()", "unknown", "A.t", "Trace(A)", "(" * 3000 + "A" + ")" * 3000,
    "-" * 3000 + "s", "(" * 100 + "s" + ")" * 99, "s" + "+s" * 2100, "A" + ".T" * 200,
    "s" + "*s" * 200, "exp(" * 100 + "s" + ")" * 100,
    "1" * 5000, "1" * 41, "1e400", "1e-400*0+1e999", "nan", "inf", "1j", "0x" + "f" * 60, "", "   ", "\n", "\x00",
    "A\x00", "A\x00B", "Α + B", "ｔｒ(A)", "Ａ", "ａ", "²", "\u202eA", "\ud800",
    '"', "#",
    "A # B", "A \\", "@A", "$A$", 
    r"\frac{1}{0}", r"\log" * 2000, r"\alpha" + "(" * 3000, r"\input{/etc/passwd}",
    "<script>", "{{7*7}}", "%s", "tr(A", "A)", "1/0", "s/0", "0**-1",
    "1/(s-s)",
]  # fmt: skip

EVENTS = []
HARMFUL = (
    "os.system",
    "os.exec",
    "os.spawn",
    "os.posix_spawn",
    "subprocess.Popen",
    "exec",
    "socket.connect",
    "os.remove",
)
sys.addaudithook(lambda event, _: EVENTS.append(event) if event in HARMFUL else None)


@pytest.mark.parametrize("place", range(len(HOSTILE)), ids=lambda place: ascii(HOSTILE[place][:24]))
@pytest.mark.parametrize("like", [None, s, A], ids=["free", "number", "matrix"])
def test_hostile_text_is_refused_and_executes_nothing(place, like, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    EVENTS.clear()
    with pytest.raises(BadInput) as refusal:
        read_formula(HOSTILE[place], LETTERS, like)
    assert EVENTS == [] and list(tmp_path.iterdir()) == []
    sentence = str(refusal.value)
    assert "\n" not in sentence and len(sentence) < 600 and sentence.isprintable()


def test_the_watch_over_execution_can_see():
    EVENTS.clear()
    exec(compile("1", "here", "exec"))
    assert EVENTS == ["exec"]


@settings(max_examples=150)
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(typed):
    try:
        read_formula(typed, LETTERS)
    except BadInput as refusal:
        assert "\n" not in str(refusal)


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from("A B F a s t d N 0 1 2.5 7 + - * / ** .T ( ) tr( inv( det( exp( E[ ] I , ".split(" ")),
        max_size=12,
    )
)
def test_any_word_salad_is_read_or_refused(words):
    try:
        read_formula("".join(words), LETTERS)
    except BadInput as refusal:
        assert "\n" not in str(refusal)


READ = {
    "2*tr(A*Sigma) - d/N": 2 * L.tr(A * Sigma) - d / N,
    "a.T*Sigma*b": a.T * Sigma * b,
    "inv(Sigma + s**2*I(d))": (Sigma + s**2 * sp.Identity(d)).inv(),
    "A @ B": A * B,
    "(A + B)**3 * a": (A + B) ** 3 * a,
    "exp(tr(a.T*Sigma*a)/2)": sp.exp(L.form(a, Sigma, a) / 2),
    "E[x*x.T]": E(x * x.T),
    "1/2*s + 0.25": s / 2 + sp.Rational(1, 4),
    "a*(a.T*b)": a * (a.T * b),
    "det(A)*abs(s)": sp.Determinant(A) * sp.Abs(s),
    "2*pi*t": 2 * sp.pi * t,
    "had(A, B) + diag(a)": sp.HadamardProduct(A, B) + DiagMatrix(a),
    "+s - -t": s + t,
    "Sigma**-1": Sigma.inv(),
}


@pytest.mark.parametrize("typed", READ)
def test_formulas_are_read_as_a_paper_means_them(typed):
    assert read_formula(typed, LETTERS) == READ[typed]


def test_a_product_of_many_factors_is_not_deep():
    product = read_formula("*".join(f"(N - {k})" for k in range(1, 101)), LETTERS)
    assert product.subs(N, 101) == sp.factorial(100)


def test_a_decimal_is_read_exactly():
    assert read_formula("0.1", LETTERS) == sp.Rational(1, 10)
    assert read_formula("1.02*s", LETTERS) == sp.Rational(51, 50) * s


def test_a_formula_takes_the_shape_of_the_claim():
    assert read_formula("a.T*b", LETTERS, like=s) == L.dot(a, b)
    assert read_formula("2", LETTERS, like=A) == 2 * sp.Identity(d)
    assert read_formula("0", LETTERS, like=a) == sp.ZeroMatrix(d, 1)
    assert read_formula("A + 1", LETTERS, like=A) == A + sp.Identity(d)
    with pytest.raises(BadInput, match="this claim needs d×1"):
        read_formula("A", LETTERS, like=a)
    with pytest.raises(BadInput, match="a number is needed"):
        read_formula("A", LETTERS, like=s)


def test_an_unknown_letter_is_answered_with_the_known_ones():
    with pytest.raises(BadInput, match=r"no letter is called 'Lambda'; the letters are A, B, F, N, Sigma"):
        read_formula("Lambda", LETTERS)


squares = st.recursive(
    st.sampled_from([A, B, Sigma, sp.Identity(d), a * b.T]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] - 2 * pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        inner.map(lambda m: m.T),
        inner.map(lambda m: L.tr(m) * m / (N + 1)),
        inner.map(lambda m: sp.HadamardProduct(m, Sigma)),
        inner.map(lambda m: -m * s**2),
        inner.map(lambda m: L.form(a, m, b) ** 2 * Sigma.inv()),
        inner.map(lambda m: sp.Determinant(m) * B**2),
    ),
    max_leaves=4,
)


@settings(max_examples=60)
@given(expression=squares, seed=st.integers(0, 9).map(str))
def test_what_is_printed_reads_back_as_the_same_value(expression, seed):
    again = read_formula(text(expression), LETTERS, like=A)
    point = draw(letters_of(expression, again, A), seed, {"d": 2, "N": 3})
    assert np.array_equal(evaluate(expression, point), evaluate(again, point))


@settings(max_examples=60)
@given(expression=squares)
def test_latex_has_balanced_braces(expression):
    written = latex(expression)
    assert written.count("{") == written.count("}")
    assert written.count(r"\left") == written.count(r"\right")


@pytest.mark.parametrize(
    ("expression", "typed", "set_"),
    [
        (L.tr(A * Sigma) / N, "tr(A*Sigma)/N", r"\operatorname{tr}"),
        (L.dot(a, b), "a.T*b", r"a^{\top} b"),
        (E(x * x.T), "E[x*x.T]", r"\mathbb{E}\left["),
        ((Sigma + A).inv(), "inv(A + Sigma)", r"^{-1}"),
        (sp.Identity(d), "I(d)", "I"),
        (a.T * (A + B).T * b, "a.T*(A.T + B.T)*b", r"\top"),
    ],
)
def test_printing_is_what_a_paper_writes(expression, typed, set_):
    assert text(expression) == typed
    assert set_ in latex(expression)


def test_a_very_long_formula_is_not_set():
    assert "characters" in latex(sum((L.tr(A**k) * s**k for k in range(2, 200)), sp.S.Zero))


def test_every_kind_of_letter_is_set_by_its_name():
    kinds = [L.scalar, L.positive, L.probability, L.size, L.count]
    assert [latex(kind("z")) for kind in kinds] == ["z"] * len(kinds)
    shaped = [L.vector, L.unit_vector, L.symmetric, L.spd, L.orthogonal]
    assert [latex(kind("Z", L.size("d"))) for kind in shaped] == ["Z"] * len(shaped)


@pytest.mark.parametrize(
    ("name", "set_"),
    [
        ("noise", r"\operatorname{noise}"), ("vstar", r"v_{\star}"), ("lam", r"\lambda"), ("lamda", r"\lambda"),
        ("Sigma", r"\Sigma"), ("sigma_1", r"\sigma_{1}"), ("time_1", r"\operatorname{time}_{1}"), ("u1", "u_{1}"),
    ],
)  # fmt: skip
def test_a_word_is_set_as_a_word_and_not_as_a_product(name, set_):
    assert latex(L.scalar(name)) == latex(L.vector(name, L.size("d"))) == set_


@pytest.mark.parametrize("typed", ["a**2", "a**-1", "(-1)**(1/2)*a", "inv(a)"])
def test_powers_and_roots_that_do_not_exist_are_refused(typed):
    with pytest.raises(BadInput):
        read_formula(typed, {"a": L.vector("a", L.size("d"))})


def test_special_functions_lists_and_powers_of_a_letter_are_typed():
    gamma = L.scalar("gamma")
    letters = {**LETTERS, "gamma": gamma}
    assert read_formula("gamma*gamma(1 + gamma)", letters) == gamma * sp.gamma(1 + gamma)
    assert text(read_formula("owens_t(gamma, s)", letters)) == "owens_t(gamma, s)"
    with pytest.raises(BadInput, match="too large"):
        read_formula("gamma(10**9)", letters)
    assert read_formula("(I - A)**(2*N)", letters, like=A) == (sp.Identity(d) - A) ** (2 * N)
    assert read_formula("[[gamma, 1], [0, gamma]]", letters) == sp.ImmutableMatrix([[gamma, 1], [0, gamma]])
