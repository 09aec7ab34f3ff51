"""Wrong at an edge: where hypotheses end beyond a kink, where a mean ends, by a hair, for one sign of a determinant."""

from __future__ import annotations

from collections.abc import Iterator

from families import Identity, Statement, family
from families.means import lines

MASK = "o: d ~ Bernoulli(q); q: probability"
MIXTURE = "y: d ~ p*N(m, I) + (1 - p)*N(-m, I); p: probability; m: d"
SPHERE = "u: d ~ Sphere"


@family("hypotheses that end beyond the kink")
def beyond_the_kink() -> Iterator[Statement]:
    yield from lines((
        ("E[z**2*abs(g - h)] == g - h", "g > 0; h > 0; g > h/2"),
        ("E[z**2*relu(g - h)] == g - h", "g > h - 10**(-6)"),
        ("E[max(g*z, h*z)] == (g - h)/sqrt(2*pi)", "g > h - 1/1000"),
        ("E[tanh(z)**2*relu(g - h)] == (g - h)*E[tanh(z)**2]", "g > h - 10**(-6)"),
        ("E[abs(t*z)] == t*sqrt(2/pi)", "t > -10**(-8)"),
        ("E[z**2*relu(g**2 - 2)] == g**2 - 2", "g > 14142/10000"),
        ("E[z**2*relu(rho - 99/100)] == 0", "rho: overlap; rho < 99001/100000"),
        ("sqrt(g**2 - 2*g*h + h**2) == g - h", "g > h/2"),
        ("sqrt((N - d)**2) == N - d", "N + 2 > d"),
        ("abs(N - 2*d) == N - 2*d", "N > d"),
        ("max(N, d) == N", "N >= d - 1"),
        ("E[tr(Z*Z.T)] == max(N*d, d**2)", "N >= d - 1"),
        ("E[tr(Z*Z.T)*abs(N - d - 1)] == N*d*(N - d - 1)", "N >= d"),
        ("tr(A) == sqrt(tr(A)**2)", "A: d×d; tr(A) > -1/10**9"),
        ("E[z**2*max(tr(A), 0)] == tr(A)", "A: d×d; tr(A) > -1/10**9"),
        ("E[z**2*max(tr(A), 5)] == tr(A)", "A: spd d; tr(A) > 5 - 1/10**9"),
        ("E[(a.T*x)**2*abs(a.T*b)] == (a.T*Sigma*a)*(a.T*b)", "a.T*b > -1/10**9"),
        ("det(A) == abs(det(A))", "A: d×d; det(A) > -1/10**12"),
    ))  # fmt: skip


@family("right for more tokens than are said")
def more_tokens() -> Iterator[Statement]:
    yield from lines((
        ("E[tr(Z*Z.T)] == N*d + step(7/2 - N)", "N > 2"),
        ("E[X*X.T] == N*Sigma + relu(5 - N)*Sigma", "N > 3"),
        ("E[tr(inv(Z*Z.T))] == d/(N - d - 1) + relu(d + 4 - N)", "N > d + 1"),
        ("E[tr(inv(Z*Z.T))] == d/(N - d - 1) + step(d + 5/2 - N)", "N > d + 1"),
    ))  # fmt: skip


@family("a mean that ends before its hypotheses")
def beyond_the_mean() -> Iterator[Statement]:
    yield from lines((
        ("E[inv(X*X.T)] == inv(Sigma)/(N - d - 1)", "N >= d + 1"),
        ("E[inv(X*X.T)] == inv(Sigma)/(N - d - 1)", "N > d"),
        ("E[tr(inv(X*X.T)**2)] == 0", "N > d + 2"),
        ("E[exp(t*z**2)] == 1/sqrt(1 - 2*t)", "t <= 1/2"),
        ("E[exp(t*z**2)] == 1/sqrt(1 - 2*t)", "t < 51/100"),
        ("E[1/norm(x)**2] == 1/(tr(Sigma) - 2)", "d >= 2"),
        ("E[1/abs(z)] == 3", ""),
    ))  # fmt: skip


HAIR = (
    Identity("E[z**4]", "3"), Identity("E[z**6]", "15"), Identity("E[X*X.T]", "N*Sigma"),
    Identity("E[exp(t*z)]", "exp(t**2/2)"), Identity("E[erf(t*z)**2]", "(2/pi)*asin(2*t**2/(1 + 2*t**2))"),
    Identity("E[abs(t + z)]", "t*erf(t/sqrt(2)) + 2*exp(-t**2/2)/sqrt(2*pi)"),
    Identity("E[abs(a.T*u)]", "norm(a)*gamma(d/2)/(sqrt(pi)*gamma((d + 1)/2))", SPHERE),
    Identity("E[tr(inv(Z*Z.T))]", "d/(N - d - 1)", "N > d + 1"),
    Identity("E[o*o.T]", "q**2*ones(d, d) + q*(1 - q)*I", MASK),
)  # fmt: skip


