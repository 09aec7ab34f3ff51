"""Hostile statements: what nobody foresaw is answered by one sentence, in bounded time and memory, and runs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.options import BAD_INPUT, UNDECIDED

OPEN, TOUCH = "open('pwned','w')", "__import__('os').system('touch pwned')"
# Statements that cannot be judged, each with its declarations after a bar.
REFUSED = [
    # sizes beyond measuring
    "E[x.T*A*x] == tr(A*Sigma) | d = 10**9", "E[x.T*A*x] == tr(A*Sigma) | d = 5000", "E[x.T*x] == 0 | d = 300",
    "E[X*X.T] == N*Sigma | N = 100000", "E[X*X.T] == N*Sigma | X: 3×100000 ~ N(0, Sigma)", "E[x*x.T] == I | d = 10**40",
    "E[x.T*A*x] == tr(A*Sigma) | A: 1000000000×1000000000", "E[z**2]*tr(I(10**9)) == 10**9", "E[z]*ones(10**30) == 0",
    "E[z]*ones(2, 10**7) == 0", "E[W] == N*Sigma | W ~ Wishart(10**9, Sigma)", "E[H] == 0 | H ~ Haar(10**9)",
    "E[u.T*u] == 1 | u: 10**9 ~ Sphere", "E[e] == 0 | e: 1000000 ~ OneHot", "E[s*s.T] == I | s: 9**9 ~ Rademacher",
    "E[o] == 0 | o: 12345678 ~ Bernoulli(1/2)", "E[x.T*x] == 0 | x: 10**6 ~ N(0, I)", "E[z**2] == 1 | d > 10**9",
    "E[x.T*x] == tr(Sigma) | d > 10**9", "E[H] == 0 | H ~ Haar(4000, 2)", "E[z]*mu == 0 | mu: unit 10**9",
    "E[x.T*Q*x] == 0 | Q: orthogonal 2000", "E[x.T*S*x] == 0 | S: symmetric 1000", "E[y] == 0 | y: 10**8 ~ N(mu, I)",
    "E[y*y.T] == I | y: 700 ~ 1/2*N(mu, I) + 1/2*N(-mu, I)", "E[x.T*x] == 0 | x: 129 ~ N(0, I)",
    # hypotheses
    "E[z**2] == 1 | exp(exp(t)) > 10", "E[z**2] == 1 | 1 > 2", "E[z**2] == 1 | t > t", "E[z**2] == 1 | z > 0",
    "E[z**2] == 1 | sqrt(g) > 2**(1/2)", "E[z**2] == 1 | t > pi", "E[z**2] == 1 | log(g) > 1/2", "E[z] == 0 | g < 0",
    "E[z**2] == 1 | W > 0", "E[z**2] == 1 | t > t > t", "E[z**2] == 1 | t >", "E[z**2] == 1 | > t", "E[z] == 0 | t<>1",
    "E[z**2] == 1 | t > 1; t < 1", "E[z**2] == 1 | p > 2; p: probability", "E[z**2] == 1 | rho > 1",
    "E[z] == 0 | E[z] > 0",
    # powers on powers, and sums of powers
    "E[" + "(" * 10 + "t*z+s" + ")**2" * 10 + "] == 0", "(" * 20 + "t+s" + ")**2" * 20 + " == 0",
    "E[z**33] == 0", "E[z**(10**10)] == 0", "E[z**(2**(2**9))] == 0", "E[tr((X*X.T)**17)] == 0", "E[z]**9**9**9 == 0",
    "E[tr((X*X.T)**(10**6))] == 0", "E[2**(3**(4**(5**6)))*z] == 0", "E[z*t**(t**(t**(t**t)))] == 0",
    "E[exp(exp(z))] == 0", "E[exp(z**3)] == 0", "E[(z**2)**(1/3)**400] == 0", "E[A**(1/2)] == 0", "E[X**2] == 0",
    "E[Z**Z] == 0", "E[Sigma**x] == 0", "E[1/x] == 0", "E[X/X] == I", "E[z % 2] == 0", "E[z // 2] == 0",
    # letters and words
    "E[z*draw] == 0", "E[draw] == 0 | draw ~ N(0, 1)", "E[z*lambda_] == 0 | lambda_ ~ N(lambda_, 1)", "E[pi] == pi",
    "E[I] == I | I: d×d", "E[E] == 0", "E[tr] == 0", "E[exp] == 0 | exp: real", "E[T] == 0 | T ~", "E[z.T.T.Q] == 0",
    "E[z.real] == 0", "E[z.__init__] == 0", "E[__debug__] == 1", "E[x.shape] == d", "E[z.args] == 0", "z = 1 == 0",
    "E[z] == nan", "E[z] == inf", "E[z]*j == 0", "E[zoo] == 0 | zoo ~ zoo", "E[z] == oo - oo + digamma",
    # calls, texts and containers
    'a b"x" == 0', "1j == 0", "E[z]*1e999 == 0", "E['z'] == 0", "E[f'{z}'] == 0", "E[...] == 0",
    "E[z, z, z] == 0", "E[*z] == 0", "E[z:z] == 0", "E[z for z in z] == 0", "E[[z for z in x]] == 0", "E[{z}] == 0",
    "E[{z: z}] == 0", "E[(z, z)] == 0", "E[lambda z: z] == 0", "E[z if z else z] == 0", "E[z and z] == 0", "E[~z] == 0",
    "E[not z] == 0", "E[z := 1] == 0", "E[await z] == 0", "E[yield] == 0", "E[x[0.5]] == 0", "E[x[0, 0, 0]] == 0",
    "E[tr()] == 0", "E[tr(A, A)] == 0", "E[exp(z, z)] == 1", "E[inv(x)] == 0", "E[det(x)] == 0",
    "E[max()] == 0", "E[had(z, x)] == 0", "E[had(X, x)] == 0", "E[diag(X)] == 0", "E[norm(z=1)] == 0", "E[I()] == I",
    "E[I(z)] == I", "E[ones(x)] == 0", "E[ones(1/2)] == 0", "grad(E[z]) == 0", "grad(E[z], 1) == 0", "Var[] == 0",
    "Cov[z, z, z] == 1", "E[grad(z, t)] == 0", "grad(grad(grad(t, t), t), X) == 0",
    "E[Cov[z, z]] == 1", "E(E(z)) == 0", "tr(E)(z) == 0", "E[z]E[z]E == 0",
    # what would run
    f"{TOUCH} == 0", f"E[{OPEN}] == 0", f"E[z] == 0 | z = {TOUCH}", f"E[z] == 0 | A: {OPEN}", f"z == 0 | {TOUCH} > 0",
    f"E[z] == 0 | x ~ N({TOUCH}, I)", f"E[z] == 0 | x ~ {TOUCH}", f"E[z] == 0 | mu: unit d orthogonal to {TOUCH}",
    "E[z.__class__.__bases__[0].__subclasses__()] == 0", "E[exec('1')] == 0", "E[globals()] == 0", "E[eval('z')] == 0",
    "E[getattr(z, 'func')] == 0", "E[(lambda: z)()] == 0", "E[z] == 0 | A: d×(lambda: d)()",
    "E[compile('1','','eval')] == 0",
    r"\input{/etc/passwd} == 0", r"\write18{touch pwned} == 0", r"E[\csname z\endcsname] == 0", "E[$z$] == 0",
    # signs and encodings
    "E[z] ∈ 0", "E[z] == 0 in 0", "E[z] = = 0", "E[z] === 0", "E[z] != 1", "E[z", "E]z[ == 0", "E[z)) == 0", "= 0",
    "E[z] == 0; E[z] == 1", "E[z] == 0 # and more", "E[z] == 0\nE[z] == 1", "E[z\u202e] == 0", "E[\u200bz] == 0",
    "E[\ud83d] == 0", "E[z\x1b[2J] == 0", "E[\N{ZERO WIDTH JOINER}] == 0", "E[ℵ] == 0", "E[z] == ∞", "∀z: z == z",
    "∫ z == 0",
    "E[z²³⁴⁵] == 0", "E[z] == 1_0_0_", "E[z] == 0x", "E[z] == .", "E[|z] == 0", "‖z == 0", "E[z'''] == 0 'x",
    "(" * 5000 + " == 0", "[" * 300 + "z" + "]" * 300 + " == 0", "0" + "-" * 3000 + "z == 0",
    "E[" * 200 + "z" + "]" * 200 + " == 0",
    "E[z]" + "*E[z]" * 3000 + " == 0", "z" * 250_000 + " == 0", "E[z] == " + "9" * 5000, "E[z]" + ".T" * 5000 + " == 0",
]  # fmt: skip
# Statements that mean something, and more than half a second of work.
ENDLESS = [
    "E[tr((X*X.T+A)**12)] == 0", "E[tr((X*X.T)**12)] == 0", "E[" + "(" * 5 + "t*z+s" + ")**2" * 5 + "] == 0",
    "(" * 10 + "t+s" + ")**2" * 10 + " == 0", "E[x.T*A*x] == tr(A*Sigma) | d = 128", "E[det(X*X.T)**8] == 0",
    "E[" + "*".join(f"(x.T*A{k}*x)" for k in range(8)) + "] == 0",
]  # fmt: skip


def checked(workbench, case: str, *more: str):
    statement, _, where = case.partition(" | ")
    return workbench("check", statement, *(("--where", where) if where else ()), *more)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: ascii(case[:60]))
def test_what_cannot_be_judged_is_refused_in_one_sentence(workbench, case):
    reply = checked(workbench, case, "--time-limit", "20")
    assert reply.code == BAD_INPUT and reply.out == "", reply
    assert len(reply.err.strip().splitlines()) == 1 and len(reply.err) < 600 and "Traceback" not in reply.err, reply
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("case", ENDLESS, ids=lambda case: case[:60])
def test_what_takes_too_long_is_undecided_in_one_sentence(workbench, case):
    reply = checked(workbench, case, "--time-limit", "0.02")  # a fast machine is done with some in half a second
    assert reply.code == UNDECIDED and reply.err == "" and len(reply.out.splitlines()) == 1, reply
    assert "exceeded 0.02 s" in reply.out


def test_a_hypothesis_that_always_holds_says_nothing(workbench):
    reply = workbench("check", "t + s == s + t", "--where", "2 > 1; t: real")
    assert reply.code == 0 and "2 > 1" not in reply.out, reply
