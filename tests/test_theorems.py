"""The theorems: every claim of the catalogue stands, and no slip of the pen in it would.

Everything here is generated from the catalogue; a new theorem needs no line in this file.
"""

from __future__ import annotations

import ast
import re

import pytest
from pylatexenc.latexwalker import LatexWalker

from workbench.catalogue import HOME, Entry, builtin, member
from workbench.judging import proofs
from workbench.judging.verification import verify_entry
from workbench.language import printing
from workbench.showing.documents import Document, Part, Section, as_latex
from workbench.theorem_files import KINDS

ENTRIES = builtin().entries
# What a proof may assume, word for word: standard facts with their reference, and nothing else.
STANDARD_FACTS = (
    "the law of Marchenko and Pastur "
    "(Marchenko & Pastur 1967; Bai & Silverstein, Spectral Analysis of Large Random Matrices, ch. 3)",
    "of the orders of g embeddings and g + 2 nouns a share of 2/(2g + 2) ends with the last rule and not before "
    "(cycle lemma: Dvoretzky & Motzkin, Duke Math. J. 14 (1947) 305; Dwass, J. Appl. Prob. 6 (1969))",
    "every axis that another one outgrows for ever dies out "
    "(LaSalle, Some extensions of Liapunov's second method, IRE Transactions on Circuit Theory 7 (1960) 520)",
    "hardly any start ends at a rest point that can be left "
    "(Łojasiewicz (1963): gradient flow of an analytic function on a compact manifold converges to a rest point; "
    "Shub, Global Stability of Dynamical Systems (1987), Theorem III.7: hardly any start ends where a direction "
    "leaves)",
)
EVERY_CLAIM = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


@EVERY_CLAIM
def test_the_evidence_supports_it_and_refutes_every_rival(entry: Entry):
    verdict = verify_entry(entry, standard="quick", seed=0)
    assert verdict.status == "supported", f"{verdict.reason}; {verdict.replay}"
    assert verdict.rivals and set(verdict.rivals.values()) == {"refuted"}, verdict.rivals
    assert verdict.resolution is not None and verdict.resolution <= 0.05


@EVERY_CLAIM
def test_its_proof_stands_line_by_line(entry: Entry):
    proof = proofs.check(member(entry, "derivations"), "another point")
    assert [line.reason for line in proof.lines if not line.stands] == []
    strange = [line for line in proof.assumed if line.split(": ", 1)[1] not in STANDARD_FACTS]
    assert strange == [], "only standard facts may be assumed; a new one needs a reference and a place in the list"


@EVERY_CLAIM
def test_it_says_what_it_is(entry: Entry):
    claim = member(entry, "derivations")
    assert entry.kind == claim.kind and claim.kind in KINDS
    assert entry.title.endswith((".", "?")) or claim.statement.split("\n\n")[0].rstrip().endswith((".", "?"))
    assert entry.title == claim.statement.split("\n")[0] and entry.title[0].isupper()
    assert claim.symbol and entry.source
    assert len(claim.rivals) >= 2


@EVERY_CLAIM
def test_it_can_be_set_in_latex(entry: Entry):
    claim = member(entry, "derivations")
    lines = tuple((line.step.why, line.step.how, printing.latex(line.expression)) for line in claim.lines)
    introduction = ast.get_docstring(ast.parse(entry.derivation.read_text(encoding="utf-8"))) or ""
    part = Part(entry.title, claim.statement, lines, tuple(claim.rivals), f"{claim.symbol} = ")
    text = as_latex(Document(entry.id, (Section(entry.kind, introduction, (part,)),)))
    assert text.isascii() and "U+" not in text, [sign for sign in text if not sign.isascii()]
    assert len(re.findall(r"\\left(?![a-z])", text)) == len(re.findall(r"\\right(?![a-z])", text))
    LatexWalker(text, tolerant_parsing=False).get_latex_nodes()


@EVERY_CLAIM
def test_its_twin_says_what_it_measures_and_takes_its_randomness(entry: Entry):
    twin = member(entry, "numerics")
    assert twin.__doc__ and twin.__doc__.strip().endswith(".")
    assert twin.__kwdefaults__ is None and "draw" in twin.__code__.co_varnames[: twin.__code__.co_argcount + 1]


@pytest.mark.parametrize("path", sorted({entry.derivation for entry in ENTRIES}), ids=lambda path: path.stem)
def test_a_theorem_has_a_twin_hand_cases_and_a_statement(path):
    chapter, theorem = path.parent.name, path.stem
    assert (HOME / "numerics" / chapter / path.name).is_file()
    assert (HOME / "tests" / "theorems" / chapter / f"test_{theorem}.py").is_file()
    statement = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert statement.split("\n")[0].endswith(".") and "Source:" in statement


def spoiled(name: str, wing: str, old: str, new: str, folder) -> str:
    """The name of a copy of a claim, in a folder of its own, with one place of its theorem or twin changed."""
    entry = builtin().claim(name)
    texts = [path.read_text(encoding="utf-8") for path in (entry.derivation, entry.twin)]
    folder.write("spoiled.copy", *texts)
    folder.edit(wing, "spoiled.copy", old, new)
    return f"spoiled.copy.{entry.parts[2]}"


COEFFICIENTS = [
    ("measures.softmax_affine.linear_output", "E(V * X * (X.T", "E(2 * V * X * (X.T"),
    ("measures.softmax_affine.l2_output", "yield given(\"nearby keys weigh more\", V", "yield given(\"nearby\", 2 * V"),
    ("measures.softmax_affine.multi_head", "E(exp(dot(w, X))) + V2 *", "E(exp(dot(w, X))) + 2 * V2 *"),
    ("in_context.one_layer.context_moment", "E(beta * beta.T)", "E(beta * beta.T * 3 / 4)"),
    ("in_context.one_layer.risk_gradient", "yield recall(risk)\n    yield by(gradient",
     'yield given("R", risk.formula * 51 / 50)\n    yield by(gradient'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new"), COEFFICIENTS, ids=[name for name, _, _ in COEFFICIENTS])
def test_a_changed_coefficient_is_refuted_with_a_witness_and_a_replay(name, old, new, folder, workbench):
    copy = spoiled(name, "derivations", old, new, folder)
    assert_refuted(workbench("verify", folder.root, copy), copy)


SIGNS = [
    ("measures.softmax_affine.linear_output", "return (V @ X) * (", "return -(V @ X) * ("),
    ("measures.softmax_affine.l2_output", "torch.exp(-torch.sum", "torch.exp(-2 * torch.sum"),
    ("measures.softmax_affine.sensitivity", "moved / mass - weighed", "moved / mass + weighed"),
    ("in_context.one_layer.risk", "return (w @ query - prediction(U, x, y, query)) ** 2\n\n\ndef risk_gradient",
     "return (w @ query + prediction(U, x, y, query)) ** 2\n\n\ndef risk_gradient"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new"), SIGNS, ids=[name for name, _, _ in SIGNS])
def test_a_changed_sign_in_a_twin_is_refuted_with_a_witness_and_a_replay(name, old, new, folder, workbench):
    copy = spoiled(name, "numerics", old, new, folder)
    assert_refuted(workbench("verify", folder.root, copy), copy)


def assert_refuted(reply, name):
    """The run ends with 1, and says where the claim fails and how to see it again."""
    assert reply.code == 1, reply
    assert f"{name} = " in reply.out and "REFUTED" in reply.out
    assert "fails at" in reply.out and "claimed" in reply.out and "measured" in reply.out
    assert "replay: workbench verify" in reply.out and name in reply.out.split("replay:")[1]
