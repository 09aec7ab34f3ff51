"""The five experiments on single-location regression, in the few dimensions that they really have.

    pip install -e '.[benchmark]'; python benchmarks/single_location.py [--repeats N] [--steps-compared N] [--seconds S]

Projected gradient descent on the population risk never leaves span{k*, v*, k₀, v₀}, so four coordinates
follow it exactly in any dimension. Stochastic descent leaves every span, but its five overlaps are a Markov
chain of their own (`stochastic_chain.py`). Both are compared with descent in all dimensions. The slopes are
those that the workbench derives, compiled by Numba, whose time is told apart. Exits 1 when a bar falls short.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ctypes import CFUNCTYPE, c_double
from dataclasses import dataclass
from math import sqrt
from time import perf_counter, process_time, thread_time

import click
import numpy as np
from numba.extending import get_cython_function_address
from rich.console import Console
from rich.table import Table
from stochastic_chain import GAMMA, SMALL_D, L, compiled, dot, full_step, walk

D, SEED = 400, 1
Outcome = tuple[str, float, np.ndarray, np.ndarray]  # name, CPU seconds, final overlaps, excess risks
Overlaps = np.ndarray  # columns κ, ν, θ, η, ρ; one row for each repeat

owens_t = CFUNCTYPE(c_double, c_double, c_double)(
    get_cython_function_address("scipy.special.cython_special", "owens_t")
)


@dataclass(frozen=True)
class Experiment:
    """One configuration: where it starts, the schedule λ = start / (1 + fall · step), step size and number of steps."""

    name: str
    on_manifold: bool
    start: float
    fall: float
    rate: float
    steps: int

    def temperature(self, step: int) -> float:
        return self.start / (1 + self.fall * step)


POPULATION = (
    Experiment("(i) manifold, λ = 0.1", True, 0.1, 0.0, 4e-3, 20_000),
    Experiment("(ii) sphere, λ = 0.9", False, 0.9, 0.0, 1e-3, 120_000),
    Experiment("(iii) sphere, λ = 0.1", False, 0.1, 0.0, 4e-3, 20_000),
    Experiment("(iv) sphere, λ falls from 1", False, 1.0, 1e-4, 4e-3, 120_000),
)
SGD = Experiment("(v) SGD, d = 80, λ falls from 2", False, 2.0, 1e-4, 1e-3, 200_000)


@compiled
def zeta(t: float, g: float) -> float:
    """E erf(t + gG)²."""
    return 1 - 8 * owens_t(sqrt(2) * t / sqrt(1 + 2 * g**2), 1 / sqrt(1 + 4 * g**2))


def derived(d: int) -> tuple[Callable, ...]:
    """The excess risk and its five slopes, as the workbench derives them, compiled at the paper's sizes."""
    import sympy as sp

    from derivations.single_location import attention_risk as theorem
    from workbench.calculus.rules import partials

    letters = (theorem.kappa, theorem.nu, theorem.theta, theorem.eta, theorem.rho)
    sizes = {theorem.s: sqrt(d / 2), theorem.gamma: GAMMA, theorem.L: L, theorem.epsilon: 0}
    risk = theorem.risk.formula.xreplace(sizes)
    slopes = tuple(slope.xreplace(sizes) for slope in partials(theorem.risk.formula, wrt=letters))
    at, rooms = (*letters, theorem.lam), [{"zeta_erf": zeta}, "math"]
    return tuple(compiled(sp.lambdify(at, each, modules=rooms, cse=True)) for each in (risk, slopes))


