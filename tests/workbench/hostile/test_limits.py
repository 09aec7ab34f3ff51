"""Limits: what takes too long or too much is undecided and says so, whoever does the work; nothing hangs."""

from __future__ import annotations

import gc
import importlib
import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from contextlib import suppress

import numpy as np
import pytest

from workbench import limits
from workbench.catalogue import Catalogue, hidden, member
from workbench.errors import BadInput, Exceeded, about
from workbench.limits import Limits, waited_for, within
from workbench.options import UNDECIDED
from workbench.running import runs
from workbench.running.runs import Task, side_by_side
from workbench.running.workers import Pool

SLEEPS = "import time\n\ntime.sleep(600)\n"
TWINS = {
    "sleeps": "    import time\n    time.sleep(600)\n",
    "never ends": "    while True:\n        pass\n",
    "never ends and minds no error": (
        "    while True:\n        try:\n            sum(range(10**6))\n        except Exception:\n            pass\n"
    ),
}


def late(folder, twin: str = "", derivation: str = ""):
    """A folder with an honest theorem and one that is at work for ever."""
    folder.write("vectors.second")
    anchor = "    x = torch" if twin else ""
    if twin:
        folder.edit("numerics", "vectors.second", anchor, twin + anchor)
    if derivation:
        path = folder.root / "derivations" / "vectors" / "second.py"
        path.write_text(derivation + path.read_text())
    return folder.root


@pytest.mark.parametrize("way", TWINS)
def test_a_twin_that_takes_too_long_is_undecided_and_keeps_nobody_waiting(workbench, folder, way):
    root, start = late(folder, TWINS[way]), time.monotonic()
    reply = workbench("verify", root, "--time-limit", "6")
    assert reply.code == UNDECIDED and "1 supported  0 refuted  1 undecided" in reply.out, reply
    assert "exceeded 6 s" in reply.out and "--time-limit" in reply.out and time.monotonic() - start < 300
    again = workbench("verify", root, "--time-limit", "0.5")
    assert again.code == UNDECIDED and "exceeded 0.5 s" in again.out, "what was left is not remembered"


def test_a_derivation_that_takes_too_long_is_undecided_too(workbench, folder):
    reply = workbench("verify", late(folder, derivation=SLEEPS), "--time-limit", "6")
    assert reply.code == UNDECIDED and "exceeded 6 s" in reply.out and "1 supported" in reply.out, reply


MEMORY = {
    "torch": "    torch.zeros(2 * 10**9, dtype=torch.float64)\n", "Python": "    [0] * (4 * 10**9)\n",
    "numpy": "    import numpy\n    numpy.ones(2 * 10**9)\n",
}  # fmt: skip


@pytest.mark.parametrize("library", MEMORY)
def test_a_twin_that_takes_too_much_memory_is_undecided(workbench, folder, library):
    reply = workbench("verify", late(folder, MEMORY[library]), "--memory-limit", "1")
    assert reply.code == UNDECIDED and "exceeded 1 GB of memory" in reply.out and "1 supported" in reply.out, reply


@pytest.mark.parametrize("arguments", [
    ["check", "E[X*X.T*X*X.T*X*X.T] == N*Sigma"], ["conjecture", "measures.softmax_affine.linear_output", "V*mu"],
])  # fmt: skip
def test_a_statement_that_takes_too_long_is_undecided(workbench, arguments):
    reply = workbench(*arguments, "--time-limit", "0.01")
    assert reply.code == UNDECIDED and reply.out == "UNDECIDED — exceeded 0.01 s; give it more with --time-limit, or " \
        "make it smaller\n", reply  # fmt: skip


@pytest.mark.parametrize("option", [["--time-limit", "0"], ["--time-limit", "-1"], ["--memory-limit", "x"]])
def test_a_limit_that_is_none_is_bad_input(workbench, option):
    assert workbench("check", "E[z] == 0", *option).code == 3


def test_the_limits_of_a_claim_leave_no_trace():
    before = resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)
    with pytest.raises(Exceeded), within(Limits(0.05, 8)):
        time.sleep(5)
    with within(Limits(0.05, 8)):
        pass
    time.sleep(0.1)
    assert (resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM)) == before


def test_work_that_ends_between_a_lost_alarm_and_the_next_has_exceeded_its_limit():
    def loses_it() -> str:
        with suppress(Exceeded):
            time.sleep(60)
        return "over"

    with pytest.raises(Exceeded, match=r"exceeded 0\.02 s"), within(Limits(0.02, 8)):
        assert loses_it() == "over"


def test_work_that_ends_while_a_library_is_being_loaded_has_exceeded_its_limit(monkeypatch):
    monkeypatch.setattr(limits, "library_at_import", lambda frame: True)
    with pytest.raises(Exceeded, match=r"exceeded 0\.02 s"), within(Limits(0.02, 8)):
        time.sleep(0.05)


LINES = {"check": ["E[z] == 1"], "conjecture": ["vectors.gaussian.length", "s*tr(Sigma)"]}


