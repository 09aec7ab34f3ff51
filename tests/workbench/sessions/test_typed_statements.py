"""Typed statements: one line in, a verdict, a witness and a correction out; the text is never evaluated.

`cases/one_liners.txt` holds twenty statements that a newcomer might type, right and wrong ones, written before
there was a grammar for them (a case list of this project); `correct: line n` names the correction looked for.
"""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from workbench.calculus.agreement import agree
from workbench.cli import cli
from workbench.errors import BadInput
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import value
from workbench.language import letters as L
from workbench.language.reading import read_formula
from workbench.sessions.answers import check
from workbench.sessions.declarations import declared
from workbench.sessions.equations import read_equation

LINES = (Path(__file__).parent / "cases" / "one_liners.txt").read_text(encoding="utf-8").splitlines()
FORM = re.compile(r"(\d+)\s+(right|wrong)\s+(.*?)(?:\s{3,}(.*))?")
CASES = {int(m[1]): (m[2], m[3].strip(), m[4] or "") for line in LINES if (m := FORM.fullmatch(line))}


@pytest.mark.parametrize("number", CASES)
def test_a_newcomers_statement_gets_its_verdict_and_its_correction(number):
    expected, statement, note = CASES[number]
    answer = check(statement)
    assert answer.status == {"right": "supported", "wrong": "refuted"}[expected], answer.reason
    assert bool(answer.witness) == bool(answer.correction) == (expected == "wrong")
    if wanted := re.search(r"correct: line (\d+)", note):
        truth = read_equation(CASES[int(wanted[1])][1])
        corrected = read_formula(answer.correction["formula"], truth.letters, like=truth.right)
        for seed in range(3):
            point = draw(letters_of(corrected, truth.right), str(seed), hypotheses=truth.hypotheses)
            agree(value(corrected, point), value(truth.right, point), "the correction")


def test_all_twenty_cases_are_read():
    assert sorted(CASES) == list(range(1, 21))


def test_hypotheses_that_nothing_satisfies_are_refused_in_a_sentence():
    with pytest.raises(BadInput, match="nothing to judge: no instance"):
        check("E[z**2] == t", "t > 2; t < 1")
    assert "--where" not in check("E[z**2] == 2", "").replay


def test_a_slip_that_symmetry_hides_has_a_witness_of_two_dimensions():
    witness = check(CASES[5][1]).witness
    assert witness["instance"].startswith("d = 2")