def sphere_start(dimension: int, repeats: int, on_manifold: bool, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Random unit keys and values, one in each row; on the manifold, k ⊥ v*, v ⊥ k* and k ⊥ v."""
    generator = np.random.default_rng(seed)
    k, v = generator.standard_normal((2, repeats, dimension))
    if on_manifold:
        k[:, 1], v[:, 0] = 0, 0
        rest = k[:, 2:]
        v[:, 2:] -= rest * (np.sum(v[:, 2:] * rest, 1) / np.sum(rest**2, 1))[:, None]
    return k / np.linalg.norm(k, axis=1)[:, None], v / np.linalg.norm(v, axis=1)[:, None]


def reduced(k: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same vectors in four coordinates: along k*, v*, the rest of k, and the rest of v."""
    up = k[:, 2:] / np.linalg.norm(k[:, 2:], axis=1)[:, None]
    lean = np.sum(v[:, 2:] * up, 1)
    out = np.linalg.norm(v[:, 2:] - lean[:, None] * up, axis=1)
    small_k = np.column_stack([k[:, :2], np.linalg.norm(k[:, 2:], axis=1), np.zeros(len(k))])
    return small_k, np.column_stack([v[:, :2], lean, out])


def overlaps(k: np.ndarray, v: np.ndarray) -> Overlaps:
    """κ, ν, θ, η, ρ of keys and values in coordinates that begin with k* and v*."""
    return np.column_stack([k[:, 0], v[:, 1], v[:, 0], k[:, 1], np.einsum("ij,ij->i", k, v)])


@compiled
def descend(k, v, slopes, start, fall, rate, steps):
    """Projected gradient descent on the two spheres, in place and in whatever dimension the vectors have."""
    for run in range(len(k)):
        x, y = k[run], v[run]
        for step in range(steps):
            rho = dot(x, y)
            lam = start / (1 + fall * step)
            by_kappa, by_nu, by_theta, by_eta, by_rho = slopes(x[0], y[1], y[0], x[1], rho, lam)
            shrink_x = 1 + rate * (by_rho * rho + by_kappa * x[0] + by_eta * x[1])  # the radial part of the slope
            shrink_y = 1 + rate * (by_rho * rho + by_theta * y[0] + by_nu * y[1])
            for i in range(len(x)):
                x[i], y[i] = shrink_x * x[i] - rate * by_rho * y[i], shrink_y * y[i] - rate * by_rho * x[i]
            x[0] -= rate * by_kappa
            x[1] -= rate * by_eta
            y[0] -= rate * by_theta
            y[1] -= rate * by_nu
            size_x, size_y = sqrt(dot(x, x)), sqrt(dot(y, y))
            for i in range(len(x)):
                x[i], y[i] = x[i] / size_x, y[i] / size_y


def descended(each: Experiment, slopes: Callable, k: np.ndarray, v: np.ndarray, steps: int) -> tuple[float, Overlaps]:
    """The CPU seconds of so many steps of an experiment from this start (in place), and the overlaps they reach."""
    begun = thread_time()
    descend(k, v, slopes, each.start, each.fall, each.rate, steps)
    return thread_time() - begun, overlaps(k, v)


def excess(risk: Callable, found: Overlaps, lam: float) -> np.ndarray:
    """The excess risk of each repeat."""
    return np.array([risk(*row, lam) for row in found])


def population_runs(repeats: int, risk: Callable, slopes: Callable) -> list[Outcome]:
    """The population experiments one after the other, reduced."""
    outcomes = []
    for each in POPULATION:
        start = reduced(*sphere_start(D, repeats, each.on_manifold, SEED))
        seconds, found = descended(each, slopes, *start, each.steps)
        outcomes.append((each.name, seconds, found, excess(risk, found, each.temperature(each.steps))))
    return outcomes


def stochastic_run(state: Overlaps, steps: int, seed: int) -> float:
    """The stochastic experiment as a chain of overlaps, in place; returns the CPU seconds it took."""
    begun = thread_time()
    walk(state, SGD.start, SGD.fall, SGD.rate, steps, np.random.default_rng([SEED, seed]))
    return thread_time() - begun


def worst_gap(slopes: Callable, steps: int, repeats: int) -> tuple[float, float]:
    """How far the reduced descent strays from descent in R^400, and how many times faster it is."""
    gap, times = 0.0, np.zeros(2)
    for each in POPULATION:
        whole = sphere_start(D, repeats, each.on_manifold, SEED)
        runs = [descended(each, slopes, *start, steps) for start in (reduced(*whole), whole)]
        times += [seconds for seconds, _ in runs]
        gap = max(gap, float(np.abs(runs[0][1] - runs[1][1]).max()))
    return gap, times[1] / times[0]


def chain_distance(repeats: int = 4_000, steps: int = 3) -> float:
    """How many standard errors the chain of overlaps is from SGD on whole tokens, in means and second moments."""
    k, v = (np.repeat(x, repeats, axis=0) for x in sphere_start(SMALL_D, 1, False, SEED))
    state, rate, generator = overlaps(k, v), 10 * SGD.rate, np.random.default_rng(3)
    walk(state, 0.5, 0.0, rate, steps, np.random.default_rng(2))
    for _ in range(steps):
        parts = [full_step(k[part], v[part], 0.5, rate, generator) for part in np.array_split(np.arange(repeats), 8)]
        k, v = (np.concatenate(part) for part in zip(*parts))
    centre = state.mean(0)
    samples = [np.concatenate([found - centre, (found - centre) ** 2], 1) for found in (state, overlaps(k, v))]
    gap = np.abs(samples[0].mean(0) - samples[1].mean(0))
    return float((gap / np.sqrt(sum(each.var(0) for each in samples) / repeats)).max())


def prepared() -> tuple[Callable, Callable, Callable]:
    """The risk, its slopes and the risk of the smaller experiment; all is compiled, by a run of no step."""
    (risk, slopes), (small_risk, _) = derived(D), derived(SMALL_D)
    _, found = descended(SGD, slopes, *reduced(*sphere_start(D, 1, False, SEED)), 0)
    walk(found, SGD.start, SGD.fall, SGD.rate, 0, np.random.default_rng(SEED))
    for each in (risk, small_risk):
        excess(each, found, SGD.start)
    return risk, slopes, small_risk


def experiments(repeats: int, sgd_steps: int, risk: Callable, slopes: Callable, small_risk: Callable) -> list[Outcome]:
    """All five on two threads."""
    state = overlaps(*sphere_start(SMALL_D, repeats, SGD.on_manifold, SEED))
    parts = np.array_split(state, 4)  # views, which the chain changes in place
    with ThreadPoolExecutor(2) as pool:
        walks = [pool.submit(stochastic_run, part, sgd_steps, seed) for seed, part in enumerate(parts)]
        rows = pool.submit(population_runs, repeats, risk, slopes).result()
        seconds = sum(walk.result() for walk in walks)
    return [*rows, (SGD.name, seconds, state, excess(small_risk, state, SGD.temperature(sgd_steps)))]


@click.command()
@click.option("--repeats", default=30, show_default=True, help="Runs of each experiment.")
@click.option("--steps-compared", default=100, help="Steps on which R^4 is compared with R^400.")
@click.option("--seconds", default=60.0, help="The bar on the five experiments, once compiled.")
@click.option("--sgd-steps", default=SGD.steps, show_default=True, help="Steps of the stochastic experiment.")
def main(repeats: int, steps_compared: int, seconds: float, sgd_steps: int) -> None:
    """Run the five experiments and compare them with descent in all dimensions."""
    console, clocks = Console(), [(perf_counter(), process_time())]
    functions = prepared()
    clocks.append((perf_counter(), process_time()))
    rows = experiments(repeats, sgd_steps, *functions)
    clocks.append((perf_counter(), process_time()))
    (compiling, _), (wall, work) = np.diff(clocks, axis=0)
    table = Table("experiment", "CPU seconds", "excess risk", "|κ|", "|ν|", "off the manifold")
    for name, time, found, risks in rows:
        sizes = [f"{np.mean(np.abs(column)):.4f}" for column in found.T[:2]]
        away = np.linalg.norm(found[:, 2:], axis=1).mean()
        table.add_row(name, f"{time:.1f}", f"{np.mean(risks):.4f}", *sizes, f"{away:.1e}")
    gap, ratio = worst_gap(functions[1], steps_compared, repeats)
    distance, roundoff = chain_distance(), steps_compared * np.finfo(float).eps * sqrt(D)
    console.print(table, f"derived and compiled in {compiling:.1f} s")
    console.print(f"five experiments in {wall:.1f} s, {work:.1f} s of CPU time, on two cores (bar {seconds:.0f} s)")
    reached = f"{gap:.1e} (roundoff {roundoff:.1e}), {ratio:.0f}× faster"
    console.print(f"R^4 against R^{D} over {steps_compared} steps: {reached}")
    console.print(f"overlaps against whole tokens in R^{SMALL_D}: {distance:.1f} standard errors (bar 5)")
    fails = {"seconds": wall > seconds, "R^400": gap > roundoff, "whole tokens": distance > 5}
    short = [bar for bar, failed in fails.items() if failed]
    console.print("falls short: " + ", ".join(short) if short else "every bar holds")
    sys.exit(bool(short))


if __name__ == "__main__":
    main()
