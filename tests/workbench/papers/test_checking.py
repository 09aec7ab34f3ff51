"""The statements of a paper judged: verdicts as of single statements, contracts, exit codes, files for machines."""

import json
import os
import re
import signal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from workbench import check
from workbench.limits import Limits
from workbench.papers import checking
from workbench.papers.checking import judged, worst
from workbench.papers.marks import Marked, Paper
from workbench.sessions.telling import told

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "paper" / "attention_pca.tex"
TRUE, FALSE = "E[x*x.T] == Sigma", "E[x*x.T] == 2*Sigma"
SOME_SIZES, AT_SOME = "E[exp(w.T*x)] == exp(w.T*Sigma*w/2)", "supported at d = 2, 3"
SHORT = Limits(60, 8)


def found(*statements, limits=SHORT, apart=False):
    paper = Paper(Path("paper.tex"), [Marked(f"s{n}", n, *each) for n, each in enumerate(statements, 1)])
    return list(judged(paper, limits, "quick", 0, apart))


def test_the_example_is_verified_with_its_misprints(workbench, tmp_path):
    reply = workbench("check", EXAMPLE, "--json", tmp_path / "found.json")
    assert reply.code == 0, reply.out
    assert "17 supported  3 refuted (3 as expected)  0 undecided" in reply.out
    records = json.loads((tmp_path / "found.json").read_text())["statements"]
    assert len(records) == 20 and all(record["as_expected"] for record in records)
    lines = EXAMPLE.read_text().splitlines()
    assert all(lines[record["line"] - 1] == f"% workbench: {record['name']}" for record in records)


def blurred(text):
    """A text without resolutions, whose last digits vary with the platform."""
    return re.sub(r"above [\d.e-]+", "above …", text)


def test_the_paper_of_the_readme_is_verified(workbench, tmp_path, monkeypatch):
    page = (EXAMPLE.parents[2] / "README.md").read_text()
    (tmp_path / "paper.tex").write_text(page.split("<!-- paper -->\n```latex\n")[1].split("```")[0])
    monkeypatch.chdir(tmp_path)
    reply = workbench("check", "paper.tex")
    assert reply.code == 0 and blurred(reply.out) in blurred(page)


PRINTED = r"""
\newcommand{\Ex}[2][]{\mathop{\mathbb{E}}_{#1}\left[#2\right]}
\DeclarePairedDelimiter{\nrm}{\lVert}{\rVert}
\DeclareMathOperator*{\Mean}{\mathbb{E}}
\def\half#1{\frac12 #1}
% workbench: let d: size; Sigma: spd d; W: d×d; w: d; w^\star: d

% workbench: a law below the mean
\begin{equation}
  \Ex[x\sim\mathcal{N}(\mathbf{0},\bm\Sigma)]{\nrm*{x}_2^2} = \operatorname*{Tr}\left[\Sigma\right].
\end{equation}

% workbench: the same law, said before
% where: x: d ~ N(0, Sigma)
\begin{equation} \Mean_{x\sim\mathcal{N}(0, \Sigma)} \nrm[\big]{x}^2 = \operatorname{tr} \Sigma \end{equation}

% workbench: a risk
% where: x ~ N(0, Sigma)
\begin{align}
  \half{\Ex[x\sim\mathcal{D}]{(\langle w, x\rangle - \langle w^\star, x\rangle)^2}}
    &\stackrel{(a)}{=} \frac12 (w - w^\star)^\intercal\Sigma(w-w^\star),\qquad \text{for all } d \geq 1
\end{align}

% workbench: a gradient
% where: x ~ N(0, Sigma)
\[ \frac{\partial}{\partial W}\, \Mean \nrm{W x}^2 = 2 W \Sigma \]

% workbench: indicators
\[ \Mean_{(u, v)} \mathbb{1}_{\{u > 0\}}\mathbf{1}\{v>0\} = \frac14 + \frac{\arcsin\rho}{2\pi} \]

% workbench: one factor is forgotten
% expect: refuted
\[ \Ex[x\sim\mathcal{N}(0,\Sigma)]{(x^\top W x)\, x x^\top} = {\rm tr}(W\Sigma)\Sigma + \Sigma W\Sigma \]

% workbench: two laws
% where: x ~ N(0, I)
\[ \Ex[x\sim\mathcal{N}(0,\Sigma)]{x x^\top} = I \]

% workbench: something else is random
% where: x ~ N(0, Sigma); w ~ N(0, I)
\[ \Ex[x]{(w^\top x)^2} = w^\top \Sigma w \]
"""


def test_statements_as_they_are_typeset_are_read_and_judged(workbench, tmp_path):
    (tmp_path / "paper.tex").write_text(PRINTED)
    reply = workbench("check", tmp_path / "paper.tex")
    table, told = reply.out.split("\n\n", 1)
    assert reply.code == 3 and [row[0] for row in table.splitlines()] == [*"✓✓✓✓✓✓!!"], reply.out
    assert "x is declared twice, 'x ~ N(0, I)' and" in told and "E_x[…] is read where x alone is random" in told