@pytest.mark.parametrize(
    ("statement", "where", "status"),
    [
        ("tr(A*B) == tr(B*A)", "", "supported"),
        ("tr(A*B) == tr(A*B.T)", "", "refuted"),
        ("grad(tr(W*A*W.T), W) == W*(A + A.T)", "", "supported"),
        ("E[Y.T*Y] == tr(S)*I(n)", "k: size; n: count; S: spd k; Y: k×n ~ N(0, S)", "supported"),
        ("E[Y.T*Y] == tr(S)*K", "k: size; n: count; S: spd k; K: spd n; Y: k×n ~ N(0, S, K)", "supported"),
        ("E[(x - mu)*(x - mu).T] == Sigma", "x ~ N(mu, Sigma)", "supported"),
        ("E[exp(a.T*x)*x]/E[exp(a.T*x)] == Sigma*a", "", "supported"),
        ("E[exp(a.T*x)*x]/E[exp(a.T*x)] == 2*Sigma*a", "", "refuted"),
        ("E[p*q] == rho*g", "(p, q) ~ N(0, [[g**2, rho*g], [rho*g, 1]])", "supported"),
        ("E[u**2*v**2] == 1 + 2*rho**2", "", "supported"),
        ("N*Sigma == E[X*X.T]", "", "supported"),
        ("E[cosh(z)] == exp(1/2)", "", "supported"),
        ("E[cosh(z)] == exp(1)", "", "refuted"),
        ("E[had(X, X)] == diag(Sigma)*ones(d, N)", "", "supported"),
        ("E[norm(x)**4] == tr(Sigma)**2 + 2*tr(Sigma**2)", "", "supported"),
        ("E[step(u)*step(v)] == 1/4 + asin(rho)/(2*pi)", "", "supported"),
        ("Var[x.T*A*x] == tr(A*Sigma*A*Sigma) + tr(A*Sigma*A.T*Sigma)", "", "supported"),
        ("Var[x.T*A*x] == 2*tr(A*Sigma*A*Sigma)", "", "refuted"),
        ("Cov[x.T*A*x, x.T*B*x] == 2*tr(A*Sigma*B*Sigma)", "A: symmetric d; B: symmetric d", "supported"),
        ("Var(X*a) == a.T*a*Sigma", "", "supported"),
        ("E[W*A*W] == N*(N*Sigma*A*Sigma + Sigma*A.T*Sigma + tr(A*Sigma)*Sigma)", "W = X*X.T", "supported"),
        ("E[tr(M**4)] == 2*N**3 + 5*N**2 + 5*N", "M = (G + G.T)/sqrt(2); G: N×N ~ N(0, I)", "supported"),
        ("E[det(X*X.T)] == det(Sigma)*N*(N - 1)", "d = 2", "supported"),
        ("E[X*X.T] == N*S", "X ~ N(0, S); S = theta*v*v.T + I(d); v: unit d; theta: positive", "supported"),
        ("E[X*X.T] == 5*Sigma", "N: 5; X: (d, N) ~ N(0, Sigma)", "supported"),
        ("E[inv(W)] == inv(Sigma)/(N - d - 1)", "W ~ Wishart(N, Sigma)", "supported"),
        ("E[x*x.T] == I + mu*mu.T", "x ~ q*N(mu, I) + (1 - q)*N(-mu, I); q: probability; mu: d", "supported"),
        ("E[x] == mu", "x ~ q*N(mu, I) + (1 - q)*N(-mu, I); q: probability; mu: d", "refuted"),
        ("E[diag(o)*A*diag(o)] == q**2*A + q*(1 - q)*had(A, I)", "o: d ~ Bernoulli(q); q: probability", "supported"),
        ("Var[o] == q*(1 - q)", "o ~ Bernoulli(q); q: probability", "supported"),
        ("E[(s.T*A*s)**2] == tr(A)**2 + tr(A*A) + tr(A*A.T) - 2*tr(had(A, I)*A)", "s: d ~ Rademacher", "supported"),
        ("E[(s.T*A*s)**2] == tr(A)**2 + tr(A*A) + tr(A*A.T)", "s: d ~ Rademacher", "refuted"),
        ("E[s.T*s] == d", "s: d ~ Rademacher", "supported"),
        ("E[e*e.T] == I(N)/N", "e: N ~ OneHot", "supported"),
        ("E[abs(a.T*(x - y))] == 2*sqrt(a.T*Sigma*a/pi)", "x, y ~ N(0, Sigma)", "supported"),
        ("E[relu(a.T*s)] == 2", "s: d ~ Rademacher", "refuted"),
        ("E[P] == r/d*I", "P = H*H.T; H ~ Haar(d, r); r: size; r < d", "supported"),
        ("E[H.T*H] == I(r)", "H ~ Haar(d, r)", "supported"),
        ("E[H*H.T] == I", "H ~ Haar(d, r)", "refuted"),
        ("E[(u.T*A*u)*u*u.T] == (tr(A)*I + A + A.T)/(d*(d + 2))", "u: d ~ Sphere; A: d×d", "supported"),
        ("E[(u.T*A*u)*u*u.T] == (tr(A)*I + A + A.T)/d**2", "u: d ~ Sphere; A: d×d", "refuted"),
        ("E[relu(a.T*X*e)] == sqrt(a.T*Sigma*a/(2*pi))", "e: N ~ OneHot", "supported"),
        ("E[relu(a.T*X*e)] == sqrt(a.T*Sigma*a/pi)", "e: N ~ OneHot", "refuted"),
        ("E[had(H, H)] == ones(d, d)/d", "H ~ Haar(d)", "supported"),
        ("E[(x.T*y)**2] == tr(Sigma**2)", "x, y ~ N(0, Sigma)", "supported"),
        ("E[z*tanh(z)] == E[1 - tanh(z)**2]", "", "supported"),
        ("E[z*tanh(z)] == E[tanh(z)**2]", "", "refuted"),
        ("grad(E[erf(u)*erf(v)], rho) == 4/(pi*sqrt(9 - 4*rho**2))", "", "supported"),
        ("tr(Q*A*Q.T) == tr(A)", "Q: orthogonal d", "supported"),
        ("E[1/(x.T*x)] == 1/(d - 2)", "x ~ N(0, I)", "supported"),
        ("E[norm(x)] == sqrt(2)*gamma((d + 1)/2)/gamma(d/2)", "x ~ N(0, I)", "supported"),
        ("E[x.T*x/(x.T*x + y.T*y)] == 1/2", "x, y ~ N(0, I)", "supported"),
        (
            "E[tr(inv(X*X.T))**2] == ((N-d-2)*tr(inv(Sigma))**2 + 2*tr(inv(Sigma)**2))/((N-d)*(N-d-1)*(N-d-3))",
            "",
            "supported",
        ),
    ],
)
def test_other_statements_are_judged(statement, where, status):
    answer = check(statement, where)
    assert answer.status == status, (answer.reason, answer.compared)


