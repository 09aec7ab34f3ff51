"""Right identities of the literature: moments of Gaussian, Wishart and Haar letters, Gaussian integrals, gradients.

Letters mean what they mean by custom: X ~ N(0, Σ) and Z ~ N(0, I) are d×N, x is one column, z a standard number,
u and v two of correlation ρ.
"""

from families import Identity

FOURTH = "(a.T*Sigma*b)*(c.T*Sigma*e) + (a.T*Sigma*c)*(b.T*Sigma*e) + (a.T*Sigma*e)*(b.T*Sigma*c)"
RISK = "tr((W*X*X.T/N - I)*Sigma*(W*X*X.T/N - I).T)"
HALF = "(1 + erf(t/(g*sqrt(2))))/2"  # the chance that t + g z is positive
TWO_WORDS = "N**2*tr(A*B) + N*tr(A)*tr(B) + N*tr(A*B.T)"

# Moments of tokens, at every number of dimensions and tokens (Magnus and Neudecker; Graczyk, Letac and Massam).
SIZED = (
    Identity("E[X*X.T]", "N*Sigma", unit="Sigma"),
    Identity("E[tr(Z*Z.T)]", "N*d"),
    Identity("E[tr((Z*Z.T)**2)]", "N*d*(N + d + 1)"),
    Identity("E[tr((Z*Z.T)**3)]", "d*N*(N**2 + 3*N*d + d**2 + 3*N + 3*d + 4)"),
    Identity("E[tr(Z*Z.T)**2]", "N*d*(N*d + 2)"),
    Identity("E[X*X.T*A*X*X.T]", "N*(N*Sigma*A*Sigma + Sigma*A.T*Sigma + tr(A*Sigma)*Sigma)", unit="Sigma"),
    Identity("E[(X*X.T)**2]", "N*((N + 1)*Sigma**2 + tr(Sigma)*Sigma)", unit="Sigma*Sigma"),
    Identity("E[tr(X*X.T)**2]", "N**2*tr(Sigma)**2 + 2*N*tr(Sigma**2)", unit="tr(Sigma)"),
    Identity("E[tr(A*Z*Z.T*B*Z*Z.T)]", TWO_WORDS, unit="tr(A*B)"),
    Identity("E[tr(X*X.T)*X*X.T]", "N**2*tr(Sigma)*Sigma + 2*N*Sigma**2", unit="Sigma"),
    Identity("E[Z*Z.T]", "N*I", unit="I"),
    Identity("E[Z.T*Z]", "d*I", unit="I"),
    Identity("grad(E[tr(W*X*X.T*W.T)], W)", "2*N*W*Sigma", unit="W"),
    Identity(f"grad(E[{RISK}], W)", "2*W*((1 + 1/N)*Sigma**3 + tr(Sigma**2)*Sigma/N) - 2*Sigma**2", unit="W"),
    Identity("E[W*A*W]", "N*(N*Sigma*A*Sigma + Sigma*A.T*Sigma + tr(A*Sigma)*Sigma)", "W ~ Wishart(N, Sigma)", "Sigma"),
)
INVERSES = (
    Identity("E[inv(X*X.T)]", "inv(Sigma)/(N - d - 1)", "N > d + 1", "inv(Sigma)"),
    Identity("E[tr(inv(Z*Z.T))]", "d/(N - d - 1)", "N > d + 1"),
    Identity("E[tr(A*inv(X*X.T))]", "tr(A*inv(Sigma))/(N - d - 1)", "N > d + 1", "tr(A)"),
)
VECTORS = (
    Identity("E[(x.T*A*x)**2]", "tr(A*Sigma)**2 + tr(A*Sigma*A*Sigma) + tr(A*Sigma*A.T*Sigma)", unit="tr(A)"),
    Identity("E[tr(X*C*X.T*B)]", "tr(C)*tr(Sigma*B)", unit="tr(B)"),
    Identity("E[x*x.T*A*x*x.T]", "Sigma*A*Sigma + Sigma*A.T*Sigma + tr(A*Sigma)*Sigma", unit="Sigma"),
    Identity("E[(a.T*x)**4]", "3*(a.T*Sigma*a)**2"),
    Identity("E[(x.T*x)**2]", "tr(Sigma)**2 + 2*tr(Sigma**2)"),
    Identity("Var[x.T*A*x]", "tr(A*Sigma*A*Sigma) + tr(A*Sigma*A.T*Sigma)"),
    Identity("E[exp(a.T*x)]", "exp(a.T*Sigma*a/2)"),
    Identity("E[exp(a.T*x)*x]", "exp(a.T*Sigma*a/2)*Sigma*a", unit="a"),
    Identity("E[(a.T*x)*(b.T*x)*(c.T*x)*(e.T*x)]", FOURTH),
    Identity("grad(E[norm(W*x)**2], W)", "2*W*Sigma", unit="W"),
    Identity("grad(E[(a.T*x - b.T*x)**2], a)", "2*Sigma*(a - b)", unit="a"),
    Identity("grad(E[exp(a.T*x)], a)", "exp(a.T*Sigma*a/2)*Sigma*a", unit="a"),
    Identity("E[(a.T*x)**2*x*x.T]", "(a.T*Sigma*a)*Sigma + 2*Sigma*a*a.T*Sigma", unit="Sigma"),
)
DISCRETE = (
    Identity("E[H*H.T]", "r*I/d", "H: d×r ~ Haar; d >= r", "I"),
    Identity("E[Q*A*Q.T]", "tr(A)*I/d", "Q ~ Haar(d)", "I"),
    Identity("E[o*o.T]", "q**2*ones(d, d) + q*(1 - q)*I", "o: d ~ Bernoulli(q); q: probability", "I"),
    Identity("E[diag(o)*A*diag(o)]", "q**2*A + q*(1 - q)*diag(A)", "o: d ~ Bernoulli(q); q: probability", "A"),
    Identity("E[o.T*A*o]", "q**2*a.T*A*a + q*(1 - q)*tr(A)", "o: d ~ Bernoulli(q); q: probability; a = ones(d)"),
    Identity("E[e*e.T]", "I/N", "e: N ~ OneHot", "I"),
    Identity("E[(b.T*e)**2]", "b.T*b/N", "e: N ~ OneHot; b: N"),
    Identity("E[y*y.T]", "I + m*m.T", "y: d ~ p*N(m, I) + (1 - p)*N(-m, I); p: probability; m: d", "I"),
    Identity("E[y]", "(2*p - 1)*m", "y: d ~ p*N(m, I) + (1 - p)*N(-m, I); p: probability; m: d", "m"),
)

