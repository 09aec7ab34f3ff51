"""The picture of the README: the critical test length, derived and measured.

python docs/picture.py        writes docs/picture.svg (exact cubature; about six minutes)
"""

from pathlib import Path

import matplotlib.pyplot as plt
import torch

from derivations.in_context import one_layer as theorem
from numerics.in_context import one_layer as twin
from workbench.evidence import measure

PLACE = Path(__file__).resolve().parents[1] / "docs" / "picture.svg"
MEASURED = {1: (4, 6, 8, 12, 16), 2: (4, 6, 8, 10), 3: (4, 6)}  # dimension → training lengths
LENGTHS = range(2, 33)


def derived(d: int, N: int) -> float:
    """The critical length from the theorem."""
    return theorem.critical_length(d=d, N=N)


def measured(d: int, N: int) -> float:
    """Where the error of the trained torch layer crosses that of predicting zero."""
    letters = {"d": d, "M": 1, "N": N, "U": torch.eye(d, dtype=torch.float64) / 2}
    return float(measure(twin.critical_length, letters, seed="picture").value[0])


def picture() -> plt.Figure:
    """One curve for each dimension, one dot for each trained layer."""
    figure, axes = plt.subplots(figsize=(7, 3.8), layout="constrained")
    for colour, (d, trained) in zip(("tab:blue", "tab:orange", "tab:green"), MEASURED.items()):
        axes.plot(LENGTHS, [derived(d, N) for N in LENGTHS], color=colour, label=f"d = {d}")
        axes.plot(trained, [measured(d, N) for N in trained], "o", color=colour)
        axes.axhline(d + 1, color=colour, linestyle=":", linewidth=1)
    axes.set(xlabel="training length N", ylabel="critical test length", ylim=(0, 4.4))
    axes.set_title("Shorter prompts than this: attention is worse than predicting zero", fontsize=11)
    axes.text(LENGTHS[-1], 0.15, "curves: derived · dots: measured on the torch layer · dotted: d + 1", ha="right")
    axes.legend(loc="upper left", ncols=3)
    return figure


if __name__ == "__main__":
    plt.rcParams |= {"svg.hashsalt": "theorem-workbench", "svg.fonttype": "none"}
    PLACE.parent.mkdir(exist_ok=True)
    picture().savefig(PLACE, metadata={"Date": None, "Creator": None})
