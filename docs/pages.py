"""Pages of the site that are made from the catalogue, the docstrings and the files at the top of the repository.

Formulas become MathML here, so that a page needs neither a script nor a network to show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from workbench.catalogue import Entry, builtin
from workbench.doors import behind
from workbench.showing.documents import as_markdown, of_entries
from workbench.showing.mathematics import mathematics

HOME = Path(__file__).resolve().parents[1]
FRONT = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
OURS = {
    **FRONT,
    "docs/architecture.md": "architecture.md",
    "docs/glossary.md": "glossary.md",
    "docs/syllabus.md": "syllabus.md",
}
CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
DISPLAYED, WITHIN = re.compile(r"\$\$(.+?)\$\$", re.DOTALL), re.compile(r"\$([^$\n]+)\$")
LINK = re.compile(r"\[([^\]]*)\]\((?!https?://|#)([^)#\s]+)(#[^)]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The order of the pages: a start, the theorems by chapter, what can be called, how it is built."""
    chapters = {
        chapter: [{theorem_of(name): place(name)} for name, _ in theorems]
        for chapter, theorems in groupby(theorems_of(config), key=lambda found: found[0].split(".")[0])
    }
    config.nav = [
        {"Start": ["index.md", "syllabus.md", "frontier.md"]},
        {"Theorems": [{"Critical scales": "scales.md"}, *({name: pages} for name, pages in chapters.items())]},
        {"Reference": [{"Laws": "laws.md"}, {"Python": "reference.md"}, {"Words": "glossary.md"}]},
        {"How it is built": ["architecture.md", "contributing.md", "changelog.md"]},
    ]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made."""
    for source, target in FRONT.items():
        files.append(File.generated(config, target, content=(HOME / source).read_text(encoding="utf-8")))
    for name, entries in theorems_of(config):
        files.append(File.generated(config, place(name), content=theorem(name, entries)))
    files.append(File.generated(config, "scales.md", content=scales(config)))
    files.append(File.generated(config, "reference.md", content=reference()))
    return files


def on_page_markdown(markdown: str, page: Any, config: MkDocsConfig, files: Files) -> str:
    """Formulas as MathML, and links between files of the repository as links between pages."""
    parts = CODE.split(markdown)
    at = page.file.src_uri
    return "".join(part if place % 2 else drawn(relinked(part, at, files)) for place, part in enumerate(parts))


def drawn(text: str) -> str:
    text = DISPLAYED.sub(lambda found: f'<div class="formula">{mathematics(found[1].strip())}</div>', text)
    return WITHIN.sub(lambda found: str(mathematics(found[1])), text)


def relinked(text: str, page: str, files: Files) -> str:
    """Links to pages of the site lead there; what has no page is named and not linked."""
    notebooks = {f"examples/{Path(name).stem}.py": name for name in files.src_uris if name.startswith("notebooks/")}
    ours = {**OURS, **notebooks}

    def link(found: re.Match[str]) -> str:
        words, target, anchor = found[1], found[2], found[3] or ""
        if (Path(page).parent / target).as_posix() in files.src_uris:
            return found[0]
        folder = "" if page in FRONT.values() else "docs"
        there = ours.get((Path(folder) / target).as_posix()) or ours.get(target.removeprefix("../"))
        return f"[{words}]({there}{anchor})" if there else target if found[0].startswith("!") else words

    return LINK.sub(link, text)


def theorems_of(config: MkDocsConfig) -> Iterator[tuple[str, list[Entry]]]:
    """The theorems that the site shows, with their claims."""
    asked = config.extra.get("chapters") or []
    entries = [entry for entry in builtin().entries if not asked or entry.parts[0] in asked]
    for name, claims in groupby(entries, key=lambda entry: ".".join(entry.parts[:2])):
        yield name, list(claims)


def theorem(name: str, entries: list[Entry]) -> str:
    """The page of a theorem, whose only section needs no title of its own."""
    return as_markdown(of_entries(name, entries)).replace(f"## {name}\n\n", "", 1)


def theorem_of(name: str) -> str:
    return name.split(".")[1].replace("_", " ")


def place(name: str) -> str:
    """Where the page of a theorem is."""
    return f"theorems/{name.replace('.', '/')}.md"


def scales(config: MkDocsConfig) -> str:
    """Every critical scale of the catalogue, by chapter."""
    rows = ["# Critical scales", "", "Where behaviour changes: every claim of this kind, chapter by chapter.", ""]
    for name, entries in theorems_of(config):
        found = [entry for entry in entries if entry.kind == "critical scale"]
        rows += [f"- [{entry.id}]({place(name)}): {entry.title}" for entry in found]
    return "\n".join(rows) + "\n"


def reference() -> str:
    """What `workbench` and its tables offer to theorem files and notebooks, from the docstrings."""
    return "# What `workbench` offers\n" + "\n".join(map(offered, ("workbench", "workbench.tables")))


def offered(package: str) -> str:
    """What is imported from a package, in alphabetical order."""
    door = behind((HOME / package.replace(".", "/") / "__init__.py").read_bytes())
    names = sorted(door.items(), key=lambda found: found[0].lower())
    text = f"\n## `{package}`\n\nImport each of these from `{package}`.\n"
    return text + "".join(f"\n::: {module}.{name}\n" for name, module in names)
