r"""When all skills share one head, their gradients add up in its read-out.

K skills with one coordinate each (skill k at frequency p_k, with the rule ρ_k) are answered by one head: read-out v,
and a key–query weight u_k for each. Gradient flow on

    L(v, u) = λ ρᵀPρ − 2λ² v ρᵀPu + cλ³ v² uᵀPu,    P = diag(p),    c = 1 + 2/N,

teaches the read-out all skills at once, and every key–query weight one of them. It never changes v² − |u|². All skills
are known where v u = ρ/(cλ), so that training ends, whatever the frequencies, at the read-out

    v² = (δ + √(δ² + 4|ρ|²/(cλ)²))/2,    δ = v₀² − |u₀|²:

the more a head knows, the louder it is. Skills of one frequency f help each other: from a balanced start in proportion
to ρ all emerge together, |ρ| = √K times (for rules ±1) as fast as one of them would in a head of its own, after

    t_K = ln(|ρ|/(cλg₀) − 1)/(2 f λ²|ρ|).

Source: derived here; the conservation law is that of linear networks (Saxe, McClelland & Ganguli, ICLR 2014)
"""

from sympy import ImmutableMatrix, OneMatrix, Rational, log, sqrt
from sympy.matrices.expressions.diagonal import DiagMatrix

from derivations.emergence.losses import K, N, V, lamda, language_loss, p, rules
from workbench import by, claim, dot, given, positive, recall, scalar, so, tr, vector
from workbench.calculus.rules import crossing, flow, gradient, minus, over, paired, partials, substitute

v, u, v0, u0 = scalar("v"), vector("u", K), scalar("v0"), vector("u0", K)
f, g, g0, t, y = (positive(name) for name in ("f", "g", "g0", "t", "y"))
P = DiagMatrix(p)
c = 1 + 2 / N
met, stored = tr(rules.T * P * u), tr(u.T * P * u)


def loss_of(c):
    """The loss of one head on the whole language."""
    return lamda * tr(rules.T * P * rules) - 2 * lamda**2 * v * met + c * lamda**3 * v**2 * stored


@claim(
    "expectation",
    "L(v, u)",
    rivals={"endless context": loss_of(1), "one trace counted": loss_of(1 + 1 / N), "skills add up": loss_of(c) * K},
)
def shared_loss():
    """Loss of one head on the whole language."""
    yield recall(language_loss)
    yield by(substitute, "one head for all skills", letters={V: v * DiagMatrix(u)})
    yield so("as forms of the frequencies", loss_of(c))


@claim(
    "gradient",
    "∂L/∂v",
    rivals={
        "factor 2 forgotten": c * lamda**3 * v * stored - lamda**2 * met,
        "endless context": 2 * lamda**3 * v * stored - 2 * lamda**2 * met,
        "skills forgotten": 2 * c * lamda**3 * v * dot(u, u) - 2 * lamda**2 * dot(rules, u),
    },
)
def read_out_gradient():
    """Gradient of the loss in the shared read-out: the sum over all skills."""
    yield recall(shared_loss)
    yield by(gradient, wrt=v)


@claim(
    "gradient",
    "∂L/∂u",
    rivals={
        "factor 2 forgotten": P * (c * lamda**3 * v**2 * u - lamda**2 * v * rules),
        "endless context": 2 * P * (lamda**3 * v**2 * u - lamda**2 * v * rules),
        "equal frequencies": 2 * c * lamda**3 * v**2 * u - 2 * lamda**2 * v * rules,
    },
)
def key_gradient():
    """Gradient of the loss in the key–query weight of a skill: zero as long as the read-out is zero."""
    yield recall(shared_loss)
    yield by(gradient, wrt=u)


start = v0**2 - dot(u0, u0)
wanted = dot(rules, rules) / (c * lamda) ** 2


def at_rest(start, wanted):
    """The square of a read-out with this v² − |u|² that knows what is wanted."""
    return (start + sqrt(start**2 + 4 * wanted)) / 2


@claim(
    "manifold",
    "d(v² − |u|²)",
    rivals={
        "read-out alone": v * read_out_gradient.formula,
        "sum of squares kept": 2 * v * read_out_gradient.formula,
        "one key for all": (K - 1) * v * read_out_gradient.formula,
    },
)
def balance():
    """Training conserves the difference of the squared norms of read-out and keys."""
    yield recall(key_gradient)
    yield by(paired, "half of what it does to |u|²", vector=u)
    yield by(minus, "and to v²", what=v * read_out_gradient.formula)
    yield so("zero", 0)


@claim(
    "fixed point",
    "v(∞)²",
    rivals={
        "balanced start": sqrt(wanted),
        "imbalance of the other sign": at_rest(-start, wanted),
        "sum of squares kept": at_rest(v0**2 + dot(u0, u0), wanted),
        "endless context": at_rest(start, dot(rules, rules) / lamda**2),
        "rules add up": at_rest(start, K * wanted),
    },
)
def read_out_at_rest():
    """Value of the shared read-out at the end of training, from any start."""
    yield given("the conserved quantity where the keys are ρ/(cλv), with y = v²", y - wanted / y - start)
    yield by(crossing, parameter=y)
    yield so("the positive root", at_rest(start, wanted))


length = sqrt(dot(rules, rules))
late = (2 * g0 * lamda * (N + 2)) ** 2 < N**2 * dot(rules, rules)  # so little is known at first that it emerges later


@claim(
    "critical scale",
    "t_K",
    rivals={
        "a head for each": log(length / (c * lamda * g0) - 1) * sqrt(K) / (2 * f * lamda**2 * length),
        "as often as any of them is met": log(length / (c * lamda * g0) - 1) / (2 * K * f * lamda**2 * length),
        "one factor trained": log(length / (c * lamda * g0) - 1) / (f * lamda**2 * length),
        "endless context": log(length / (lamda * g0) - 1) / (2 * f * lamda**2 * length),
    },
    hypotheses=(late,),
)
def shared_emergence_time():
    """Half-time of K skills of one frequency in one head (a half-time): earlier than in separate heads."""
    yield recall(shared_loss)
    yield by(substitute, "one frequency", letters={p: f * OneMatrix(K, 1)})
    yield by(substitute, "keys in proportion to the rules", letters={u: y * rules / length})
    rho = dot(rules, rules)
    yield so("in lengths", f * (lamda * rho - 2 * lamda**2 * v * y * length + c * lamda**3 * (v * y) ** 2))
    yield by(over, "half of it, along the negative gradient", what=-2)
    yield by(partials, wrt=(v, y))
    yield by(paired, "what they do to the product g = vy", vector=ImmutableMatrix([y, v]))
    yield by(substitute, "from a balanced start", letters={v: sqrt(g), y: sqrt(g)})
    yield so("logistic growth", 2 * f * lamda**2 * length * g * (1 - g * c * lamda / length))
    yield by(flow, unknown=g, time=t, initial=g0)
    yield by(over, "as a share of what will be known", what=length / (c * lamda))
    yield by(minus, "beyond one half", what=Rational(1, 2))
    delay = log(length / (c * lamda * g0) - 1) / (2 * f * lamda**2 * length)
    yield by(crossing, parameter=t, hypotheses=(late,), value=delay)
