"""The Gaussian calculus side by side with its peers: times, ratios, growth, and equal results.

    python benchmarks/calculus.py [--quick] [--python PATH]… [--cap SECONDS]

Every entry of the ladder runs in a process of its own with a cap on CPU seconds; what is timed is the
symbolic computation, imports excluded. `--python` names further interpreters in which peers are
installed. Exits 1 when a result, a ratio or a target falls short.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
MODULES = {
    "workbench": "workbench", "pairings": "json", "tensorgrad": "tensorgrad", "stats": "sympy",
    "wishart": "WishartMoments",
}  # fmt: skip
SPECIALISED = (
    "wishart",
    "pairings",
)  # on their own ground the calculus is to be faster at the largest size they finish
RATIO, SLOW = 1000, 1.0  # against tensorgrad, where it takes this many CPU seconds or more
CALIBRATION = ("symmetric", 5, 0.04)  # CPU seconds of the brute-force pairing on the machine of the targets


@dataclass(frozen=True)
class Family:
    """One row of the ladder: its formula, the sizes for the calculus, for each peer, and the targets in CPU seconds."""

    formula: str
    sizes: tuple[int, ...]
    peers: dict[str, tuple[int, ...]]
    targets: dict[int, float]


LADDER = {
    "quadratic": Family("E (xᵀAx)^k", (1, 2, 3, 4, 5, 6, 10, 20, 30),
                        {"tensorgrad": (1, 2, 3), "stats": (1, 2, 3, 4), "pairings": (2, 3, 4, 5, 6)}, {30: 0.2}),
    "isotropic": Family("E tr((ZZᵀ)^k)", (1, 2, 3, 4, 5, 6, 10, 20, 30),
                        {"tensorgrad": (1, 2, 3), "pairings": (2, 3, 4, 5, 6)}, {20: 0.5, 30: 15}),
    "wishart": Family("E W^k, one Σ", (1, 2, 3, 4, 5, 6, 8, 12, 16), {"wishart": (2, 3, 4, 5, 6)}, {16: 2}),
    "symmetric": Family("E tr((ZZᵀA)^k), A symmetric", (1, 2, 3, 4, 5, 6, 9, 12),
                        {"tensorgrad": (1, 2, 3), "pairings": (2, 3, 4, 5, 6)}, {12: 3}),
    "arbitrary": Family("E tr((ZZᵀA)^k), any A", (1, 2, 3, 4, 5, 6, 8, 9),
                        {"tensorgrad": (1, 2, 3), "pairings": (2, 3, 4, 5, 6)}, {9: 6}),
    "sandwich": Family("E XXᵀAXXᵀ, general Σ", (1,), {"tensorgrad": (1,)}, {}),
    "risk": Family("in-context risk", (1,), {"tensorgrad": (1,)}, {1: 0.05}),
    "risk gradient": Family("its gradient", (1,), {}, {1: 0.05}),
    "mixed": Family("two, and three, matrices with means", (2, 4, 6), {"tensorgrad": (2,)}, {}),
}  # fmt: skip
QUICK = {
    "quadratic": ((2, 5, 30), {"tensorgrad": (2,), "stats": (2,), "pairings": (5,)}),
    "isotropic": ((5, 20, 30), {"pairings": (5,)}),
    "wishart": ((3, 16), {"wishart": (3,)}),
    "symmetric": ((2, 5, 12), {"tensorgrad": (2,), "pairings": (5,)}),
    "arbitrary": ((5, 9), {"pairings": (5,)}),
    "risk": ((1,), {"tensorgrad": (1,)}),
    "risk gradient": ((1,), {}),
}


@dataclass(frozen=True)
class Answer:
    """What one peer said about one case: its time and value, or why there is none."""

    cpu: float | None = None
    value: tuple[str, ...] | None = None
    why: str = ""

    def __str__(self) -> str:
        return f"{self.cpu:.4f}" if self.cpu is not None else self.why


class Runner:
    """Finds an interpreter for every peer and runs cases under a cap."""

    def __init__(self, interpreters: list[str], cap: int) -> None:
        self.cap, self.home = cap, {name: self.find(module, interpreters) for name, module in MODULES.items()}

    @staticmethod
    def find(module: str, interpreters: list[str]) -> str | None:
        probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
        for python in interpreters:
            if subprocess.run([python, "-c", probe], env=environment(), capture_output=True).returncode == 0:
                return python
        return None

    def run(self, peer: str, case: str, size: int) -> Answer:
        python = self.home[peer]
        if python is None:
            return Answer(why="not installed")
        command = [python, str(PEERS / f"{peer}_peer.py"), case, str(size), str(self.cap)]
        try:
            done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=3 * self.cap + 30)
        except subprocess.TimeoutExpired:
            return Answer(why=f"> {self.cap} s")
        if done.returncode < 0:
            return Answer(why=f"> {self.cap} s")
        if done.returncode:
            return Answer(why="failed: " + done.stderr.strip().splitlines()[-1][:60])
        told = json.loads(done.stdout.strip().splitlines()[-1])
        return Answer(told["cpu"], tuple(told["value"]))


def environment() -> dict[str, str]:
    """One core, and the workbench on the path of whoever imports it."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parent.parent)}


