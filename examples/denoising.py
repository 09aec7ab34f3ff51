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
# # One attention layer removes noise
#
# *Afterwards you can* predict how much noise one layer removes, and from where on it does harm.
#
# *Before this:* `in_context`. *Minutes:* 25. *Level:* core. *Papers:* Smart, Bietti & Sengupta (2025).
#
# A prompt shows $L$ clean tokens that fill a random $d$-dimensional subspace of $\mathbb R^n$, with variance $s$ in
# every direction of it, and a query from the same subspace under noise of variance $v$ in all of $\mathbb R^n$. The
# subspace changes with every prompt, so it must be read from the context. One layer of linear attention answers
#
# $$\hat x = \theta\, \hat S z, \qquad \hat S = \frac1L \sum_k x_k x_k^\top .$$
#
# It has a single number to learn. How much noise does it remove, and when does it do harm?

# %%
import matplotlib.pyplot as plt

import workbench
from derivations.denoising import linear_layers, subspaces
from numerics.denoising import subspaces as twin
from workbench import table
from workbench.evidence import measure

# %% [markdown]
# ## The risk
#
# Tokens of any covariance $\Sigma$ first. Unfold the proof: it begins with the layer, and one rule averages it.

# %%
linear_layers.risk

# %% [markdown]
# In subspaces the spectrum of $\Sigma$ is $s$ or 0, and the dimension $n$ of the whole space drops out.

# %%
verdicts = [workbench.verify("denoising.subspaces.risk")]
verdicts[-1]

# %% [markdown]
# ## A wrong guess from the literature
#
# On endless prompts the best denoiser is $z \mapsto \frac{s}{s+v} P z$, and attention is exactly that at
# $\theta = 1/(s+v)$. Smart, Bietti and Sengupta train such a layer at $s = 2$, $v = 1$, $d = 8$ and $L = 500$, find
# 0.327, and compare it with $1/3$. Is the rest an error of training?

# %%
guess = workbench.conjecture("denoising.subspaces.best_strength", "1/(s + v)")
guess

# %% [markdown]
# Refuted: the number of tokens matters.

# %%
verdicts.append(workbench.conjecture("denoising.subspaces.best_strength", "L/((s + v)*(L + d + 1))"))
assert guess.status == "refuted" and verdicts[-1].status == "supported"
literature = subspaces.best_strength(s=2, v=1, d=8, L=500)
assert round(float(literature), 4) == 0.3274
literature

# %% [markdown]
# ## In one picture
#
# Half of what Bayes gains needs $d + 1$ tokens. Curves are the theorem; dots are the torch layer, trained and then
# averaged by exact cubature.

# %%
letters = {"n": 4, "d": 3, "s": 2.0, "v": 1.0}
lengths, shown = list(range(1, 25)), [1, 2, 4, 8]
derived = [float(subspaces.least_risk(**letters, L=L)) for L in lengths]
measured = [measure(twin.least_risk, {**letters, "L": L, "theta": 0.2}).value[0] for L in shown]

# %%
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
axes.plot(lengths, derived, label="trained layer, derived")
axes.plot(shown, measured, "o", label="measured")
axes.axhline(float(subspaces.endless_risk(d=3, s=2, v=1)), color="grey", linestyle=":", label="Bayes")
axes.axvline(float(subspaces.half_length(d=3)), color="tab:red", linestyle="--", label="half of the gain")
axes.set(xlabel="tokens L in the prompt", ylabel="risk", title="Noise left by one layer")
axes.legend()

# %% [markdown]
# ## What was said, and how sharply
#
# "Caught" is the relative error that the evidence would almost surely have refuted.

# %%
table([guess, *verdicts])

# %% [markdown]
# ## Exercises
#
# Write your formula between the quotation marks; the letters are those of the theorem. A wrong answer comes
# back with a case in which it fails; run `task.hint()` again for the next hint, the last of which is the answer.
#
# **1.** A layer trained under noise of variance $v$ is used under noise of variance $u$. Above which $u_c$ is it worse
# than answering zero?

# %%
task = workbench.exercise("denoising.subspaces.critical_noise")
task.try_("2*v")

# %%
task.hint()