# Gaussian integrals in numbers (Owen; Cho and Saul for the ReLU; Williams for erf).
NUMBERS = (
    Identity("E[z**4]", "3"),
    Identity("E[z**6]", "15"),
    Identity("E[z**8]", "105"),
    Identity("E[(t + g*z)**3]", "t**3 + 3*t*g**2"),
    Identity("E[(z**3 - 3*z)**2]", "6"),
    Identity("E[exp(t*z)]", "exp(t**2/2)"),
    Identity("E[z*exp(t*z)]", "t*exp(t**2/2)"),
    Identity("E[cos(t*z)]", "exp(-t**2/2)"),
    Identity("E[sin(t*z)**2]", "(1 - exp(-2*t**2))/2"),
    Identity("E[abs(z)]", "sqrt(2/pi)"),
    Identity("E[relu(z)]", "1/sqrt(2*pi)"),
    Identity("E[relu(g*z)**2]", "g**2/2"),
    Identity("E[erf(t + g*z)]", "erf(t/sqrt(1 + 2*g**2))"),
    Identity("E[erf(g*z)**2]", "(2/pi)*asin(2*g**2/(1 + 2*g**2))"),
    Identity("E[z*erf(g*z)]", "2*g/sqrt(pi*(1 + 2*g**2))"),
    Identity("E[exp(-g*z**2)]", "1/sqrt(1 + 2*g)"),
    Identity("E[z**2*exp(-g*z**2)]", "1/(1 + 2*g)**(3/2)"),
    Identity("E[step(t + g*z)]", HALF),
    Identity("E[relu(t + g*z)]", f"t*{HALF} + g*exp(-t**2/(2*g**2))/sqrt(2*pi)"),
)
PAIRS = (
    Identity("E[u**2*v**2]", "1 + 2*rho**2"),
    Identity("E[u**3*v]", "3*rho"),
    Identity("E[sign(u)*sign(v)]", "2*asin(rho)/pi"),
    Identity("E[step(u)*step(v)]", "1/4 + asin(rho)/(2*pi)"),
    Identity("E[relu(u)*relu(v)]", "(sqrt(1 - rho**2) + rho*(pi - acos(rho)))/(2*pi)"),
    Identity("E[abs(u)*abs(v)]", "2*(sqrt(1 - rho**2) + rho*asin(rho))/pi"),
    Identity("E[u*relu(v)]", "rho/2"),
    Identity("E[max(u, v)]", "sqrt((1 - rho)/pi)"),
    Identity("Cov[u**2, v**2]", "2*rho**2"),
)

# Without a mean: what matrices and numbers satisfy.
PLAIN = (
    Identity("tr(A*B)", "tr(B*A)"),
    Identity("det(A*B)", "det(A)*det(B)"),
    Identity("inv(Sigma + a*a.T)", "inv(Sigma) - inv(Sigma)*a*a.T*inv(Sigma)/(1 + a.T*inv(Sigma)*a)", "", "inv(Sigma)"),
    Identity("det(I(d) + a*b.T)", "1 + a.T*b"),
    Identity("tr(had(A, B)*ones(d, d))", "tr(A*B.T)", "", "tr(A)"),
    Identity("max(s, t)", "(s + t + abs(s - t))/2"),
    Identity("sqrt(t**2)", "abs(t)"),
    Identity("min(s, t) + max(s, t)", "s + t"),
    Identity("norm(a + b)**2 + norm(a - b)**2", "2*norm(a)**2 + 2*norm(b)**2"),
)
EVERY = (*SIZED, *INVERSES, *VECTORS, *DISCRETE, *NUMBERS, *PAIRS, *PLAIN)