ON_PAPER = [
    "E[X X^T] = NΣ", "E[x xᵀ] == Σ",
    "E[x⊤x] = tr Σ".replace("tr Σ", "tr(Σ)"), "E[x·x'] ≡ Σ.", "𝔼[λz²] = λ", "e[z^4] = 3",
    "E[2x] = 0", "E[tr((X X')^2)] = N(N+1)tr(Σ^2) + N tr(Σ)^2", "E[X*X.T] == N*Σ where N ≥ 3",
    "E[lambda*z**2] == lambda", "E[(x - mu)'Σ⁻¹(x - mu)] = d where x ∼ N(μ, Σ)",
]  # fmt: skip


@pytest.mark.parametrize("statement", ON_PAPER)
def test_a_statement_may_be_written_as_on_paper(statement):
    assert check(statement).status == "supported"


def test_a_right_statement_that_only_a_blunt_measurement_meets_is_undecided_and_says_how_sharp_it_was():
    answer = check("E[abs(x.T*y)] == 2*gamma((d+1)/2)/(sqrt(pi)*gamma(d/2))", "x ~ N(0, I); y ~ N(0, I)")
    assert answer.status == "undecided" and "measured only" in answer.reason


VANISHING = [
    "E[X*X.T] == M*Sigma",
    "E[tr(Z*Z.T)] == N*d + (d-1)*(d-2)*(d-3)",
    "E[tr(Z*Z.T)] == N*d + (N-1)*(N-2)*(N-3)*(N-4)*(N-5)*(N-7)",
    "E[X*X.T] == min(N, 12)*Sigma",
    "min(g, 100) == g",
    "abs(10 - t) == 10 - t",
    "acos(cos(g)) == g",
    "E[max(t - 500, 0)*z**2] == 0",
    "E[tr(X*X.T)] == N*tr(Sigma) + (N-d-1)*(N-d-2)*(N-d)*(N-2*d)*(d-2)",
]


@pytest.mark.parametrize("statement", VANISHING)
def test_a_formula_that_is_right_only_at_usual_sizes_and_magnitudes_is_refuted_with_a_witness(statement):
    answer = check(statement)
    assert answer.status == "refuted" and answer.witness and answer.correction, (answer.reason, answer.compared)
    assert answer.witness["claimed"] != answer.witness["measured"]


@pytest.mark.parametrize("statement", ["E[tanh(1000*z)**2] == 0", "E[tanh(1000*z)**2] == 1",
                                       "E[exp(-1000000*(z-1/3)**2)] == 0", "E[max(z1, z2)] == 0.56"])  # fmt: skip
def test_what_lies_between_the_nodes_of_a_grid_is_measured(statement):
    answer = check(statement, "z1, z2 ~ N(0, 1)")
    assert answer.status == "refuted" and answer.resolution < 1e-6


