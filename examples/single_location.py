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
# # Attention that must find one token
#
# *Afterwards you can* reduce a layer that looks for one token to two numbers, and find the minima, saddles and
# basins of its risk.
#
# *Before this:* `00_start_here`, gradient flow. *Minutes:* 40. *Level:* core. *Papers:* Marion, Berthier, Biau &
# Boyer (ICLR 2025).
#
# Of $L$ tokens in $\mathbb R^d$ one, at a random place, is informative: it is $\mathcal N(s k^\star, \gamma^2 I)$,
# the others are $\mathcal N(0, I)$, and the answer $y = x \cdot v^\star + \xi$ is read from it. A layer with unit
# key $k$ and unit value $v$ predicts
#
# $$T(X) = \sum_\ell \operatorname{erf}(\lambda\, X_\ell \cdot k)\; X_\ell \cdot v .$$
#
# What is its risk, where does training take it, and is the answer that one hopes for, $k = k^\star$ and
# $v = v^\star$, stable?

# %%
import matplotlib.pyplot as plt
import torch
from ipywidgets import FloatSlider, interact

import workbench
from derivations.single_location import reduced_flow, rest_points, swaps
from numerics.single_location import far_spikes as spike_twins
from numerics.single_location import reduced_flow as flow_twins
from numerics.single_location import swaps as swap_twins
from workbench import table
from workbench.evidence import measure

# %% [markdown]
# ## The weight of a token
#
# A token with Gaussian score is attended with weight $\operatorname{erf}(t + gG)$. Everything below is made of
# the mean of this weight, its slope, and its mean square $\zeta(t, g)$, which is Owen's $T$ function:

# %%
verdicts = [workbench.verify("single_location.attention_risk.squared_weight")]
verdicts[-1]

# %% [markdown]
# ## The manifold
#
# The risk depends on five overlaps. Where the key ignores the answer and the value ignores the place
# ($k \perp v^\star$, $v \perp k^\star$, $k \perp v$), it has no slope that would mix them, and two overlaps are left:
# $\kappa = k \cdot k^\star$ and $\nu = v \cdot v^\star$. Unfold the proof below.

# %%
reduced_flow.key_flow

# %% [markdown]
# ## What the key waits for
#
# A first guess: the key turns to $k^\star$ as soon as the value is better than the mean weight,
# $\nu = \operatorname{erf}(c' \kappa)$ with $c' = \lambda s/\sqrt{1 + 2\lambda^2\gamma^2}$. Type it, and let the
# workbench measure where the slope of the real layer vanishes.

# %%
claim = "single_location.reduced_flow.waiting_key"
guess = workbench.conjecture(claim, "erf(lam*s*kappa/sqrt(1 + 2*lam**2*gamma**2))")
guess

# %% [markdown]
# Refuted: the slope of $\zeta$ weighs the score twice, and narrows it by $\sqrt{1 + 4\lambda^2\gamma^2}$.

# %%
right = "erf(lam*s*kappa/sqrt((1 + 2*lam**2*gamma**2)*(1 + 4*lam**2*gamma**2)))"
verdicts.append(workbench.conjecture(claim, right))
assert guess.status == "refuted" and verdicts[-1].status == "supported"
verdicts[-1]

# %% [markdown]
# ## Theory and measurement in one picture
#
# The curve is the nullcline $\dot\kappa = 0$; each dot is read from the slope of the layer. Arrows show the
# derived flow: from the saddle in the middle to one of the two corners that solve the problem.

# %%
layer = {"lam": 0.5, "gamma": 0.75, "s": 3.0, "L": 5}


# %%
grid = [place / 8 for place in range(-7, 8)]
curve = reduced_flow.waiting_key(**layer, kappa=grid)
few = grid[1::3]
dots = [measure(flow_twins.waiting_key, {**layer, "kappa": kappa}).value[0] for kappa in few]

# %%
coarse = grid[::2]
flows = (reduced_flow.key_flow, reduced_flow.value_flow)
along, up = (flow(**layer, kappa=[coarse], nu=[[nu] for nu in coarse]) for flow in flows)

# %%
figure, axes = plt.subplots(figsize=(5, 4.5), layout="constrained")
axes.quiver(coarse, coarse, along, up, color="lightgrey")
axes.plot(grid, curve, label="derived: the key rests")
axes.plot(few, dots, "o", label="measured on the layer")
axes.plot([-1, 0, 1], [-1, 0, 1], "k*", label="target, saddle, mirror image")
axes.set(xlabel="κ = k·k*", ylabel="ν = v·v*", title="Gradient flow on the manifold")
axes.legend(loc="lower right")

