"""Sweeps: every point once whatever ends the work, the same numbers whoever does it, and sentences for bad input."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest

CLAIM = "vectors.gaussian.length"
OVER = "s=0.5:2:4, d=2,3, Sigma=I"
DYING = """    import os, pathlib, signal
    flag = pathlib.Path({flag!r})
    if not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def here(folder, workbench, monkeypatch):
    """The command line beside the theorem vectors.gaussian."""
    monkeypatch.chdir(folder.root)
    return workbench


def journal(folder):
    """The lines of the only journal of a folder."""
    (path,) = (folder.root / ".workbench" / "sweeps").glob("*.jsonl")
    return path


def table(reply):
    assert reply.code == 0, reply
    return list(csv.DictReader(io.StringIO(reply.out)))


def test_a_table_has_a_row_for_each_point_with_what_is_derived_and_measured(here):
    rows = table(here("sweep", CLAIM, "--over", OVER))
    assert [(row["s"], row["d"]) for row in rows] == [(s, d) for s in ("0.5", "1", "1.5", "2") for d in "23"]
    for row in rows:
        derived = float(row["s"]) * int(row["d"])
        assert float(row["derived"]) == derived and row["Sigma"] == "I" and row["how"] and not row["problem"]
        assert abs(float(row["measured"]) - derived) <= float(row["error"]) < 1e-9


def test_what_a_kill_left_is_not_measured_again_and_the_table_is_the_same(here, folder):
    whole = here("sweep", CLAIM, "--over", OVER)
    lines = journal(folder).read_bytes().splitlines(keepends=True)
    journal(folder).write_bytes(b"".join(lines[:3]) + lines[3][:20])  # killed in the middle of a line
    again = here("sweep", CLAIM, "--over", OVER)
    assert again.out == whole.out and "3 of 8 points were finished earlier" in again.err
    names = [json.loads(line)["point"] for line in journal(folder).read_bytes().splitlines() if line.endswith(b"}")]
    assert len(names) == len(set(names)) == 8
    assert "8 of 8 points were finished earlier" in here("sweep", CLAIM, "--over", OVER).err


def test_another_seed_or_another_file_is_another_sweep(here, folder):
    here("sweep", CLAIM, "--over", "s=1, Sigma=[[2]]")
    assert "earlier" not in here("sweep", CLAIM, "--over", "s=1, Sigma=[[2]]", "--seed", "1").err
    assert "earlier" in here("sweep", CLAIM, "--over", "Sigma=[[2]], s=1,2").err


def test_workers_find_the_numbers_of_one_process_though_one_of_them_dies(here, folder, tmp_path):
    flag = tmp_path / "died"
    folder.edit("numerics", "vectors.gaussian", "    x = torch", DYING.format(flag=str(flag)) + "    x = torch")
    folder.edit("numerics", "vectors.gaussian", "s * (x @ x)", "s * x.abs().max() ** 2")  # no polynomial
    sampled = ("--over", "s=0.5:2:4, d=7,8, Sigma=I", "--samples", "256")
    together = here("sweep", CLAIM, *sampled, "--jobs", "2")
    assert flag.exists() and len(table(together)) == 8
    assert {row["how"] for row in table(together)} == {"quasi-Monte Carlo"}
    names = [json.loads(line)["point"] for line in journal(folder).read_bytes().splitlines()]
    assert len(names) == len(set(names)) == 8
    journal(folder).unlink()
    assert here("sweep", CLAIM, *sampled).out == together.out


def test_a_point_without_a_value_says_why_and_the_others_have_theirs(here):
    reply = here("sweep", CLAIM, "--over", "s=-1,1, Sigma=[[2]]")
    without, sound = table(reply)
    assert without["problem"] == f"{CLAIM}: s = -1 is not positive" and not without["derived"] + without["measured"]
    assert sound["derived"] == "2.0" and "1 of 2 points have a value" in reply.err
    nowhere = here("sweep", CLAIM, "--over", "s=-1, Sigma=[[2]]")
    assert nowhere.code == 3 and f"no point has a value: {CLAIM}: s = -1 is not positive" in nowhere.err