@pytest.mark.parametrize("statement", ["E(√(z²)) = √(2/π)", "E[arcsin(tanh(z))] == 0", "E[abs(sign(z))] == 1",
                                       "E[max(z1, z2)] == 1/sqrt(pi)",
                                       "E[abs(z1)*sign(z2)**2] == sqrt(2/pi)"])  # fmt: skip
def test_means_of_what_has_kinks_and_steps_are_measured_sharply(statement):
    answer = check(statement, "z1, z2 ~ N(0, 1)")
    assert answer.status == "supported" and answer.resolution < 1e-9


def test_a_far_tail_is_told_apart_by_narrower_enclosures():
    assert check("E[relu(z+10)] == 10").status == "refuted"


@pytest.mark.parametrize("statement", ["E[z**2*tanh(1 + 10**5*z)**2] == 1", "E[exp(min(z, 8))] == exp(1/2)"])
def test_a_gap_that_no_measurement_sees_refutes_with_both_numbers(statement):
    answer = check(statement)
    assert answer.status == "refuted" and answer.witness["by"] == "by brute force"
    assert answer.witness["claimed"] != answer.witness["measured"]


@pytest.mark.parametrize(
    ("statement", "where", "said"),
    [("E[x*x.T] == S", "x ~ N(0, S)", "S: spd d"), ("E[y**2] == s", "y ~ N(0, s)", "s: positive"),
     ("E[Y.T*Y] == tr(S)*I", "Y: N×d ~ N(0, S)", "S: spd N"), ("E[W] == N*S", "W ~ Wishart(N, S)", "S: spd d")],
)  # fmt: skip
def test_a_letter_of_which_nothing_was_said_and_that_is_a_covariance_is_one_and_that_is_said(statement, where, said):
    answer = check(statement, where)
    assert answer.status == "supported" and said in answer.where


@pytest.mark.parametrize(
    ("statement", "where", "said"),
    [("E[Y*Y.T] == M*M.T + L*Sigma", "Y: d×L ~ N(M, Sigma)", "M: d×L"), ("E[x] == m", "x: 3 ~ N(m, I)", "m: vector 3"),
     ("E[x*x.T] == m*m.T + Sigma", "x ~ N(m, Sigma)", "m: vector d"), ("E[X] == M", "X ~ N(M, Sigma)", "M: d×N"),
     ("E[x**2] == m**2 + g", "x ~ N(m, g)", "m: real"), ("E[x] == m*ones(d)", "m: count; x ~ N(m, I)", "m: count")],
)  # fmt: skip
def test_a_letter_of_which_nothing_was_said_and_that_is_a_mean_has_its_shape_and_that_is_said(statement, where, said):
    answer = check(statement, where)
    assert answer.status == "supported" and said in answer.where


@pytest.mark.parametrize("kind", ["S: d×d", "S: symmetric d"])
def test_a_covariance_that_is_declared_as_something_else_is_asked_about(kind):
    with pytest.raises(BadInput, match="used as a covariance; declare it as S: spd d"):
        check("E[x*x.T] == S", f"{kind}; x ~ N(0, S)")


@pytest.mark.parametrize(("statement", "name"), [
    ("E[erf(z)**2] == erfc", "erfc"), ("E[i*z**2] == i", "i"),
])  # fmt: skip
def test_a_name_that_looks_like_a_constant_or_a_function_is_asked_about_and_never_made_a_matrix(statement, name):
    with pytest.raises(BadInput, match=rf"^what is {name}\?"):
        check(statement)


def test_eulers_constant_is_a_number():
    assert check("E[log(z**2)] == -EulerGamma - log(2)").status == "supported"


def test_an_orthogonal_matrix_may_be_a_reflection():
    assert check("det(Q)*E[z**2] == 1", "Q: orthogonal d").status == "refuted"


def test_hypotheses_far_from_usual_magnitudes_have_instances():
    assert check("E[g*z**2] == g", "g > 5; d > 5").status == "supported"


INFINITE = ["E[1/z] == 0", "E[1/abs(z)] == 3", "E[1/z**2] == 1", "E[exp(z**2)] == 1", "E[inv(x*x.T)] == inv(Sigma)",
            "E[log(z)] == 0", "E[sqrt(z)] == 1"]  # fmt: skip


