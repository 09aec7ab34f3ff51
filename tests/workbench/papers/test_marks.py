"""What a paper marks, in each of the formats, and what is said where it cannot be read."""

import os
import subprocess
import sys

import pytest

from workbench.errors import BadInput
from workbench.papers.reading import LARGEST, read_paper
from workbench.sessions.declarations import declared

LATEX = r"""
\newcommand{\E}{\mathbb{E}}
\newcommand{\norm}[1]{\lVert #1 \rVert}
\DeclareMathOperator{\tr}{tr}
% workbench: let d: size; \Sigma: spd d
%   Y: d \times N \sim \mathcal{N}(0, \Sigma)

Prose, an unmarked equation $$ 1 = 2 $$ and a comment: % workbench is a tool
% workbench: length
% where: x ~ N(0, Sigma)
% sizes: every
\begin{equation}\label{eq:length}
  \E \left[ \norm{x}^2 \right] = \tr(\Sigma) % the trace
\end{equation}
% workbench: second moment
% expect: refuted

\begin{align*}
  \E[Y Y^\top] &= N^2
  % as printed \\ &\quad \Sigma. \nonumber
\end{align*}
"""
MARKDOWN = r"""
<!-- workbench: let d: size; Sigma: spd d
Y: d×N ~ N(0, Sigma) -->

<!-- workbench: length
where: x ~ N(0, Sigma)
sizes: every -->

$$ E[‖x‖²] = tr(Σ) $$

```python
<!-- workbench: no mark -->
```

```workbench
second moment
expect: refuted
statement: E[Y Yᵀ] =
  N² Σ
```
"""
TOML = """
title = "of Gaussian columns"
let = ["d: size; Sigma: spd d", "Y: d×N ~ N(0, Sigma)"]

[length]
statement = "E[norm(x)**2] == tr(Sigma)"
where = "x ~ N(0, Sigma)"
sizes = "every"

["second moment"]
statement = "E[Y*Y.T] == N**2*Sigma"
expect = "refuted"
"""
FILES = {"paper.tex": (LATEX, (9, 15)), "paper.md": (MARKDOWN, (5, 16)), "paper.toml": (TOML, (5, 10))}


@pytest.fixture
def read(tmp_path):
    """Reads a text as a paper of that name."""

    def read(name, text, where=()):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_paper(path, where)

    return read


def sentences(paper):
    return [f"{fault.line}: {fault.sentence}" for fault in paper.faults]


@pytest.mark.parametrize("name", FILES)
def test_every_format_says_names_lines_letters_and_contracts(read, name):
    text, lines = FILES[name]
    paper = read(name, text)
    assert sentences(paper) == []
    length, moment = paper.statements
    assert (length.name, length.line, length.every_size, length.expect) == ("length", lines[0], True, "supported")
    assert (moment.name, moment.line, moment.every_size, moment.expect) == ("second moment", lines[1], False, "refuted")
    assert "x ~ N(0, Sigma)" in length.where[0] and "x ~" not in moment.where[0]
    for each in paper.statements:
        assert each.where[0].startswith("d: size; Sigma") and "\\" not in each.where[0]


def test_macros_of_the_paper_are_written_out(read):
    length, moment = read("paper.tex", LATEX).statements
    assert "norm" not in length.text and r"\lVert x \rVert" in length.text and r"\operatorname{tr}" in length.text
    assert "trace" not in length.text and "label" not in length.text and "&" not in moment.text


def test_a_macro_that_holds_itself_comes_to_an_end(read):
    (one,) = read("p.tex", "\\newcommand{\\a}{\\a\\a}\n% workbench: endless\n$$ \\a = 1 $$\n").statements
    assert len(one.text) < 100_000


def test_letters_of_a_statement_outrank_those_of_the_paper(read):
    text = "let = 'd: size; A: d×d; N: count'\n[one]\nstatement = 'A == A'\nwhere = 'A: symmetric d'\nsizes = 'd = 2'\n"
    (one,) = read("p.toml", text, ["B: d×d"]).statements
    assert one.where == ("B: d×d; N: count; A: symmetric d; d = 2",)


