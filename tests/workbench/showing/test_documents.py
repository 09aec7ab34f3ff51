"""Documents: theorems and sessions as articles and pages that are well formed, and as notebooks that replay."""

import json
import re

import nbformat
import pytest
from click.testing import CliRunner
from pylatexenc.latexwalker import LatexWalker, LatexWalkerParseError

from workbench import session
from workbench.cli import cli
from workbench.errors import BadInput
from workbench.sessions.sessions import Session
from workbench.showing.documents import Document, Part, Section, as_latex, as_markdown, write
from workbench.showing.prose import escaped, paragraphs

HOSTILE = r"\input{/etc/passwd} & 50% <script>alert('$x_1^2$')</script> {"


def parsed(text: str) -> None:
    assert text.isascii()
    LatexWalker(text, tolerant_parsing=False).get_latex_nodes()


@pytest.fixture(scope="module")
def page() -> Session:
    s = session("a gate")
    s.let("m: positive; p: positive; a: real; z ~ N(0, 1)")
    s.start("loss", "E[(a**2*z - m*z)**2] + 2*p*a**2")
    s.expect()
    s.call("loss", "What the gate misses")
    s.conjecture("a**4 - m**2")
    s.gradient("a")
    s.call("force")
    return s


def test_an_article_that_is_broken_is_noticed():
    for broken in (r"\[ x", r"\begin{quote} x", "{", r"\] x"):
        with pytest.raises(LatexWalkerParseError):
            parsed(as_latex(Document("t", (Section("s", "", (Part("p", "", (("why", "proved", "x"),)),)),))) + broken)


@pytest.mark.parametrize(("words", "latex"), [
    ("β̂ and θ_c", r"\ensuremath{\hat{\beta}} and \ensuremath{\theta}\_c"),
    ("vᵀv = x²", r"v\textsuperscript{T}v = x\textsuperscript{2}"),
    ("Péché – ½ ≤ λ₁ ≠ Λ", r"P\'{e}ch\'{e} -- 1/2 \ensuremath{\le} \ensuremath{\lambda}\textsubscript{1} "
     r"\ensuremath{\neq} \ensuremath{\Lambda}"),
    ("☃", r"\texttt{U+2603}"),
])  # fmt: skip
def test_words_keep_their_greek_and_accents(words, latex):
    assert escaped(words) == latex
    parsed(escaped(words))


def test_formulas_on_lines_of_their_own_are_set_apart():
    text = paragraphs("Let `x_1` be\n\n    q = 1\n\nand so on")
    assert text == "Let \\texttt{x\\_1} be\n\n\\begin{quote}q = 1\\end{quote}\n\nand so on"


def test_what_a_file_says_cannot_become_a_command_or_a_tag():
    document = Document(HOSTILE, (Section(HOSTILE, HOSTILE, (Part(HOSTILE, HOSTILE, ((HOSTILE, HOSTILE, "x"),)),)),))
    parsed(as_latex(document))
    assert r"\input" not in as_latex(document) and "<script" not in as_markdown(document)


def test_a_theorem_is_exported_with_its_statement_and_every_line(tmp_path):
    run = CliRunner().invoke(cli, ["export", "in_context.thresholds", str(tmp_path / "thresholds.tex")])
    assert run.exit_code == 0 and "wrote" in run.output
    text = (tmp_path / "thresholds.tex").read_text(encoding="utf-8")
    parsed(text)
    assert text.count(r"\subsection*") == len(re.findall("Rivals that must fail", text)) >= 2
    assert "proved" in text and "crossing, " in text
    shown = CliRunner().invoke(cli, ["export", "in_context.thresholds", "--to", "markdown"])
    assert shown.exit_code == 0 and shown.output.startswith("# in_context.thresholds")


def test_a_session_is_written_as_an_article_and_a_page(page, tmp_path):
    text = page.write(tmp_path / "gate.tex").read_text(encoding="utf-8")
    parsed(text)
    assert "expectation, proved" in text and "measured: supported" in text and "Refuted: " in text
    words = page.write(tmp_path / "gate.md").read_text(encoding="utf-8")
    assert words.count("$$ ") == len(page.lines) and "force" in words


def test_a_session_is_written_as_a_notebook_that_replays_to_the_same_verdicts(page, tmp_path):
    path = page.write(tmp_path / "gate.ipynb")
    cells = nbformat.read(path, as_version=4)
    nbformat.validate(cells)
    spoken = {}
    exec("\n".join(cell.source for cell in cells.cells if cell.cell_type == "code"), spoken)
    again = spoken["s"]
    assert [line.formula for line in again.lines] == [line.formula for line in page.lines]
    assert [line.grade for line in again.lines] == [line.grade for line in page.lines]
    assert [text for _, text, _ in again.guesses] == [text for _, text, _ in page.guesses]
    assert "**loss**: What the gate misses." in [cell.source for cell in cells.cells]
    json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["gate.docx", "gate", "nowhere/gate.tex", "nowhere/gate.ipynb"])
def test_what_cannot_be_written_is_answered_in_a_sentence(page, tmp_path, name):
    with pytest.raises(BadInput, match=r"does not say what to write|cannot be written"):
        page.write(tmp_path / name)
    with pytest.raises(BadInput):
        write(Document("t", ()), tmp_path / "t.docx")
