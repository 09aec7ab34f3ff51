"""A notebook shows claims and verdicts with their mathematics, and nothing they say becomes markup."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from workbench import (
    by,
    claim,
    conjecture,
    count,
    dot,
    gaussian,
    given,
    positive,
    probability,
    scalar,
    size,
)
from workbench.calculus.rules import expectation
from workbench.language import printing
from workbench.language.laws import E
from workbench.showing.display import table

SCRIPT = "<script>alert('&')</script> \"$x$\""


@pytest.fixture(scope="module")
def refuted():
    return conjecture("in_context.one_layer.context_moment", "Lambda*C*Lambda")


@pytest.mark.parametrize("kind", [count, positive, probability, scalar, size])
def test_a_letter_of_any_kind_is_set_as_a_letter(kind):
    assert printing.latex(kind("rho") ** 2) == r"\rho^{2}"


class Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.open, self.text = set(), [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.open += [tag] if tag not in ("br", "wbr") else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def hostile_claim():
    d = size("d")
    x = gaussian("x", d)

    @claim("expectation", SCRIPT, rivals={SCRIPT: d + 1})
    def length():
        yield given(SCRIPT, E(dot(x, x)))
        yield by(expectation, SCRIPT)

    length.author.__doc__ = SCRIPT
    return length


def test_a_claim_that_speaks_markup_shows_it_as_text():
    page = Tags(hostile_claim()._repr_html_())
    assert page.open == [] and "script" not in page.tags
    assert page.text.count(SCRIPT) == 5  # statement, symbol, two reasons, a rival


def test_a_claim_is_displayed_mathematics_for_a_paper():
    assert hostile_claim()._repr_latex_() == "$$ d $$"


def test_a_refuted_verdict_shows_where_the_formula_fails_and_how_to_replay_it(refuted):
    page = Tags(refuted._repr_html_())
    assert page.open == []
    for words in (
        "✗ refuted",
        "fails at",
        "claimed",
        "4 of 4 rivals",
        "workbench conjecture in_context.one_layer.context_moment 'Lambda*C*Lambda'",
    ):
        assert words in page.text


def test_a_verdict_that_speaks_markup_shows_it_as_text(refuted):
    hostile = replace(
        refuted, title=SCRIPT, symbol=SCRIPT, reason=SCRIPT, assumed=[SCRIPT], latex=SCRIPT, rungs=[SCRIPT],
        claim=SCRIPT, witness={**refuted.witness, "instance": SCRIPT},
    )  # fmt: skip
    for shown in (hostile, table([hostile])):
        page = Tags(shown._repr_html_())
        assert page.open == [] and "script" not in page.tags and "<script>" in page.text


def test_a_supported_verdict_replays_by_verifying_the_claim(refuted):
    supported = replace(refuted, title="what it says", status="supported", conjecture="", witness=None, resolution=None)
    page = Tags(supported._repr_html_())
    assert "✓ supported" in page.text and "workbench verify" in page.text and "not measured" in page.text


def test_a_prompt_shows_three_lines_of_a_verdict_and_of_a_claim(refuted):
    first, statement, witness = repr(refuted).split("\n")
    assert first.startswith("✗ REFUTED") and first.endswith("in_context.one_layer.context_moment")
    assert " = Lambda*C*Lambda" in statement and witness.startswith("  at N = ") and "claimed" in witness
    assert repr(replace(refuted, witness=None)).endswith("would have been caught (exact cubature)")
    assert repr(hostile_claim()).split("\n")[1:] == [f"  {SCRIPT} = d", "  lines of proof: 2, rivals: 1"]


def test_a_long_formula_is_cut_at_a_prompt(refuted):
    assert all(len(line) < 170 for line in repr(replace(refuted, formula="x + " * 200)).split("\n"))


def test_a_table_without_a_browser_is_plain_lines(refuted):
    assert repr(table([refuted, refuted])).count("refuted    in_context.one_layer.context_moment") == 2
