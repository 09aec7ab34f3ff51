"""The compiler of torch: it is not loaded for slopes, and is there for whoever asks for it."""

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