def climb(runner: Runner, name: str, family: Family, slack: float) -> list[str]:
    """One family: print its rows, and return what falls short."""
    print(f"\n{name}: {family.formula}")
    short: list[str] = []
    ours: dict[int, Answer] = {}
    before: tuple[int, float] | None = None
    for size in family.sizes:
        mine = ours[size] = runner.run("workbench", name, size)
        others = {peer: runner.run(peer, name, size) for peer, sizes in family.peers.items() if size in sizes}
        cells = [f"{peer} {other}{ratio(mine, other)}" for peer, other in others.items()]
        print(f"  k={size:<3} workbench {mine}{growth(before, size, mine)}  " + "  ".join(cells), flush=True)
        before = (size, mine.cpu) if mine.cpu else before
        short += shortfalls(name, size, mine, others, family.targets.get(size), slack)
        short += wanting(name, size, mine, others, family)
    return short


def ratio(mine: Answer, other: Answer) -> str:
    return f" (×{other.cpu / mine.cpu:.0f})" if mine.cpu and other.cpu else ""


def growth(before: tuple[int, float] | None, size: int, mine: Answer) -> str:
    """How much longer each further step of k takes."""
    if before is None or not mine.cpu:
        return ""
    return f" [×{(mine.cpu / before[1]) ** (1 / (size - before[0])):.2f} per k]"


def shortfalls(
    name: str, size: int, mine: Answer, others: dict[str, Answer], target: float | None, slack: float
) -> list[str]:
    """Results that differ and targets that are missed."""
    found = [f"{name} k={size}: the calculus {mine.why}"] if mine.cpu is None else []
    found += [
        f"{name} k={size}: {peer} has another value"
        for peer, other in others.items()
        if other.value is not None and other.value != mine.value
    ]
    if target is not None and mine.cpu is not None and mine.cpu > target * slack:
        found.append(f"{name} k={size}: {mine.cpu:.3f} s, the target is {target} s (× {slack:.1f} on this machine)")
    return found


def wanting(name: str, size: int, mine: Answer, others: dict[str, Answer], family: Family) -> list[str]:
    """Ratios that are too small, at the largest size of each peer that is timed long enough to tell."""
    found = []
    for peer, other in others.items():
        if mine.cpu is None or other.cpu is None:
            continue
        if peer == "tensorgrad" and other.cpu >= SLOW and other.cpu < RATIO * mine.cpu:
            found.append(f"{name} k={size}: {other.cpu / mine.cpu:.0f}× faster than tensorgrad, not {RATIO}×")
        if peer in SPECIALISED and size >= max(family.peers[peer]) and other.cpu < mine.cpu:
            found.append(f"{name} k={size}: slower than {peer}")
    return found


def machine(runner: Runner) -> float:
    """How much slower this machine lists pairings than the one the targets were set on (at least 1)."""
    case, size, nominal = CALIBRATION
    found = runner.run("pairings", case, size)
    return max(1.0, (found.cpu or nominal) / nominal)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a version under a minute")
    parser.add_argument(
        "--python", action="append", default=[], help="another interpreter in which peers are installed"
    )
    parser.add_argument("--cap", type=int, default=0, help="CPU seconds for each entry (default 100, quick 20)")
    options = parser.parse_args()
    runner = Runner([sys.executable, *options.python], options.cap or (20 if options.quick else 100))
    slack = machine(runner)
    print(f"CPU seconds, one core, cap {runner.cap} s; machine factor {slack:.2f}")
    print("peers: " + ", ".join(f"{peer} {'found' if home else 'NOT INSTALLED'}" for peer, home in runner.home.items()))
    short = []
    for name, family in LADDER.items():
        if options.quick and name not in QUICK:
            continue
        sizes, peers = QUICK[name] if options.quick else (family.sizes, family.peers)
        short += climb(runner, name, Family(family.formula, sizes, peers, family.targets), slack)
    print("\n" + ("\n".join(["falls short:", *short]) if short else "every result, ratio and target holds"))
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
