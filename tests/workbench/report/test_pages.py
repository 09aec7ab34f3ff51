"""The page as a parser sees it: complete, closed to the network, and escaped."""

import json
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
import sympy as sp

from workbench.judging.verdicts import unmeasured
from workbench.language import printing
from workbench.report import page, powers, symbol


def test_the_record_under_the_page_holds_every_status(verdicts):
    assert {v.claim.split(".", 1)[1]: v.status for v in verdicts} == {
        "balls.pair": "supported", "spheres.length": "supported", "spheres.growth": "supported",
        "spheres.onset": "supported", "spheres.guess": "refuted", "spheres.silence": "undecided",
    }  # fmt: skip


def test_every_claim_has_its_article_with_all_that_the_record_says(verdicts, parsed, index):
    articles = {a["id"]: a for tag, a in parsed.elements if tag == "article"}
    assert sorted(articles) == sorted(verdict.claim for verdict in verdicts)
    text = index.read_text(encoding="utf-8")
    for verdict in verdicts:
        one = articles[verdict.claim]
        assert (one["data-status"], one["data-kind"]) == (verdict.status, verdict.kind)
        mutants = "{refuted} of {total} refuted".format(**verdict.mutants) if verdict.mutants["total"] else "none tried"
        assert verdict.replay in text and mutants in text
    assert "Fails at" in text and "as everybody knows" in text and "folklore &lt;1990&gt;" in text
    assert parsed.count("figure") == len(verdicts) + 1 and len(parsed.with_class("against")) == len(verdicts)


def test_the_graph_draws_exactly_what_the_proofs_use(verdicts, parsed):
    drawn = {(edge["data-from"], edge["data-to"]) for edge in parsed.with_class("edge")}
    assert drawn == {(earlier, verdict.claim) for verdict in verdicts for earlier in verdict.builds_on}
    assert {(a.split(".")[-1], b.split(".")[-1]) for a, b in drawn} == {
        ("length", "growth"), ("length", "onset"), ("length", "guess"), ("growth", "silence"), ("length", "pair"),
    }  # fmt: skip
    statuses = {node["data-claim"]: node["class"].split()[1] for node in parsed.with_class("node")}
    assert statuses == {verdict.claim: verdict.status for verdict in verdicts}


def test_a_claim_of_another_run_is_drawn_and_leads_nowhere(verdicts):
    alone = [verdict for verdict in verdicts if verdict.claim == "others.balls.pair"]
    text = page(alone)
    assert 'class="node elsewhere" data-claim="scales.spheres.length"' in text
    assert 'href="#scales.spheres.length"' not in text and 'href="#others.balls.pair"' in text


def test_critical_scales_have_a_section_with_symbol_formula_brackets_and_picture(parsed, index):
    assert [card["data-claim"] for card in parsed.with_class("card")] == ["scales.spheres.onset"]
    assert len(parsed.with_class("brackets")) == 1
    section = index.read_text(encoding="utf-8").partition('id="critical-scales"')[2].partition("</section>")[0]
    assert "s<sub>c</sub>" in section and "<mfrac>" in section
    assert section.count('<rect class="bar"') == section.count("<tr title=") == 2


def test_the_page_asks_nobody_for_anything(parsed, index):
    addresses = [v for _, a in parsed.elements for name, v in a.items() if name in ("src", "href", "action", "data")]
    assert addresses and all(address.startswith("#") for address in addresses)
    text = index.read_text(encoding="utf-8")
    assert text.count("url(") == text.count("url(data:font/woff;base64,") == 1 and "@import" not in text
    (policy,) = [a["content"] for tag, a in parsed.elements if tag == "meta" and "http-equiv" in a]
    script = parsed.texts["script"][0]
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert "default-src 'none'" in policy and f"script-src 'sha256-{digest}'" in policy


ALONE = """
import json, sys
from workbench.judging.verdicts import from_record
from workbench.report import page
sys.stdout.write(page([from_record(record) for record in json.load(sys.stdin)]))
sys.stderr.write(json.dumps([name for name in ("torch", "derivations", "numerics") if name in sys.modules]))
"""


def test_the_page_is_made_from_the_record_alone(verdicts, index):
    """Another process, which neither derives nor measures, makes the same page; SymPy reads formulas to be drawn."""
    records = json.dumps([verdict.record() for verdict in verdicts])
    made = subprocess.run([sys.executable, "-c", ALONE], input=records, capture_output=True, text=True, check=True)
    assert json.loads(made.stderr) == []
    assert made.stdout == index.read_text(encoding="utf-8")


def test_every_link_has_a_place_to_lead_to(parsed):
    names = [a["id"] for _, a in parsed.elements if "id" in a]
    assert len(names) == len(set(names))
    assert {a["href"][1:] for tag, a in parsed.elements if tag == "a" and "href" in a} <= set(names)


def test_whatever_a_theorem_says_is_text(parsed, index):
    assert parsed.count("script") == 1 and parsed.count("img") == parsed.count("b") == parsed.count("i") == 0
    text = index.read_text(encoding="utf-8")
    assert "&lt;script&gt;document.title = &#34;owned&#34;&lt;/script&gt; is a trace" in text
    assert "&lt;b&gt;hand&lt;/b&gt; &amp; by pencil" in text and "&lt;b&gt;dimension&lt;/b&gt;" in text


def test_an_empty_run_and_an_unmeasured_claim_have_a_page_too(verdicts, folder):
    from workbench.catalogue import Catalogue

    assert "0 supported" in page([])
    (entry,) = Catalogue((folder.root,)).entries
    text = page([unmeasured(entry, "vacuous: nothing is <small>", "quick", 0)])
    assert "1 undecided" in text and "nothing is &lt;small&gt;" in text


def test_a_line_too_long_to_be_set_can_be_read_as_text(verdicts):
    long = sum(sp.Symbol(f"letter_{k}") ** k for k in range(2, 400))
    line = {"text": printing.text(long), "latex": printing.latex(long)}
    (one,) = [verdict for verdict in verdicts if verdict.claim == "scales.spheres.growth"]
    text = page([replace(one, proof=[one.proof[0] | line, *one.proof[1:]])])
    assert f"<code>{line['text']}</code>" in text and "see the text form" not in text


def test_a_witness_says_who_found_its_number_with_digits_enough(verdicts):
    (one,) = [verdict for verdict in verdicts if verdict.claim == "scales.spheres.guess"]
    witness = {"instance": "s = 1", "component": 0, "claimed": 1.0, "measured": 1.00000000025, "by": "derived"}
    text = page([replace(one, witness=witness)])
    assert "claimed 1, derived 1.0000000003 (component 0)" in text and "measured 1" not in text


def test_the_page_does_not_depend_on_the_order_of_the_run(verdicts):
    assert page(verdicts) == page(verdicts[::-1])


@pytest.mark.parametrize(
    ("written", "shown"),
    [("λ_c(L)", "λ<sub>c</sub>(L)"), ("a<b_c", "a&lt;b<sub>c</sub>"), ("spec P", "spec P")],
)
def test_indices_are_set_and_everything_else_is_escaped(written, shown):
    assert symbol(written) == shown


def test_a_small_chance_is_set_as_a_power():
    assert powers("below 2^-75 <") == "below 2<sup>−75</sup> &lt;"
