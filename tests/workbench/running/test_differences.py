"""Differences: two runs compared claim by claim, and the exit code says whether a claim lost its support."""

import pytest

from workbench.running.differences import compared


def verdict(status="supported", formula="1", resolution=1e-9, sizes="for every size"):
    return {"status": status, "formula": formula, "resolution": resolution, "sizes": sizes}


@pytest.mark.parametrize(("old", "new", "line", "code"), [
    (verdict(), verdict(), None, 0),
    (verdict(), verdict("refuted"), "a: status supported → refuted", 1),
    (verdict(), verdict("undecided"), "a: status supported → undecided", 2),
    (verdict("refuted"), verdict(), "a: status refuted → supported", 0),
    (verdict("refuted"), verdict("undecided"), "a: status refuted → undecided", 0),
    (verdict(), verdict(formula="2"), "a: formula 1 → 2", 0),
    (verdict(), verdict(sizes="at d = 2"), "a: sizes for every size → at d = 2", 0),
    (verdict(), verdict(resolution=1e-7), "a: resolution 1.0e-09 → 1.0e-07", 0),
    (verdict(), verdict(resolution=None), "a: resolution 1.0e-09 → none", 0),
    (verdict(), verdict(resolution=2e-9), None, 0),
    (verdict(), None, "a: gone, was supported", 2),
    (None, verdict(), "a: new, supported", 0),
])  # fmt: skip
def test_what_changed_is_a_line_and_lost_support_a_code(old, new, line, code):
    found = compared({"a": old} if old else {}, {"a": new} if new else {})
    assert found.lines[:-1] == ([line] if line else []) and found.code == code


def test_two_runs_of_the_command_line_are_compared(workbench, folder, tmp_path):
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    assert workbench("verify", folder.root, "--json", old).code == 0
    new.write_text(old.read_text().replace('"status": "supported"', '"status": "refuted"'))
    assert workbench("diff", old, old).code == 0
    reply = workbench("diff", old, new)
    assert reply.code == 1 and "vectors.gaussian.length: status supported → refuted" in reply.out


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"verdicts": 3}', '{"verdicts": [{}]}', '{"verdicts": [[1]]}'])
def test_a_file_that_is_no_run_is_one_sentence(workbench, tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    reply = workbench("diff", tmp_path / "x.json", tmp_path / "x.json")
    assert reply.code == 3 and "is no run; `workbench verify --json" in reply.err
    assert "cannot be read" in workbench("diff", tmp_path / "absent.json", tmp_path / "x.json").err


def test_a_step_of_continuous_integration_gets_a_summary_and_a_place(workbench, folder, tmp_path):
    folder.edit("numerics", "vectors.gaussian", "return s", "return 2 * s")
    page, junit = tmp_path / "summary.md", tmp_path / "v.xml"
    page.write_text("before\n")
    workbench("verify", folder.root, "--markdown", page, "--junit", junit)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n### Theorem workbench: 0 supported, 1 refuted, 0 undecided")
    assert "| ✗ refuted | `vectors.gaussian.length` |" in text and "`workbench verify vectors.gaussian.length" in text
    assert f'file="{folder.root}/derivations/vectors/gaussian.py" line="' in junit.read_text()
