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
# # Skills emerge one by one
#
# *Afterwards you can* say when each skill of a language is learned, and tell a transition from the level of a
# smooth curve.
#
# *Before this:* `in_context`, `language`. *Minutes:* 45. *Level:* advanced. *Papers:* Nam et al. (2024); Schaeffer,
# Miranda & Koyejo (2023).
#
# A small language has many skills. A sentence of skill $k$ shows $N$ examples $(x_n, y_n)$ of a linear meaning $w$
# that is fresh in every sentence, and asks for the answer at a query $x$. Skill $k$ is met with frequency $p_k$, and
# its rule $s_k$, how a meaning turns into an answer, has to be learned in the weights. One layer of linear attention
# answers $\hat y = \beta^\top W x$ with $\beta = \frac1N \sum_n y_n x_n$.
#
# What does it lose, what does it learn, and when?

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch

import workbench
from derivations.acquisition import preferences
from derivations.emergence import contexts, courses, levels, losses, skill_counts, switches
from numerics.emergence.skill_counts import half_known
from numerics.emergence.switches import on_all_sentences, trained_on
from numerics.emergence.trainings import corpus, gain, start, trained
from workbench import table

# %% [markdown]
# ## The loss
#
# Everything is Gaussian and the error is a polynomial, so one rule averages it, for any dimension, length and
# correlation $R$ of the tokens along a sentence. Skills on orthogonal parts of the embedding never meet.

# %%
losses.skill_loss

# %%
verdicts = [workbench.verify("emergence.losses.skill_loss")]
verdicts[-1]

# %% [markdown]
# ## How long must a sentence be?
#
# The trained layer explains the share $1/c$ of the variance, $c = 1 + (d+1)/N$ for independent tokens. At which
# length is it one half? Counting unknowns suggests $N_c = d$: as many examples as the meaning has coordinates.

# %%
guess = workbench.conjecture("emergence.contexts.critical_context", "d")
guess

# %% [markdown]
# Refuted, and corrected: the query's own direction is read through noisy examples, which costs one more.

# %%
verdicts.append(workbench.conjecture("emergence.contexts.critical_context", "d + 1"))
assert guess.status == "refuted" and verdicts[-1].status == "supported"
contexts.critical_context

# %% [markdown]
# ## The course of learning
#
# Give each skill a head with read-out $v$ and key–query weights of length $u$, and train it from a small start. Knowing
# nothing is a saddle, knowing the skill is stable, and between them the gain $g = vu$ grows logistically:

# %%
courses.emergence

# %% [markdown]
# So a skill of frequency $p$ emerges at a **critical time** that goes like $1/p$: rare skills wait.

# %%
courses.emergence_time

# %% [markdown]
# Six skills with Zipf frequencies $p_k = 1/k$. Lines are the theorem; dots are heads of attention in training, by
# gradient flow on all sentences of the language.

# %%
d, N, lamda, g0 = 2, 3, 1.0, 0.05
fixed = {"d": d, "N": N, "lamda": 1, "g0": 0.05}


# %%
def measured(rank, time):
    return gain(trained(start(g0**0.5, g0**0.5, d), corpus(d, N, lamda), 1 / rank, time, 4))


# %%
times, ranks = np.linspace(0.5, 16, 32), range(1, 7)
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
for rank in ranks:
    (line,) = axes.plot(times, courses.emergence(**fixed, p=1 / rank, t=times))
    axes.plot(times[::4], [measured(rank, t) for t in times[::4]], "o", color=line.get_color())
    axes.axvline(courses.emergence_time(**fixed, p=1 / rank), color=line.get_color(), linestyle=":")
axes.set(xlabel="time of training", ylabel="gain of the skill", title="Six skills, and the time at which each emerges")

# %% [markdown]
# ## How many skills are known?
#
# At time $t$ those of frequency above some level are known, and with $p_k = k^{-(1+\alpha)}$ these are

# %%
skill_counts.skills_known

# %% [markdown]
# So $x$ times the patience gives $x^{1/(1+\alpha)}$ skills. The curve is the theorem, here for $\alpha = \frac12$; the
# steps count heads of attention that are trained on skills of frequency $k^{-3/2}$. A count is a whole number: it meets
# the curve where it jumps.

