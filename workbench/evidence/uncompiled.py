"""Compilers are left where they are: `torch.func` takes slopes without that of torch, SciPy works without NumPy's.

Before each slope torch.func asks `torch._dynamo` to stand aside. The first time, that loads the compiler, which
takes as long as the rest of torch; one that nobody has loaded stands aside anyway. SciPy takes every name that NumPy
has, which loads `numpy.f2py`, a translator of Fortran.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from importlib import import_module
from typing import Any

import numpy
import torch


class Unloaded:
    """Stands where a module would, with some of what is in it; whatever else is asked of it loads the module."""

    def __init__(self, module: str, **known: Any):
        self.module, self.known = module, known

    def __getattr__(self, name: str) -> Any:
        if name in self.known and self.module not in sys.modules:
            return self.known[name]
        return getattr(import_module(self.module), name)


if "torch._dynamo" not in sys.modules:  # to import it puts the module itself in this place
    aside = Unloaded("torch._dynamo.compiled_autograd", _disable=nullcontext)
    torch._dynamo = Unloaded("torch._dynamo", compiled_autograd=aside)  # type: ignore[attr-defined]
if "numpy.f2py" not in sys.modules:
    numpy.f2py = Unloaded("numpy.f2py")  # type: ignore[attr-defined]
