"""Text at random: reader and judge answer in a verdict or in one sentence, run nothing, and agree with themselves."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import BadInput, Exceeded
from workbench.language.syntax import refuse_what_is_no_statement
from workbench.limits import Limits, within
from workbench.sessions.answers import check
from workbench.sessions.equations import read_equation

PATH = Path(__file__).parents[3] / "benchmarks" / "fuzzing.py"
SPEC = importlib.util.spec_from_file_location("fuzzing", PATH)
assert SPEC and SPEC.loader
fuzzing = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(fuzzing)

FEW = fuzzing.LIMITS = Limits(1, 4)
CHANCES = st.randoms(use_true_random=False)  # the generator's choices are Hypothesis's own, so a failure is made small
WORDS = [*fuzzing.NOISE, *fuzzing.NUMBERS, *fuzzing.MATRICES, *fuzzing.CALLS, *filter(None, fuzzing.WHERE), "Var[", " "]
PAYLOADS = ["open('pwned', 'w')", "exec(\"open('pwned','w')\")", "().__class__", "pwned.write(1)", "`touch pwned`"]


@pytest.fixture(scope="module", autouse=True)
def empty(tmp_path_factory):
    """A folder in which nothing may appear."""
    place = tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        yield place


def ending(work, *arguments):
    """How something ended, in a word; a refusal is one sentence, and nothing else is raised."""
    try:
        with within(FEW):
            found = work(*arguments)
    except BadInput as refusal:
        said = str(refusal)
        assert said.strip() and len(said) < 600 and "Traceback" not in said
        return "refused", None
    except Exceeded:
        return "exceeded", None
    return getattr(found, "status", "read"), found


def reads(text, where=()):
    """Read a statement; what is refused before the letters are known is refused when they are."""
    early, (found, _) = ending(refuse_what_is_no_statement, text)[0], ending(read_equation, text, where)
    assert (early, found) != ("refused", "read")


@settings(max_examples=300)
@given(words=st.lists(st.sampled_from([*WORDS, *PAYLOADS]) | st.text(max_size=3), max_size=12))
def test_any_words_in_any_order_are_read_or_refused_in_a_sentence(words, empty):
    reads("".join(words))
    ending(read_equation, "E[z] == 0", ("".join(words),))
    assert list(empty.iterdir()) == []


@settings(max_examples=300)
@given(said=CHANCES.map(fuzzing.asked))
def test_a_statement_or_something_like_one_is_read_or_refused_in_a_sentence(said, empty):
    text, where = said
    reads(text, (where,) if where else ())
    assert list(empty.iterdir()) == []


@settings(max_examples=15)
@given(said=CHANCES.map(fuzzing.statement))
def test_a_statement_and_the_same_with_its_sides_exchanged_agree(said, empty):
    text, where = said
    left, right = text.split(" == ")
    one, found = ending(check, text, where)
    other, _ = ending(check, f"{right} == {left}", where)
    assert {one, other} != {"supported", "refuted"}
    assert fuzzing.contradiction(text, where, found) == ""
    assert list(empty.iterdir()) == []


@settings(max_examples=20)
@given(inside=CHANCES.map(lambda chance: fuzzing.number(chance, 2)))
def test_what_the_rules_derive_is_supported_from_either_side_and_the_same_plus_one_from_none(inside):
    _, found = ending(check, f"E[{inside}] == 0")
    if derived := getattr(found, "derived", ""):
        assert ending(check, f"{derived} == E[{inside}]")[0] != "refuted"
        assert ending(check, f"{derived} + 1 == E[{inside}]")[0] != "supported"
