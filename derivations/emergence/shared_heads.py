r"""When all skills share one head, their lessons meet in its read-out.

K skills with one coordinate each (skill k at frequency p_k, with the rule ρ_k) are answered by one head: read-out v,
and a key–query weight u_k for each. Gradient flow on

    L(v, u) = λ ρᵀPρ − 2λ² v ρᵀPu + cλ³ v² uᵀPu,    P = diag(p),    c = 1 + 2/N,

teaches the read-out all skills at once, and every key–query weight one of them.

Source: derived here
"""

from sympy.matrices.expressions.diagonal import DiagMatrix

from derivations.emergence.losses import K, N, V, lamda, language_loss, p, rules
from workbench import by, claim, dot, recall, scalar, so, tr, vector
from workbench.calculus.rules import gradient, substitute

v, u = scalar("v"), vector("u", K)
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
    """The error of one head on the whole language."""
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
    """What all skills together teach the read-out."""
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
    """What each skill teaches its key–query weight: nothing, as long as the read-out is zero."""
    yield recall(shared_loss)
    yield by(gradient, wrt=u)
