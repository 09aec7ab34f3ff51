"""The command `check`: a statement typed on one line, or the statements of a paper."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from workbench.errors import BadInput
from workbench.language.syntax import refuse_what_is_no_statement
from workbench.limits import STATEMENT, Limits, alone, told
from workbench.options import BAD_INPUT, CODES, EXIT, MEMORY_LIMIT, SEED, STANDARD, TIME_LIMIT, VOID

SUFFIXES = (".tex", ".md", ".markdown", ".toml")  # of files that hold statements


class Check(click.Command):
    """A command whose help lists the functions and laws that can be typed; SymPy is loaded only for that."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from workbench.language import distributions, functions, law_rows  # noqa: F401 (its laws enter their rows)

        for word, lines in (("FUNCTIONS", functions.manual()), ("LAWS", law_rows.manual())):
            place = re.compile(rf"^( *){word}\n", re.MULTILINE)
            self.help = place.sub(lambda found: "".join(f"{found[1]}{line}\n" for line in lines), self.help or "")  # noqa: B023
        super().format_help_text(ctx, formatter)


@click.command(cls=Check, epilog=CODES, short_help="Judge a statement typed on one line, or those of a paper.")
@click.argument("statement", metavar="STATEMENT|FILE")
@click.option("--where", multiple=True, metavar="DECLARATIONS", help="What the letters mean, with semicolons between.")
@STANDARD
@SEED
@TIME_LIMIT
@MEMORY_LIMIT
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Of a FILE: write a JUnit XML file.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Of a FILE: write what was found, one record per statement.",
)
def check(
    statement: str, where: tuple[str, ...], standard: str, seed: int, time_limit: float | None,
    memory_limit: float | None, junit: Path | None, json_file: Path | None,
) -> None:  # fmt: skip
    """Judge a STATEMENT, LEFT == RIGHT: the left side is measured from its definition, derived and compared.

    An inequality LEFT <= RIGHT is refuted at a point or proved for all letters; of a chain A == B <= C every link is
    judged by itself.

    \b
    workbench check "E[X*X.T*A*X*X.T] == N*(N*Sigma*A*Sigma + Sigma*A.T*Sigma + tr(A*Sigma)*Sigma)"
    workbench check "E[relu(u)*relu(v)] == (sqrt(1 - rho**2) + rho*(pi - acos(rho)))/(2*pi)"
    workbench check "grad(E[tr((W*x - y)*(W*x - y).T)], W) == 2*W*Sigma" --where "y ~ N(0, I)"

    \b
    A side is made of
      + - * / **  .T           products of matrices and numbers; a 1×1 product is the number it holds
      E[…]  Var[…]  Cov[…, …]  Corr[…, …]  the mean over all random letters in it, a variance, …
      P[u > 0, v <= 1]         the chance that all of it happens;   1{u > 0}  1 where it holds, and 0 elsewhere
      E[z | z > t]   P(u > 0 | v > 0)   Var[z | z > 0]       given events
      grad(…, W)               the gradient of a number in a letter
      lim(…)   lim[d/N → c](…) what it tends to as all sizes grow in fixed proportions; c names one of them
      [[a, b], [c, d]]         a matrix of numbers
      tr inv det had diag norm kron vec I ones    ones(d), ones(d, N), I(d) have sizes; or A ∘ B, A ⊗ B;
                               norm(A) is ‖A‖_F, and norm2(x) that of a column alone
      transpose(A)  inner(w, x)  sum(term, k, 1, oo)    .T and ⟨w, x⟩ in words; a sum over whole numbers
      n!  binomial(n, k)       a factorial, the number of ways to choose k of n
      sum_k x_k*x_k.T          over the columns of X;   sum_k x_k**2   over the entries of x
      x[0]  A[0, 1]  X[:, 0]   entries and a column, counted from zero;   x_1  Sigma_12  entries, from one
      FUNCTIONS
    and may be written as on paper:
    E x x' = Σ, X^T, xᵀ, z², N(N+1), E‖x‖², |z|, ⟨w, x⟩, ½, ∇_W. It may end on: where DECLARATIONS.
    A declaration is one of
      A: d×d   C: d x N   a: d          a matrix, a vector
      Sigma: spd d   Q: orthogonal d   S: symmetric d   mu: unit d
      t: real   g: positive   p: probability   rho: overlap   d: size   N: count
      LAWS
      d = 3   W = X*X.T                 a value, a name for a formula
      k = g + k*tr(Sigma*inv(Sigma + k*I(d)))/N   the number > 0 that an equation names, by iteration from 0
      N > d + 1                         a hypothesis
    Undeclared letters mean what they mostly mean: Sigma, Lambda spd d; X ~ N(0, Sigma), Z ~ N(0, I) of shape
    d×N, x ~ N(0, Sigma) a column, z ~ N(0, 1) a number, u and v standard with correlation rho; t, s real;
    g, sigma, tau positive; other upper-case letters matrices, lower-case ones vectors, of the shape that
    fits. The answer repeats what was understood. The text is parsed, never evaluated.

    A FILE ends on .tex, .md or .toml and marks the statements to be judged, each in its own limits:

    \b
      % workbench: let d: size; N: count; Sigma: spd d; X ~ N(0, Sigma)
      % workbench: second moment          a name, and before the formula, where there is something to say:
      %   where: N > 2                    letters and hypotheses of its own
      %   sizes: every                    it has to hold for every size; or: d = 2; N = 5
      %   expect: refuted                 print is wrong here, and has to be found so
      $$ E[X X^T] = N Σ $$                  or an equation, with the macros of the paper

    In Markdown a mark is a comment, <!-- workbench: second moment -->, or a block ```workbench with a line
    statement: LEFT = RIGHT; in TOML a table ["second moment"] with these keys, and let = "…" at the top.
    """
    limits = STATEMENT.changed(time_limit, memory_limit)
    if is_paper(statement):
        judge_paper(Path(statement), where, standard, seed, limits, junit, json_file)
    if junit or json_file:
        raise BadInput("--junit and --json are for a FILE of statements; its name ends on .tex, .md or .toml")
    with told(limits, "workbench.sessions.answers", before=lambda: refuse_what_is_no_statement(statement)):
        words, code = judged(statement, where, standard, seed)
    click.echo(words, err=code == VOID)
    sys.exit(code)


