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
# # Attention heads that cluster
#
# *Afterwards you can* say when heads find centroids that nobody labelled, and when they leave them.
#
# *Before this:* `in_context`, Gaussian mixtures. *Minutes:* 40. *Level:* core. *Papers:* Maulen-Soto, Boyer &
# Marion (2025).
#
# Tokens come from two clusters, $x \sim \tfrac12 \mathcal N(\mu_0, \sigma^2 I) + \tfrac12 \mathcal N(\mu_1,
# \sigma^2 I)$, with centroids of length one that are orthogonal. Linear heads with one key–query vector $u_h$
# each read a prompt of $L$ tokens and reconstruct it,
#
# $$T(X)_l = \frac{2\lambda}{L} \sum_k (x_l^\top M x_k)\, x_k, \qquad M = \sum_h u_h u_h^\top ,$$
#
# and are trained on $R = \mathbb E\,|x_1 - T(X)_1|^2$. Nobody shows them a label. Do they find the clusters?
# For which strengths $\lambda$ of attention?

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

import workbench
from derivations.clustering import alignment, centroids, linear_heads, softmax_collapse
from numerics.clustering import alignment as twin
from numerics.clustering.layers import descended
from workbench import table
from workbench.evidence import measure

# %% [markdown]
# ## The risk
#
# A prompt's labels are averaged as well as its noise. The rule for mixtures does both, with the dimension $d$
# and the length $L$ symbolic; the proof starts from the definition. The heads enter through $M$ alone.

# %%
linear_heads.risk

# %% [markdown]
# Among noiseless tokens, the centroids themselves, only three numbers are left of it: how much each centroid
# is read as itself, and how much they are confused.

# %%
verdicts = [workbench.verify("clustering.linear_heads.noiseless_risk")]
verdicts[-1]

# %% [markdown]
# ## Two heads, one each
#
# Let head $c$ have length one and lean on centroid $c$ with squared overlap $\alpha_c$. Gradient flow keeps
# it so. The centroids themselves, $\alpha_0 = \alpha_1 = 1$, are stable as long as turning away from them
# costs something: this curvature decides.

# %%
centroids.escape

# %% [markdown]
# ## A wrong guess
#
# With $\lambda = 1$ on endless prompts of noiseless tokens the layer returns every token whole. So surely the
# heads point at the centroids up to $\lambda_c = 1$?

# %%
guess = workbench.conjecture("clustering.centroids.noiseless_critical_strength", "1")
guess

# %% [markdown]
# Refuted. A token attends to itself too, so on short prompts its own cluster is counted too often: on a
# prompt of one token, $T(x) = 2\lambda x$, and $\lambda = \tfrac12$ is already enough. In general

# %%
verdicts.append(workbench.conjecture("clustering.centroids.noiseless_critical_strength", "(L + 1)/(L + 3)"))
assert guess.status == "refuted" and verdicts[-1].status == "supported"
verdicts[-1]

# %% [markdown]
# ## In one picture
#
# Above $\lambda_c$ both heads lean away, to $\alpha^\star < 1$. Curves are the theorem. Dots are the torch
# layer: squares by training from random heads (no noise), circles by the measured slope of the risk (with
# noise).

# %%
frame = dict(zip(("mu0", "mu1", "e", "f"), torch.eye(4, dtype=torch.float64)))
letters = {"L": 2, "d": 4}
strengths, between = [0.7, 0.9, 1.2, 1.6], np.linspace(0.3, 1.8, 61).tolist()


# %%
noisy = {**frame, "L": 2, "sigma": 0.3, "alpha": 0.5}
trained = [measure(twin.trained_overlap, {**frame, "L": 2, "lamda": s}).value[0] for s in strengths]
found = [measure(twin.overlap, {**noisy, "lamda": s}).value[0] for s in strengths[1:]]


# %%
def draw_curve(axes, sigma, colour):
    overlaps = np.minimum(1, alignment.overlap(L=2, d=4, lamda=between, sigma=sigma))
    axes.plot(between, overlaps, color=colour, label=f"σ = {sigma}, derived")
    axes.axvline(centroids.critical_strength(L=2, d=4, sigma=sigma), color=colour, linestyle=":")


