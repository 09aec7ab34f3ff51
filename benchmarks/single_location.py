"""The five experiments on single-location regression, in the few dimensions that they really have.

    python benchmarks/single_location.py [--repeats N] [--steps-compared N] [--seconds S]

Projected gradient descent on the population risk never leaves span{k*, v*, k₀, v₀}, so four coordinates
follow it exactly in any dimension. Stochastic descent leaves every span, but its five overlaps are a Markov
chain of their own: a batch shows them its projections on the span, and the rest of its gradients as a 2×2
Wishart matrix. Both are compared with descent in all dimensions. Exits 1 when a bar falls short.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import sqrt
from multiprocessing import get_context
from time import perf_counter

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.special import erf, owens_t

D, L, GAMMA, SEED = 400, 10, sqrt(0.5), 1
STOCHASTIC = {"d": 80, "noise": 0.1, "batch": 5}
Outcome = tuple[str, float, np.ndarray, np.ndarray]  # name, seconds, final overlaps, excess risks
Overlaps = np.ndarray  # rows κ, ν, θ, η, ρ; one column for each repeat


@dataclass(frozen=True)
class Experiment:
    """One configuration: where it starts, λ as a function of the step, step size and number of steps."""

    name: str
    on_manifold: bool
    temperature: Callable[[float], float]
    rate: float
    steps: int


@dataclass(frozen=True)
class Plan:
    """λ and step size, one for each repeat of several experiments that run side by side."""

    experiments: tuple[Experiment, ...]
    repeats: int

    def temperature(self, step: int) -> np.ndarray:
        return np.repeat([each.temperature(step) for each in self.experiments], self.repeats)

    @property
    def rate(self) -> np.ndarray:
        return np.repeat([each.rate for each in self.experiments], self.repeats)[:, None]


def falling(start: float, step: float) -> float:
    """The schedule of λ."""
    return start / (1 + 1e-4 * step)


POPULATION = (
    Experiment("(i) manifold, λ = 0.1", True, lambda step: 0.1, 4e-3, 20_000),
    Experiment("(ii) sphere, λ = 0.9", False, lambda step: 0.9, 1e-3, 120_000),
    Experiment("(iii) sphere, λ = 0.1", False, lambda step: 0.1, 4e-3, 20_000),
    Experiment("(iv) sphere, λ falls from 1", False, lambda step: falling(1.0, step), 4e-3, 120_000),
)
SGD = Experiment("(v) SGD, d = 80, λ falls from 2", False, lambda step: falling(2.0, step), 1e-3, 200_000)


def zeta(t: np.ndarray, g: float) -> np.ndarray:
    """E erf(t + gG)²."""
    return 1 - 8 * owens_t(sqrt(2) * t / np.sqrt(1 + 2 * g**2), 1 / np.sqrt(1 + 4 * g**2))


def derived(s: float) -> tuple[Callable, Callable]:
    """The excess risk and its five slopes, as the workbench derives them, compiled for numpy at the paper's sizes."""
    import sympy as sp

    from derivations.single_location import attention_risk as theorem
    from workbench.calculus.rules import partials

    letters = (theorem.kappa, theorem.nu, theorem.theta, theorem.eta, theorem.rho)
    sizes = {theorem.s: s, theorem.gamma: GAMMA, theorem.L: L, theorem.epsilon: 0}
    slopes = [slope.xreplace(sizes) for slope in partials(theorem.risk.formula, wrt=letters)]
    rooms = [{"erf": erf, "zeta_erf": zeta}, "numpy"]
    risk = sp.lambdify([letters, theorem.lam], theorem.risk.formula.xreplace(sizes), modules=rooms, cse=True)
    return risk, sp.lambdify([letters, theorem.lam], slopes, modules=rooms, cse=True)


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
    return np.stack([k[:, 0], v[:, 1], v[:, 0], k[:, 1], np.einsum("ij,ij->i", k, v)])


def descend(k: np.ndarray, v: np.ndarray, slopes: Callable, plan: Plan, first: int, last: int) -> tuple:
    """Projected gradient descent on the two spheres, in whatever dimension the vectors have."""
    for step in range(first, last):
        by_kappa, by_nu, by_theta, by_eta, by_rho = slopes(overlaps(k, v), plan.temperature(step))
        for_k, for_v = by_rho[:, None] * v, by_rho[:, None] * k
        for_k[:, 0] += by_kappa
        for_k[:, 1] += by_eta
        for_v[:, 0] += by_theta
        for_v[:, 1] += by_nu
        k, v = stepped(k, for_k, plan.rate), stepped(v, for_v, plan.rate)
    return k, v


def stepped(x: np.ndarray, slope: np.ndarray, rate: float | np.ndarray) -> np.ndarray:
    """One step down the tangent part of the slope, back on the sphere."""
    moved = x - rate * (slope - np.einsum("ij,ij->i", slope, x)[:, None] * x)
    return moved / np.sqrt(np.einsum("ij,ij->i", moved, moved))[:, None]


