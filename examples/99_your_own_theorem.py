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
# # A theorem of your own: two heads and a skip connection
#
# *Afterwards you can* take a model that no chapter treats from its loss to its critical scale, and save it as a
# theorem.
#
# *Before this:* `in_context`. *Minutes:* 40. *Level:* advanced. *Papers:* none.
#
# No chapter treats this model. Tokens carry a spike: $X$ has $N$ columns $\mathcal N(0, I + \theta vv^\top)$, and
# so is the query $x$. A layer of linear attention with two heads and a skip connection returns $x + (w_1 w_1^\top +
# w_2 w_2^\top)\, XX^\top x / N$. It shall return $Tx$. When do its heads wake up?
#
# Letters first, then the loss as it is defined, for any covariance $\Sigma$ and any task $T$.

# %%
import matplotlib.pyplot as plt
import sympy as sp
import torch

import workbench
from workbench import E, dot
from workbench.evidence import measure

# %%
s = workbench.session("two heads and a skip")
fixed = "d: size; N: count; Sigma: spd d; T: d×d; w1, w2: d"
d, N, Sigma, T, w1, w2, X, x = s.let(f"{fixed}; X: d×N ~ N(0, Sigma); x: d ~ N(0, Sigma)")
miss = x + (w1 * w1.T + w2 * w2.T) * X * X.T * x / N - T * x
s.start("how far the layer is from its task", E(dot(miss, miss)))

# %% [markdown]
# ## Risk and gradient
#
# A rule derives the next line; it is re-checked exactly, and torch measures the same thing from the definition. A
# name and a sentence make a line a claim.

# %%
s.expect()
s.call("risk", "What the layer misses of its task, for any tokens")
s.gradient(w1)
s.call("risk_gradient", "How that changes with the first head")

# %% [markdown]
# ## Spiked tokens
#
# The task is to double the signal: $T = 2\theta/(1+\theta)\, vv^\top$ is the best guess of twice the spike's share
# in $x$. One head looks along the spike, the other across it; $a$ and $b$ say how much. The gradient in both
# numbers is the force of training.

# %%
s.let("v: unit d; u: unit d orthogonal to v; theta: positive; a, b: real")
s.recall("risk")
spike = {"Sigma": "I + theta*v*v.T", "T": "2*theta/(1 + theta)*v*v.T"}
s.substitute(spike | {"w1": "a*v", "w2": "b*u"})
s.call("spiked_risk", "What heads along the spike and across it miss")
s.gradient("a", "b")
s.call("force", "What training does to both heads")

# %% [markdown]
# ## Fixed points
#
# All of them, certified to be all for $\theta > 1$. Torch looks for the roots of the measured gradient from many
# starts.

# %%
s.fixed_points("a", "b", hypotheses=["theta > 1"])
resting = s.call("resting_heads", "Where such heads rest: one on the spike, up to its sign, none across")
resting

# %% [markdown]
# ## The critical strength
#
# Is silence stable? The eigenvalues of the Hessian at $a = b = 0$ say so; torch differentiates twice. Where the
# lowest one changes sign, a head wakes up.

# %%
s.recall("force")
s.stability(["a", "b"], at={"a": 0, "b": 0})
s.call("silence", "How fast heads near zero return there")
s.critical_scale("theta")
s.call("critical_strength", "Weaker spikes than the noise in one direction leave both heads silent")
s

# %% [markdown]
# A guess on the way: surely more dimensions need a stronger spike, as for the top eigenvector of a prompt?

# %%
guess = s.conjecture("sqrt(d/N)")
assert guess.status == "refuted"
guess

# %% [markdown]
# Theory and measurement: the derived gain of the first head, and the roots that torch finds at three strengths.
# Short prompts make it timid; they do not decide when it wakes up.

# %%
gain = sp.lambdify(s.letter("theta"), resting.formula[0].subs({d: 2, N: 4}))
strengths = torch.linspace(1, 4, 100).numpy()
plt.plot(strengths, gain(strengths), strengths, -gain(strengths), color="tab:blue")
across = {"v": torch.tensor([0.6, 0.8]).double(), "u": torch.tensor([0.8, -0.6]).double()}
for strength in (0.5, 1.5, 3):
    found = measure(resting.quantity.twin(), across | {"theta": strength, "d": 2, "N": 4, "a": 0.3, "b": 0.2})
    plt.plot([strength] * found.value.shape[1], found.value[0], "ko")
plt.xlabel("strength of the spike"), plt.ylabel("gain along it")
plt.show()

# %% [markdown]
# ## The theorem
#
# The page becomes two files: the derivation, with the refuted guess among the rivals that must fail, and its twin,
# a program in torch that you can read. `workbench verify .` judges them like any other theorem of the house.

# %%
s.export("mine.two_heads")
workbench.table(workbench.verify(f"mine.two_heads.{name}") for name in s.names)

# %% [markdown]
# ## Exercises
#
# 1. Below $\theta = 1$ silence is all there is. Recall `force` and list the fixed points under `theta < 1`.
# 2. Let the task be the identity, `"T": "I(d)"`. What is left for the heads to do? Guess the force at $w_1$, and
#    let `conjecture` correct you.

# %%
quiet = s.branch("weak spikes")
quiet.recall("force")
