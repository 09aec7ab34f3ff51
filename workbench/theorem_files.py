"""Theorem files: what a theorem file says of itself, read from its syntax tree without running it.

A claim is a function below a decorator `@claim(…)`, however the file calls `claim`. What the catalogue cannot
list (a file that is no Python, a claim inside a function or class) is a fault: a sentence that every command
says, so that nothing is passed over in silence.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from inspect import cleandoc
from pathlib import Path

KINDS = (
    "expectation", "gradient", "fixed point", "spectrum", "critical scale",
    "flow", "manifold", "rate", "inequality", "identity",
)  # fmt: skip
Defined = ast.FunctionDef | ast.AsyncFunctionDef
STATEMENTS = (ast.stmt, ast.excepthandler, ast.match_case)
# What a file may import that makes no claim, and what can make one unseen.
HARMLESS = (
    "__future__", "collections", "dataclasses", "fractions", "functools", "itertools", "math", "sympy", "typing",
)  # fmt: skip
UNSEEN = ("claim", "Claim", "claims", "*")
COMPUTED = ("__import__", "compile", "eval", "exec", "import_module")
TOP = "write @claim(…) above a function at the top level of derivations/CHAPTER/THEOREM.py"


@dataclass(frozen=True)
class Stated:
    """A claim as its file states it."""

    name: str
    kind: str
    title: str
    source: str
    line: int


@dataclass(frozen=True)
class Fault:
    """A place under derivations/ that the catalogue cannot list: what it would be called, and why not."""

    id: str
    sentence: str

    def concerns(self, name: str) -> bool:
        """Whether a name of a chapter, theorem or claim means this place, or something in it."""
        return self.id == name or self.id.startswith(f"{name}.") or name.startswith(f"{self.id}.")


@dataclass(frozen=True)
class Source:
    """A file under derivations/: its claims, its faults, and whether it may make claims that cannot be read."""

    path: Path
    id: str
    claims: tuple[Stated, ...] = ()
    faults: tuple[Fault, ...] = ()
    opaque: bool = False


def sources(root: Path, names: Collection[str] = ()) -> Iterator[Source]:
    """Every Python file under derivations/ (those that names may mean), in order.

    Folders whose name begins with a dot are somebody's leftovers.
    """
    wing = root / "derivations"
    for path in sorted(wing.rglob("*.py")):
        place = path.relative_to(wing)
        if not any(part.startswith((".", "__pycache__")) for part in place.parts):
            if not names or any(map(Fault(named(place), "").concerns, names)):
                yield read(path, place)


def named(place: Path) -> str:
    """The name of what stands in a file; place: where it stands under derivations/."""
    parts = place.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def read(path: Path, place: Path) -> Source:
    """One file; place: where it stands under derivations/."""
    parts, name = place.with_suffix("").parts, named(place)
    theorem = len(parts) == 2 and parts[-1] != "__init__"
    try:
        content = path.read_bytes()
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        said = f"{path} is not valid Python ({' '.join(str(error).split())}); mend it or move it out of derivations/"
        return Source(path, name, faults=(Fault(name, said),))
    except OSError as error:
        return Source(path, name, faults=(Fault(name, f"{path} cannot be read: {error.strerror}"),))
    stated, faults = stated_in(tree, path, name)
    if not theorem or name.count(".") > 1:
        misplaced = (Fault(f"{name}.{each.name}", f"{path}:{each.line}: the claim {each.name!r} stands in a file that "
                           f"is no theorem, so it is not verified; {TOP}") for each in stated)  # fmt: skip
        return Source(path, name, faults=(*faults, *misplaced), opaque=is_opaque(tree) and not stated)
    return Source(path, name, tuple(stated), tuple(faults), is_opaque(tree) and not stated)


def stated_in(tree: ast.Module, path: Path, name: str) -> tuple[list[Stated], list[Fault]]:
    """The claims of a file and what of them cannot be listed."""
    general, known = source_of(ast.get_docstring(tree) or ""), spellings(tree)
    stated, faults, seen = list[Stated](), list[Fault](), set[str]()
    for node, outermost in defined(tree):
        call = claim_call(node, known)
        if call is None:
            continue
        wrong = trouble_of(node, call, outermost, seen)
        if wrong:
            where = f"{path}:{node.lineno}: the claim {node.name!r}"
            faults.append(Fault(f"{name}.{node.name}", f"{where} {wrong}"))
        else:
            statement = cleandoc(ast.get_docstring(node) or "")
            title = statement.split("\n")[0] or node.name
            stated.append(Stated(node.name, kind_of(call), title, source_of(statement) or general, node.lineno))
        seen.add(node.name)
    return stated, faults


def trouble_of(node: Defined, call: ast.Call, outermost: bool, seen: set[str]) -> str:
    """Why a claim cannot be listed; empty when it can."""
    if not outermost:
        return f"is made inside a function or class, where it is not verified; {TOP}"
    if isinstance(node, ast.AsyncFunctionDef):
        return "is an async function, which yields no lines of a proof; write def"
    if node.name in seen:
        return "exists twice in its file, and only the last would be verified; rename one of the two"
    if not kind_of(call):
        return 'writes the kind of a claim as an expression; write it as text: @claim("rate", …)'
    return ""


def statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Every statement of a file, wherever it stands; expressions hold none."""
    queue: list[ast.AST] = [tree]
    while queue:
        queue += (found := [child for child in ast.iter_child_nodes(queue.pop()) if isinstance(child, STATEMENTS)])
        yield from found