def population_runs(repeats: int) -> list[Outcome]:
    """The population experiments side by side, reduced; those that end early leave."""
    risk, slopes = derived(sqrt(D / 2))
    start, done, outcomes = perf_counter(), 0, []
    running = tuple(sorted(POPULATION, key=lambda each: each.steps))
    starts = [reduced(*sphere_start(D, repeats, each.on_manifold, SEED)) for each in running]
    k, v = (np.concatenate(parts) for parts in zip(*starts))
    while running:
        until = running[0].steps
        k, v = descend(k, v, slopes, Plan(running, repeats), done, until)
        ending = [each for each in running if each.steps == until]
        for each in ending:
            found = overlaps(k[:repeats], v[:repeats])
            risks = risk(found, each.temperature(until))
            outcomes.append((each.name, perf_counter() - start, found, risks))
            k, v = k[repeats:], v[repeats:]
        running, done = running[len(ending) :], until
    return outcomes


def chain_step(state: Overlaps, lam: float, rate: float, generator: np.random.Generator) -> Overlaps:
    """One step of SGD in overlaps: the batch's projections on the span of k, v, k*, v*, and a Wishart rest."""
    kappa, nu, theta, eta, rho = state
    d, batch, repeats, s = STOCHASTIC["d"], STOCHASTIC["batch"], len(kappa), sqrt(STOCHASTIC["d"] / 2)
    up = np.sqrt(1 - kappa**2 - eta**2)
    lean = (rho - kappa * theta - eta * nu) / up
    out = np.sqrt(np.maximum(1 - theta**2 - nu**2 - lean**2, 0))
    frame = np.stack([np.stack([kappa, eta, up, 0 * up], 1), np.stack([theta, nu, lean, out], 1)], 2)
    X = generator.standard_normal((repeats, batch, L, 4))
    X[:, :, 0] *= GAMMA
    X[:, :, 0, 0] += s
    scores, reads = np.moveaxis(X.reshape(repeats, -1, 4) @ frame, 2, 0).reshape(2, repeats, batch, L)
    weights = erf(lam * scores)
    label_noise = STOCHASTIC["noise"] * generator.standard_normal((repeats, batch))
    error = (X[:, :, 0, 1] + label_noise - np.sum(weights * reads, 2))[:, :, None] * (-2 / batch)
    pulls = np.stack([error * reads * (2 * lam / sqrt(np.pi)) * np.exp(-((lam * scores) ** 2)), error * weights], 1)
    inside = pulls.reshape(repeats, 2, -1) @ X.reshape(repeats, -1, 4)
    pulls[:, :, :, 0] *= GAMMA  # off the span the informative token has only its noise
    return regrouped(frame, inside, pulls.reshape(repeats, 2, -1), rate, d - 4, generator)


def regrouped(frame, inside, pulls, rate, freedom, generator) -> Overlaps:
    """The overlaps after the step, from gradients inside the span and the Wishart law of those off it."""
    (aa, ab), (_, bb) = np.moveaxis(pulls @ np.swapaxes(pulls, 1, 2), 0, 2)
    first, second = np.sqrt(generator.chisquare(freedom, len(aa))), np.sqrt(generator.chisquare(freedom - 1, len(aa)))
    length, cross = np.sqrt(aa), ab / np.sqrt(aa)
    mixed, own = cross * first, np.sqrt(np.maximum(bb - cross**2, 0))
    mixed = mixed + own * generator.standard_normal(len(aa))
    k, v = frame[:, :, 0], frame[:, :, 1]
    k = k - rate * (inside[:, 0] - np.einsum("ij,ij->i", inside[:, 0], k)[:, None] * k)
    v = v - rate * (inside[:, 1] - np.einsum("ij,ij->i", inside[:, 1], v)[:, None] * v)
    size_k = np.sqrt(np.einsum("ij,ij->i", k, k) + (rate * length * first) ** 2)
    size_v = np.sqrt(np.einsum("ij,ij->i", v, v) + rate**2 * (mixed**2 + (own * second) ** 2))
    rho = np.einsum("ij,ij->i", k, v) + rate**2 * length * first * mixed
    return np.stack([
        k[:, 0] / size_k, v[:, 1] / size_v, v[:, 0] / size_v, k[:, 1] / size_k, rho / (size_k * size_v),
    ])  # fmt: skip


def stochastic_run(repeats: int, steps: int) -> list[Outcome]:
    """The stochastic experiment as a chain of overlaps."""
    risk, _ = derived(sqrt(STOCHASTIC["d"] / 2))
    start, generator = perf_counter(), np.random.default_rng(SEED)
    state = overlaps(*sphere_start(STOCHASTIC["d"], repeats, SGD.on_manifold, SEED))
    for step in range(steps):
        state = chain_step(state, SGD.temperature(step), SGD.rate, generator)
    return [(SGD.name, perf_counter() - start, state, risk(state, SGD.temperature(steps)))]