CONTRACTS = {
    "as it should be": ((TRUE,), 0, "supported for every size"),
    "a misprint": ((FALSE, (), False, "refuted"), 0, "refuted, as expected"),
    "an error": ((FALSE,), 1, "refuted"),
    "no misprint after all": ((TRUE, (), False, "refuted"), 1, "supported for every size, though refuted was expected"),
    "every size": ((TRUE, (), True), 0, "supported for every size"),
    "some sizes": ((SOME_SIZES, (), False), 0, AT_SOME),
    "some sizes where every one is asked": ((SOME_SIZES, (), True), 2, f"{AT_SOME}, not for every size as is asked"),
    "no statement": (("E[x*x.T]",), 3, "unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTRACTS)
def test_a_contract_says_what_the_verdict_means(case):
    statement, code, said = CONTRACTS[case]
    (one,) = found(statement)
    assert (one.code, one.said) == (code, said) and worst([one]) == code
    assert one.expected == (code == 0)


def test_the_worst_statement_gives_the_exit_code():
    supported, refuted, short, unreadable = found((TRUE,), (FALSE,), (SOME_SIZES, (), True), ("no statement",))
    assert worst([supported]) == 0 and worst([supported, short]) == 2 and worst([short, refuted]) == 1
    assert worst([refuted, unreadable, supported]) == 3


def test_where_a_canary_survives_a_paper_says_nothing(monkeypatch):
    (one,) = found((TRUE,))
    monkeypatch.setattr(checking, "flock", lambda: type("Flock", (), {"void": True}))
    assert worst([one]) == 4


def test_a_paper_says_of_a_statement_what_the_single_statement_says(workbench, tmp_path):
    paper = tmp_path / "paper.md"
    paper.write_text("<!-- workbench: let d: size; Sigma: spd d; x ~ N(0, Sigma) -->\n\n<!-- workbench: wrong -->\n\n"
                     "$$ E[x xᵀ] = 2Σ $$\n\n```workbench\nopen\nstatement: E[q(x)] = 0\n```\n")  # fmt: skip
    reply = workbench("check", paper, "--junit", tmp_path / "junit.xml", "--json", tmp_path / "found.json")
    single = told(check("E[x xᵀ] = 2Σ", "d: size; Sigma: spd d; x ~ N(0, Sigma)"))
    assert reply.code == 3 and f"{paper}:3" in reply.out and f"{paper}:8" in reply.out
    assert single.replace("$$", "") in reply.out.replace("\n  ", "\n")
    wrong, unread = ElementTree.parse(tmp_path / "junit.xml").iter("testcase")
    assert (wrong.get("name"), wrong.get("file"), wrong.get("line")) == ("wrong", str(paper), "3")
    assert "REFUTED" in wrong.find("failure").get("message")
    assert "q" in unread.find("error").get("message")
    record, _ = json.loads((tmp_path / "found.json").read_text())["statements"]
    assert record["verdict"]["status"] == "refuted" and record["line"] == 3


def test_each_statement_has_limits_of_its_own():
    slow = ("E[" + "*".join(["tr(X*X.T)"] * 8) + "] == N",)
    late, ready = found(slow, (TRUE,), limits=Limits(0.05, 8))
    assert late.status == "undecided" and "exceeded 0.05 s" in late.problem and ready.line == 2


def test_a_process_that_dies_leaves_one_statement_undecided(monkeypatch):
    def deadly(text, where, **how):
        if text == FALSE:
            os.kill(os.getpid(), signal.SIGKILL)
        return check(text, where, **how)

    monkeypatch.setattr(checking, "check", deadly)
    first, dead, last = found((TRUE,), (FALSE,), (TRUE,), apart=True)
    assert (first.status, dead.status, last.status) == ("supported", "undecided", "supported")
    assert "memory" in dead.problem and dead.code == 2


def test_a_process_that_listens_to_nothing_is_ended(monkeypatch):
    def deaf(text, where, **how):
        if text == FALSE:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
            signal.pause()
        return check(text, where, **how)

    monkeypatch.setattr(checking, "check", deaf)
    monkeypatch.setattr(checking, "GRACE", 0.1)
    dead, last = found((FALSE,), (TRUE,), limits=Limits(3, 8), apart=True)
    assert (dead.status, last.status) == ("undecided", "supported") and "exceeded 3 s" in dead.problem


@pytest.mark.parametrize("name", ["paper.tex", "a folder.md", "a\0.tex"])
def test_a_paper_that_cannot_be_read_is_one_sentence(workbench, tmp_path, name):
    (tmp_path / "empty" / "a folder.md").mkdir()
    reply = workbench("check", name)
    assert reply.code == 3 and len(reply.err.splitlines()) == 1 and "Traceback" not in reply.err


def test_files_are_written_for_papers_only_and_one_that_cannot_be_is_said(workbench, tmp_path):
    assert workbench("check", TRUE, "--json", tmp_path / "found.json").code == 3
    paper = tmp_path / "paper.toml"
    paper.write_text(f'[one]\nstatement = "{TRUE}"\n')
    reply = workbench("check", paper, "--json", tmp_path / "nowhere" / "found.json")
    assert reply.code == 3 and "cannot be written" in reply.err and "1 supported" in reply.out
