r"""A gated average forgets its start exponentially fast, and keeps an error even where answers have no noise.

The state of `gated_averages`, h ← a h + (1 − a) y x with y = w·x + σξ and x ~ N(0, I), begun anywhere: at what it read
of an earlier task, say. After T examples of the task w

    E|h_T − w|² = g + a²ᵀ(|h − w|² − g),        g = (1 − a)((d + 1)|w|² + dσ²)/(1 + a).

The floor g is what single examples say about other directions than the task: an average that forgets pays for them, a
delta rule (`delta_rule`) does not, whose floor vanishes with σ.

Source: derived here, for the layer of `gated_averages`
"""

from derivations.in_context.delta_rule import T, d, r, sigma, w, x, xi
from workbench import by, claim, dot, given, probability, so, vector
from workbench.calculus.rules import after_steps, crossing, minus, recursion

a = probability("a")
h = vector("h", d)

before, task = dot(h - w, h - w), dot(w, w)
spread = (d + 1) * task + d * sigma**2
floor = (1 - a) * spread / (1 + a)
read = {h: a * h + (1 - a) * x * (x.T * w + sigma * xi)}


@claim(
    "expectation",
    "E|h_T − w|²",
    rivals={
        "no floor": a ** (2 * T) * before + 0 * sigma,
        "means alone": a ** (2 * T) * before + d * sigma**2 * (1 - a) / (1 + a),
        "rate not squared": floor + a**T * (before - floor),
        "d for d + 1": a ** (2 * T) * before + (1 - a ** (2 * T)) * (1 - a) * d * (task + sigma**2) / (1 + a),
        "one example fewer": floor + a ** (2 * T - 2) * (before - floor),
    },
    regime=(T < 4,),
)
def many_examples():
    """Squared distance of a gated average from the task after T examples, from any start."""
    yield given("squared distance from the task", before)
    yield by(after_steps, "after T examples", update=read, times=T)
    yield so("above a floor", floor + a ** (2 * T) * (before - floor))


@claim(
    "fixed point",
    "E|h_∞ − w|²",
    rivals={
        "noise alone": d * sigma**2 * (1 - a) / (1 + a),
        "one example": (1 - a) ** 2 * spread,
        "as many examples as one over the rate": (1 - a) * spread,
        "d for d + 1": (1 - a) * d * (task + sigma**2) / (1 + a),
    },
)
def distance_kept():
    """Stationary squared distance of a gated average from its task, for long prompts."""
    yield given("squared distance from the task", before)
    yield by(recursion, "after one example, by its mean r before", update=read, means={r: before})
    yield by(minus, "as much as before", what=r)
    yield by(crossing, parameter=r)
    yield so("collected", floor)
