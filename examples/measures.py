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
# # Attention over a cloud of Gaussian tokens
#
# *Afterwards you can* follow a Gaussian measure through softmax layers, and say how long a context has to be.
#
# *Before this:* `00_start_here`, conditional Gaussians. *Minutes:* 40. *Level:* advanced. *Papers:* Castin, Ablin,
# Carrillo & Peyré (2025); Boursier & Boyer (2025).
#
# Tokens $X_1, X_2, \dots \sim \mathcal N(\mu, \Sigma)$ make a long context. A head with weights $Q, K, V$
# attends from a query $x$: the token $X_k$ has score $(Qx)\cdot(KX_k)$ and value $V X_k$. As the
# context grows, softmax becomes the average over one token, reweighted by its score:
#
# $$T(x) = V\,\frac{\mathbb E\,[X e^{w\cdot X}]}{\mathbb E\,[e^{w\cdot X}]}, \qquad w = K^\top Q x .$$
#
# What map of the query is this? And how long is long?

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch

import workbench
from derivations.measures import finite_contexts, flows
from derivations.measures import softmax_affine as theorem
from numerics.measures import softmax_affine as twin
from numerics.measures.clouds import covariance, endless_depth, particles
from numerics.measures.heads import context, softmax_attention
from workbench import table
from workbench.evidence import measure

# %% [markdown]
# ## Softmax is affine
#
# A Gaussian tilted by $e^{w \cdot X}$ is the same Gaussian, shifted by $\Sigma w$. That is the whole proof.

# %%
theorem.output

# %% [markdown]
# The measurement knows nothing of tilts: it averages value and weight of one token, and, as a second
# witness, runs whole contexts through a softmax layer and extrapolates to endless ones.

# %%
verdicts = [workbench.verify("measures.softmax_affine.output")]
verdicts[-1]

# %% [markdown]
# ## A wrong guess
#
# Linear attention, $\frac1n \sum_k V X_k\,(KX_k)\cdot(Qx)$, is often said to be softmax without the
# exponential. Is its limit the same map? Type it and see.

# %%
guess = workbench.conjecture("measures.softmax_affine.linear_output", "V*(mu + Sigma*K.T*Q*x)")
guess

# %% [markdown]
# Refuted. Without the exponential nothing divides by the total weight: the mean is not returned by
# itself, it enters through the second moment $\Sigma + \mu\mu^\top$. The two agree when $\mu = 0$.

# %%
verdicts.append(workbench.conjecture("measures.softmax_affine.linear_output", "V*(Sigma + mu*mu.T)*K.T*Q*x"))
assert guess.status == "refuted" and verdicts[-1].status == "supported"
verdicts[-1]

# %% [markdown]
# ## The critical gain
#
# An affine map has one token that it returns unchanged,
#
# $$x^\star = (I - V \Sigma K^\top Q)^{-1} V \mu .$$
#
# On a line the feedback gain is $g = v\sigma^2 k q$ and $x^\star = v\mu/(1-g)$: it runs off to infinity as
# the gain reaches one, the critical scale of iterated attention.

# %%
verdicts.append(workbench.verify("measures.softmax_affine.fixed_token"))
verdicts[-1]

# %% [markdown]
# ## How long is long?
#
# With $n$ tokens softmax falls short of its limit. For $V = I$ and $s^2 = w^\top \Sigma w$, the variance of
# the scores,
#
# $$n\,(\mathbb E\,T_n - T) \to -\Sigma w\, e^{s^2} .$$
#
# The shift is $\Sigma w$, so the shortfall is as large as the shift itself at the critical context length
# $n_c = e^{s^2}$: a context must be much longer than that.

# %%
verdicts.append(workbench.verify("measures.softmax_affine.finite_bias"))
verdicts[-1]

# %% [markdown]
# ## In one picture
#
# On a line ($\mu = 1$, $\sigma = 1$), tokens attended with a growing tilt $w$. The straight line is the limit and
# the dots on it are measured; contexts of 32 tokens fall below, first as the law says, then more
# slowly, once $n_c = e^{w^2}$ is no longer small against 32.

# %%
line = {"mu": torch.ones(1).double(), "Sigma": torch.eye(1).double(), "n": 32}
head = {name: torch.eye(1).double() for name in "QKV"}
tilts = np.linspace(0, 2, 9)


# %%
def short_context(mu, Sigma, w, n, *, draw):
    X = context(mu, Sigma, n, draw)
    return softmax_attention(X, X @ w)