BROKEN = {
    "a name twice": (
        "p.tex",
        "% workbench: one\n$$ 1 = 1 $$\n% workbench: one\n$$ 2 = 2 $$",
        "3: the name 'one' is taken by line 1",
    ),
    "no name": ("p.tex", "% workbench:\n$$ 1 = 1 $$", "1: a statement needs a name"),
    "a long name": ("p.tex", f"% workbench: {'n' * 101}\n$$ 1 = 1 $$", "1: a statement needs a name of at most 100"),
    "no formula": (
        "p.tex",
        "% workbench: one\nprose\n$$ 1 = 1 $$",
        "1: no formula stands right after the mark of 'one'",
    ),
    "the end of the file": ("p.tex", "% workbench: one", "1: no formula stands right after"),
    "an open equation": (
        "p.tex",
        "\n% workbench: one\n\\begin{equation} 1 = 1",
        "2: the formula after this mark begins with \\begin{equation}",
    ),
    "an open equation before another": (
        "p.tex",
        "% workbench: one\n\\begin{equation} 1 = 1\n\n\\begin{equation} 2 = 2 \\end{equation}",
        "1: the formula after this mark begins with \\begin{equation}",
    ),
    "another key": (
        "p.tex",
        "% workbench: one\n% expct: refuted\n$$ 1 = 1 $$",
        "1: 'expct: refuted' is not understood in a mark",
    ),
    "another key below a statement": (
        "p.md",
        "```workbench\none\nstatement: 1 = 1\nexpct: refuted\n```",
        "2: 'expct: refuted' is not understood",
    ),
    "another word": (
        "p.tex",
        "% workbench: one\n% expect: rejected\n$$ 1 = 1 $$",
        "1: expect: 'rejected' is not understood",
    ),
    "another size": ("p.tex", "% workbench: one\n% sizes: many\n$$ 1 = 1 $$", "1: sizes: 'many' is not understood"),
    "a key twice": (
        "p.tex",
        "% workbench: one\n% expect: refuted\n% expect: refuted\n$$ 1 = 1 $$",
        "1: expect: is said twice",
    ),
    "a letter twice": ("p.tex", "% workbench: let d: size\n\n% workbench: let d: count", "3: d is declared already"),
    "nothing declared": ("p.tex", "% workbench: let", "1: let declares nothing"),
    "an open comment": (
        "p.md",
        "\n<!-- workbench: one\n\n$$ 1 = 1 $$",
        "2: this comment has no end; close it with -->",
    ),
    "an open block": ("p.md", "```workbench\none\nstatement: 1 = 1", "1: this block has no end; close it with ```"),
    "an open formula": ("p.md", "<!-- workbench: one -->\n$$ 1 = 1", "1: the formula after this mark begins with $$"),
    "a block of nothing": ("p.md", "```workbench\none\n```", "2: no formula stands right after the mark of 'one'"),
    "another key of a table": ("p.toml", "[one]\nstatment = '1 = 1'", "1: 'statment' is not understood in a table"),
    "another key of the file": ("p.toml", "letters = 'd: size'", "1: 'letters' is not understood here"),
    "a number": ("p.toml", "[one]\nstatement = 1", "1: statement is a text"),
    "a table of tables": ("p.toml", "[one.two]\nstatement = '1 = 1'", "1: 'two' is not understood in a table"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_one_sentence_with_its_line_and_the_others_go_on(read, case):
    name, text, said = BROKEN[case]
    (sentence,) = sentences(read(name, text))
    assert sentence.startswith(said)
    after = {"p.tex": "\n\n% workbench: last\n$$ 3 = 3 $$", "p.md": "\n", "p.toml": "\n[last]\nstatement = '3 = 3'\n"}
    paper = read(name, text + after[name])
    assert "open" in case or name == "p.md" or paper.statements[-1].name == "last"


NOTHING = {
    "no statement": ("p.tex", "prose", "p.tex marks no statement; write `% workbench: NAME`"),
    "nothing at all": ("p.md", "", "p.md marks no statement; write <!-- workbench: NAME -->"),
    "an empty table": ("p.toml", "", "p.toml marks no statement; write a table"),
    "no text": ("p.tex", b"\x89PNG\r\n\xff", "p.tex is no text in UTF-8"),
    "a zero byte": ("p.tex", b"% workbench: one\n\0", "p.tex is no text: it holds bytes"),
    "no TOML": ("p.toml", "[one\n", "p.toml: this is no TOML"),
    "a name twice in TOML": ("p.toml", "[one]\n[one]\n", "p.toml: this is no TOML"),
    "a deep TOML": ("p.toml", "a = " + "[" * 50_000, "p.toml: this is no TOML"),
    "a huge file": ("p.tex", b"x" * (LARGEST + 1), "p.tex is larger than 8 MB"),
}


@pytest.mark.parametrize("case", NOTHING)
def test_a_file_that_holds_nothing_to_judge_is_one_sentence(read, case):
    name, text, said = NOTHING[case]
    with pytest.raises(BadInput, match=r"\w") as problem:
        read(name, text)
    assert said in str(problem.value) and "\n" not in str(problem.value)


def test_a_letter_that_is_declared_ten_thousand_times_is_told_at_once():
    with pytest.raises(BadInput, match="d is declared twice"):
        declared(["d: size; " * 10_000])


def test_what_has_no_end_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.tex")
    (tmp_path / "zeros.tex").symlink_to("/dev/zero")
    for name in ("pipe.tex", "zeros.tex"):
        with pytest.raises(BadInput, match="is no file that ends"):
            read_paper(tmp_path / name)


def test_what_cannot_be_read_is_told_before_torch_is_loaded():
    program = "import sys, workbench.papers.reading; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_a_large_file_of_open_formulas_is_read_at_once(read):
    paper = read("p.tex", "% workbench: one\n\\begin{equation} 1 = 1\n" * 20_000)
    assert len(paper.statements) + len(paper.faults) == 20_000
