"""The theorem workbench: derive in SymPy, measure in torch, and judge the equals sign.

Derivations own the right-hand side of an equation, numerics own the left-hand side, and the
workbench owns the equals sign. Names are loaded when first used, so importing is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_ROOMS = {
    "workbench.letters": [
        "count", "dot", "eigenvalue", "form", "large", "matrix", "orthogonal", "overlap", "positive", "probability",
        "scalar", "size", "spd", "symmetric", "top_eigenvalue", "tr", "unit_vector", "vector",
    ],
    "workbench.laws": ["E", "gaussian"],
    "workbench.claims": ["assumed", "by", "claim", "given", "recall", "so"],
    "workbench.diagnosis.claims": ["diagnose"],
    "workbench.sessions.answers": ["check"],
    "workbench.sessions.magics": ["load_ipython_extension"],
    "workbench.sessions.sessions": ["session"],
    "workbench.showing.display": ["table"],
    "workbench.slopes": ["grad"],
    "workbench.judging.verification": ["conjecture", "verify"],
}  # fmt: skip
_HOME = {name: room for room, names in _ROOMS.items() for name in names}
__all__ = [*_HOME, "__version__"]  # type: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"the workbench has no {name!r}; it has {', '.join(sorted(_HOME))}")
    return getattr(import_module(_HOME[name]), name)