# %%
endless = [measure(twin.output, {**line, **head, "x": torch.tensor([w])}).value[0] for w in tilts]
short = [measure(short_context, {**line, "w": torch.tensor([w])}, samples=2**13) for w in tilts]

# %%
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
axes.plot(tilts, 1 + tilts, label="endless context, derived")
axes.plot(tilts, endless, "o", color="tab:blue", label="measured")
axes.plot(tilts, 1 + tilts - tilts * np.exp(tilts**2) / 32, "--", color="tab:orange", label="32 tokens, first order")
bars = [3 * e.error[0] for e in short]
axes.errorbar(tilts, [e.value[0] for e in short], bars, fmt="s", color="tab:orange", label="measured")
axes.set(xlabel="tilt w", ylabel="output T", ylim=(0.5, 3.2), title="Where a context is too short")
axes.axvline(np.sqrt(np.log(32)), color="tab:red", linestyle=":", label="critical: exp(w²) = 32")
axes.legend()
# %% [markdown]
# ## Depth is time
#
# So far one query asked once. In a network every token of the cloud moves by what it reads, layer after layer,
# and an affine map keeps a Gaussian Gaussian. With values $V = I$ and scores $A = K^\top Q$,
#
# $$\dot\Sigma = \Sigma A \Sigma + \Sigma A^\top \Sigma, \qquad \Sigma(t) = (\Sigma_0^{-1} - t (A + A^\top))^{-1},$$
#
# whether or not anything commutes.

# %%
flows.covariance_flow

# %% [markdown]
# A head with one key direction $k$ and one query direction $q$ makes the cloud explode after a finite depth. The tokens
# below are pushed through real layers of linear attention with small steps; the line is the theorem.

# %%
Sigma = torch.tensor([[1.0, 0.3], [0.3, 0.5]], dtype=torch.float64)
k, q = torch.tensor([1.0, 0.2], dtype=torch.float64), torch.tensor([0.4, 0.8], dtype=torch.float64)
end = flows.blow_up(Sigma=Sigma, k=k, q=q)

# %%
times = np.linspace(0, 0.97 * end, 40)
clouds = endless_depth(particles(Sigma), torch.outer(k, q), list(times))
spread = [float(torch.linalg.eigvalsh(covariance(tokens))[-1]) for tokens in clouds]
exact = [
    np.linalg.eigvalsh(np.linalg.inv(np.linalg.inv(Sigma) - t * (np.outer(k, q) + np.outer(q, k))))[-1] for t in times
]

# %%
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
axes.semilogy(times, exact, label="derived")
axes.semilogy(times[::3], spread[::3], "o", label="tokens in layers of attention")
axes.axvline(end, color="tab:red", linestyle=":", label="critical depth")
axes.set(xlabel="depth t", ylabel="largest variance", title="A cloud explodes after a finite depth")
axes.legend()

# %%
verdicts.append(
    workbench.conjecture("measures.flows.blow_up", "1/(tr(k.T*Sigma*q) + sqrt(tr(k.T*Sigma*k)*tr(q.T*Sigma*q)))")
)
assert verdicts[-1].status == "supported"
verdicts[-1]

# %% [markdown]
# ## How cold may a head be?
#
# Queries are tokens too. Averaged over them, $n$ tokens miss the endless context by $1/n$ only while
# $\beta < \beta_c = 1/\sqrt{2\, k^\top\Sigma k\; q^\top\Sigma q}$; above it the rare loud queries rule.

# %%
finite_contexts.critical_temperature

# %% [markdown]
# ## What was said, and how sharply
#
# "Caught" is the relative error that the evidence would almost surely have refuted. Contexts of
# finite length can only be sampled, so that verdict is the bluntest.

# %%
table([guess, *verdicts])

# %% [markdown]
# ## Exercises
#
# Write your formula between the quotation marks; the letters are those of the theorem, with `.T`, `tr`,
# `inv`. A wrong answer comes back with a case in which it fails;
# run `task.hint()` again for the next hint, the last of which is the answer.
#
# **1.** Distance scores weigh a token by $e^{-|Qx - KX|^2}$. Where does the head look, in the limit?

# %%
task = workbench.exercise("measures.softmax_affine.l2_output")
task.try_("V*mu")

# %%
task.hint()

# %% [markdown]
# **2.** Read the softmax output along a vector $a$. What is the gradient of $a^\top T(x)$ in the query weights $Q$?

# %%
task = workbench.exercise("measures.softmax_affine.sensitivity")
task.try_("a*x.T")

# %%
task.hint()
