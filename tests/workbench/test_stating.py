"""The whole statement is said everywhere: letters, conditions, left-hand side, and what is measured."""

import re
from html import escape

import pytest

from workbench.catalogue import builtin, member
from workbench.claims import claim, given
from workbench.judging.verdicts import unmeasured
from workbench.judging.verification import stated
from workbench.language.letters import count, positive, size, spd
from workbench.report import body
from workbench.showing import describing, documents, prose
from workbench.showing.telling import told
from workbench.stating import described, saying, split

CONDITIONED = [
    entry for entry in builtin().entries if "hypotheses=" in entry.derivation.read_text(encoding="utf-8")
]  # whose file says a hypothesis


def plain(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", "", html).split())


def shown(entry, found):
    """A claim as `show` tells it, where its proof is not checked again."""
    known = {**entry.record(), "statement": found.statement, "symbol": found.symbol, "formula": "f", "latex": "f",
             "said": "f", "set": "f", "proof": [], "assumed": [], **saying(entry, found)}  # fmt: skip
    return describing.as_text(known), describing.as_markdown(known), describing.as_latex(known)


@pytest.mark.parametrize("entry", CONDITIONED, ids=lambda entry: entry.id)
def test_every_hypothesis_stands_in_what_is_shown_and_on_the_card(entry):
    found = member(entry, "derivations")
    says = saying(entry, found)
    text, markdown, _ = shown(entry, found)
    verdict = unmeasured(entry, "", "quick", 0, **stated(entry, found, found.formula))
    card = body([verdict])
    for condition in [*says["hypotheses"], *says["regime"]]:
        assert condition in text and prose.tagless(condition) in markdown
        assert str(escape(condition, quote=False)) in card
    for name, words in says["letters"].items():
        assert f"{name}: {words}" in text and str(escape(words, quote=False)) in card
    assert says["measured"]["says"] in text and f"{says['measured']['file']}:{says['measured']['line']}" in card


def test_an_outlier_is_shown_with_its_condition_its_letters_and_its_measurement():
    entry = builtin().claim("pca.spikes.outlier")
    text = describing.describe(entry)
    assert "holds where: theta**2 > d/n" in text and "theta: a positive number" in text
    assert "numerics/pca/spikes.py:" in text and "top eigenvalue of one large prompt" in text
    assert r"theta\*\*2 > d/n" in documents.as_markdown(documents.of_entries("outlier", [entry]))


@pytest.mark.parametrize(
    ("symbol", "parts"),
    [
        ("λ_c(L), σ = 0", ("λ_c(L)", "σ = 0")),
        ("R(κ, ν)", ("R(κ, ν)", "")),
        ("{r : f(r, s) = 0}", ("{r : f(r, s) = 0}", "")),
    ],
)
def test_a_condition_is_no_part_of_the_equation(symbol, parts):
    assert split(symbol) == parts


def test_a_condition_stands_behind_the_formula():
    d, s = size("d"), positive("s")

    @claim("identity", "λ_c(L), σ = 0", rivals={}, hypotheses=(s > d,), regime=(s < 4 * d,))
    def scale():
        """A scale."""
        yield given("it is", s / d)

    says = saying(None, scale)
    assert told(says)[1:] == [("holds where", "d < s, σ = 0"), ("measured where", "s < 4*d")]
    assert "<p>λ_c(L) = " in scale._repr_html_() and "</math>, σ = 0</p>" in scale._repr_html_()


def test_a_letter_is_described_by_its_class():
    assert described(spd("Sigma", size("d"))) == "a symmetric positive definite d×d matrix"
    assert described(count("N")) == "a count, 1, 2, 3, …"
