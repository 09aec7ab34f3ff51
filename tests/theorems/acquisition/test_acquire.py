"""The command that predicts, trains and confronts: what it refuses, and what it writes."""

import json
import runpy
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from numerics.acquisition.grammar import Grammar
from numerics.acquisition.predictions import Training, predict, predict_data
from numerics.acquisition.scales import Verdict
from numerics.acquisition.transformers import School, Study

SCRIPT = runpy.run_path(str(Path(__file__).resolve().parents[3] / "examples" / "acquire.py"))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (["--p", "0.7"], "p = 0.7"),
        (["--verbs", "sang"], "sang"),
        (["--verbs", "sang:genitive"], "genitive"),
        (["--nouns", "4"], "4 nouns"),
        (["--rate", "0"], "positive"),
        (["--rate", "20"], "unstable above the rate 5.27"),
        (["--ladder", "--runs", "1"], "--runs 1"),
        (["--verbs", "0"], "at least one verb"),
        (["--verbs", "a:nominative,a:accusative"], "'a'"),
        (["--verbs", "a b:nominative"], "'a b'"),
        (["--alpha", "nan"], "finite"),
        (["--seed", "-1"], "seed = -1"),
        (["--longest", "-1"], "longest = -1"),
        (["--text", "-1"], "--text -1"),
        (["--nouns", "many"], "'many'"),
        (["--jobs", "0"], "--jobs 0"),
        (["--nouns", "anna,bela,carl"], "3 nouns"),
        (["--nouns", "anna,bela,carl,dora,anna,ella,fred"], "'anna'"),
        (["--sing"], "--sing"),
        (["--out", "/dev/null/folder"], "/dev/null"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_one_sentence(line, names, capsys):
    assert SCRIPT["main"](line) == 3
    told = capsys.readouterr().err
    assert names in told and told.count("\n") == 1


def test_a_small_language_is_predicted_trained_and_confronted(tmp_path, capsys):
    line = "--nouns 8 --longest 2 --verbs promised:nominative,told:accusative --runs 2 --size 128 --jobs 1 --text 30"
    assert SCRIPT["main"]([*line.split(), "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("held") >= 3
    said = list(SCRIPT["read"](tmp_path / "text.jsonl"))
    assert len(said) == 30 and all(one["answer"] in one["nouns"] for one in said)
    assert (tmp_path / "course.png").stat().st_size and json.loads((tmp_path / "verdicts.json").read_text())


LEARNED = Grammar(nouns=6, longest=1, verbs=Grammar().verbs[:2])


@pytest.mark.parametrize(("by", "held"), [(1.0, True), (1.3, False)])
def test_what_is_off_is_looked_at_in_fresh_trainings_which_decide(by, held, capsys):
    training = Training(size=256, runs=2)
    prediction = predict(LEARNED, training)
    wrong = [scale._replace(predicted=by * scale.predicted) for scale in prediction.scales]
    asked = prediction._replace(scales=wrong[:1])
    off = Verdict(wrong[0], 1.05 * wrong[0].predicted, wrong[0].bar, 4.0)
    kept, *_ = SCRIPT["looked_at_again"](LEARNED, training, asked, [off])
    assert kept.held == held and kept != off
    assert "+4.0 errors off; looked at again" in capsys.readouterr().out


def test_only_the_part_that_failed_is_trained_again(capsys):
    training = Training(size=256, runs=2)
    prediction = predict(LEARNED, training)
    held = Verdict(prediction.scales[0], prediction.scales[0].predicted, 0.1, 0.0)
    data = Verdict(predict_data(LEARNED, training), 0.5, 0.01, -5.0)
    first, second = SCRIPT["looked_at_again"](LEARNED, training, prediction, [held, data])
    assert first is held and second.scale == data.scale and second.held
    told = capsys.readouterr()
    assert "few sentences" in told.err and "trained 1 of" not in told.err


def test_only_text_is_written_where_only_text_is_asked_for_with_words_of_ones_own(tmp_path, capsys):
    line = "--read --text 12 --longest 1 --nouns anna,bela,carl,dora,ella --verbs swore:nominative --out"
    assert SCRIPT["main"]([*line.split(), str(tmp_path)]) == 0
    told = capsys.readouterr().out.strip().split("\n")
    assert [said["text"] for said in SCRIPT["read"](tmp_path / "text.jsonl")] == told and len(told) == 12
    assert all(
        said["answer"] in ("anna", "bela", "carl", "dora", "ella") for said in SCRIPT["read"](tmp_path / "text.jsonl")
    )
    assert not (tmp_path / "verdicts.json").exists()


def test_verbs_are_known_ones_first_and_then_invented_ones_of_either_controller():
    known, asked = Grammar().verbs, SCRIPT["vocabulary"]("20")
    assert asked[:8] == known and len({word for word, _ in asked}) == 20
    assert [role for _, role in asked[8:12]] == ["nominative", "accusative"] * 2


def test_text_reads_back_as_it_was_streamed_and_a_damaged_line_is_named(tmp_path):
    grammar = Grammar(seed=3)
    text = list(islice(grammar.sentences(), 20))
    SCRIPT["save"](grammar, text, tmp_path)
    assert list(SCRIPT["read"](tmp_path / "text.jsonl")) == text
    assert len(list(SCRIPT["read"](tmp_path / "pairs.jsonl"))) == 20
    with (tmp_path / "text.jsonl").open("a", encoding="utf-8") as file:
        file.write("{\n")
    with pytest.raises(ValueError, match="line 21"):
        list(SCRIPT["read"](tmp_path / "text.jsonl"))


def test_a_transformer_that_was_kept_is_taken_up_and_that_of_another_language_is_refused(tmp_path, capsys):
    grammar = Grammar(nouns=5, longest=1, verbs=Grammar().verbs[:2])
    school = School(width=8, size=8, most=150, level=0.99)
    for _ in range(2):
        SCRIPT["teach"](tmp_path, Study(grammar, school))
    assert capsys.readouterr().err.count("step 100") == 1
    again = Study(grammar, school)
    SCRIPT["take_up"](again, tmp_path / "transformer-0.npz")
    assert again.step == 100
    with pytest.raises(ValueError, match="another language"):
        SCRIPT["teach"](tmp_path, Study(replace(grammar, p=0.2), school))
