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
# # One attention layer learns regression in context
#
# *Afterwards you can* derive risk, minimum and training dynamics of one linear layer that learns regression from
# its prompt.
#
# *Before this:* `00_start_here`. *Minutes:* 40. *Level:* core. *Papers:* Zhang, Frei & Bartlett (JMLR 2024); Zhang,
# Singh, Latham & Saxe (2025).
#
# A prompt shows $N$ examples $(x_k, y_k)$ of a linear task and asks for the answer at a query $x$.
# The task $w \sim \mathcal N(0, C)$ changes with every prompt; the inputs are $\mathcal N(0, \Lambda)$ in
# $\mathbb R^d$ and $y_k = w^\top x_k + \varepsilon_k$ with noise of size $\sigma$.
# One layer of linear attention answers
#
# $$\hat y = \beta^\top U x, \qquad \beta = \frac1N \sum_k y_k x_k .$$
#
# How good can it be, which weights $U$ does training find and when, and how long must a prompt be for
# the layer to help at all?

# %%
import matplotlib.pyplot as plt
import torch

import workbench
from derivations.in_context import escapes, staircases
from derivations.in_context import one_layer as theorem
from numerics.in_context import one_layer as twin
from numerics.in_context.trainings import descent, sampled
from workbench import table
from workbench.evidence import Draw, measure

# %% [markdown]
# ## The risk
#
# The error averages over inputs, task and noise. It is a polynomial of Gaussian letters, so one rule,
# Stein's lemma, computes it with every dimension symbolic. Unfold the proof below.

# %%
theorem.risk

# %% [markdown]
# A derivation can be wrong, and so can the rule that made it. So the same risk is measured in torch: the
# actual layer on prompts, averaged by cubature that is exact for polynomials. The verdict says how
# small an error it would have caught.

# %%
verdicts = [workbench.verify("in_context.one_layer.risk")]
verdicts[-1]

# %% [markdown]
# ## The trained layer
#
# A natural guess: training undoes the covariance of the inputs, $U^\star = \Lambda^{-1}$. On endless
# prompts it would. Type it and let the workbench answer; it measures the root of the real
# layer's average gradient, and trains layers with L-BFGS as a second witness.

# %%
guess = workbench.conjecture("in_context.one_layer.fixed_point", "inv(Lambda)")
guess

# %% [markdown]
# Refuted, with the smallest case in which it fails: one dimension, one example. There
# $\beta = w x^2 + \varepsilon x$ carries the fourth moment of $x$, and the noise. A finite prompt
# makes the layer read $\mathbb E\,\beta\beta^\top$ instead of $\Lambda C \Lambda$:

# %%
theorem.context_moment

# %% [markdown]
# Solving $\nabla R = 2\,(\mathbb E\,\beta\beta^\top\, U \Lambda - \Lambda C \Lambda) = 0$ with this moment
# corrects the guess.

# %%
moment = "((N + 1)/N * Lambda*C*Lambda + (tr(Lambda*C) + sigma**2)/N * Lambda)"
verdicts.append(workbench.conjecture("in_context.one_layer.fixed_point", f"inv{moment} * Lambda*C"))
assert guess.status == "refuted" and verdicts[-1].status == "supported"
verdicts[-1]

# %% [markdown]
# ## Prompts of another length
#
# Trained on prompts of length $N$, tested on length $M$: the layer keeps its weights and meets more or
# less averaging than it was made for. With white inputs and tasks and no noise,
#
# $$R_M = d\left[(1 - u)^2 + u^2\,\frac{d+1}{M}\right], \qquad u = \frac{N}{N + d + 1},$$
#
# while predicting zero costs $d$. The curve is the theorem; each dot is the torch layer.

# %%
d, N = 2, 8
eye = torch.eye(d, dtype=torch.float64)
white = {"Lambda": eye, "C": eye, "sigma": 0.0}
letters = {**white, "N": N}


# %%
u = N / (N + d + 1)
lengths = range(1, 11)
dots = [measure(twin.risk, {**white, "N": M, "U": u * eye}).value[0] for M in lengths]
curve = theorem.risk_at_length(**letters, M=lengths)
critical = theorem.critical_length(**letters)

# %%
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
axes.plot(lengths, curve, label="derived")
axes.plot(lengths, dots, "o", label="measured on the layer")
axes.axhline(d, color="grey", linestyle=":", label="predicting zero")
axes.axvline(critical, color="tab:red", linestyle="--", label="critical length")
axes.set(xlabel="test length M", ylabel="risk", title=f"Trained on prompts of length {N} (d = {d})")
axes.legend()
# %% [markdown]
# ## The critical length
#
# Where the curve meets the dotted line the layer stops helping. Solving for $M$,
#
# $$M_c = \frac{(d+1)\,N}{N + 2(d+1)},$$
#
# which grows to $d+1$ as the training prompts grow: a layer trained on endless prompts trusts its
# context fully, and is then *worse than predicting zero* on fewer than $d+1$ examples.

# %%
verdicts.append(workbench.conjecture("in_context.one_layer.critical_length", "(d + 1)*N/(N + 2*(d + 1))"))
assert abs(critical - (d + 1) * N / (N + 2 * (d + 1))) < 1e-12
verdicts[-1]

