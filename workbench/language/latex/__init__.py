r"""LaTeX as papers write it, in the notation that is typed here.

    \frac{1}{N} \operatorname{tr}(\Sigma A^\top)    →   ((1)/(N))*tr(Sigma*A.T)
    \mathbb{E}\left[\|x\|^2\right]                  →   E[norm(x)**(2)]

Letters side by side are a product. What has two readings, a/b c or \log x y, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from workbench.errors import BadInput


def is_latex(text: str) -> bool:
    """Whether a text is LaTeX: it has a command, or braces after a caret or an underscore."""
    return bool(re.search(r"\\[A-Za-z,;|{]|[_^]\{(?!T\})", text))


def typed(text: str, known: Collection[str] = ()) -> str:
    """LaTeX in the notation that is typed here; known: names that are letters already.

    Raises BadInput for a command that has no meaning here, and for what has two readings.
    """
    from workbench.language.latex.reading import Paper  # they load SymPy, which only LaTeX needs here
    from workbench.language.latex.tokens import bare, tokens

    paper = Paper(tokens(text, known), {bare(name): name for name in known})
    try:
        written = paper.sequence()
    except RecursionError:
        raise BadInput("this LaTeX is nested too deeply; write it flatter") from None
    if paper.next:
        raise BadInput(f"{paper.next!r} closes nothing in this LaTeX; balance its brackets")
    return written
