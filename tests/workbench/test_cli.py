"""The command line: its words, its exit codes and its answers are a contract."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from shlex import quote
from xml.etree import ElementTree

import pytest

from workbench.catalogue import Catalogue
from workbench.judging.judge import STANDARDS
from workbench.judging.verdicts import SCHEMA
from workbench.running.fingerprints import key_of
from workbench.running.record import Record
from workbench.running.runs import run

OWN = "vectors.gaussian.length"


def test_list_shows_every_claim_on_a_line(workbench, folder):
    reply = workbench("list", folder.root)
    assert reply.code == 0 and reply.out.split()[:2] == [OWN, "expectation"]
    assert len(workbench("list").out.splitlines()) >= 12
    assert len(workbench("list", "measures").out.splitlines()) < len(workbench("list").out.splitlines())


def test_list_as_json_holds_id_kind_title_and_source(workbench, folder):
    (entry,) = json.loads(workbench("list", folder.root, "--json").out)
    assert entry["id"] == OWN and set(entry) == {"id", "kind", "title", "source"}


LOADING = """
import json, sys
{before}
from workbench.cli import main
code = 0
try:
    main(sys.argv[1:])
except SystemExit as end:
    code = end.code
sys.stderr.write(chr(10) + json.dumps([code, *sys.modules]))
"""
HEAVY = {"sympy", "torch", "numpy", "scipy", "matplotlib", "flint"}


def loaded_by(*arguments, before="", code=0):
    """The modules that a command loads in a fresh process."""
    command = [sys.executable, "-c", LOADING.format(before=before), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    ended, *modules = json.loads(done.stderr.splitlines()[-1])
    assert ended == code, done
    return set(modules)


@pytest.mark.parametrize("arguments", [["--help"], ["list"]], ids=" ".join)
def test_what_is_there_is_told_without_anything_heavy(arguments):
    assert HEAVY & loaded_by(*arguments) == set()


@pytest.mark.parametrize("typed", ["E[X*X.T == N*Sigma", "2*tr(A)", "E[z] = = 0", "E[z] == 0 # by symmetry"])
def test_a_slip_of_the_pen_is_told_without_anything_heavy(typed):
    assert HEAVY & loaded_by("check", typed, code=3) == set()


def test_the_check_of_list_can_fail():
    assert HEAVY & loaded_by("list", before="import numpy") == {"numpy"}


def test_a_typed_statement_is_judged_without_the_compiler_of_torch():
    """Slopes are taken in the canaries; the compiler, which torch may load for that, costs as much as torch."""
    loaded = loaded_by("check", "E[X*X.T] == N*Sigma")
    assert "torch" in loaded and not {"torch._dynamo", "torch._decomp.decompositions_for_jvp"} & loaded
    assert "scipy" in loaded and not {"matplotlib", "numpy.f2py", "jinja2"} & loaded


def test_a_claim_is_shown_without_what_measures():
    loaded = loaded_by("show", "in_context.one_layer.context_moment")
    assert "sympy" in loaded and not {"torch", "scipy", "matplotlib", "workbench.evidence"} & loaded


@pytest.mark.parametrize("form", ["text", "latex", "markdown", "json"])
def test_show_gives_statement_proof_formula_and_rivals(workbench, form):
    reply = workbench("show", "measures.softmax_affine.linear_output", "--format", form)
    assert reply.code == 0 and "linear attention" in reply.out
    if form == "json":
        known = json.loads(reply.out)
        assert known["formula"] and known["assumed"] == [] and "softmax's answer" in known["rivals"]
        assert [line["grade"] for line in known["proof"]] == ["stated", "proved"]


def test_verify_writes_json_junit_and_a_report(workbench, folder, tmp_path):
    places = [tmp_path / name for name in ("v.json", "v.xml", "report")]
    reply = workbench("verify", folder.root, "--json", places[0], "--junit", places[1], "--report", places[2])
    assert reply.code == 0 and "1 supported  0 refuted  0 undecided" in reply.out
    found = json.loads(places[0].read_text())
    (record,) = found["verdicts"]
    assert found["counts"] == {"supported": 1, "refuted": 0, "undecided": 0} and found["problems"] == []
    assert found["median_resolution"] == record["resolution"] and found["cpu_seconds"] == record["cpu_seconds"] > 0
    assert f"median resolution {record['resolution']:.1e}  {record['cpu_seconds']:.1f} s of CPU time\n" in reply.out
    assert set(record) >= {
        "claim", "formula", "status", "resolution", "z", "samples", "seed", "witness", "rivals", "assumed", "seconds",
        "versions", "schema", "says",
    }  # fmt: skip
    assert (record["claim"], record["status"], record["schema"]) == (OWN, "supported", SCHEMA)
    assert record["rivals"] == {"dimension taken for the trace": "refuted", "squared": "refuted"}
    assert record["resolution"] < 0.05 and set(record["versions"]) >= {"python", "sympy", "torch", "workbench"}
    (case,) = ElementTree.parse(places[1]).getroot().iter("testcase")
    assert case.get("name") == "length" and not list(case.iter("failure"))
    assert OWN in (places[2] / "index.html").read_text(encoding="utf-8")


def test_the_second_run_remembers_and_fresh_measures_anew(workbench, folder):
    assert "from the record" not in workbench("verify", folder.root).out
    assert "from the record" in workbench("verify", folder.root).out
    assert "from the record" not in workbench("verify", folder.root, "--fresh").out


AGAIN = """
import json, sys
from workbench.cli import main
try:
    main(["verify", *sys.argv[1:]])
