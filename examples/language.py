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
# # A small language whose structure is known
#
# *Afterwards you can* measure Zipf, Heaps and mutual information on a language whose laws are theorems, and on a
# text that is not.
#
# *Before this:* `00_start_here`, branching processes. *Minutes:* 40. *Level:* core. *Papers:* Kesten & Stigum
# (1966); Lin & Tegmark (2017).
#
# Scaling laws are measured on languages that nobody can write down. Here is one that fits on a page: its
# sentences can be read, and when they end, how their words run out and what is remembered along them are theorems.
#
# A sentence exercises one **skill**, its verb; skills, like nouns, have **Zipf** frequencies
# $k^{-\sigma}/\zeta(\sigma)$. Phrases are embedded by a **grammar** with rates $p$, $g$, $u$,
#
#     NP → the N (1 − p − g) | NP of NP (p) | NP that VP (g)
#     VP → V NP (u) | V (1 − u)
#
# And each noun has a **mood**, bright or dark, inherited from the phrase above it with correlation $q$.

# %%
import re
from collections import Counter
from itertools import islice
from pydoc_data.topics import topics

import matplotlib.pyplot as plt
import numpy as np

import workbench
from derivations.language import grammars, hierarchies, vocabularies
from numerics.language.hierarchies import strength
from numerics.language.sentences import Language
from numerics.language.texts import zipf_ranks
from workbench import table
from workbench.evidence import measure

# %%
for sentence in islice(Language().sentences(seed=3), 8):
    print(sentence)

# %% [markdown]
# Rivers and children keep together, and so do wolves and stones: that is the mood, handed down the phrases.
# Words such as *kakol* have high ranks; the language never runs out of them.
#
# ## Sentences that never end
#
# Each phrase leaves others to be written. Where does that explode? A careless reader counts rules: one in $p +
# g$ goes on. What counts is how many *phrases* a rule leaves, verb phrases and their objects included.

# %%
grammars.critical_rate

# %%
guess = workbench.conjecture("language.grammars.critical_rate", "(1 - g)/2")
guess

# %% [markdown]
# Refuted: that forgets the objects of relative clauses, noun phrases again.

# %%
verdicts = [workbench.conjecture("language.grammars.critical_rate", "(1 - g - g*u)/2")]
assert guess.status == "refuted" and verdicts[0].status == "supported"
verdicts.append(workbench.verify("language.grammars.termination"))
verdicts[-1]

# %% [markdown]
# ## Words that never run out
#
# Let $r$ be the rank of the word that a text expects once. Its different words number $\Gamma(1 - 1/\sigma)\, r
# - \tfrac12$, and what is left out is smaller than any power of $1/r$.

# %%
vocabularies.vocabulary

# %%
verdicts.append(workbench.verify("language.vocabularies.vocabulary"))
verdicts.append(workbench.verify("language.vocabularies.scaling_law"))
verdicts[-1]

# %% [markdown]
# ## Topics that are remembered
#
# With $s$ branches per phrase, a contrast between branches is multiplied by $sq^2$ from one level to the next.
# At $sq^2 = 1$, the Kesten–Stigum point, an endless sentence begins to remember its topic.

# %%
hierarchies.remembered

# %%
verdicts.append(workbench.verify("language.hierarchies.remembered"))
verdicts.append(workbench.verify("language.hierarchies.kesten_stigum"))
verdicts[-1]

# %% [markdown]
# ## A text that nobody here wrote
#
# Python ships a long English text, the help topics of `pydoc`. Its words follow Zipf's law, but with which
# exponent? Does Heaps' law come with it? Words are shuffled, so that only frequencies count.


# %%
def zipf_exponent(counts, low, high):
    """The slope of frequency against rank, on logarithmic scales."""
    ranks = np.arange(low, high + 1)
    return -np.polyfit(np.log(ranks), np.log(counts[low - 1 : high]), 1)[0]


# %%
english = re.findall(r"[a-z]+", " ".join(topics.values()).lower())
counts = np.array(sorted(Counter(english).values(), reverse=True))
print(f"{len(english)} words, {len(counts)} different ones")
for low, high in [(10, 100), (100, 1000)]:
    print(f"Zipf exponent between ranks {low} and {high}: {zipf_exponent(counts, low, high):.2f}")


# %%
def different_words(words, lengths):
    """How many different words the first 2, 4, 8, … words hold."""
    return [len(set(words[:length])) for length in lengths]


# %%
dice = np.random.default_rng(0)
shuffled = dice.permutation(english).tolist()
lengths = [2**k for k in range(6, 17) if 2**k <= len(english)]
found = different_words(shuffled, lengths)

# %% [markdown]
# Beside it, a text of our own language as long, and the theorem: $r = (D/\zeta(\sigma))^{1/\sigma}$ for $D$ words.

# %%
sigma = 1.5
text = zipf_ranks(dice.random(lengths[-1]), sigma).tolist()
rank_expected_once = [(length / 2.612375) ** (1 / sigma) for length in lengths]  # ζ(3/2) = 2.612375…
law = vocabularies.vocabulary(alpha=sigma - 1, r=rank_expected_once)

# %% [markdown]
# ## In one picture
#
# Left: the Heaps curve of our language lies on the theorem. That of the English text is no straight line: its
# Zipf exponent grows with the rank, so its vocabulary grows ever more slowly. A law with one exponent is a fair
# first word on it, and not the last.
#
# Right: the strength of contrasts, level by level, below, at and above the Kesten–Stigum point; dots are
# eigenvalues of the words' covariance.

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
left.loglog(lengths, law, label=f"derived, σ = {sigma}")
left.loglog(lengths, different_words(text, lengths), "o", color="tab:blue", label="sampled text")
left.loglog(lengths, found, "s", color="tab:green", label="pydoc topics")
left.set(xlabel="words", ylabel="different words", title="Heaps' law")
left.legend()


# %%
def strengths(q):
    """Derived and measured, for the levels 1 … 7 of a binary tree."""
    derived = hierarchies.strength(s=2, q=q, ell=range(1, 8))
    return derived, [measure(strength, {"s": 2, "q": q, "ell": level}).value[0] for level in range(1, 8)]


# %%
for q, colour in [(0.6, "tab:blue"), (0.7072, "tab:orange"), (0.8, "tab:red")]:
    derived, dots = strengths(q)
    right.semilogy(range(1, 8), derived, color=colour)
    right.semilogy(range(1, 8), dots, "o", color=colour, label=f"sq² = {2 * q**2:.2f}")
right.set(xlabel="level ℓ", ylabel="strength", title="Coarse contrasts outgrow fine ones")
right.legend()
figure

# %% [markdown]
# ## What was said, and how sharply

# %%
table([guess, *verdicts])

# %% [markdown]
# ## Exercises
#
# **1.** Two words of a hierarchy, a distance $s^\ell$ apart, have correlation $q^{2\ell}$. With which power of
# their distance does what they say of each other fall? (The letters are `q` and `s`.)

# %%
task = workbench.exercise("language.informations.information_exponent")
task.try_("2*log(1/q)/log(s)")

# %%
task.hint()

# %% [markdown]
# **2.** From which inheritance $q$ on do the squared correlations of a word with all others of an endless context have
# no finite sum? (What the context tells of the word stays finite: it is known through its parent alone,
# `informations.parent_tells`.)

# %%
task = workbench.exercise("language.informations.endless_context")
task.try_("1/sqrt(s)")

# %%
task.hint()