def full_step(k: np.ndarray, v: np.ndarray, lam: float, rate: float, generator: np.random.Generator) -> tuple:
    """One step of SGD on whole tokens in R^80."""
    d, batch, repeats = STOCHASTIC["d"], STOCHASTIC["batch"], len(k)
    X = generator.standard_normal((repeats, batch, L, d))
    X[:, :, 0] *= GAMMA
    X[:, :, 0, 0] += sqrt(d / 2)
    scores, reads = (np.einsum("rbli,ri->rbl", X, vectors) for vectors in (k, v))
    weights = erf(lam * scores)
    answers = X[:, :, 0, 1] + STOCHASTIC["noise"] * generator.standard_normal((repeats, batch))
    error = (answers - np.sum(weights * reads, 2))[:, :, None] * (-2 / batch)
    bell = 2 * lam / sqrt(np.pi) * np.exp(-((lam * scores) ** 2))
    for_k, for_v = (np.einsum("rbl,rbli->ri", pull, X) for pull in (error * reads * bell, error * weights))
    return stepped(k, for_k, rate), stepped(v, for_v, rate)


def worst_gap(steps: int, repeats: int) -> tuple[float, float]:
    """How far the reduced descent strays from descent in R^400, and how many times faster it is."""
    _, slopes = derived(sqrt(D / 2))
    gap = reduced_time = full_time = 0.0
    for experiment in POPULATION:
        k, v = sphere_start(D, repeats, experiment.on_manifold, SEED)
        plan, start = Plan((experiment,), repeats), perf_counter()
        small = overlaps(*descend(*reduced(k, v), slopes, plan, 0, steps))
        middle = perf_counter()
        whole = overlaps(*descend(k, v, slopes, plan, 0, steps))
        reduced_time, full_time = reduced_time + middle - start, full_time + perf_counter() - middle
        gap = max(gap, float(np.abs(small - whole).max()))
    return gap, full_time / reduced_time


def chain_distance(repeats: int = 4_000, steps: int = 3) -> float:
    """How many standard errors the chain of overlaps is from SGD on whole tokens, in means and second moments."""
    k, v = (np.repeat(x, repeats, axis=0) for x in sphere_start(STOCHASTIC["d"], 1, False, SEED))
    state, rate, one, other = overlaps(k, v), 10 * SGD.rate, np.random.default_rng(2), np.random.default_rng(3)
    for _ in range(steps):
        state = chain_step(state, 0.5, rate, one)
        halves = [full_step(k[part], v[part], 0.5, rate, other) for part in np.array_split(np.arange(repeats), 8)]
        k, v = (np.concatenate(half) for half in zip(*halves))
    centre = state.mean(1, keepdims=True)
    samples = [np.concatenate([found - centre, (found - centre) ** 2]) for found in (state, overlaps(k, v))]
    gap = np.abs(samples[0].mean(1) - samples[1].mean(1))
    return float((gap / np.sqrt(sum(each.var(1) for each in samples) / repeats)).max())


@click.command()
@click.option("--repeats", default=30, show_default=True, help="Runs of each experiment.")
@click.option("--steps-compared", default=1_000, show_default=True, help="Steps on which R^4 is compared with R^400.")
@click.option("--seconds", default=60.0, show_default=True, help="The bar on the five experiments.")
@click.option("--sgd-steps", default=SGD.steps, show_default=True, help="Steps of the stochastic experiment.")
def main(repeats: int, steps_compared: int, seconds: float, sgd_steps: int) -> None:
    """Run the five experiments and compare them with descent in all dimensions."""
    console, start = Console(), perf_counter()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(stochastic_run, repeats, sgd_steps), pool.submit(population_runs, repeats)]
        rows = sorted((row for job in jobs for row in job.result()), key=lambda row: row[0])
    wall = perf_counter() - start
    table = Table("experiment", "seconds", "excess risk", "|κ|", "|ν|", "off the manifold")
    for name, time, found, risks in rows:
        sizes = [f"{np.mean(np.abs(row)):.4f}" for row in found[:2]]
        table.add_row(
            name, f"{time:.1f}", f"{np.mean(risks):.4f}", *sizes, f"{np.linalg.norm(found[2:], axis=0).mean():.1e}"
        )
    console.print(table)
    gap, ratio = worst_gap(steps_compared, repeats)
    distance = chain_distance()
    roundoff = steps_compared * np.finfo(float).eps * sqrt(D)
    console.print(f"five experiments in {wall:.1f} s on two cores (bar {seconds:.0f} s)")
    console.print(
        f"R^4 against R^{D} over {steps_compared} steps: {gap:.1e} (roundoff {roundoff:.1e}), {ratio:.0f}× faster"
    )
    console.print(f"overlaps against whole tokens in R^{STOCHASTIC['d']}: {distance:.1f} standard errors (bar 5)")
    short = [what for what, fails in {
        f"{wall:.1f} s": wall > seconds, f"a gap of {gap:.1e}": gap > roundoff, f"{distance:.1f} errors": distance > 5,
    }.items() if fails]  # fmt: skip
    console.print("falls short: " + ", ".join(short) if short else "every bar holds")
    sys.exit(bool(short))


if __name__ == "__main__":
    main()
