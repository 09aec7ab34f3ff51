"""Choosing: words and kinds pick claims out of the catalogue, and nonsense is one sentence."""

import pytest

from workbench.catalogue import builtin
from workbench.choosing import asked_of, chosen, completed
from workbench.errors import BadInput


@pytest.mark.parametrize(("words", "text", "answer"), [
    ("risk", "imputation.one_layer.risk", True), ("Risk", "imputation.one_layer.risk", True),
    ("risk and not imputation", "imputation.one_layer.risk", False),
    ("one_layer.risk", "imputation.one_layer.risk", True),
    ("(pca or imputation) and gradient", "pca.spikes.gradient", True), ("'fixed point'", "a fixed point", True),
    ("not (pca or measures)", "measures.x.y", False),
])  # fmt: skip
def test_words_and_connectives_ask_about_a_text(words, text, answer):
    assert asked_of(words)(text) is answer


NONSENSE = ["risk gradient", "and", "risk + x", "f(x)", "(", "x = 1", "((((" * 200, "__import__('os')"]


@pytest.mark.parametrize("words", NONSENSE)
def test_what_is_no_expression_of_words_is_refused(words):
    with pytest.raises(BadInput, match="is no expression of words"):
        asked_of(words)


def test_kinds_and_words_choose_together():
    found = chosen(builtin().entries, "imputation", ["gradient"])
    assert found and all(entry.kind == "gradient" and entry.id.startswith("imputation") for entry in found)
    assert chosen(builtin().entries, None, []) == builtin().entries


def test_a_shell_completes_one_level_at_a_time():
    assert "imputation" in completed(None, None, "imp") and "imputation.one_layer" not in completed(None, None, "imp")
    assert "imputation.one_layer.risk" in completed(None, None, "imputation.one_layer.ri")


def test_verify_and_list_take_words_and_kinds(workbench, folder):
    folder.write("vectors.second")
    assert workbench("list", folder.root, "-k", "second").out.startswith("vectors.second.length")
    assert "1 supported" in workbench("verify", folder.root, "-k", "second", "--kind", "expectation").out
    reply = workbench("verify", folder.root, "-k", "nothing_is_called_so")
    assert reply.code == 3 and "no claim is chosen" in reply.err
    assert workbench("verify", folder.root, "-k", "a b").code == 3


def test_only_what_failed_or_has_changed_is_verified_again(workbench, folder):
    assert workbench("verify", folder.root, "--failed").out.endswith("no claim failed when it was last verified\n")
    folder.write("vectors.second")
    folder.edit("numerics", "vectors.second", "return s", "return 2 * s")
    assert workbench("verify", folder.root).code == 1
    assert "0 supported  1 refuted" in workbench("verify", folder.root, "--failed").out
    assert "no claim has changed" in workbench("verify", folder.root, "--changed").out
    folder.write("vectors.third")
    assert "1 supported  0 refuted" in workbench("verify", folder.root, "--changed").out


def test_a_run_stops_at_the_first_claim_that_is_not_supported(workbench, folder):
    folder.edit("numerics", "vectors.gaussian", "return s", "return 2 * s")
    folder.write("vectors.second")
    reply = workbench("verify", folder.root, "-x")
    assert reply.code == 1 and "1 refuted" in reply.out and "1 were not verified" in reply.err
    assert "✓" not in workbench("verify", folder.root, "-q").out


def test_a_folder_whose_only_file_is_no_python_says_so_and_not_that_nothing_is_chosen(workbench, folder):
    folder.edit("derivations", "vectors.gaussian", "from workbench import E", "((( import E")
    reply = workbench("verify", folder.root)
    assert reply.code == 3 and "gaussian.py" in reply.err and "no claim is chosen" not in reply.err
