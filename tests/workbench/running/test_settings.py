"""Settings: what one claim's code changes of its process costs no other claim its verdict."""

from __future__ import annotations

import builtins
import gc
import os
import signal
import sys
import warnings

import numpy
import pytest
import torch
from flint import ctx

from workbench.catalogue import Catalogue
from workbench.errors import BadInput
from workbench.judging import verdicts
from workbench.running.runs import run
from workbench.running.settings import settings_kept

# A careless line of a theorem's code, and how the process then looks.
CARELESS = {
    "sys.setrecursionlimit(150)": lambda: sys.getrecursionlimit() >= 1000,
    "sys.path.clear()": lambda: len(sys.path) > 1,
    "sys.stdout = sys.stderr = None": lambda: sys.stdout and sys.stderr,
    "sys.modules.pop('torch')": lambda: sys.modules.get("torch") is torch,
    "os.environ.clear()": lambda: len(os.environ) > 1,
    "warnings.simplefilter('error')": lambda: warnings.filters[0][0] != "error",
    "numpy.seterr(all='raise')": lambda: "raise" not in numpy.geterr().values(),
    "torch.set_default_dtype(torch.float16)": lambda: torch.get_default_dtype() != torch.float16,
    "torch.set_default_device('meta')": lambda: torch.get_default_device().type == "cpu",
    "torch.set_grad_enabled(False)": lambda: torch.is_grad_enabled(),
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)": lambda: signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN,
    "ctx.prec = 2": lambda: ctx.prec >= 53,
    "gc.disable()": gc.isenabled,
}
CHANGED = {
    "max": "builtins.max = min",
    "workbench.judging.verdicts.Verdict": "verdicts.Verdict = None",
    "workbench.judging.verification.verify_entry": "verification.verify_entry = lambda *a, **k: None",
    "workbench.judging.verification.len": "verification.len = lambda many: 0",
    "workbench.errors.BadInput.__str__": "errors.BadInput.__str__ = lambda self: ''",
}
IMPORTS = (
    "import builtins, gc, os, signal, sys, warnings, numpy\nfrom flint import ctx\n"
    "from workbench import errors\nfrom workbench.judging import verdicts, verification\n"
)


def done(line: str) -> None:
    exec(f"import torch\n{IMPORTS}{line}", {})


@pytest.mark.parametrize("line", CARELESS)
def test_what_careless_code_changes_is_put_back(line):
    with settings_kept("a.b.c"):
        done(line)
    assert CARELESS[line]()


@pytest.mark.parametrize("line", CARELESS)
def test_nothing_is_put_back_by_itself(line):
    with settings_kept("a.b.c"):
        done(line)
        kept = bool(CARELESS[line]())
    assert not kept


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_instrument_is_mended_and_gives_no_verdict(name):
    most, before = builtins.max, verdicts.Verdict
    with pytest.raises(BadInput, match=f"a.b.c changes {name}, and a verdict"), settings_kept("a.b.c"):
        done(CHANGED[name])
    assert builtins.max is most and verdicts.Verdict is before and str(BadInput("a word")) == "a word"


def test_an_error_goes_its_way_and_settings_are_put_back_behind_it():
    before = torch.get_default_dtype()
    with pytest.raises(ZeroDivisionError), settings_kept("a.b.c"):
        torch.set_default_dtype(torch.float16)
        raise ZeroDivisionError
    assert torch.get_default_dtype() == before


def twins(folder, line: str):
    """Two claims; the code of the first one changes its process in the middle of a sample."""
    folder.edit("numerics", "vectors.gaussian", "import torch\n", f"import torch\n{IMPORTS}")
    folder.edit("numerics", "vectors.gaussian", "    x = torch", f"    {line}\n    x = torch")
    folder.write("vectors.second")
    return list(run(Catalogue((folder.root,)).entries, standard="quick", seed=0))


@pytest.mark.parametrize("line", [*CARELESS, *CHANGED.values()])
def test_no_claim_pays_for_another(folder, line):
    first, second = twins(folder, line)
    assert second.verdict is not None and second.verdict.status == "supported", second.problem
    if line in CHANGED.values():
        assert first.verdict is None and first.problem.startswith("vectors.gaussian.length"), first
