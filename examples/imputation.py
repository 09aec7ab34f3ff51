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
# # Attention that fills in missing entries
#
# *Afterwards you can* predict, from a table with holes, how well each imputer fills them, and choose a masking
# rate.
#
# *Before this:* `in_context`, linear regression. *Minutes:* 45. *Level:* core. *Papers:* Le Morvan et al. (NeurIPS
# 2020) for the Bayes imputer.
#
# A table with holes is where this begins: 442 patients with diabetes, ten measurements each (age, sex, body mass, blood
# pressure, six blood values), of which a fifth was lost. What can be filled in, by whom, how well, and could one have
# known that beforehand?

# %%
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, SimpleImputer
from sklearn.linear_model import LinearRegression

import workbench
from derivations.imputation import bayes, depth, one_layer, switches
from numerics.imputation import bayes as bayes_twin
from numerics.imputation import switches as switches_twin
from workbench import table, tables
from workbench.evidence import measure

# %%
complete = load_diabetes(as_frame=True, scaled=False).data
lost = np.random.default_rng(1).random(complete.shape) < 0.2
patients = complete.mask(lost)
patients.head()

# %% [markdown]
# ## What the theorems suppose
#
# All that follows is for entries that are missing completely at random: each with the same probability, whatever the
# others are and whatever it would have been. A table can contradict that, and Little's test asks whether this one
# does. The risks below need no Gaussian law: they know a table only by its covariance.

# %%
tables.hypotheses(patients)

# %% [markdown]
# ## One layer of attention is a regression with zeros
#
# Standardise the columns, write a row as $x = (x_1, \dots, x_d)$ and let $o_j$ be 1 where $x_j$ is seen, else 0. The
# simplest attention that fills in a row gives every entry a weight on every other one, read as zero where missing:
#
# $$\hat x_i = \sum_j W_{ij}\, o_j x_j .$$
#
# In the language of transformers the entries are tokens and $W$ is the attention matrix, here fixed by their positions.
# In that of statistics it is one linear regression for each column, but with *one set of weights for all patterns of
# holes*. It is trained on what is known: hide an entry, restore it from the rest, improve $W$. Beside it stand
#
# - *layers in depth*: attention that reads covariances off the other rows and is repeated, so that its weights come to
#   depend on the pattern of holes;
# - the *conditional mean* given what the row shows. Of all imputers that are linear in what is seen it is the best, and
#   of all imputers if rows are Gaussian.
#
# Each is an imputer for scikit-learn, used like those that it brings along:

# %%
filled = tables.OneLayerImputer().set_output(transform="pandas").fit_transform(patients)
filled.head().round(1)

# %% [markdown]
# How good is it? Here we know what was lost. Errors are in units of each column's variance: 1 is what filling in the
# mean costs.

# %%
imputers = [SimpleImputer(), tables.OneLayerImputer(), tables.DepthImputer(), tables.GaussianImputer()]
scale = complete.std().to_numpy()
for imputer in [*imputers, IterativeImputer(max_iter=30, tol=0.01, random_state=0)]:
    off = (imputer.fit_transform(patients) - complete.to_numpy()) / scale
    print(f"{type(imputer).__name__:18} {np.mean(off[lost] ** 2):.3f}")

# %% [markdown]
# ## The error, before anything is fitted
#
# In life what was lost stays unknown. But the theorems of this chapter give each imputer's error as a closed form in
# two things that a table does show: the covariance $\Sigma$ of its columns and the share $p$ of missing entries.
# `predict` evaluates them (lines), then hides known entries again and again and has them restored (dots).

# %%
predictions = tables.predict(patients, rates=(0.1, 0.3, 0.5), maskings=32)
predictions.plot().set_title("442 patients, ten measurements")
predictions.frame().pivot(index="rate", columns="imputer", values=["predicted", "measured"]).round(3)

# %% [markdown]
# The further right, the less remains to be read, and the less it matters that one layer has one set of weights for all
# patterns. So far the imputers knew the table before entries were hidden. Who learns from what is left pays for every
# weight: a regression with $d - 1$ weights on $m$ Gaussian rows errs $(m-1)/(m-d)$ times as much on a new one.