@pytest.mark.parametrize("statement", INFINITE)
def test_a_mean_that_does_not_exist_is_refused_in_a_sentence(statement):
    with pytest.raises(BadInput, match=r"does not exist|no finite number"):
        check(statement)


@pytest.mark.parametrize(
    ("statement", "where", "said"),
    [
        ("E[exp(t*z**2)] == 1/sqrt(1-2*t)", "", r"does not exist unless 2\*t < 1"),
        ("E[exp(t*u**2)] == 1/sqrt(1-2*t)", "", r"^E.exp.u\*\*2\*t.. does not exist unless 2\*t < 1"),
        ("E[exp(t*z**4)] == 1", "", "does not exist unless t <= 0"),
        ("E[exp(z**3)] == 1", "", "grows faster than a Gaussian density falls"),
        ("E[exp(exp(z/10))] == 2.7459", "", "grows faster than a Gaussian density falls"),
        ("E[exp(t*x.T*x)] == 1", "", r"does not exist at d = 2, Sigma = .*, t = "),
        ("E[cosh(t*z**2)] == 1", "", "does not exist at t = "),
        ("E[exp(t*u*v)] == 1", "", r"E\[exp\(.*u.*\)\] does not exist at rho = "),
        ("E[y*y.T] == -I", "y: d ~ N(0, -I)", "the law of y is none: a covariance is symmetric and positive semidef"),
        ("E[y.T*y] == t*d", "y: d ~ N(0, t*I)", "positive semidefinite, and .* is not at .*t = -"),
        ("E[sqrt(z)**2] == 0", "", r"sqrt\(.*is no real number"),
        ("E[inv(X*X.T)] == inv(Sigma)/(N-d-1)", "N > d", r"exists for N > d \+ 1 only, .* allow N = 2, d = 1"),
    ],
)
def test_a_mean_that_some_letters_do_not_have_is_refused_with_the_condition_it_lacks(statement, where, said):
    with pytest.raises(BadInput, match=said):
        check(statement, where)


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("E[exp(t*z**2)] == 1/sqrt(1-2*t)", "t < 1/2"),
        ("E[exp(-g*z**2)] == 1/sqrt(1+2*g)", ""),
        ("E[cosh(t*z**2)] == (1/sqrt(1-2*t) + 1/sqrt(1+2*t))/2", "t < 1/2; t > -1/2"),
        ("E[y.T*y] == t*d", "y: d ~ N(0, t*I); t > 0"),
        ("E[inv(X*X.T)] == inv(Sigma)/(N-d-1)", "N > d + 1"),
    ],
)
def test_a_mean_that_the_hypotheses_grant_is_judged(statement, where):
    assert check(statement, where).status == "supported"


def test_inverses_of_higher_order_say_how_many_columns_they_need():
    answer = check("E[tr(inv(X*X.T)**2)] == tr(inv(Sigma)**2)/((N - d)*(N - d - 3))")
    assert "N > d + 3" in answer.where and answer.status == "refuted"
    assert answer.correction and answer.correction["found"] == "by the derivation"


def test_what_a_product_without_a_sign_would_leave_open_is_refused():
    for statement in ("E[z] == 1/2π", "E[X*X.T] == N*Sigma foo bar", "E[z] == 1/Xx"):
        with pytest.raises(BadInput):
            check(statement)


def test_what_would_take_for_ever_is_refused_at_once():
    for statement in ("E[(((X*X.T)**8)**8)**2] == 1", "E[A*B*C*F*G*H*P*Q*a*b*c*f] == tr(A*B*C*D)"):
        with pytest.raises(BadInput, match=r"at most|is random"):
            check(statement)


def test_a_word_that_is_unknown_is_refused_before_shapes_are_tried():
    with pytest.raises(BadInput) as problem:
        check("E[softmax(A*B*C*D*F*G*H*x)] == x")
    assert "--where" not in str(problem.value)


