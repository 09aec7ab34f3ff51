r"""Papers as they are written, macros, \bm, splits, delimiters of their own: read as meant, and refused with a line."""

from pathlib import Path

import pytest

from workbench.errors import BadInput
from workbench.language.printing import text
from workbench.papers.reading import read_paper
from workbench.sessions.equations import read_statement

PAPER = r"""
\newcommand{\E}{\mathbb{E}}
\newcommand{\T}{^{\mathsf{T}}}
\newcommand{\bX}{\bm{X}}
\newcommand{\bSigma}{\bm{\Sigma}}
\def\vq{{\bm{q}}}
\def\vk{{\bm{k}}}
\newcommand{\gauss}[2]{\mathcal{N}\left(#1, #2\right)}
\DeclareMathOperator{\tr}{tr}
\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}
\DeclarePairedDelimiterX{\inner}[2]{\langle}{\rangle}{#1,\, #2}
% workbench: let n: size; \bSigma \succ 0; \bX \sim \gauss{0}{\bSigma, I_n}
% workbench: let \vq \in \mathbb{R}^{d_k}, \vk \sim \gauss{0}{I_{d_k}}

% workbench: second moment
\begin{align}
  \E\bigl[\bX \bX\T\bigr]
    &= n \bSigma \label{eq:one} \\
\end{align}

% workbench: a sum
\begin{equation}\label{eq:cov}
  \begin{split}
    \E\Bigl[ \tfrac{1}{n} \sum_{i=1}^{n} \bm{x}_i \bm{x}_i\T \Bigr] % of columns
      &= \bSigma .
  \end{split}
\end{equation}

% workbench: inner product
% where: w \in \mathbb{R}^{d_k}
\[ \E\left[ \inner*{w}{\vk}^2 \right] = \norm{w}_2^2 \]

% workbench: logits
\[ \E_{\vk}\left[ \exp\left( \frac{\vq^\intercal \vk}{\sqrt{d_k}} \right) \right]
   = \exp\left( \frac{\norm{\vq}^2}{2 d_k} \right) \]

% workbench: symmetric
\[ \E[\bX\T \bm{W} \bX] = \tr(\bm{W}\bSigma) I_n, \qquad {\bm{W}} = {\bm{W}}^\top \]

% workbench: limit
% where: Z: d×n ~ N(0, I)
\[ \lim_{\substack{d,n \to \infty \\ d/n \to \gamma}} \frac1n \E \norm{Z}_F^2 / n = \gamma \]

% workbench: activation
\[ \E[\sigma(\vq^\top \vk)] = \tfrac12 \]

% workbench: two at once
\begin{align} \E[\vk] &= 0, \\ \E[\vk\vk^\top] &= I_{d_k} \end{align}

% workbench: cases
\[ \E[z^k] = \begin{cases} 0 & k \text{ odd} \\ 1 & k = 2 \end{cases} \]
"""
READ = {
    "second moment": "E[X*X.T] == n*Sigma",
    "a sum": "E[1/n*X*X.T] == Sigma",
    "inner product": "E[(w.T*k)**2] == w.T*w",
    "logits": "E[exp(1/sqrt(d_k)*q.T*k)] == exp((q.T*q)/(2*d_k))",
    "symmetric": "E[X.T*W*X] == tr(W*Sigma)*I(n)",
    "limit": "lim(E[tr(Z.T*Z)/n**2]) == d/n",
}
REFUSED = {
    "activation": "a function, or a product",
    "two at once": "if it is a statement of its own, check it by itself",
    "cases": "is a formula by cases",
}


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    path = Path(tmp_path_factory.mktemp("papers")) / "paper.tex"
    path.write_text(PAPER, encoding="utf-8")
    return read_paper(path)


def test_every_statement_is_read_as_it_is_meant_or_refused_in_a_sentence(paper):
    assert not paper.faults
    for marked in paper.statements:
        if marked.name in REFUSED:
            with pytest.raises(BadInput, match=REFUSED[marked.name]):
                read_statement(marked.text, marked.where)
        else:
            (equation,) = read_statement(marked.text, marked.where)
            assert f"{text(equation.left)} == {text(equation.right)}" == READ[marked.name], marked.name
        assert PAPER.splitlines()[marked.line - 1] == f"% workbench: {marked.name}"


def test_a_symmetric_letter_is_one_in_what_is_said(paper):
    (equation,) = read_statement(*next((m.text, m.where) for m in paper.statements if m.name == "symmetric"))
    assert "W: symmetric d" in equation.where
