"""The Gaussian calculus side by side with its peers: times, ratios, growth, and equal results.

    python benchmarks/calculus.py [--quick] [--python PATH]… [--cap SECONDS]

Every entry of the ladder runs in a process of its own with a cap on CPU seconds. What is timed, for every
peer alike, is the symbolic computation of a problem that is stated already: cold, the first evaluation in a
fresh process after its imports, and warm, the next one. Ratios, targets and bars are about cold times. In
rows with tensorgrad, a time under a tenth of a second is the least of three fresh processes, since what exceeds
it there is the machine's. `--python` names further interpreters in which peers are installed. Exits 1 when a result,
a ratio or a target falls short.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
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
RULE = f"""the bar: cold over cold, {RATIO}× faster than tensorgrad at the largest size that it finishes under
the cap, in every row where that size takes it {SLOW:.0f} s or more. In other rows the ratio is printed and is no
bar, since most of a millisecond goes into reading the expression, whatever its size; there the bar is at the
first size that it does not finish: the cap over our cold time."""
SHORT, PROCESSES = 0.1, 3  # against tensorgrad, cold times below this many seconds are the least of so many processes
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
    "chi-square": Family("E (xᵀx)^k", (2, 4, 6, 8), {"tensorgrad": (2, 4, 6, 8)}, {}),
    "isotropic": Family("E tr((ZZᵀ)^k)", (1, 2, 3, 4, 5, 6, 10, 20, 30),
                        {"tensorgrad": (1, 2, 3), "pairings": (2, 3, 4, 5, 6)}, {20: 0.5, 30: 15}),
    "wishart": Family("E W^k, one Σ", (1, 2, 3, 4, 5, 6, 8, 12, 16), {"wishart": (2, 3, 4, 5, 6)}, {16: 2}),
    "symmetric": Family("E tr((ZZᵀA)^k), A symmetric", (1, 2, 3, 4, 5, 6, 9, 12),
                        {"tensorgrad": (1, 2, 3), "pairings": (2, 3, 4, 5, 6)}, {12: 3}),
    "arbitrary": Family("E tr((ZZᵀA)^k), any A", (1, 2, 3, 4, 5, 6, 8, 9, 11),
                        {"tensorgrad": (1, 2, 3), "pairings": (2, 3, 4, 5, 6)}, {9: 0.6, 11: 5}),
    "two wisharts": Family("E tr((W₁W₂)^k)", (2, 4, 8, 16), {}, {16: 1}),
    "haar words": Family("E tr((HAHᵀB)^(k/2))", (2, 4, 6, 8, 10), {}, {10: 5}),
    "haar entry": Family("E (aᵀHb)^k", (2, 10, 20), {}, {20: 1}),
    "inverse wishart": Family("E W^-k", (2, 4, 6, 8, 10), {}, {10: 2}),
    "sandwich": Family("E XXᵀAXXᵀ, general Σ", (1,), {"tensorgrad": (1,)}, {}),
    "risk": Family("in-context risk", (1,), {"tensorgrad": (1,)}, {1: 0.05}),
    "risk gradient": Family("its gradient", (1,), {}, {1: 0.05}),
    "mixed": Family("two, and three, matrices with means", (2, 4, 6), {"tensorgrad": (2, 4)}, {}),
}  # fmt: skip
QUICK = {
    "quadratic": ((2, 6, 30), {"tensorgrad": (2,), "stats": (2,), "pairings": (6,)}),
    "isotropic": ((6, 20, 30), {"pairings": (6,)}),
    "wishart": ((3, 16), {"wishart": (3,)}),
    "symmetric": ((2, 6, 12), {"tensorgrad": (2,), "pairings": (6,)}),
    "arbitrary": ((6, 9, 11), {"pairings": (6,)}),
    "two wisharts": ((16,), {}),
    "haar words": ((10,), {}),
    "haar entry": ((20,), {}),
    "inverse wishart": ((10,), {}),
    "risk": ((1,), {"tensorgrad": (1,)}),
    "risk gradient": ((1,), {}),
}


@dataclass(frozen=True)
class Answer:
    """What one peer said about one case: its times and value, or why there is none (and what it exceeded)."""

    cold: float | None = None
    value: tuple[str, ...] | None = None
    warm: float | None = None
    why: str = ""
    beyond: float | None = None

    def __str__(self) -> str:
        if self.cold is None:
            return self.why
        return f"{self.cold:.4f}" + (f" ({self.warm:.4f} warm)" if self.warm is not None else "")


class Runner:
    """Finds an interpreter for every peer and runs cases under a cap."""

    def __init__(self, interpreters: list[str], cap: int) -> None:
        self.cap, self.home = cap, {name: self.find(module, interpreters) for name, module in MODULES.items()}
        self.failed = {name for name, home in self.home.items() if home is None}

    @staticmethod
    def find(module: str, interpreters: list[str]) -> str | None:
        probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
        for python in interpreters:
            if subprocess.run([python, "-c", probe], env=environment(), capture_output=True).returncode == 0:
                return python
        return None

    def run(self, peer: str, case: str, size: int, repeat: bool = False) -> Answer:
        """One case in a fresh process, or in three when the first is short and to be repeated."""
        first = self.once(peer, case, size)
        if not repeat or first.cold is None or first.cold >= SHORT:
            return first
        answers = [first, *(self.once(peer, case, size) for _ in range(PROCESSES - 1))]
        cold, warm = (
            [time for time in times if time is not None] for times in zip(*((a.cold, a.warm) for a in answers))
        )
        return replace(first, cold=min(cold), warm=min(warm, default=None))

    def once(self, peer: str, case: str, size: int) -> Answer:
        python = self.home[peer]
        if python is None:
            return Answer(why="not installed")
        command = [python, str(PEERS / f"{peer}_peer.py"), case, str(size), str(self.cap)]
        try:
            done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=3 * self.cap + 30)
        except subprocess.TimeoutExpired:
            return Answer(why=f"> {self.cap} s", beyond=self.cap)
        if done.returncode < 0:
            return Answer(why=f"> {self.cap} s", beyond=self.cap)
        if done.returncode:
            self.failed.add(peer)
            return Answer(why="failed: " + done.stderr.strip().splitlines()[-1][:60])
        told = json.loads(done.stdout.strip().splitlines()[-1])
        return Answer(told["cold"], tuple(told["value"]), told["warm"])


def environment() -> dict[str, str]:
    """One core, and the workbench on the path of whoever imports it."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parent.parent)}