@pytest.mark.parametrize("arguments", [[command, *rest] for command, rest in LINES.items()])
def test_nothing_is_said_of_work_that_ended_after_a_lost_alarm(workbench, folder, monkeypatch, arguments):
    monkeypatch.chdir(folder.root)
    assert workbench(*arguments).code != UNDECIDED
    monkeypatch.setattr(limits.Alarm, "set", lambda self: setattr(self, "rang", self.limits.seconds == 77))
    reply = workbench(*arguments, "--time-limit", "77")
    assert reply.code == UNDECIDED and reply.out.startswith("UNDECIDED — exceeded 77 s;"), reply
    assert reply.out.count("\n") == 1


def test_work_that_fails_after_a_lost_alarm_has_exceeded_its_limit_and_other_failures_are_told():
    with pytest.raises(Exceeded), within(Limits(0.02, 8)):
        with suppress(Exceeded):
            time.sleep(60)
        raise ValueError("because of it")
    with pytest.raises(ValueError, match="of its own"), within(Limits(60, 8)):
        raise ValueError("of its own")


def test_an_alarm_that_rings_in_a_callback_of_the_collector_is_not_lost():
    def slow(phase: str, info: dict) -> None:
        until = time.monotonic() + 0.05
        while time.monotonic() < until:
            pass

    gc.callbacks.append(slow)
    begun = time.monotonic()
    try:
        with pytest.raises(Exceeded), within(Limits(0.02, 8)):
            gc.collect()
            time.sleep(60)
    finally:
        gc.callbacks.remove(slow)
    assert time.monotonic() - begun < limits.AGAIN


def state() -> tuple:
    return (
        resource.getrlimit(resource.RLIMIT_DATA), signal.getsignal(signal.SIGALRM),
        signal.getitimer(signal.ITIMER_REAL),
    )  # fmt: skip


@pytest.mark.parametrize("moment", ["before the work", "at its end", "as it is turned off"])
def test_an_alarm_leaves_no_trace_whenever_it_rings(monkeypatch, moment):
    before, calls = state(), []
    original = limits.Alarm.set if moment == "before the work" else limits.Alarm.off

    def rings(self):
        calls.append(self)
        if moment == "at its end" and len(calls) == 1:
            raise Exceeded("rang")
        original(self)
        if moment != "at its end" and len(calls) == 1:
            self.ring(0, None)

    monkeypatch.setattr(limits.Alarm, "set" if moment == "before the work" else "off", rings)
    with pytest.raises(Exceeded), within(Limits(60, 8)):
        pass
    assert state() == before


def test_an_alarm_that_somebody_swallowed_rings_again(monkeypatch):
    monkeypatch.setattr(limits, "AGAIN", 0.05)
    with pytest.raises(Exceeded), within(Limits(0.05, 8)):
        with suppress(Exceeded):
            time.sleep(60)
        time.sleep(60)


def test_limits_within_limits_end_at_the_first_of_them():
    before = state()
    with pytest.raises(Exceeded, match=r"exceeded 0\.3 s"), within(Limits(0.3, 8)):
        with within(Limits(60, 8)):
            pass
        time.sleep(60)
    assert state() == before


def test_no_library_is_broken_off_half_loaded_and_a_theorem_is(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "slow_library.py").write_text("import time\n\ntime.sleep(0.4)\nWHOLE = True\n")
    with pytest.raises(Exceeded), within(Limits(0.05, 8)):
        importlib.import_module("slow_library")
        time.sleep(60)
    assert sys.modules.pop("slow_library").WHOLE


def test_a_theorem_that_is_broken_off_has_made_no_claim(folder):
    path = folder.root / "derivations" / "vectors" / "gaussian.py"
    whole = path.read_text()
    path.write_text(whole + "\n\nimport time\n\ntime.sleep(60)\n")
    (entry,) = Catalogue((folder.root,)).entries
    with pytest.raises(Exceeded), within(Limits(1, 8)):
        member(entry, "derivations")
    path.write_text(whole)
    assert member(entry, "derivations") and hidden(folder.root) == []


def test_a_machine_without_memory_bounds_more_than_the_limit_does(monkeypatch):
    told = {"MemAvailable:": 2 * 2**30, "VmData:": limits.held()}
    monkeypatch.setattr(limits, "said_of", lambda file, what: told[what])
    assert Limits(60, 1.5).here() == Limits(60, 1.5)
    with pytest.raises(Exceeded, match=r"1\.6 GB of memory, which is what this machine had left"):
        with within(Limits(60, 16)):
            bytearray(3 * 2**30)
    told["MemAvailable:"] = 2**20
    assert Limits(60, 16).here().gigabytes == 1


def test_an_error_that_came_from_a_lack_of_memory_is_told_as_one():
    with pytest.raises(Exceeded, match="GB of memory"), within(Limits(60, 8)):
        try:
            raise MemoryError
        except MemoryError:
            raise BadInput("it could not be measured") from None
    with pytest.raises(MemoryError), about("a claim"):
        raise RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes")
    with pytest.raises(Exceeded), about("a claim"):
        raise Exceeded("exceeded")


def child(does):
    number = os.fork()
    if number == 0:
        try:
            does()
        finally:
            os._exit(7)
    return number