def test_a_point_that_takes_too_long_is_left_and_tried_again_next_time(here, folder):
    folder.edit("numerics", "vectors.gaussian", "    x = torch", "    import time\n    time.sleep(60)\n    x = torch")
    for _ in range(2):
        reply = here("sweep", CLAIM, "--over", "s=1, Sigma=[[2]]", "--time-limit", "0.2")
        assert reply.code == 3 and "exceeded 0.2 s" in reply.err and "earlier" not in reply.err


def test_a_letter_without_an_axis_is_asked_for_before_any_point_is_begun(here, folder):
    reply = here("sweep", CLAIM, "--over", "d=1,2")
    assert reply.code == 3 and len(reply.err.splitlines()) == 1 and not (folder.root / ".workbench").exists()


def test_an_identity_matrix_may_take_its_size_from_another_matrix(here):
    (row,) = table(here("sweep", "in_context.one_layer.least_risk", "--over",
                        "sigma=1, N=3, M=2, C=I, Lambda=[[2, 0], [0, 1]], U=I"))  # fmt: skip
    assert row["derived"] and not row["problem"]


@pytest.mark.parametrize(("arguments", "said"), [
    (["vectors.gaussian.width", "--over", "s=1"], "no claim is called 'vectors.gaussian.width'"),
    (["in_context.one_layer.context_moment", "--over", "N=3"], "is a matrix, d × d; sweep a claim whose quantity is"),
    ([CLAIM, "--over", "nu=1"], "has no letter nu; its theorem has Sigma, d, s"),
    ([CLAIM, "--over", "s=1:1:0"], "is an empty range"),
    ([CLAIM, "--over", "s=1, Sigma=I"], "needs a value of d as well; add an axis for each: d=…"),
    ([CLAIM, "--over", "Sigma=[[1]]"], "needs a value of s as well; add an axis for each: s=…"),
    ([CLAIM, "--over", "d=1,2"], "needs a value of Sigma, s as well; add an axis for each: Sigma=…"),
    ([CLAIM, "--over", "s=1, Sigma=[[1], [0, 1]]"], "Sigma = [[1], [0, 1]] is no number, nor rows of numbers"),
    ([CLAIM, "--over", "s=1", "--samples", "1000"], "--samples 1000 is no power of two; take 1024"),
    ([CLAIM, "--over", "s=1", "--plot", "a.svg"], "--plot draws over one or two letters; here no letter has more"),
    ([CLAIM, "--over", "s=1, Sigma=[[1]]", "--executor", "nowhere"], "no executor is called 'nowhere'"),
    ([CLAIM, "nowhere/table.csv", "--over", "s=1, Sigma=[[1]]"], "table.csv cannot be written (No such file"),
    ([CLAIM, "--over", "s=1,2, Sigma=[[1]]", "--plot", "a.nothing"], "a.nothing cannot be drawn"),
])  # fmt: skip
def test_bad_input_is_told_in_a_sentence(here, arguments, said):
    reply = here("sweep", *arguments)
    told = reply.err.splitlines()[-1]
    assert reply.code == 3 and told.startswith("workbench: ") and said in told and "fault" not in told


def test_parquet_without_its_library_is_refused_before_anything_is_measured(here, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    reply = here("sweep", CLAIM, "table.parquet", "--over", "s=1, Sigma=[[1]]")
    assert reply.code == 3 and "a table in Parquet needs pyarrow: pip install pyarrow" in reply.err


def test_a_table_and_a_picture_are_written(here, folder):
    reply = here("sweep", CLAIM, "table.csv", "--over", OVER, "--plot", "curves.svg")
    assert reply.code == 0 and not reply.out
    assert len((folder.root / "table.csv").read_text().splitlines()) == 9
    assert "</svg>" in (folder.root / "curves.svg").read_text()
