"""Figures: theory against measurement, as small SVG pictures."""

from __future__ import annotations

import io
from typing import Any

import matplotlib

matplotlib.use("svg")
import numpy as np
from matplotlib import pyplot as plt

from workbench.judging.verdicts import Verdict

THEORY, RIVAL, LINE = "#1f6f8b", "#c1440e", "#9aa5b1"


def against(verdict: Verdict) -> str:
    """Claimed against measured, every component of every instance; rivals lie off the diagonal."""
    figure, axes = plt.subplots(figsize=(3.4, 3.0))
    for instance in verdict.instances:
        measured = np.array(instance["measured"])
        for rival in instance["rivals"].values():
            axes.plot(measured, rival, "x", color=RIVAL, alpha=0.35, markersize=5, markeredgewidth=1)
        axes.errorbar(
            measured, instance["claimed"], xerr=instance["error"], fmt="o", color=THEORY, markersize=4.5, elinewidth=1
        )
    every = np.concatenate([np.array(i["claimed"] + i["measured"]) for i in verdict.instances])
    low, high = every.min(), every.max()
    margin = 0.12 * (high - low or abs(high) or 1)
    ends = np.array([low - margin, high + margin])
    axes.plot(ends, ends, color=LINE, linewidth=0.8, zorder=0)
    axes.set(xlim=ends, ylim=ends, xlabel="measured", ylabel="claimed")
    axes.spines[["top", "right"]].set_visible(False)
    return svg(figure)


def svg(figure: Any) -> str:
    """A figure as an SVG element without a prologue; text follows the colour of the page."""
    figure.tight_layout(pad=0.4)
    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "workbench"}):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    plt.close(figure)
    text = buffer.getvalue()
    return text[text.index("<svg") :]