def defined(tree: ast.Module) -> Iterator[tuple[Defined, bool]]:
    """Every function of a file in the order of lines, and whether it stands outside other functions and classes."""
    found, queue = [], [(child, True) for child in ast.iter_child_nodes(tree) if isinstance(child, STATEMENTS)]
    while queue:
        node, outermost = queue.pop()
        if isinstance(node, Defined):
            found.append((node, outermost))
        outermost = outermost and not isinstance(node, Defined | ast.ClassDef)
        queue += [(child, outermost) for child in ast.iter_child_nodes(node) if isinstance(child, STATEMENTS)]
    return iter(sorted(found, key=lambda pair: pair[0].lineno))


def spellings(tree: ast.Module) -> set[str]:
    """The plain names by which a file calls `claim`."""
    imported = [node for node in statements(tree) if isinstance(node, ast.ImportFrom)]
    names = {alias.asname or alias.name for node in imported for alias in node.names if alias.name == "claim"}
    for node in tree.body:  # statement = claim
        if isinstance(node, ast.Assign) and called(node.value) in {"claim", *names}:
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {"claim", *names}


def called(node: ast.AST) -> str:
    """The last name in a dotted name; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def claim_call(node: Defined, known: set[str]) -> ast.Call | None:
    """The `@claim(…)` that decorates a function, if any: by one of its plain names, or as an attribute."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            plain = isinstance(decorator.func, ast.Name) and decorator.func.id in known
            if plain or (isinstance(decorator.func, ast.Attribute) and decorator.func.attr == "claim"):
                return decorator
    return None


def kind_of(call: ast.Call) -> str:
    """The kind of a claim, where it is written as text."""
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "kind")]
    value = given[0].value if given and isinstance(given[0], ast.Constant) else ""
    return value if isinstance(value, str) else ""


def is_opaque(tree: ast.Module) -> bool:
    """Whether a file without a claim to be read could still make one: it has to be imported to know."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            ours = not node.level and (node.module or "").partition(".")[0] == "workbench"
            if ours and any(alias.name in UNSEEN for alias in node.names):
                return True
            if not ours and (node.level or (node.module or "").partition(".")[0] not in HARMLESS):
                return True
        elif isinstance(node, ast.Import):
            if any(alias.name.partition(".")[0] not in HARMLESS for alias in node.names):
                return True
        elif isinstance(node, ast.Call) and called(node.func) in COMPUTED:
            return True
    return False


def source_of(docstring: str) -> str:
    """What follows 'Source:' in a docstring, up to the next blank line."""
    _, found, rest = docstring.partition("Source:")
    return " ".join(rest.split("\n\n")[0].split()) if found else ""