# %%
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
draw_curve(axes, 0.0, "tab:blue")
draw_curve(axes, 0.3, "tab:orange")
axes.plot(strengths, trained, "s", color="tab:blue", label="trained")
axes.plot(strengths[1:], found, "o", color="tab:orange", label="measured")
axes.set(xlabel="strength of attention λ", ylabel="squared overlap α", title="Heads turn away above λ_c (dotted)")
axes.legend()
# %% [markdown]
# ## Which centroid is whose?
#
# There is a catch. The risk sees the heads through $M = UU^\top$, and $UQ\,(UQ)^\top = UU^\top$ for every
# rotation $Q$: heads that were trained from anywhere find the *plane* of the centroids, turned by any angle.
# Below they are compared with two classics on the same tokens, each told that there are two clusters. Heads
# that start on the manifold stay there.

# %%
generator, d, L, sigma = torch.Generator().manual_seed(7), 10, 20, 0.3
labels = torch.randint(2, (1_500, L), generator=generator)
X = torch.eye(2, d, dtype=torch.float64)[labels] + sigma * torch.randn(1_500, L, d, generator=generator).double()
anywhere = torch.randn(d, 2, generator=generator).double()
aligned = torch.eye(d, dtype=torch.float64)[:, :2] * 0.6 + torch.eye(d, dtype=torch.float64)[:, 2:4] * 0.8


# %%
def accuracy(assigned):
    right = float((torch.as_tensor(assigned).reshape(-1) == labels.reshape(-1)).double().mean())
    return max(right, 1 - right)


# %%
anywhere = descended(X, anywhere / anywhere.norm(dim=0), 0.5, steps=300, rate=0.3)
aligned = descended(X, aligned, 0.5, steps=300, rate=0.3)
tokens = X.reshape(-1, d).numpy()
scores = {
    "heads trained from anywhere": accuracy((X @ anywhere).square().argmax(-1)),
    "heads trained on the manifold": accuracy((X @ aligned).square().argmax(-1)),
    "KMeans": accuracy(KMeans(2, n_init=4, random_state=0).fit_predict(tokens)),
    "GaussianMixture": accuracy(GaussianMixture(2, covariance_type="spherical", random_state=0).fit_predict(tokens)),
}

# %%
in_plane = float(anywhere[:2].square().sum() / 2)
print(*(f"{name:32s}{score:.3f}" for name, score in scores.items()), sep="\n")
print(f"part of the first heads that lies in the plane {in_plane:.3f}")

# %% [markdown]
# The heads lie in the plane, whatever their start; only the aligned ones tell the clusters apart, almost as well as
# the classics do. Nothing in the risk prefers them: that is `linear_heads.rotated_heads`.
#
# ## Softmax: collapse by temperature
#
# A softmax head reads the context from $z$ at temperature $\tau$. For clusters $\pm m$ of covariance $\Sigma$
# it votes:

# %%
softmax_collapse.output

# %% [markdown]
# Pass its output in again and again. For round clusters at $\pm s\,c$ of variance $\gamma^2$ a small token is
# stretched by $(s^2 + \gamma^2)/\tau$ a time: above one critical temperature both clusters collapse into
# their middle.

# %%
verdicts.append(workbench.verify("clustering.softmax_collapse.critical_temperature"))
verdicts[-1]

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
# **1.** Two clusters of variance $\gamma^2$ (letter `gamma`) at temperature $\tau > \gamma^2$ (letter `tau`):
# how far from their middle must they be for iterated softmax attention to tell them apart?

# %%
task = workbench.exercise("clustering.softmax_collapse.critical_separation")
task.try_("sqrt(tau)")

# %%
task.hint()

# %% [markdown]
# **2.** On endless prompts a linear head averages over all tokens, $T(x) = 2\lambda\, C M x$ with $C =
# \tfrac12(\mu_0\mu_0^\top + \mu_1\mu_1^\top) + \sigma^2 I$. Up to which strength $\lambda_c$ are the
# centroids stable?

# %%
task = workbench.exercise("clustering.centroids.endless_critical_strength")
task.try_("1/(1 + 2*sigma**2)")

# %%
task.hint()
