# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---
# %% [markdown]
# # How a check can lie
#
# *Afterwards you can* name four ways in which agreement with a simulation says nothing.
#
# *Before this:* `00_start_here`. *Minutes:* 20. *Level:* first steps. *Papers:* none.
#
# A formula agreed with a simulation. What does that say? Four ways in which it says nothing, each of them measured,
# and what the workbench does about it: generic points, error bars from the samples, tails that are read, and
# evidence that has to refute something.

# %%
import matplotlib.pyplot as plt
import torch

import workbench
from workbench.errors import BadInput
from workbench.evidence import measure

torch.manual_seed(0), torch.set_default_dtype(torch.float64)

# %% [markdown]
# ## 1. Points that are too symmetric
#
# For $x \sim \mathcal N(0, \Sigma)$ somebody writes $\mathbb E (x^\top A x)^2 = \operatorname{tr}(A\Sigma)^2 + 2
# \operatorname{tr}(A\Sigma A\Sigma)$. The truth has $\operatorname{tr}(A\Sigma A\Sigma) + \operatorname{tr}(A\Sigma
# A^\top\Sigma)$ for the last term. Here is how far apart the two are, at three points of increasing honesty.

# %%
B, root = torch.randn(3, 3), torch.randn(3, 3)
Sigma = root @ root.T
for name, A in {"identity": torch.eye(3), "symmetric": B + B.T, "generic": B}.items():
    gap = torch.trace(A @ Sigma @ A @ Sigma) - torch.trace(A @ Sigma @ A.T @ Sigma)
    print(f"{name:>10}: {gap:+.3f}")

# %% [markdown]
# A test at the identity passes, and so does one at any symmetric matrix, with infinitely many samples. The
# workbench draws generic points; its witness has two dimensions, because one would hide the mistake.

# %%
wrong = workbench.check("E[(x.T*A*x)**2] == tr(A*Sigma)**2 + 2*tr(A*Sigma*A*Sigma)")
assert wrong.status == "refuted" and wrong.witness["instance"].startswith("d = 2")
wrong

# %% [markdown]
# ## 2. Tolerances
#
# With $S = XX^\top/N$ and standard tokens in three dimensions, $\mathbb E \operatorname{tr} S^2 = 3 + 9/N + 3/N$.
# Who forgets the last term is off by two percent at $N = 40$. Five hundred people check both formulas, each with a
# hundred prompts, and call it a pass when the relative difference is within a tolerance.

# %%
tokens = torch.randn(500, 100, 3, 40)
S = tokens @ tokens.mT / 40
seen = (S**2).sum((-1, -2)).mean(1)
tolerances = torch.logspace(-3, -0.5, 60)
for name, claimed in {"right": 3 + 12 / 40, "one term forgotten": 3 + 9 / 40}.items():
    passed = ((seen - claimed).abs() / claimed <= tolerances[:, None]).double().mean(1)
    plt.semilogx(tolerances, passed, label=name)
plt.xlabel("tolerance"), plt.ylabel("share of checks that pass"), plt.legend()
plt.show()

# %% [markdown]
# No tolerance tells the two apart: one that the right formula mostly meets is met by the wrong one as well. What is
# missing is not a better number but power. The workbench types no tolerance; its error bars come from the samples,
# and every verdict says which error it would have caught.

# %%
forgotten = workbench.check("E[tr(X*X.T*X*X.T)]/N**2 == tr(Sigma**2) + tr(Sigma)**2/N")
assert forgotten.status == "refuted" and forgotten.resolution < 1e-6
forgotten

# %% [markdown]
# ## 3. Heavy tails
#
# $\mathbb E\, e^{z^2/3} = \sqrt 3$ for a standard $z$, but $e^{z^2/3}$ has no variance. An error bar of two
# standard errors should miss the truth in one run of twenty. How often does it hold it?

# %%
samples = torch.exp(torch.randn(2000, 1000) ** 2 / 3)
error = samples.std(1) / 1000**0.5
covered = ((samples.mean(1) - 3**0.5).abs() <= 1.96 * error).double().mean()
assert covered < 0.9
print(f"bars of 95 % hold the truth in {100 * covered:.0f} % of all runs")


# %% [markdown]
# Nothing in a single run gives it away, except its largest samples. The evidence fits their tail: moments of order
# one over its index and above do not exist, so beyond one half there is no variance, and the judge says
# *undecided*.


# %%
def heavy(*, draw):
    return torch.exp(draw.normal("z") ** 2 / 3)


def light(*, draw):
    return torch.exp(draw.normal("z") ** 2 / 12)


# %%
heavy_tail, light_tail = (measure(twin, {}, chance=True).tail for twin in (heavy, light))
assert light_tail < 0.5 < heavy_tail
print(f"tail index {heavy_tail:.2f} of the heavy one, {light_tail:.2f} of the light one")

# %% [markdown]
# Better than a careful sample is none: in one dimension a Gauss–Hermite rule needs no chance.

# %%
sure = workbench.check("E[exp(z**2/3)] == sqrt(3)")
assert sure.status == "supported" and "quasi-Monte Carlo" not in sure.rungs
sure

# %% [markdown]
# ## 4. Nothing was said
#
# A statement about numbers above two and below one holds for all of them. It is refused.

# %%
try:
    workbench.check("E[z**2] == t", where="t > 2; t < 1")
except BadInput as problem:
    print(problem)

# %% [markdown]
# And a check that nothing could fail is none. So every claim brings rivals, wrong formulas that a careless reader
# would write; the workbench adds slips of the pen, and all of them meet the evidence that supports the claim.

# %%
verdict = workbench.verify("in_context.one_layer.context_moment")
assert set(verdict.rivals.values()) == {"refuted"} and verdict.mutants["refuted"] == verdict.mutants["total"]
print(f"{len(verdict.rivals)} rivals and {verdict.mutants['total']} slips of the pen refuted")
workbench.table([verdict])

# %% [markdown]
# The fifth way is one mistake made twice, by a measurement that calls the formula it measures. Derivations and
# numerics cannot see each other here, and a test reads their imports.
#
# ## Exercises
#
# 1. Is symmetry of $A$ needed for the wrong formula of the first part? Say `where="A: symmetric d"` and see; then
#    find another class of matrices for which it holds.
# 2. From which $c$ on can you not trust error bars of $\mathbb E\, e^{c z^2}$? The mean itself is known: correct
#    the line below.

# %%
workbench.check("E[exp(c*z**2)] == 1/sqrt(1 - c)", where="c: positive; c < 1/2")
