"""The parts of README, CONTRIBUTING and the glossary that the house knows better than their author.

python docs/refresh.py        rewrites what stands between <!-- name --> and <!-- end -->
"""

import ast
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from string import Template

from workbench import scaffolds
from workbench.catalogue import Entry, builtin
from workbench.glossary import WORDS
from workbench.showing.describing import describe

HOME = Path(__file__).resolve().parents[1]
SHOWN = "in_context.one_layer.context_moment"  # the theorem that the README tells end to end
SKELETON = {"chapter": "pca", "theorem": "rank_one"}


def chapters() -> str:
    """The table of chapters, their theorems and how many claims of which kind they hold."""
    lines = ["| chapter | theorems | claims | of these |", "|---|---|---|---|"]
    entries = builtin().entries
    for chapter in sorted({entry.parts[0] for entry in entries}):
        own = [entry for entry in entries if entry.parts[0] == chapter]
        kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(entry.kind for entry in own).most_common())
        theorems = ", ".join(f"`{name}`" for name in dict.fromkeys(entry.parts[1] for entry in own))
        lines.append(f"| [{chapter}](examples/{chapter}.py) | {theorems} | {len(own)} | {kinds} |")
    return "\n".join([*lines, f"| | | **{len(entries)}** | |"])


def shown() -> Entry:
    return builtin().claim(SHOWN)


def function(path: Path, name: str) -> str:
    """The source of a function with its decorators, as a block of code."""
    text = path.read_text(encoding="utf-8")
    (node,) = [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == name]
    start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return block("\n".join(text.splitlines()[start - 1 : node.end_lineno]), "python")


def skeleton(part: str) -> str:
    """A file that `workbench new` writes, with its place above it."""
    text = Path(scaffolds.__file__).with_name(part).read_text(encoding="utf-8")
    place = scaffolds.PLACES[part].format(**SKELETON)
    return f"`{place}`\n\n" + block(Template(text).substitute(SKELETON).rstrip(), "python")


def block(text: str, language: str = "text") -> str:
    return f"```{language}\n{text}\n```"


PAGES: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {
        "chapters": chapters,
        "derivation": lambda: function(shown().derivation, shown().parts[2]),
        "twin": lambda: function(shown().twin, shown().parts[2]),
        "proof": lambda: block(describe(shown()).split("\nrivals that must fail:")[0].rstrip()),
    },
    "docs/glossary.md": {"words": lambda: "\n".join(f"- **{word}**: {says}" for word, says in WORDS.items())},
    "CONTRIBUTING.md": {
        "derivation": lambda: skeleton("derivation.template"),
        "twin": lambda: skeleton("twin.template"),
        "hand cases": lambda: skeleton("hand_cases.template"),
    },
}


def current(page: str) -> str:
    """A page with every known part as the house has it now."""
    return filled(page, (HOME / page).read_text(encoding="utf-8"))


def filled(page: str, text: str) -> str:
    """The text of a page with its parts filled in. Raises LookupError when a part has no place."""
    for name, part in PAGES[page].items():
        place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not place.search(text):
            raise LookupError(
                f"{page} has no place for {name!r}: write <!-- {name} --> and <!-- end --> on their own lines"
            )
        text = place.sub(lambda found, part=part: f"{found[1]}{part()}\n{found[2]}", text)
    return text


if __name__ == "__main__":
    for page in PAGES:
        (HOME / page).write_text(current(page), encoding="utf-8")