except SystemExit as end:
    assert not end.code
loaded = [name for name in ("sympy", "torch", "numpy", "scipy", "matplotlib", "flint") if name in sys.modules]
sys.stderr.write(json.dumps(loaded))
"""


def test_what_has_not_changed_is_verified_from_the_record_in_no_time(workbench, folder):
    for k in range(30):
        folder.write(f"vectors.more_{k}")
    entries = Catalogue((folder.root,)).entries
    (one,) = run(entries[:1], standard="quick", seed=0)
    record = Record()
    for entry in entries:  # as if each had been measured
        record.keep(key_of(entry, "quick", 0), replace(one.verdict, claim=entry.id))
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", AGAIN, folder.root], capture_output=True, text=True, check=True)
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert json.loads(done.stderr) == []
    assert "31 supported  0 refuted  0 undecided" in done.stdout
    assert "0.0 s of CPU time  all from the record, unchanged since" in done.stdout
    assert end.ru_utime - start.ru_utime + end.ru_stime - start.ru_stime < 2


def test_one_changed_twin_is_measured_anew_and_no_other(workbench, folder):
    folder.write("vectors.second")
    assert workbench("verify", folder.root).code == 0
    folder.edit("numerics", "vectors.second", "s * (x @ x)", "s * x @ x")
    done = subprocess.run([sys.executable, "-m", "workbench", "verify", folder.root], capture_output=True, text=True)
    first, second, *_ = done.stdout.splitlines()
    assert OWN in first and "from the record" in first, done.stdout + done.stderr
    assert "vectors.second.length" in second and "from the record" not in second
    assert "1 of 2 from the record, unchanged since" in done.stdout


EXECUTORS = """
from concurrent.futures import ThreadPoolExecutor


def threads():
    print("here they are")
    return ThreadPoolExecutor(2)


def broken():
    raise OSError("no cluster\\nto be seen")


def none():
    return None
