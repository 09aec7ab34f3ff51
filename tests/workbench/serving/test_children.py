"""Children: a question that dies, hangs or takes all memory is told in a sentence, and the next one is answered."""

import importlib
import os
import signal
import time

import pytest

from workbench.errors import BadInput, Exceeded
from workbench.limits import Limits
from workbench.serving import children

ENOUGH = Limits(60, 8)


def test_a_child_returns_what_the_work_returns():
    assert children.ask(pow, 2, 10, limits=ENOUGH) == 1024
    assert children.ask(os.getpid, limits=ENOUGH) != os.getpid()


def test_a_question_that_lasts_too_long_is_ended():
    start = time.monotonic()
    with pytest.raises(Exceeded, match=r"exceeded 0\.2 s"):
        children.ask(time.sleep, 600, limits=Limits(0.2, 8))
    assert time.monotonic() - start < 60


def test_a_question_that_hears_no_alarm_is_ended_from_outside(monkeypatch):
    monkeypatch.setattr(children, "DEAF", 0.5)
    with pytest.raises(Exceeded, match=r"exceeded 0\.2 s"):
        children.ask(pow, 3**10**6, 10**5, limits=Limits(0.2, 8))  # one long call that never looks up


def test_a_question_that_takes_too_much_memory_is_ended():
    with pytest.raises(Exceeded, match=r"exceeded 0\.1 GB of memory"):
        children.ask(bytearray, 10**10, limits=Limits(60, 0.1))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_is_killed_is_told(number):
    with pytest.raises(Exceeded, match=r"of memory|ended from outside \(SIGTERM\)"):
        children.ask(signal.raise_signal, number, limits=ENOUGH)
    assert children.ask(abs, -1, limits=ENOUGH) == 1


def test_an_error_of_the_work_comes_back_as_one_sentence():
    with pytest.raises(BadInput, match="a fault of the workbench, not of yours: ModuleNotFoundError: No module named"):
        children.ask(importlib.import_module, "nowhere", limits=ENOUGH)