def climb(runner: Runner, name: str, family: Family, slack: float) -> list[str]:
    """One family: print its rows, and return what falls short."""
    print(f"\n{name}: {family.formula}")
    short: list[str] = []
    race: list[tuple[int, Answer, Answer]] = []  # against tensorgrad
    before: tuple[int, float] | None = None
    for size in family.sizes:
        repeat = size in family.peers.get("tensorgrad", ())
        mine = runner.run("workbench", name, size, repeat)
        others = {peer: runner.run(peer, name, size, repeat) for peer, sizes in family.peers.items() if size in sizes}
        cells = [f"{peer} {other}{ratio(mine, other)}" for peer, other in others.items()]
        print(f"  k={size:<3} workbench {mine}{growth(before, size, mine)}  " + "  ".join(cells), flush=True)
        before = (size, mine.cold) if mine.cold else before
        short += shortfalls(name, size, mine, others, family.targets.get(size), slack)
        short += slower(name, size, mine, others, family)
        race += [(size, mine, others["tensorgrad"])] if "tensorgrad" in others else []
    told, found = bar(name, race)
    print(f"  {told}" if told else "", end="\n" if told else "")
    return short + found


def ratio(mine: Answer, other: Answer) -> str:
    """How many times faster, cold over cold, or at least how many."""
    theirs = other.cold or other.beyond
    if not mine.cold or not theirs:
        return ""
    return f" (×{theirs / mine.cold:.0f}{'' if other.cold else ' at least'})"


def growth(before: tuple[int, float] | None, size: int, mine: Answer) -> str:
    """How much longer each further step of k takes."""
    if before is None or not mine.cold:
        return ""
    return f" [×{(mine.cold / before[1]) ** (1 / (size - before[0])):.2f} per k]"


def shortfalls(
    name: str, size: int, mine: Answer, others: dict[str, Answer], target: float | None, slack: float
) -> list[str]:
    """Results that differ and targets that are missed."""
    found = [f"{name} k={size}: the calculus {mine.why}"] if mine.cold is None else []
    found += [
        f"{name} k={size}: {peer} has another value"
        for peer, other in others.items()
        if other.value is not None and other.value != mine.value
    ]
    if target is not None and mine.cold is not None and mine.cold > target * slack:
        found.append(f"{name} k={size}: {mine.cold:.3f} s, the target is {target} s (× {slack:.1f} on this machine)")
    return found


def slower(name: str, size: int, mine: Answer, others: dict[str, Answer], family: Family) -> list[str]:
    """Specialists that are faster at the largest size they are asked for."""
    return [
        f"{name} k={size}: slower than {peer}"
        for peer, other in others.items()
        if peer in SPECIALISED
        and size >= max(family.peers[peer])
        and mine.cold
        and other.cold
        and other.cold < mine.cold
    ]


def bar(name: str, race: list[tuple[int, Answer, Answer]]) -> tuple[str, list[str]]:
    """Where the bar of a row lies (see RULE), in words, and whether it is missed."""
    finished = [(size, mine, other) for size, mine, other in race if mine.cold and other.cold]
    unfinished = [(size, mine, other) for size, mine, other in race if mine.cold and other.beyond]
    if finished and (finished[-1][2].cold or 0) >= SLOW:
        (size, mine, other), least = finished[-1], ""
    elif unfinished:
        (size, mine, other), least = unfinished[0], "at least "
    else:
        return (f"no bar: every size here takes tensorgrad under {SLOW:.0f} s" if finished else ""), []
    found = (other.cold or other.beyond or 0) / (mine.cold or 1)
    missed = [f"{name} k={size}: {least}{found:.0f}× faster than tensorgrad, not {RATIO}×"] if found < RATIO else []
    return f"the bar is at k={size}: {least}×{found:.0f}, {'missed' if missed else 'held'}", missed


def machine(runner: Runner) -> float:
    """How much slower this machine lists pairings than the one the targets were set on (at least 1)."""
    case, size, nominal = CALIBRATION
    found = runner.run("pairings", case, size)
    return max(1.0, (found.cold or nominal) / nominal)


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
    print(f"CPU seconds cold (and warm), one core, cap {runner.cap} s; machine factor {slack:.2f}")
    print("peers: " + ", ".join(f"{peer} {'found' if home else 'NOT INSTALLED'}" for peer, home in runner.home.items()))
    print(RULE)
    short = []
    for name, family in LADDER.items():
        if options.quick and name not in QUICK:
            continue
        sizes, peers = QUICK[name] if options.quick else (family.sizes, family.peers)
        short += climb(runner, name, Family(family.formula, sizes, peers, family.targets), slack)
    unheard = f"; without {', '.join(sorted(runner.failed))}" if runner.failed else ""
    print("\n" + ("\n".join(["falls short:", *short]) if short else f"every result, ratio and target holds{unheard}"))
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