"""


def test_the_work_is_done_by_an_executor_of_ones_own(workbench, folder):
    Path("mine.py").write_text(EXECUTORS)
    reply = workbench("verify", folder.root, "--executor", "mine:threads")
    assert reply.code == 0 and "here they are" in reply.out and "1 supported" in reply.out


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nope", "no executor is called 'nope'; write MODULE:FACTORY"), (":", "no executor is called ':'"),
        ("nowhere.to.be:found", "No module named 'nowhere'"), ("mine2:absent", "has no attribute 'absent'"),
        ("mine2:broken", "OSError: no cluster to be seen"), ("mine2:none", "NoneType, which is no executor"),
        ("os:getcwd", "returned str, which is no executor"),
    ],
)  # fmt: skip
def test_a_bad_executor_is_one_sentence(workbench, folder, name, sentence):
    Path("mine2.py").write_text(EXECUTORS)
    reply = workbench("verify", folder.root, "--executor", name)
    assert reply.code == 3 and sentence in reply.err and len(reply.err.strip().splitlines()) == 1


def test_a_damaged_record_is_said_in_one_sentence(workbench, folder):
    place = Path(".workbench") / "record.sqlite"
    place.parent.mkdir()
    place.write_text("not a database at all, but long enough to be taken for one")
    reply = workbench("verify", folder.root)
    assert reply.code == 0 and len(reply.err.splitlines()) == 1 and "was damaged" in reply.err
    assert "from the record" in workbench("verify", folder.root).out


def test_a_report_that_cannot_be_written_costs_no_verdict(workbench, folder, tmp_path):
    (tmp_path / "file").write_text("")
    reply = workbench(
        "verify", folder.root, "--json", tmp_path / "file" / "v.json", "--report", tmp_path / "file" / "r"
    )
    assert reply.code == 3 and "1 supported" in reply.out and len(reply.err.splitlines()) == 2
    assert "v.json cannot be written: Not a directory" in reply.err and "Traceback" not in reply.err


def test_a_reader_who_leaves_and_a_terminal_without_greek_get_no_traceback(workbench, folder):
    assert workbench("verify", folder.root).code == 0
    command = f"{quote(sys.executable)} -m workbench verify {quote(str(folder.root))}"
    left = subprocess.run(f"{command} | true; echo ${{PIPESTATUS[0]}}", shell=True, executable="/bin/bash",
                          capture_output=True, text=True)  # fmt: skip
    assert left.stdout.strip() in ("0", "130") and "Traceback" not in left.stderr, left
    plain = subprocess.run(command, shell=True, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert plain.returncode == 0 and b"supported" in plain.stdout and plain.stderr == b"", plain


def test_the_standards_of_the_command_line_are_the_judges():
    from workbench.cli import STANDARD

    option = STANDARD(lambda: None).__click_params__[0]
    assert list(option.type.choices) == list(STANDARDS)


def test_something_refuted_exits_1_with_witness_and_replay(workbench, folder, tmp_path):
    folder.edit("numerics", "vectors.gaussian", "return s * (x @ x)", "return -s * (x @ x)")
    junit = tmp_path / "v.xml"
    reply = workbench("verify", folder.root, "--junit", junit, "--seed", "4")
    assert reply.code == 1 and "REFUTED" in reply.out and "fails at d = 1, Sigma = [[" in reply.out
    assert "claimed" in reply.out and "measured -" in reply.out
    assert "replay: workbench verify" in reply.out and "--standard quick --seed 4 --fresh" in reply.out
    (case,) = ElementTree.parse(junit).getroot().iter("testcase")
    assert len(list(case.iter("failure"))) == 1


def test_something_undecided_exits_2(workbench, folder, tmp_path):
    folder.edit("derivations", "vectors.gaussian", '"squared": s * tr(Sigma * Sigma)', '"the same": s * tr(Sigma)')
    junit = tmp_path / "v.xml"
    reply = workbench("verify", folder.root, "--junit", junit)
    assert reply.code == 2 and "0 supported  0 refuted  1 undecided" in reply.out
    (case,) = ElementTree.parse(junit).getroot().iter("testcase")
    assert len(list(case.iter("error"))) == 1


def test_refuted_outweighs_undecided(workbench, folder):
    folder.edit("derivations", "vectors.gaussian", '"squared": s * tr(Sigma * Sigma)', '"the same": s * tr(Sigma)')
    folder.write("vectors.wrong")
    folder.edit("numerics", "vectors.wrong", "return s", "return 2 * s")
    assert workbench("verify", folder.root).code == 1


BAD = [
    ["verify", "nowhere"], ["verify", "in_context.one_layer.rsk"], ["verify", "/nonexistent/folder"], ["verify", "a/b"],
    ["verify", "--standard", "sloppy"], ["verify", "--seed", "x"], ["verify", "--jobs", "many"], ["verify", "--what"],
    ["list", "nowhere"], ["show", "nowhere"], ["show"], ["show", OWN], ["frobnicate"], ["conjecture"],
    ["show", "measures", "--format", "pdf"], ["conjecture", "nowhere", "1"], ["conjecture", "measures", "1"],
    ["conjecture", "in_context.one_layer.risk"], ["new"], ["new", "justone"], ["new", "a.b.c"], ["new", "../a.b"],
    ["new", "A.B"], ["new", "a.1b"], ["new", "a b.c"], ["new", ""],
]  # fmt: skip


@pytest.mark.parametrize("arguments", BAD, ids=" ".join)
def test_bad_input_exits_3_with_one_sentence(workbench, arguments):
    reply = workbench(*arguments)
    assert reply.code == 3 and reply.out == ""
    assert len(reply.err.strip().splitlines()) == 1 and reply.err.startswith("workbench: ")
    assert "Traceback" not in reply.err


def test_a_theorem_that_does_not_import_exits_3_with_its_reason(workbench, folder):
    folder.edit("derivations", "vectors.gaussian", 'd = size("d")', "d = nowhere")
    reply = workbench("verify", folder.root)
    assert reply.code == 3 and "NameError" in reply.err and "Traceback" not in reply.err + reply.out


def test_a_derivation_that_stops_exits_3_with_its_reason(workbench, folder, monkeypatch):
    folder.edit("derivations", "vectors.gaussian", "yield by(", "yield nowhere(")
    monkeypatch.chdir(folder.root)
    claim = "vectors.gaussian.length"
    for arguments in (["show", claim], ["export", claim], ["verify", claim], ["conjecture", claim, "d"]):
        reply = workbench(*arguments)
        assert reply.code == 3 and "NameError: name 'nowhere'" in reply.err
        assert "Traceback" not in reply.err + reply.out


CLAIM = "measures.softmax_affine.linear_output"


@pytest.mark.parametrize("typed", ["V*Sigma*K.T*Q*x + V*mu*mu.T*K.T*Q*x", "V*(mu*mu.T + Sigma)*(Q.T*K).T*x"])
def test_a_right_conjecture_written_differently_is_supported(workbench, typed):
    reply = workbench("conjecture", CLAIM, typed)
    assert reply.code == 0 and "SUPPORTED" in reply.out and "would have been caught" in reply.out


@pytest.mark.parametrize("typed", ["1.02*V*(Sigma + mu*mu.T)*K.T*Q*x", "V*Sigma*K.T*Q*x", "0", "V*mu"])
def test_a_wrong_conjecture_is_refuted_with_a_witness(workbench, typed):
    reply = workbench("conjecture", CLAIM, typed, "--standard", "strict")
    assert reply.code == 1 and "REFUTED" in reply.out and "fails at" in reply.out
    assert f"replay: workbench conjecture {CLAIM} {quote(typed)} --standard strict --seed 0" in reply.out


HOSTILE = [
    "__import__('os').system('touch pwned')", "", "Sigma", "inv(0*V)*mu", "1/0", "V*nu", "9**9**9", "(" * 3000,
    "V*mu\0",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed[:12]))
def test_a_hostile_conjecture_exits_3_and_executes_nothing(workbench, typed, tmp_path):
    reply = workbench("conjecture", CLAIM, typed)
    assert reply.code == 3 and len(reply.err.strip().splitlines()) == 1 and reply.err.startswith("workbench: ")
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize(
    "typed", ["exp(exp(exp(x.T*x)))*mu", "exp(exp(exp(exp(1000*x.T*x))))*mu", "exp(-10**39*x.T*x)*mu"]
)
def test_a_conjecture_beyond_all_floats_is_refuted_and_crashes_nothing(workbench, typed):
    assert workbench("conjecture", CLAIM, typed).code == 1


def test_a_new_theorem_touches_no_existing_file_and_verifies(workbench, tmp_path):
    here = tmp_path / "empty"
    (here / "derivations" / "spectra").mkdir(parents=True)
    (here / "derivations" / "spectra" / "mine.py").write_text('"""Mine."""\n')
    reply = workbench("new", "spectra.compression")
    assert reply.code == 0
    written = sorted(p.relative_to(here).as_posix() for p in here.rglob("*.py"))
    assert written == [
        "derivations/spectra/compression.py", "derivations/spectra/mine.py", "numerics/spectra/compression.py",
        "tests/theorems/spectra/test_compression.py",
    ]  # fmt: skip
    assert (here / "derivations" / "spectra" / "mine.py").read_text() == '"""Mine."""\n'
    assert all(f"wrote {here / place}" in reply.out for place in written if "mine" not in place)
    verified = workbench("verify", ".")
    assert verified.code == 0 and "2 supported" in verified.out, verified
    before = {path: path.read_bytes() for path in here.rglob("*.py")}
    again = workbench("new", "spectra.compression")
    assert again.code == 3 and "exists already" in again.err
    assert {path: path.read_bytes() for path in here.rglob("*.py")} == before


def test_the_first_theorem_of_a_folder_brings_what_continuous_integration_runs(workbench, tmp_path):
    workflow = tmp_path / "empty" / ".github" / "workflows" / "theorems.yml"
    assert f"wrote {workflow}" in workbench("new", "spectra.compression").out
    steps = re.findall(r"run: (.*)", workflow.read_text())
    assert steps[-1] == "pytest --workbench --junit-xml verdicts.xml"
    workflow.write_text("mine")
    reply = workbench("new", "spectra.other")
    assert reply.code == 0 and "workflow" not in reply.out and workflow.read_text() == "mine"


def test_the_hand_cases_of_a_new_theorem_pass(workbench, tmp_path):
    workbench("new", "spectra.compression")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "empty" / "tests")],
        capture_output=True, text=True, cwd=tmp_path / "empty",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_python_m_workbench_is_the_command_also_beside_theorems_of_ones_own(folder):
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "verify", CLAIM, OWN], capture_output=True, text=True, cwd=folder.root
    )
    assert done.returncode == 0 and "2 supported" in done.stdout, done.stderr
    assert (folder.root / ".workbench" / "record.sqlite").is_file()


SLOW = """
import time