# %%
tables.predict(patients, rates=(0.3,), learned="after", maskings=8)

# %% [markdown]
# ## How much to hide in training
#
# With endlessly many rows a layer is best trained with as many holes as it will meet. With few rows it is better to
# hide more, since holes act as a ridge. For ridge regression there is a limit that says how much; it is no theorem of
# this house, and on ten columns it is a few per cent too low. But it knows where to stop:

# %%
hiding = tables.masking(complete, p=0.1, rows=20)
hiding.plot().set_title("Trained on 20 patients, used where a tenth is missing")
hiding

# %% [markdown]
# Where do these closed forms come from, why should one believe them, and what else do they say? The rest of this
# notebook derives them for $x \sim \mathcal N(0, \Sigma)$: which weights training finds, how far that is from the best
# imputer there is, when attention changes its mind about a direction, and what depth buys.

# %% [markdown]
# ## The risk of one layer
#
# The average runs over data and over all $2^d$ masks. One rule knows Gaussian letters and masks; the mean is a
# polynomial in $W$, and the zeros of the missing entries enter it as a ridge: instead of $\Sigma$ the layer
# sees $M = (1-p)\,\Sigma + p\,\mathrm{diag}\,\Sigma$.

# %%
one_layer.risk

# %% [markdown]
# The torch layer agrees, averaged exactly over the Gaussian noise and over every mask, and again with masks
# drawn at random.

# %%
verdicts = [workbench.verify("imputation.one_layer.risk")]
verdicts[-1]

# %% [markdown]
# ## The trained layer
#
# Masked language models are said to learn conditional laws. For Gaussians these are the rows of the precision
# matrix $\Omega = \Sigma^{-1}$: the regression of $x_i$ on the others has the weights
# $-\Omega_{ij}/\Omega_{ii}$. Is that what the layer learns?

# %%
diagonal = "had(I(d), inv(Sigma))"
guess = workbench.conjecture("imputation.one_layer.fixed_point", f"I(d) - inv({diagonal})*inv(Sigma)")
guess

# %% [markdown]
# Refuted, from three entries on: with more than one hole, the regression on *all* others is not available. The
# formula is right for exactly one masked entry, and for more of them $\Sigma$ has to make room for the ridge:

# %%
M = "((1 - p)*Sigma + p*had(I(d), Sigma))"
corrected = f"(I(d) - inv(had(I(d), inv{M}))*inv{M})/(1 - p)"
verdicts.append(workbench.conjecture("imputation.one_layer.fixed_point", corrected))
assert guess.status == "refuted" and verdicts[-1].status == "supported"
verdicts[-1]

# %% [markdown]
# ## The gap to Bayes
#
# The best imputer is the conditional expectation, and it changes with the mask. One layer has a single set
# of weights for all masks. For three entries of unit variance and correlation $\rho$, with $q = 1 - p$, that
# costs, per missing entry,
#
# $$g(p) = \frac{2\,q^2(1-q)\,\rho^4}{(1+\rho)(1+q\rho)} .$$
#
# Practitioners use chained regressions. We give scikit-learn's `IterativeImputer` the same data, and measure
# everything against the truth.

# %%
rho, rates = 0.8, np.linspace(0.05, 0.95, 10)
generator = np.random.default_rng(0)
cloud = generator.multivariate_normal(np.zeros(3), bayes_twin.alike(rho).numpy(), size=4_000)


# %%
def chained(p):
    missing = generator.random(cloud.shape) < p
    imputer = IterativeImputer(LinearRegression(), max_iter=10, tol=0.1, random_state=0)
    filled = imputer.fit_transform(np.where(missing, np.nan, cloud))
    return np.mean((filled - cloud)[missing] ** 2)


# %% [markdown]
# It may stop before it has settled, and says so. The layer and Bayes are measured by their twins; their curves are
# the theorem.

# %%
between = [k / 50 for k in range(1, 50)]
names = ("layer_of_three", "bayes_of_three")
curves = {name: getattr(bayes, name)(rho=0.8, p=between) for name in names}
dots = {name: [measure(getattr(bayes_twin, name), {"rho": rho, "p": p}).value[0] for p in rates] for name in names}
worst = bayes.worst_rate(rho=0.8)

