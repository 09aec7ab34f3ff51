"""`pytest --workbench` collects claims, and says of one that is not supported what `workbench verify` says."""

import os
import subprocess
import sys

import pytest

ALONE = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the plugin is named, installed or not


@pytest.fixture
def tested(folder):
    """Runs pytest in the folder with one claim."""

    def tested(*options):
        command = [sys.executable, "-m", "pytest", "-p", "workbench.pytest_plugin", "-rA", "-Werror", *options]
        done = subprocess.run(command, cwd=folder.root, env=ALONE, capture_output=True, text=True)
        return done.returncode, done.stdout

    return tested


def test_claims_are_tests_where_they_are_asked_for(tested, folder):
    code, said = tested()
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED and "no tests ran" in said
    code, said = tested("--workbench")
    assert code == 0 and "PASSED derivations/vectors/gaussian.py::length" in said
    (folder.root / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    (folder.root / "tests").mkdir()
    (folder.root / "tests" / "test_two.py").write_text("def test_two():\n    assert 1 + 1 == 2\n")
    code, said = tested("--workbench")
    assert code == 0 and "2 passed" in said, said
    assert "2 passed" not in tested("--workbench", "tests")[1]


def test_a_claim_that_is_not_supported_fails_with_the_sentences_of_verify(tested, folder, workbench):
    folder.edit("numerics", "vectors.gaussian", "return s * (x @ x)", "return 2 * s * (x @ x)")
    code, said = tested("--workbench")
    reply = workbench("verify", folder.root)
    assert code == 1 and "FAILED derivations/vectors/gaussian.py::length" in said and "Traceback" not in said
    assert reply.code == 1 and reply.out.split("length = ")[1].partition("\n")[0] in said
    assert "replay: workbench verify vectors.gaussian.length" in said


def test_a_file_that_the_catalogue_cannot_list_is_an_error(tested, folder):
    folder.write("vectors.broken", derivation="def f(:\n")
    code, said = tested("--workbench", "derivations/vectors/broken.py")
    assert code == pytest.ExitCode.INTERRUPTED and "is not valid Python" in said and "Traceback" not in said


def test_nothing_heavy_is_loaded_where_claims_are_not_asked_for(folder):
    program = "import sys, pytest; pytest.main(['-q', '-p', 'workbench.pytest_plugin']); " \
              "print([name for name in ('torch', 'sympy', 'click') if name in sys.modules])"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", program], cwd=folder.root, env=ALONE, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr
