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
# # Start here: from a blank page to a verified theorem and a refuted guess
#
# *Afterwards you can* type a mean, have it judged, derive a trained layer and correct a wrong guess.
#
# *Before this:* linear algebra, expectations of Gaussians. *Minutes:* 15. *Level:* first steps. *Papers:* none.
#
# A layer of linear attention reads a matrix $X$ of $N$ tokens with i.i.d. $\mathcal N(0, \Sigma)$ columns
# and shall undo it: its weights $W$ are good when $W X X^\top / N$ is close to the identity. Which are best?
#
# Ask a single question first: a statement on one line is measured from its definition, derived, and judged.

# %%
import matplotlib.pyplot as plt
from sympy import Identity

import workbench
from workbench import E, tr

# %%
workbench.check("E[X*X.T*X*X.T] == N*(N + 1)*Sigma**2 + N*tr(Sigma)*Sigma")

# %% [markdown]
# A wrong one comes back with the smallest case in which it fails, and with what it should have been. In a
# notebook it need not be quoted.

# %%
# %load_ext workbench
# %check E[X*X.T*X*X.T] == N**2*Sigma**2 + N*tr(Sigma)*Sigma

# %% [markdown]
# Now a derivation. Letters first, then the loss as it is defined; nobody types an answer.

# %%
s = workbench.session("one layer")
d, N, Sigma, W, X = s.let("d: size; N: count; Sigma: spd d; W: d×d; X: d×N ~ N(0, Sigma)")
layer = W * X * X.T / N - Identity(d)
s.start("how far the layer is from the identity", E(tr(layer * Sigma * layer.T)))

# %% [markdown]
# Every line is derived by a rule, re-checked in exact arithmetic and measured in torch at once: the gradient
# by autograd, the best weights by Newton's method on the measured gradient.

# %%
s.expect()
s.call("risk")
s.gradient(W)
s.call("risk_gradient")
s.stationary_point(W)
s.call("best_weights")
s

# %% [markdown]
# Are the best weights not simply $\Sigma^{-1}$? For endless prompts they are; for $N$ tokens they are not.

# %%
guess = s.conjecture("inv(Sigma)")
assert guess.status == "refuted"
guess

# %% [markdown]
# Theory and measurement in one picture: the entries of the best weights at the instances where they were judged.

# %%
for instance in s.last.answer.instances:
    plt.plot(instance["claimed"], instance["measured"], "o", label=instance["letters"].split(", Sigma")[0])
plt.axline((0, 0), slope=1, color="grey")
plt.xlabel("derived"), plt.ylabel("measured"), plt.legend()
plt.show()

# %% [markdown]
# The page becomes a theorem: `workbench verify .` accepts the files, and the refuted guess is a rival that must fail.

# %%
s.export("mine.one_layer")

# %% [markdown]
# ## Exercises
#
# 1. What is `E[tr(X*X.T)**2]`? Guess, and let `%check` correct you.
# 2. `s.branch("guesses").undo(1)` ends on the gradient; let `conjecture` judge `"2*(W*Sigma - I)*Sigma"` in its place.

# %%
# %check E[tr(X*X.T)**2] == N**2*tr(Sigma)**2