# %% [markdown]
# ## Keys and queries of their own
#
# So far training found $U$ at once. A transformer keeps keys and queries apart: heads with a number $v$ and
# vectors $k, q$ make up $U = \sum v\,k q^\top$. With isotropic tasks, $C = I$, a head that starts small with
# $v = |k| = |q|$ on an eigenvector of $\Lambda$ with eigenvalue $\lambda$ grows as
#
# $$\dot v = \lambda^2 v^2 - \lambda^3 \gamma_\lambda v^5, \qquad
# \gamma_\lambda = 1 + \frac1N\Big(1 + \frac{\operatorname{tr}\Lambda + \sigma^2}{\lambda}\Big),$$
#
# whatever the others have learned, and when it is done the loss has fallen by $\lambda/\gamma_\lambda$:

# %%
staircases.stair

# %% [markdown]
# How long does it wait? The gradient of a mode is larger the larger $\lambda$ is, so perhaps $1/\lambda$ in units of
# $1/v_0$. The workbench follows heads downhill from ever smaller $v_0$ and extrapolates.

# %%
hasty = workbench.conjecture("in_context.escapes.escape_time", "1/alpha")
hasty

# %% [markdown]
# Refuted. Key *and* query hear of the answer through $\Lambda$, so the speed is $\lambda^2 v^2$, and $1/v$, not
# $\log v$ as for merged weights, is what time uses up:

# %%
verdicts.append(workbench.conjecture("in_context.escapes.escape_time", "1/alpha**2"))
assert hasty.status == "refuted" and verdicts[-1].status == "supported"
escapes.escape_time

# %% [markdown]
# Hence a staircase: mode after mode is learned, at $t_\lambda = 1/(\lambda^2 v_0)$, and in between the loss
# rests on plateaus $\operatorname{tr}\Lambda - \sum \lambda/\gamma_\lambda$, summed over what has been learned:
# *principal component regression in context*. Here three heads are trained by gradient descent, with 2000
# fresh prompts at every step.

# %%
modes, sigma, N, v0, rate = torch.tensor([1, 0.6, 0.36], dtype=torch.float64), 0.2, 4, 0.05, 0.2
Lambda, eye = torch.diag(modes), torch.eye(3, dtype=torch.float64)
seeded = torch.Generator().manual_seed(0)
draw = Draw(lambda law, name, shape: torch.randn(shape, generator=seeded, dtype=torch.float64))
prompts = (sampled(Lambda, sigma, N, 2000, draw) for _ in range(480))
losses, weights = zip(*descent(v0 * torch.ones_like(modes), v0 * eye, v0 * eye, rate, prompts))

# %% [markdown]
# The grey line is the loss of each batch; each dot the average loss of the layer at that moment, measured by exact
# cubature. Nothing is fitted: dotted plateaus and dashed times are the theorems.

# %%
layer, moments = {"Lambda": Lambda, "C": eye, "sigma": sigma, "N": N}, range(0, 480, 24)
measured = [measure(twin.risk, {**layer, "U": weights[moment]}).value[0] for moment in moments]


# %%
def on_modes(claim, **letters):
    return torch.from_numpy(claim(Lambda=Lambda, alpha=modes, **letters))


waits = on_modes(escapes.escape_time) / v0
plateaus = modes.sum() - torch.tensor([0, *on_modes(staircases.stair, N=N, sigma=sigma).cumsum(0)])

# %%
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
axes.plot([2 * rate * step for step in range(480)], losses, color="lightgrey", label="batches")
axes.plot([2 * rate * step for step in moments], measured, "o", label="measured on the layer")
axes.hlines(plateaus, 0, 192, color="grey", linestyle=":", label="plateaus")
axes.vlines(waits, 0.8, 2.1, color="tab:red", linestyle="--", label="escape times")
axes.set(xlabel="time", ylabel="loss", ylim=(0.8, 2.1), title="Three heads learn three modes")
axes.legend()

# %% [markdown]
# ## What was said, and how sharply
#
# "Caught" is the relative error that the evidence would almost surely have refuted.

# %%
table([guess, hasty, *verdicts])

# %% [markdown]
# ## Exercises
#
# Write your formula between the quotation marks; the letters are those of the theorem, with `.T`, `tr`,
# `inv`. A wrong answer comes back with a case in which it fails;
# run `task.hint()` again for the next hint, the last of which is the answer.
#
# **1.** What is the gradient $\nabla R(U)$ of the risk?

# %%
task = workbench.exercise("in_context.one_layer.risk_gradient")
task.try_("0")

# %%
task.hint()

# %% [markdown]
# **2.** Let $C = I$, and let $\alpha$, $\beta$ be eigenvalues of $\Lambda$. What is the eigenvalue of the
# Hessian of $R$ along $e_\alpha e_\beta^\top$? (Type `alpha`, `beta`.) Why is there only one minimum?

# %%
task = workbench.exercise("in_context.one_layer.curvature")
task.try_("2*alpha*beta")

# %%
task.hint()
