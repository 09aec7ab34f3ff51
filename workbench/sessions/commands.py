"""The command `check`: a statement typed on one line."""

from __future__ import annotations

import sys

import click

from workbench.options import CODES, EXIT, SEED, STANDARD, VOID


@click.command(epilog=CODES, short_help="Judge a statement typed on one line; no theorem file is needed.")
@click.argument("statement")
@click.option("--where", multiple=True, metavar="DECLARATIONS", help="What the letters mean, with semicolons between.")
@STANDARD
@SEED
def check(statement: str, where: tuple[str, ...], standard: str, seed: int) -> None:
    """Judge a STATEMENT, LEFT == RIGHT: the left side is measured from its definition, derived and compared.

    \b
    workbench check "E[X*X.T*A*X*X.T] == N*(N*Sigma*A*Sigma + Sigma*A.T*Sigma + tr(A*Sigma)*Sigma)"
    workbench check "E[relu(u)*relu(v)] == (sqrt(1 - rho**2) + rho*(pi - acos(rho)))/(2*pi)"
    workbench check "grad(E[tr((W*x - y)*(W*x - y).T)], W) == 2*W*Sigma" --where "y ~ N(0, I)"

    \b
    A side is made of
      + - * / **  .T           products of matrices and numbers; a 1×1 product is the number it holds
      E[…]  Var[…]  Cov[…, …]  the mean over all random letters in it, a variance, a covariance
      grad(…, W)               the gradient of a number in a letter
      [[a, b], [c, d]]         a matrix of numbers
      tr inv det had diag norm I ones      ones(d), ones(d, N) and I(d) have sizes; had is the entrywise product
      exp log sqrt erf relu step abs sign max min sin cos tan asin acos atan sinh cosh tanh   of numbers;  pi
    and may be written as on paper: E[x x'] = Σ, X^T, xᵀ, z², N(N+1), ‖x‖, |z|. It may end on: where DECLARATIONS.
    A declaration is one of
      A: d×d   C: d x N   a: d          a matrix, a vector
      Sigma: spd d   Q: orthogonal d   S: symmetric d   mu: unit d
      t: real   g: positive   p: probability   rho: overlap   d: size   N: count
      X ~ N(0, Sigma)                   Gaussian: d×N with i.i.d. columns if upper case, one column if lower
      X: d×L ~ N(mu, Sigma, K)          with its shape, a mean, a covariance K between the columns
      (u, v) ~ N(0, [[1, rho], [rho, 1]])   numbers with a joint law;   x, y ~ N(0, Sigma)   independent ones
      W ~ Wishart(N, Sigma)   o: d ~ Bernoulli(q)   H ~ Haar(d, r)   e: N ~ OneHot   a mask, columns, a place
      x: d ~ q*N(mu, I) + (1 - q)*N(-mu, I)     a mixture
      d = 3   W = X*X.T                 a value, a name for a formula
      N > d + 1                         a hypothesis
    Undeclared letters mean what they mostly mean: Sigma, Lambda spd d; X ~ N(0, Sigma), Z ~ N(0, I) of shape
    d×N, x ~ N(0, Sigma) a column, z ~ N(0, 1) a number, u and v standard with correlation rho; t, s real;
    g, sigma, tau positive; other upper-case letters matrices, lower-case ones vectors, of the shape that
    fits. The answer repeats what was understood. The text is parsed, never evaluated.
    """
    from workbench.judging.canaries import flock
    from workbench.sessions.answers import check as answer_to
    from workbench.sessions.telling import told

    answer = answer_to(statement, where, standard=standard, seed=seed)
    if flock().void:
        click.echo(f"workbench: {flock().reason}", err=True)
        sys.exit(VOID)
    click.echo(told(answer))
    sys.exit(EXIT[answer.status])