def judged(statement: str, where: tuple[str, ...], standard: str, seed: int) -> tuple[str, int]:
    """What was found of a statement, in words, and the exit code that says the same."""
    from workbench.judging.canaries import flock
    from workbench.sessions.answers import check as answer_to
    from workbench.sessions.telling import told

    answer = answer_to(statement, where, standard=standard, seed=seed)
    if flock().void:
        return f"workbench: {flock().reason}", VOID
    return told(answer), EXIT[answer.status]


def is_paper(text: str) -> bool:
    """Whether an argument names a file of statements: by its suffix, and by having no = in it, or by being there."""
    if not text.lower().endswith(SUFFIXES):
        return False
    try:
        return "=" not in text or Path(text).is_file()
    except (OSError, ValueError):
        return False


def judge_paper(
    path: Path, where: tuple[str, ...], standard: str, seed: int, limits: Limits, junit: Path | None,
    json_file: Path | None,
) -> None:  # fmt: skip
    """Judge the statements of a paper, say what was found and end with the worst exit code."""
    from workbench.papers.reading import read_paper

    paper, found = read_paper(path, where), []  # what cannot be read is told before torch is loaded
    from workbench.papers.checking import judged, worst
    from workbench.papers.files import write_json, write_junit
    from workbench.papers.telling import counts, detail, row

    width = max((len(each.name) for each in (*paper.statements, *paper.faults)), default=0)
    for each in judged(paper, limits, standard, seed, apart=alone()):
        found.append(each)
        click.echo(row(each, width))
    for each in filter(None, map(detail, found)):
        click.echo(f"\n{each}")
    click.echo(f"\n{counts(found)}")
    wanted = ((junit, write_junit), (json_file, write_json))
    unwritten = [sentence for target, write in wanted if target and (sentence := kept(found, target, write))]
    for sentence in unwritten:
        click.echo(f"workbench: {sentence}", err=True)
    sys.exit(BAD_INPUT if unwritten and worst(found) != VOID else worst(found))


def kept(found: list[Any], target: Path, write: Callable[[list[Any], Path], None]) -> str:
    """Write a file; why it cannot be written, in a sentence."""
    try:
        write(found, target)
    except OSError as problem:
        return f"{target} cannot be written: {problem.strerror}"
    return ""