# %%
figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
for name, title in zip(names, ("one layer", "Bayes")):
    axes.plot(between, curves[name], label=f"{title}, derived")
    axes.plot(rates, dots[name], "o", label=f"{title}, measured")
axes.plot(rates, [chained(p) for p in rates], "x", color="grey", label="IterativeImputer")
axes.axvline(worst, color="tab:red", linestyle="--", label="largest gap")
axes.set(xlabel="missing rate p", ylabel="error per missing entry", title=f"Three entries, ρ = {rho}")
axes.legend()

# %% [markdown]
# Where little is missing, chained regressions come close to Bayes; where much is missing they trust their own
# guesses and lose even to one layer. The layer is closest to Bayes at both ends, and falls furthest
# short where $q = (\rho - 3 + \sqrt{(\rho+1)(\rho+9)})/(4\rho)$, whatever one's guess about one half:

# %%
half = workbench.conjecture("imputation.bayes.worst_rate", "1/2")
verdicts.append(workbench.verify("imputation.bayes.worst_rate"))
assert half.status == "refuted" and verdicts[-1].status == "supported"
verdicts[-1]

# %% [markdown]
# ## A direction that switches
#
# Let key, query and value share one direction $u$, and train on all entries. Complete data want the largest
# variance. Data with holes want entries that *predict each other*: beside a lone entry of variance $\tau$, a pair
# of unit variance and correlation $\rho$ becomes the better direction above $p_c$, though its variance
# $1 + \rho$ is smaller.

# %%
switches.switch

# %% [markdown]
# Each direction stays stable beyond the switch, up to its spinodal, so training has a memory. Gradient descent,
# begun close to either direction:

# %%
scales = {"tau": 1.8, "rho": 0.5}
low, critical, high = (claim(**scales) for claim in
                       (switches.pair_spinodal, switches.switch, switches.lone_spinodal))  # fmt: skip
starts = {"from the lone entry": switches_twin.LONE, "from the pair": switches_twin.PAIR}
sweep = np.linspace(0.3, 0.75, 10)
ends = {name: switches_twin.trained_directions(1.8, 0.5, sweep, start) for name, start in starts.items()}

# %%
figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
for (name, shares), marker in zip(ends.items(), "ov"):
    axes.plot(sweep, shares, marker, label=f"trained {name}")
axes.axvspan(low, high, color="tab:red", alpha=0.15, label="both stable")
axes.axvline(critical, color="tab:red", linestyle="--", label="risks cross")
axes.set(xlabel="missing rate p", ylabel="share of the lone entry", title="Rank-one attention remembers")
axes.legend()

# %% [markdown]
# The dots jump just outside the derived band, not at its middle: what has lost its stability only just needs long
# to leave.

# %%
verdicts += [workbench.verify(f"imputation.switches.{name}") for name in ("switch", "lone_spinodal", "pair_spinodal")]
verdicts[-3]

# %% [markdown]
# ## Depth
#
# A layer that knows the mask and has a residual stream moves a state by $\eta\,(y - S a)$, with $S$ the covariance
# of what is seen. $L$ layers are $L$ terms of a Neumann series, and what separates them from Bayes is one trace:

# %%
depth.excess

# %% [markdown]
# ## What was said, and how sharply
#
# "Caught" is the relative error that the evidence would almost surely have refuted.

# %%
table([guess, half, *verdicts])

# %% [markdown]
# ## Exercises
#
# Write your formula between the quotation marks; `had` is the entrywise product, so `had(I(d), A)` is the
# diagonal of `A`. A wrong answer comes back with a case in which it fails;
# run `task.hint()` again for the next hint, the last of which is the answer.
#
# **1.** What is the gradient $\nabla R(W)$ of the risk? The diagonal of $W$ is idle.

# %%
task = workbench.exercise("imputation.one_layer.risk_gradient")
task.try_("0")

# %%
task.hint()

# %% [markdown]
# **2.** One entry is missing, and the others have covariance $C$. Up to which step $\eta$ do layers converge, whichever
# of the others are missing too? (Type `top` for the largest eigenvalue of $C$.) Which mask decides?

# %%
task = workbench.exercise("imputation.depth.critical_step")
task.try_("1/top")

# %%
task.hint()