import torch


def length(s, Sigma, *, draw):
    open({mark!r}, "w").close()
    time.sleep(600)
"""


def heed_interrupts():
    """A shell starts its background jobs deaf to interrupts, and their children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupted_run_exits_130_and_keeps_what_is_finished(folder, tmp_path):
    mark = tmp_path / "started"
    folder.write("zzz.slow", twin=SLOW.format(mark=str(mark)))
    command = [sys.executable, "-m", "workbench", "verify", str(folder.root)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": tmp_path}
    with subprocess.Popen(command, preexec_fn=heed_interrupts, **pipes) as running:
        until = time.monotonic() + 120
        while not mark.exists() and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(running.pid, signal.SIGINT)
        try:
            out, err = running.communicate(timeout=60)
        finally:
            running.kill()
    assert running.returncode == 130 and f"{OWN}  supported" in out
    assert "interrupted" in err and "Traceback" not in err
    again = subprocess.run(
        [sys.executable, "-m", "workbench", "verify", f"{folder.root}/", OWN],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert again.returncode == 0 and "from the record" in again.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["verify", "--help"], ["conjecture", "--help"], ["list", "--help"]])
def test_help_reads_like_documentation(workbench, arguments):
    reply = workbench(*arguments)
    assert reply.code == 0 and reply.out.startswith("Usage: workbench")
    if arguments[0] in ("verify", "conjecture", "--help"):
        assert "Exit codes" in reply.out and "130 interrupted" in reply.out


def test_the_version_is_the_packages(workbench):
    from workbench import __version__

    assert __version__ in workbench("--version").out


def test_the_words_of_a_verdict_are_explained_once_and_every_door_leads_there(workbench):
    from workbench.glossary import WORDS
    from workbench.report import page

    asked = "letter law twin rung rival mutant canary witness resolution instance regime".split()
    shown = workbench("--words")
    assert shown.code == 0 and set(asked) <= set(WORDS)
    assert all(re.search(rf"^{word} +[A-Z]", shown.out, re.MULTILINE) for word in WORDS)
    assert max(map(len, shown.out.splitlines())) <= 88
    assert "--words" in workbench("--help").out
    assert all(f"<dt>{word}</dt>" in page([]) for word in WORDS)


def test_the_help_of_check_names_every_function_that_can_be_typed(workbench):
    from workbench.language.functions import FUNCTIONS

    words = set(re.findall(r"\w+", workbench("check", "--help").out))
    assert set(FUNCTIONS) <= words
