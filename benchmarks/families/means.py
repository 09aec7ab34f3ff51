"""Wrong about a mean: what happens between the nodes, in the tail, at infinity, or after the printed digits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from families import Statement, family

THREE = "z1 ~ N(0, 1); z2 ~ N(0, 1); z3 ~ N(0, 1)"


def lines(texts: Iterable[str | tuple[str, str]]) -> Iterator[Statement]:
    for line in texts:
        text, where = (line, "") if isinstance(line, str) else line
        yield Statement(text, where)


@family("a spike between the nodes")
def spikes() -> Iterator[Statement]:
    yield from lines((
        "E[tanh(1000*z)**2] == 0",
        "E[exp(-10**6*(z - 1/3)**2)] == 0",
        "E[exp(-10**10*(z - 2/7)**2)] == 0",
        "E[relu(1 - 1000*abs(z - 1/3))] == 0",
        "E[step(1/500 - abs(z - 5/7))] == 0",
        "E[z**2 + exp(-10**8*(z - 1)**2)] == 1",
        "E[z**2*tanh(10**5*z)**2] == 1",
        "E[1/(1 + 10**6*(z - 1/3)**2)] == 0",
        "E[exp(-10**6*z**2)] == 0",
        "E[(1 - exp(-10**6*z**2))*z**2] == 1",
        "E[relu(u)*relu(v) + exp(-10**5*(u - v)**2)] == (sqrt(1 - rho**2) + rho*(pi - acos(rho)))/(2*pi)",
        "E[cos(1000*z)**2] == 1",
        "E[sin(10**4*z)**2] == 0",
        "E[erf(10**4*z)**2] == 1",
        "E[abs(erf(1000*z))] == 1",
        "E[(x.T*x) + exp(-10**6*(a.T*x - 1/3)**2)] == tr(Sigma)",
    ))  # fmt: skip


@family("a step in the tail")
def tails() -> Iterator[Statement]:
    yield from lines((
        "E[step(z - 6)] == 0",
        "E[step(z - 9)] == 0",
        "E[step(z + 8)] == 1",
        "E[relu(z - 7)] == 0",
        "E[relu(z + 10)] == 10",
        "E[relu(z + 6)] == 6",
        "E[min(z, 6)] == 0",
        "E[max(z, -8)] == 0",
        "E[sign(z + 7)] == 1",
        "E[abs(z + 8)] == 8",
        "E[min(z**2, 50)] == 1",
        "E[sqrt((z + 9)**2)] == 9",
        "E[erf(z + 12)] == 1",
        "E[exp(min(z, 8))] == exp(1/2)",
        "E[step(u - 5)*step(v - 5)] == 0",
        "E[max(u, v - 12)] == 0",
        "E[z**2*step(40 - z**2)] == 1",
        "E[relu(t + g*z)] == t",
        ("E[relu(t + g*z)] == t", "t > 8; g < 1"),
        ("E[step(t + g*z)] == 1", "t > 9; g < 1"),
        "E[x.T*x*step(a.T*x + 60)] == tr(Sigma)",
        "E[step(z - 70)] == 0",
        "E[max(z - 60, 0)] == 0",
    ))  # fmt: skip


@family("a gap below what floats resolve")
def slight() -> Iterator[Statement]:
    """Right in every digit that a measurement has, and wrong."""
    yield from lines((
        "E[max(z, -9)] == 0",
        "E[max(z, -12) + tanh(z)] == 0",
        "E[min(exp(z), exp(9))] == exp(1/2)",
        "E[min(exp(z), exp(10)) - exp(z)] == 0",
        "E[z**4*min(1, exp(12 - abs(z)))] == 3",
        "E[sqrt(z**2 + 10**(-20))] == sqrt(2/pi)",
        "E[z**2*tanh(10**6*z)**2] == 1",
        "E[abs(z)*tanh(10**9*z)**2] == sqrt(2/pi)",
        "E[1/(1 + exp(-z - 45))] == 1",
        "E[tanh(z + 30)] == 1",
        "E[erf(z + 15)**2] == 1",
        "E[cosh(z)*step(13 - z)] == exp(1/2)",
        "E[(a.T*x)**2*tanh(10**6*(a.T*x))**2] == a.T*Sigma*a",
        "E[x.T*x + max(a.T*x - 50*(a.T*Sigma*a) - 50, 0)] == tr(Sigma)",
    ))  # fmt: skip


@family("a mean that does not exist")
def divergent() -> Iterator[Statement]:
    yield from lines((
        "E[exp(t*z**2)] == 1/sqrt(1 - 2*t)",
        "E[exp(g*z**2)] == 1/sqrt(1 - 2*g)",
        "E[exp(exp(z/10))] == 27459/10000",
        "E[exp(z**2)] == 2",
        "E[exp(z**2/2)] == 4",
        "E[exp(z**4/100)] == 1046/1000",
        "E[exp(z**3/50)] == 1",
        "E[cosh(z**2)] == 1",
        "E[1/z] == 0",
        "E[1/z**2] == -1",
        "E[1/abs(z)] == 3",
        "E[1/(z - 3)] == 0",
        "E[1/(z - 3)**2] == 1/8",
        "E[z/(z**2 - 9)] == 0",
        "E[u/v] == rho",
        "E[1/(u*v)] == rho",
        "E[exp(u*v)] == 1/sqrt((1 - rho)**2 - 1)",
        "E[exp(t*x.T*x)] == 1/sqrt(det(I(d) - 2*t*Sigma))",
        "E[exp(t*norm(x)**2)*(a.T*x)**2] == a.T*Sigma*a",
        "E[cosh(t*z**2)] == (1/sqrt(1 - 2*t) + 1/sqrt(1 + 2*t))/2",
        "E[sinh(g*z**2)] == (1/sqrt(1 - 2*g) - 1/sqrt(1 + 2*g))/2",
        "E[exp(t*u*v)] == 1/sqrt(1 - 2*rho*t - (1 - rho**2)*t**2)",
        ("E[exp(a.T*y*y.T*a)] == 1", "y: d ~ N(0, I)"),
        ("E[y*y.T] == -I", "y: d ~ N(0, -I)"),
        ("E[y.T*y] == t*d", "y: d ~ N(0, t*I)"),
        ("E[1/(x.T*x)] == 1/tr(Sigma)", "d = 2"),
        ("E[1/norm(y)**2] == 1/(d - 2)", "y: d ~ N(0, I); d > 1"),
        ("E[inv(X*X.T)] == inv(Sigma)/(N - d - 1)", "N > d"),
        ("E[tr(inv(Z*Z.T)**2)] == d*(N - 1)/((N - d)*(N - d - 1)*(N - d - 3))", "N > d + 1"),
        "E[exp(x.T*x)] == 1/sqrt(det(I(d) - 2*Sigma))",
        "E[exp(x.T*A*x)] == 1/sqrt(det(I(d) - A*Sigma - A.T*Sigma))",
        "E[sqrt(z)**2] == 0",
        "E[sqrt(z)] == 0",
        "E[log(z)] == 0",
        "E[log(1 + z)] == -1/2",
        "E[asin(z)] == 0",
        "E[acos(z)] == pi/2",
        "E[tan(z)] == 0",
    ))  # fmt: skip


@family("constants rounded")
def rounded() -> Iterator[Statement]:
    yield from lines((
        "E[abs(z)] == 0.798",
        "E[abs(z)] == 0.797885",
        "E[abs(z)] == 0.7978845608",
        "E[abs(z)] == 0.797884560802865",
        "E[relu(z)] == 0.3989",
        "E[relu(z)] == 0.3989422804",
        "E[exp(z)] == 1.64872127",
        "E[cos(z)] == 0.60653066",
        "E[tanh(z)**2] == 0.3943",
        "E[1/(1 + z**2)] == 0.6557",
        "E[log(1 + z**2)] == 0.5319",
        "E[abs(z)**3] == 1.5958",
        "E[sqrt(abs(z))] == 0.822",
        "E[step(u)*step(v)] == 0.25 + 0.159154943*asin(rho)",
        "E[sign(u)*sign(v)] == 0.6366198*asin(rho)",
        "E[max(u, v)] == 0.5641896*sqrt(1 - rho)",
        "E[abs(t*z)] == 0.79788456*abs(t)",
        "E[exp(t*z)] == 1.6487212707**(t**2)",
        "E[erf(g*z)**2] == 0.63661977*asin(2*g**2/(1 + 2*g**2))",
        "E[abs(a.T*x)] == 0.79788456*sqrt(a.T*Sigma*a)",
        "E[abs(z)] == sqrt(7/11)",
        ("E[max(z1, z2, z3)] == 0.84", THREE),
        ("E[max(z1, z2, z3)] == 0.8463", THREE),
        ("E[max(z1, z2)] == 0.5642", "z1 ~ N(0, 1); z2 ~ N(0, 1)"),
    ))  # fmt: skip
