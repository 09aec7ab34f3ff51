"""Magics: `%load_ext workbench`, and a statement is judged in a notebook as it is written on paper.

%check E[X*X.T] == N*Sigma

%%check A: symmetric d; N > d + 3
E[tr(inv(X*X.T)*A)] == tr(A*inv(Sigma))/(N - d - 1)
"""

from __future__ import annotations

import sys
from typing import Any

from workbench.errors import BadInput
from workbench.sessions.answers import Answer, check


def judged(line: str, cell: str | None = None) -> Answer | None:
    """%check STATEMENT, or %%check DECLARATIONS with the statement under it; what is not understood is said."""
    statement, where = (line, "") if cell is None else (" ".join(cell.split()), line)
    try:
        return check(statement, where)
    except BadInput as problem:
        print(f"workbench: {problem}", file=sys.stderr)
        return None


def load_ipython_extension(shell: Any) -> None:
    """Teach a notebook the magics `%check` and `%%check`."""
    shell.register_magic_function(judged, "line_cell", "check")