@family("a hair from right")
def hairs() -> Iterator[Statement]:
    for number, identity in enumerate(HAIR):
        yield identity.instead(f"(1 + 10**(-13))*({identity.right})")
        if number % 2 == 0:
            yield identity.instead(f"(1 - 10**(-40))*({identity.right})")


@family("right for one determinant only")
def determinants() -> Iterator[Statement]:
    yield from lines((
        "det(A) == sqrt(det(A*A.T))",
        ("det(Q) == 1", "Q: orthogonal d; d = 2"),
        ("sqrt(det(A)**2) == det(A)", "A: d×d; d = 3"),
        ("tr(Q) == tr(Q.T)*det(Q)", "Q: orthogonal d"),
        "det(-A) == -det(A)",
        "det(-A) == det(A)",
        "det(2*A) == 2*det(A)",
        "det(A + B) == det(A) + det(B)",
        ("E[det(Q)] == 1", "Q ~ Haar(d)"),
        ("E[det(Z)**2] == d", "Z: d×d ~ N(0, I)"),
        "E[det(Z*Z.T)] == N*(N - 1)",
        "E[det(Z*Z.T)] == N**d",
        ("a*a.T/(a.T*a) == I", "a: d"),
        "inv(Sigma + a*a.T) == inv(Sigma)",
    ))  # fmt: skip


@family("right for one letter of a name")
def names() -> Iterator[Statement]:
    yield from lines((
        ("E[gamma*z**2] == gamma*2", "gamma > 0"),
        ("E[beta*z**2] == beta**2", "beta: scalar"),
        ("E[zeta*z**2] == zeta + 10**(-15)", "zeta: scalar"),
        ("E[lambda*z**2] == 2*lambda", "lambda: positive"),
    ))  # fmt: skip


@family("masks, mixtures and directions")
def laws() -> Iterator[Statement]:
    yield from lines((
        ("E[(a.T*u)**4] == 3*(a.T*a)**2/d**2", SPHERE),
        ("E[(a.T*u)**2*(b.T*u)**2] == (a.T*a)*(b.T*b)/(d*(d + 2))", SPHERE),
        ("E[abs(a.T*u)] == norm(a)*2/pi", SPHERE),
        ("E[abs(a.T*u)] == norm(a)/2", SPHERE),
        ("E[exp(a.T*u)] == exp(a.T*a/(2*d))", SPHERE),
        ("E[(u.T*A*u)**2] == (tr(A)**2 + 2*tr(A**2))/(d*(d + 2))", SPHERE),
        ("E[Q*A*Q] == tr(A)*I/d", "Q ~ Haar(d)"),
        ("E[Q*A*Q] == A/d", "Q ~ Haar(d)"),
        ("E[diag(o)*A*diag(o)] == q**2*A + q*(1 - q)*I", MASK),
        ("E[o.T*A*o] == q*tr(A)", MASK),
        ("E[diag(o)*A*diag(o)*B*diag(o)] == q**3*A*B", MASK),
        ("E[(ones(d).T*o)**2] == q**2*d**2", MASK),
        ("E[(m.T*y)**2] == m.T*m", MIXTURE),
        ("E[(m.T*y)**3] == (2*p - 1)*(m.T*m)**3", MIXTURE),
        ("Var[m.T*y] == m.T*m + (m.T*m)**2*4*p", MIXTURE),
    ))  # fmt: skip


@family("gradients and inverses by analogy")
def analogies() -> Iterator[Statement]:
    yield from lines((
        "grad(tr(inv(A)), A) == -inv(A)*inv(A)",
        ("grad(log(det(A)), A) == inv(A)", "A: d×d"),
        "grad(E[relu(a.T*x)], a) == Sigma*a/sqrt(2*pi)",
        "grad(E[abs(t*z)], t) == sqrt(2/pi)",
        "grad(E[abs(z - t)], t) == erf(t)",
        ("grad(E[exp(t*z**2)], t) == 1/(1 - 2*t)", "t < 1/2"),
        "2*grad(E[norm(W*x)**2], W) == 2*W*Sigma",
        ("inv(A*B) == inv(A)*inv(B)", "A: spd d; B: spd d"),
        ("inv(A + t*I) == inv(A) - t*inv(A)**2", "A: spd d; t > 0"),
        ("(A*B)**2 == A**2*B**2", "A: symmetric d; B: symmetric d"),
        ("tr(A*B*C) == tr(A*C*B)", "A: symmetric d; B: symmetric d; C: d×d"),
        ("tr(A*B*A*B) == tr(A*A*B*B)", "A: symmetric d; B: symmetric d; d = 2"),
        ("had(A, B) == A*B", "A: symmetric d; B: symmetric d"),
        ("norm(A*B)**2 == norm(A)**2*norm(B)**2", "A: d×d; B: d×d"),
    ))  # fmt: skip
