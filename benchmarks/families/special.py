"""Wrong for general letters: formulas that hold for symmetric, commuting, diagonal, isotropic, … letters only."""

from __future__ import annotations

from collections.abc import Iterator

from families import Identity, Statement, family

SYMMETRIC = (
    Identity("E[X*X.T*A*X*X.T]", "N*((N + 1)*Sigma*A*Sigma + tr(A*Sigma)*Sigma)"),
    Identity("E[(x.T*A*x)**2]", "tr(A*Sigma)**2 + 2*tr(A*Sigma*A*Sigma)"),
    Identity("E[tr(A*Z*Z.T*B*Z*Z.T)]", "N*(N + 1)*tr(A*B) + N*tr(A)*tr(B)"),
    Identity("E[x*x.T*A*x*x.T]", "2*Sigma*A*Sigma + tr(A*Sigma)*Sigma"),
    Identity("Var[x.T*A*x]", "2*tr(A*Sigma*A*Sigma)"),
    Identity("grad(E[x.T*W.T*A*W*x], W)", "2*A*W*Sigma"),
    Identity("tr(A*B)", "tr(A*B.T)"),
    Identity("grad(E[tr(W*W*X*X.T)], W)", "2*N*W*Sigma"),
)
COMMUTING = (
    Identity("E[X*X.T*A]", "N*A*Sigma"),
    Identity("E[A*x*x.T*B]", "A*B*Sigma"),
    Identity("E[tr(A*B*x*x.T)]", "tr(B*A*Sigma)"),
    Identity("E[tr(W*X*X.T*W.T*A)]", "N*tr(W.T*W*Sigma*A)", "W: d×d"),
    Identity("inv(A*B)", "inv(A)*inv(B)"),
    Identity("tr((Sigma*Lambda)**2)", "tr(Sigma**2*Lambda**2)"),
    Identity("E[exp(a.T*A*x)*x]", "exp(a.T*Sigma*A*A.T*a/2)*Sigma*A.T*a"),
    Identity("grad(E[norm(W*x)**2], W)", "2*Sigma*W"),
)
DIAGONAL = (
    Identity("E[diag(o)*A*diag(o)]", "q*A", "o: d ~ Bernoulli(q); q: probability"),
    Identity("E[had(x*x.T, A)]", "diag(Sigma)*A"),
    Identity("E[diag(x)*A*diag(x)]", "diag(A)*Sigma"),
    Identity("diag(Sigma)", "Sigma"),
    Identity("E[norm(diag(x)*a)**2]", "a.T*Sigma*a"),
    Identity("det(Sigma)", "det(diag(Sigma))"),
)
ISOTROPIC = (
    Identity("E[X*X.T]", "N*tr(Sigma)*I/d"),
    Identity("E[(x.T*x)**2]", "(1 + 2/d)*tr(Sigma)**2"),
    Identity("E[(X*X.T)**2]", "N*(N + d + 1)*Sigma**2"),
    Identity("E[inv(X*X.T)]", "d*I/(tr(Sigma)*(N - d - 1))", "N > d + 1"),
    Identity("E[exp(a.T*x)]", "exp(tr(Sigma)*norm(a)**2/(2*d))"),
    Identity("E[tr((X*X.T)**2)]", "N*(N + d + 1)*tr(Sigma)**2/d"),
    Identity("det(Sigma)", "(tr(Sigma)/d)**d"),
    Identity("E[Q*A*Q.T]", "A", "Q ~ Haar(d)"),
)
UNIT_TRACE = (
    Identity("E[X*X.T*X*X.T]", "N*((N + 1)*Sigma**2 + Sigma)"),
    Identity("E[norm(x)**2*x*x.T]", "Sigma + 2*Sigma**2"),
    Identity("E[tr(X*C*X.T)]", "tr(C)"),
    Identity("E[tr(X*X.T)**2]", "N**2 + 2*N*tr(Sigma**2)"),
    Identity("E[Q*A*Q.T]", "I/d", "Q ~ Haar(d)"),
    Identity("grad(E[tr((W*X*X.T - I)*(W*X*X.T - I).T)], W)", "2*W*(N*(N + 1)*Sigma**2 + N*Sigma) - 2*N*Sigma"),
)
ROTATIONS = (
    Identity("E[A*x*x.T*inv(A)]", "A*Sigma*A.T"),
    Identity("E[norm(A*x)**2]", "tr(Sigma)"),
    Identity("E[A*Z*Z.T*A.T]", "N*I"),
    Identity("inv(A)", "A.T"),
    Identity("det(Q)", "1", "Q: orthogonal d"),
    Identity("E[Q*x*x.T]", "inv(Q)*Sigma", "Q: orthogonal d"),
    Identity("tr(Q*A*Q)", "tr(A)", "Q: orthogonal d"),
    Identity("grad(E[norm(W*x)**2], W)", "2*inv(W).T*Sigma"),
)
LOW_DIMENSION = (  # Cayley and Hamilton: at one, two and three dimensions
    Identity("A", "tr(A)*I"),
    Identity("A**2 - tr(A)*A", "-det(A)*I"),
    Identity("A**3 - tr(A)*A**2 + (tr(A)**2 - tr(A**2))/2*A", "det(A)*I"),
    Identity("E[X*X.T]*Sigma - N*tr(Sigma)*Sigma", "-N*det(Sigma)*I"),
    Identity("tr(Sigma**3)", "3*tr(Sigma)*tr(Sigma**2)/2 - tr(Sigma)**3/2"),
    Identity("det(Sigma)", "(tr(Sigma)**3 - 3*tr(Sigma)*tr(Sigma**2) + 2*tr(Sigma**3))/6"),
    Identity("E[(x.T*x)**2]", "3*tr(Sigma)**2 - 4*det(Sigma)"),
    Identity("inv(Sigma)", "(tr(Sigma)*I - Sigma)/det(Sigma)"),
)
RANK_ONE = (
    Identity("tr(A*A)", "tr(A)**2"),
    Identity("E[(x.T*A*x)**2]", "3*tr(A*Sigma)**2"),
    Identity("E[tr((X*X.T)**2)]", "N*(N + 2)*tr(Sigma)**2"),
)
SIGNS = (  # positive numbers, a positive definite matrix
    Identity("E[z**2*abs(t)]", "t"),
    Identity("sqrt(t**2)", "t"),
    Identity("sqrt(tr(A)**2)", "tr(A)"),
    Identity("E[relu(t*z)**2]*2", "t*abs(t)"),
    Identity("abs(det(A))", "det(A)"),
    Identity("E[abs(t*z)]", "t*sqrt(2/pi)"),
    Identity("acos(cos(g))", "g"),
    Identity("asin(sin(t))", "t"),
    Identity("max(g, h)", "g"),
    Identity("E[z**2*sign(a.T*b)]", "1"),
)
KINDS = {
    "right for symmetric letters only": SYMMETRIC,
    "right for commuting letters only": COMMUTING,
    "right for diagonal letters only": DIAGONAL,
    "right for isotropic letters only": ISOTROPIC,
    "right at unit trace only": UNIT_TRACE,
    "right for rotations only": ROTATIONS,
    "right at low dimension only": LOW_DIMENSION,
    "right at rank one only": RANK_ONE,
    "right for one sign or branch only": SIGNS,
}


def listed(identities: tuple[Identity, ...]) -> Iterator[Statement]:
    return (Statement(identity.text, identity.where) for identity in identities)


for name, identities in KINDS.items():
    family(name)(lambda chosen=identities: listed(chosen))
