"""Compilers: that of torch is not loaded for slopes nor that of NumPy by SciPy, and whoever asks for one finds it."""

import subprocess
import sys

SLOPES = """
import sys, types
import torch
import workbench.evidence
from torch.func import grad, jacrev, vmap

points = torch.arange(1.0, 4)
slope = grad(lambda x: (x**3).sum())
assert torch.equal(slope(points), 3 * points**2)
assert torch.equal(jacrev(slope)(points), torch.diag(6 * points))
assert torch.equal(vmap(slope)(points.expand(2, 3))[1], 3 * points**2)
assert "torch._dynamo" not in sys.modules

assert callable(torch._dynamo.disable) and "torch._dynamo" in sys.modules
assert isinstance(torch._dynamo, types.ModuleType)
assert torch.equal(slope(points), 3 * points**2)
"""


def test_slopes_load_no_compiler_and_whoever_asks_for_it_finds_it():
    subprocess.run([sys.executable, "-c", SLOPES], check=True)


FORTRAN = """
import sys, types
import numpy
import workbench.evidence
import scipy.stats

assert "numpy.f2py" not in sys.modules
assert callable(numpy.f2py.run_main) and isinstance(numpy.f2py, types.ModuleType)
"""


def test_scipy_loads_no_translator_of_fortran_and_whoever_asks_for_it_finds_it():
    subprocess.run([sys.executable, "-c", FORTRAN], check=True)