def test_a_process_that_does_not_listen_is_ended_from_outside():
    assert waited_for(child(lambda: time.sleep(60)), 0.3) is None
    assert waited_for(child(lambda: None), 60) == 7
    assert waited_for(child(lambda: os.kill(os.getpid(), signal.SIGKILL)), 60) == -signal.SIGKILL


@pytest.mark.parametrize(("does", "seconds", "word"), [
    (lambda: time.sleep(60), 0.1, "exceeded 0.1 s"), (lambda: os.kill(os.getpid(), signal.SIGKILL), 60, "of memory"),
    (lambda: os.kill(os.getpid(), signal.SIGUSR1), 60, "SIGUSR1"),
])  # fmt: skip
def test_the_end_of_a_statement_s_own_process_is_told(monkeypatch, capsys, does, seconds, word):
    monkeypatch.setattr(limits, "GRACE", 0.2)
    monkeypatch.setattr(limits.os, "fork", lambda fork=os.fork: fork() or (does(), os._exit(7)))
    with pytest.raises(SystemExit) as end:
        limits.supervised(Limits(seconds, 8))
    assert end.value.code == UNDECIDED and word in capsys.readouterr().out


def test_the_collector_rests_while_libraries_are_loaded_and_never_looks_at_them():
    before = gc.get_freeze_count()
    with suppress(ImportError), limits.loading():
        loaded = [[] for _ in range(1000)]
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled() and gc.get_freeze_count() >= before + len(loaded)


def test_a_command_of_its_own_uses_one_thread(monkeypatch):
    for name in limits.THREADS:
        monkeypatch.setenv(name, "8")
    monkeypatch.setattr(limits, "supervised", lambda _: None)
    for alone, threads in ((False, {"8"}), (True, {"1"})):
        monkeypatch.setattr(limits, "alone", lambda alone=alone: alone)
        with limits.told(Limits(60, 8), "workbench.glossary"):
            assert {os.environ[name] for name in limits.THREADS} == threads


class Deaf(Pool):
    """Workers of our own, one of which never comes to an end and hears no alarm."""

    def __init__(self):
        self.width, self.restarts = 2, 0

    def submit(self, work, task):
        future = Future()
        if task.entry.id != "vectors.second.length" and self.restarts:
            future.set_result(runs.Outcome(task.entry, None, problem="done"))
        return future

    def restart(self):
        self.restarts += 1

    def stop(self):
        pass

    close = stop


def test_a_worker_that_does_not_listen_is_ended_and_the_others_work_is_done_anew(folder, monkeypatch):
    monkeypatch.setattr(runs, "GRACE", 0.1)
    monkeypatch.setattr(runs, "TICK", 0.05)
    short, long = Limits(0.1, 1), Limits(600, 1)
    entries = Catalogue((folder.write("vectors.second").write("vectors.third").root,)).entries
    tasks = [Task(e, "quick", 0, "", short if "second" in e.id else long) for e in entries]
    workers = Deaf()
    found = {o.entry.id: o for o in side_by_side(tasks, workers, lambda entry: None)}
    assert len(found) == 3 and workers.restarts == 1
    left = found.pop("vectors.second.length")
    assert left.exceeded and left.verdict.status == "undecided" and "exceeded 0.1 s" in left.verdict.reason
    assert [o.problem for o in found.values()] == ["done", "done"]


def test_a_program_that_leaves_in_the_middle_is_no_support(folder, tmp_path):
    root = late(folder, "    import os\n    os._exit(0)\n")
    done = subprocess.run([sys.executable, "-m", "workbench", "verify", str(root)], capture_output=True, text=True,
                          cwd=tmp_path)  # fmt: skip
    assert done.returncode == 3 and "1 supported" in done.stdout and "vectors.second.length died" in done.stderr


def test_a_conjecture_about_a_program_that_leaves_in_the_middle_is_no_support(folder, tmp_path):
    late(folder, "    import os\n    os._exit(0)\n")
    done = subprocess.run([sys.executable, "-m", "workbench", "conjecture", "vectors.second.length", "s*tr(Sigma)"],
                          capture_output=True, text=True, cwd=folder.root)  # fmt: skip
    assert done.returncode == 3 and done.stdout == "" and "os._exit" in done.stderr and "\n" not in done.stderr[:-1]


@pytest.mark.parametrize("command", ["show", "export"])
def test_what_a_program_that_leaves_in_the_middle_says_of_itself_is_not_shown_as_if_all_were_well(
    folder, tmp_path, command
):
    late(folder, derivation="import os\n\nos._exit(0)\n")
    done = subprocess.run([sys.executable, "-m", "workbench", command, "vectors.second"], capture_output=True,
                          text=True, cwd=folder.root)  # fmt: skip
    assert done.returncode == 3 and "os._exit" in done.stderr, done


def test_a_test_that_eats_memory_fails_and_takes_no_worker_with_it():
    eaten = []
    with pytest.raises(MemoryError):
        eaten += (np.zeros(2**27) for _ in range(64))  # a gigabyte each, of which nothing is touched