# %% [markdown]
# With a kernel at hand, move the temperature: the key waits longest where $\lambda\gamma = 8^{-1/4}$
# (`slowest_temperature`), less in blunter layers and in sharper ones. The stars stay where they are.


# %%
@interact(lam=FloatSlider(layer["lam"], min=0.1, max=1.5, step=0.1, continuous_update=False))
def portrait(lam):
    speeds = (flow(**{**layer, "lam": lam}, kappa=[coarse], nu=[[nu] for nu in coarse]) for flow in flows)
    plt.quiver(coarse, coarse, *speeds, color="lightgrey")
    plt.plot(grid, reduced_flow.waiting_key(**{**layer, "lam": lam}, kappa=grid))
    plt.plot([-1, -1, 0, 1, 1], [-1, 1, 0, -1, 1], "k*")
    plt.title(f"λ = {lam}"), plt.xlabel("κ = k·k*"), plt.ylabel("ν = v·v*")
    plt.show()


# %% [markdown]
# ## Where it can rest
#
# At the three stars, at the two corners with the wrong value, and nowhere else. The rule that lists the points
# splits the products; its re-check knows nothing of that, and counts the solutions in ever smaller boxes of balls.

# %%
rest_points.rest_points

# %% [markdown]
# Only the target and its mirror image hold what comes near:

# %%
rest_points.wrong_value_rates

# %% [markdown]
# ## A layer that swaps its roles
#
# Off the manifold there is one more way to rest. A blunt layer is almost bilinear and does not know which of its
# vectors is the key: with $k = v^\star$ and $v = \theta k^\star + \sqrt{1 - \theta^2}\, u$ it reads the answer as
# weight, and the place as value. Descent that starts nearby stays there. Worse: in the paper's units
# ($d = 400$, $L = 10$) that layer leaves *less* risk than the target when $\lambda < 0.0907$. Below is the
# difference of the two risks at three temperatures, derived and measured.

# %%
far = {"s": 200**0.5, "n": 20.0, "L": 10, "theta": 0.5}  # s and s/γ; the search for the best θ begins at 0.5
warm = (0.07, 0.09, 0.11)
gaps = swaps.swap_against_target(**{**layer, **far, "lam": warm})
seen = [measure(swap_twins.swap_against_target, {**far, "lam": lam}).value[0] for lam in warm]
torch.tensor([gaps.tolist(), seen])

# %%
assert gaps[0] < gaps[1] < 0 < gaps[2]
verdicts.append(workbench.verify("single_location.swaps.swap_against_target"))
verdicts[-1]

# %% [markdown]
# ## The critical scale
#
# On the manifold the target is stable for every $\lambda$. On the two spheres it is not: when the informative
# token is far away ($s \to \infty$), key and value can trade clutter of the other tokens against a little
# error, and above
#
# $$\lambda_\perp = \tfrac12 \sqrt{\tfrac{4}{(1 - (L-1)\gamma^2/(s^2+\gamma^2))^2} - 1}
# \;\longrightarrow\; \tfrac{\sqrt 3}{2}$$
#
# the target is a saddle. With the paper's $d = 400$, $L = 10$, $s^2 = d/2$, $\gamma^2 = 1/2$ this is 0.892, just
# below the value $\lambda = 0.9$ of one of its experiments.

# %%
paper = {"gamma": 0.5**0.5, "s": 200**0.5, "L": 10}
threshold = measure(spike_twins.transverse_instability, {**paper, "lam": 0.9}).value[0]
torch.tensor([threshold, 0.5 * (4 * (401 / 392) ** 2 - 1) ** 0.5])

# %%
verdicts.append(workbench.verify("single_location.far_spikes.transverse_instability"))
verdicts[-1]

# %% [markdown]
# ## What was said, and how sharply

# %%
table([guess, *verdicts])

# %% [markdown]
# ## Exercises
#
# Write your formula between the quotation marks; the letters are `lam`, `gamma`, `s`, `L`, `epsilon`, …
#
# **1.** Without attention, least squares weighs each token's coordinate along $v^\star$ by $b$. What is $b$?

# %%
task = workbench.exercise("single_location.readouts.linear_readout")
task.try_("1/L")

# %%
task.hint()

# %% [markdown]
# **2.** Which risk is left to it, and how does that compare with predicting zero on long sequences?

# %%
task = workbench.exercise("single_location.readouts.least_linear_risk")
task.try_("epsilon**2 + gamma**2")

# %%
task.hint()