def test_what_was_understood_is_repeated():
    answer = check("E[tr(X*C*X.T*B)] == tr(C)*tr(Sigma*B)")
    assert answer.where == "B: d×d; C: N×N; Sigma: spd d; X: d×N ~ N(0, Sigma)"


HOSTILE = [
    "E[X*X.T]", "", "x == 3", "A == == C", "A < B", "E[A] == A", "E[x*x] == Sigma", "grad(x.T*x, x) == 1",
    "grad(A, A) == A", "grad(E[x.T*x], 3) == 1", "__import__('os') == 1", "E[x.__class__] == 1", "E[X][0] == 1",
    "lambda: 1 == 1", "E[(x := a)] == a", "E[x] == 1/0", "E[f(x)] == 1", "tr(A*E[x]) == tr(A)", "E[E[x]*x] == 9**9**9",
]  # fmt: skip
DECLARATIONS = [
    "A", "A: ", "A: d×d×d", "A: banana d", "tr: d", "E: d×d", "X ~ M(0, 1)", "X ~ N(0)", "X ~ N(0, [[1], [2, 3]])",
    "(u, v) ~ N(0, 1)", "N >> d", "X ~ N(0, __import__('os'))", "X: d×N ~ N(0, A)\x00",
    "X: d×N ~ N(mu, Sigma)", "Sigma: psd d", "a: A", "d = 0; a: d", "d = 3, N 5",
    "x ~ Student(3)", "x ~ 2*N(0, I) + N(0, I)", "x ~ Bernoulli(2)", "x ~ Bernoulli(A)", "W ~ Wishart(A)",
    "W ~ Wishart(N, t)", "H ~ Haar(d, d, d)", "u ~ Sphere", "u: d ~ Sphere(d)", "~ N(0, 1)",
    "s: d×N ~ Rademacher", "s: d ~ Rademacher(q)",
]  # fmt: skip


@pytest.mark.parametrize("statement", HOSTILE)
def test_what_is_no_statement_is_refused_in_a_sentence(statement):
    with pytest.raises(BadInput) as problem:
        check(statement)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("where", DECLARATIONS)
def test_what_declares_nothing_is_refused_in_a_sentence(where):
    with pytest.raises(BadInput) as problem:
        check("E[X*X.T] == A", where)
    assert "\n" not in str(problem.value)


def test_the_command_line_answers_with_its_exit_codes():
    right = CliRunner().invoke(cli, ["check", CASES[1][1]])
    wrong = CliRunner().invoke(cli, ["check", CASES[11][1]])
    assert (right.exit_code, wrong.exit_code) == (0, 1)
    assert "SUPPORTED" in right.output and "where B: d×d; C: N×N" in right.output
    assert "fails at" in wrong.output and "try: exp((a.T*Sigma*a)/2)*Sigma*a" in wrong.output


def test_the_logarithm_of_a_wishart_determinant_is_derived_and_a_wrong_one_corrected():
    right = "digamma_sum(N/2, d) + d*log(2) + log(det(Sigma))"
    assert check(f"E[log(det(X*X.T))] == {right}").status == "supported"
    answer = check("E[log(det(X*X.T))] == digamma_sum(N/2, d) + log(det(Sigma))")
    assert answer.status == "refuted"
    assert answer.correction is not None
    assert check(f"E[log(det(X*X.T))] == {answer.correction['formula']}").status == "supported"


@pytest.mark.parametrize("law", ["x: d ~ Bernoulli(q)", "x: d ~ q*N(mu, I) + (1 - q)*N(-mu, I)", "x ~ Bernoulli(p/2)"])
def test_the_laws_of_the_manual_are_read_as_they_stand_there(law):
    alphabet = declared([law])
    weights = {letter for letter in alphabet.meanings.values() if isinstance(letter, L.Probability)}
    assert {str(letter) for letter in weights} == {"p" if "p/2" in law else "q"}


def test_a_letter_before_a_bracket_is_asked_for_its_sign():
    with pytest.raises(BadInput, match=r"'f' is no function here; .* write the sign, f\*"):
        check("E[z] == f(z)")
    assert check("E[x*x.T] == Sigma(I - A)").formula == "Sigma*(I(d) - A)"  # a matrix is no function
