"""Three doors, one judge: `conjecture`, `check` and a line of a session answer a formula alike, in every chapter."""

import re

import pytest

from workbench import check, conjecture, session
from workbench.catalogue import builtin, member
from workbench.diagnosis.mutants import mutants
from workbench.language import printing
from workbench.language.slopes import grad
from workbench.sessions.adoptions import adopted
from workbench.sessions.declarations import Alphabet

CLAIMS = [
    f"{theorem}.{name}"
    for theorem, names in {
        "acquisition.queries": "query_slopes key_slopes",
        "clustering.identity_layers": "mean_output",
        "clustering.noisy_clusters": "second_moment",
        "denoising.linear_layers": "risk",
        "denoising.skips": "risk",
        "emergence.losses": "skill_loss language_loss",
        "imputation.one_layer": "risk risk_gradient",
        "in_context.one_layer": "context_moment risk",
        "language.hierarchies": "handed_down",
        "language.informations": "parent_tells",
        "measures.bare_layers": "covariance",
        "measures.softmax_affine": "linear_output",
        "pca.finite_prompt": "risk",
        "pca.infinite_prompt": "linear_output",
        "single_location.attention_risk": "squared_weight",
        "single_location.posteriors": "risk",
    }.items()
    for name in names.split()
]


def answers(name, formula):
    """What each door says of a formula in a claim's place, typed as text; the definition is the claim's first line."""
    claim = member(builtin().claim(name), "derivations")
    definition, wrt = claim.lines[0].expression, claim.lines[1].step.arguments.get("wrt")
    left, typed = definition if wrt is None else grad(definition, wrt), printing.text(formula)
    alphabet = Alphabet()
    where = [f"{letter}: {said}" for side in (left, formula) for letter, said in adopted(alphabet, side).items()]
    page = session()
    page.start("the definition", definition)
    page.expect() if wrt is None else page.gradient(wrt)
    yield conjecture(name, typed)
    yield check(f"{printing.text(left)} == {typed}", where)
    yield page.conjecture(typed)


def words(answer):
    """The comparison as far as it does not depend on how the derived formula is written: an author folds its names.

    The width of balls does, and whether both sides have one normal form; for which sizes in all is told by `sizes`.
    """
    return re.split(" to within|, for every size|, at these sizes", answer.compared)[0]


def test_every_chapter_is_met():
    assert {name.split(".")[0] for name in CLAIMS} == {entry.parts[0] for entry in builtin().entries}


@pytest.mark.parametrize("name", CLAIMS)
def test_every_door_supports_a_right_formula_in_the_same_words(name):
    found = list(answers(name, member(builtin().claim(name), "derivations").formula))
    assert {each.status for each in found} == {"supported"}
    assert len({(words(each), each.reason, each.sizes) for each in found}) == 1


@pytest.mark.parametrize("name", CLAIMS)
def test_every_door_refutes_a_slip_of_the_pen_in_the_same_words(name):
    slips = mutants(member(builtin().claim(name), "derivations").formula)
    found = list(answers(name, next((each for each in slips if each.slip == "sign changed"), slips[0]).formula))
    assert {(each.status, each.compared, each.reason) for each in found} == {("refuted", "not the derived formula", "")}
    assert len({each.sizes for each in found}) == 1 and all(each.witness and each.correction for each in found)