# %%
takes = half_known(lamda, d, N, g0, folds=4)
jumps = np.array([takes(rank**-1.5) for rank in ranks])
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
moments = np.linspace(1, 15, 60)
axes.plot(moments, skill_counts.growth(**fixed, x=moments, alpha=1 / 2), label="theorem")
axes.step(jumps / jumps[0], ranks, where="post", color="black", label="counted")
axes.set(xlabel="time, in times of the commonest skill", ylabel="skills known")
axes.legend()

# %% [markdown]
# Does a metric that counts only whole answers make emergence sharper? A task of many words counts when all of them are
# known. Its length moves the curve, and keeps its shape: per unit of the logarithm of the rank that is known the slope
# is nowhere steeper than $\alpha/e$, however long the task. As steep as a logistic curve, $\alpha/4$?

# %%
sharper = workbench.conjecture("emergence.metrics.sharpness", "alpha/4")
assert sharper.status == "refuted"
sharper

# %% [markdown]
# ## Scales at which a skill is chosen
#
# So far every skill was learned in the end. But a task can be solved in several ways, and scales decide which. Taught
# a mixture of meanings (share $1-\omega$) and positions ($\omega$), a head with tied weights learns one of them and
# not both: a mixture is never stable. A head that reads positions is stable above

# %%
switches.positional_threshold

# %% [markdown]
# and one that reads meanings below $\omega_s$. In between training keeps what it began with. Dots are heads trained on
# all sentences of two tokens, from weights that lean to one side; dotted lines are the thresholds, derived.

# %%
strength, noise, loudness = [[1.5, 1.0], [1.0, 1.5]], 1.0, 0.25
letters = {"d": 3, "L": 2, "A": [[1.5, 1], [1, 1.5]], "epsilon": [1, 1], "sigma": 1, "rho": 0.25}


# %%
def positions_read(begin, omega):
    risk = on_all_sentences(3, torch.tensor(strength), torch.ones(2), noise, loudness, omega)
    w = torch.tensor(begin)
    for _ in range(16):
        w = trained_on(risk, w)
    return float(w[0] ** 2 / (w @ w))


# %%
figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
shares = np.linspace(0.5, 0.98, 7)
for name, begin in {"from positions": [0.5, 0.05, 0.0], "from meanings": [0.05, 0.5, 0.0]}.items():
    axes.plot(shares, [positions_read(begin, omega) for omega in shares], "o-", alpha=0.7, label=name)
for claim in (switches.positional_threshold, switches.global_switch, switches.semantic_threshold):
    axes.axvline(claim(**letters), color="grey", linestyle=":")
axes.set(xlabel="share of positions in what is taught", ylabel="share of positions in what is read")
axes.legend()

# %% [markdown]
# In the same way copying from the sentence races remembering what a verb prefers, in a softmax model on its text: with
# many verbs copying leads. Both set out equally fast at $K^*$ of them,

# %%
preferences.critical_verbs

# %% [markdown]
# and to look a level higher in a hierarchy pays from a number of sentences on that the language alone decides.

# %%
levels.sentences_needed

# %% [markdown]
# ## What was said, and how sharply
#
# "Caught" is the relative error that the evidence would almost surely have refuted.

# %%
verdicts.append(workbench.verify("emergence.courses.emergence"))
table([guess, sharper, *verdicts])

# %% [markdown]
# ## Exercises
#
# Write your formula between the quotation marks. A wrong answer comes back with a case in which it fails;
# run `task.hint()` again for the next hint, the last of which is the answer.
#
# **1.** At which gain does the training of a head end?

# %%
task = workbench.exercise("emergence.courses.knowledge")
task.try_("sqrt(d)/lamda")

# %%
task.hint()

# %% [markdown]
# **2.** How many rules can one head hold on tokens of $D$ coordinates, when they have nothing in common?

# %%
task = workbench.exercise("emergence.capacities.rules_held")
task.try_("D")

# %%
task.hint()
