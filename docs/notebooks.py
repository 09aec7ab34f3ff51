"""Pages of the site that are notebooks, executed while the site is built: prose, code, and what the code showed.

Every notebook runs in a kernel of its own, two at once. Its pictures make the gallery.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jupytext
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from nbclient import NotebookClient

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
MINUTES = 10  # after which a cell has hung
Page = tuple[str, dict[str, bytes]]  # Markdown, and pictures by name


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """A section of the site behind its start."""
    pages = [f"notebooks/{name}.md" for name in asked(config)]
    config.nav = [*(config.nav or [])[:1], {"Notebooks": ["gallery.md", *pages]}, *(config.nav or [])[1:]]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each notebook that is asked for, and the gallery."""
    names = asked(config)
    with ThreadPoolExecutor(2) as kernels:
        pages = dict(zip(names, kernels.map(page_of, names)))
    for name, (text, pictures) in pages.items():
        files.append(File.generated(config, f"notebooks/{name}.md", content=text))
        for picture, content in pictures.items():
            files.append(File.generated(config, f"notebooks/{picture}", content=content))
    files.append(File.generated(config, "gallery.md", content=gallery(pages)))
    return files


def asked(config: MkDocsConfig) -> list[str]:
    """The examples that are notebooks, or those of them that the configuration names."""
    found = sorted(path.stem for path in EXAMPLES.glob("*.py") if "# %%" in path.read_text(encoding="utf-8"))
    named = config.extra.get("notebooks")
    return [name for name in found if named is None or name in named]


def page_of(name: str) -> Page:
    """A notebook, executed, as a page."""
    notebook = jupytext.read(EXAMPLES / f"{name}.py")
    with TemporaryDirectory() as folder:
        cells = NotebookClient(notebook, timeout=60 * MINUTES, kernel_name="python3").execute(cwd=folder).cells
    pictures: dict[str, bytes] = {}
    return "\n\n".join(part for cell in cells for part in parts_of(cell, name, pictures)) + "\n", pictures


def parts_of(cell: Any, name: str, pictures: dict[str, bytes]) -> Iterator[str]:
    """A cell in Markdown, and below it what it showed."""
    if cell.cell_type != "code":
        yield cell.source
        return
    yield f"```python\n{cell.source}\n```"
    for output in cell.outputs:
        data = output.get("data", {"text/plain": output.get("text", "")})
        if "image/png" in data:
            picture = f"{name}-{len(pictures) + 1}.png"
            pictures[picture] = b64decode(data["image/png"])
            yield f"![what the cell above draws]({picture})"
        elif "text/html" in data:
            yield f"<div class='shown'>{unbroken(data['text/html'])}</div>"
        else:
            yield f"```text\n{data.get('text/plain', '').rstrip()}\n```"


def unbroken(html: str) -> str:
    """What a cell showed, so that Markdown leaves it alone, and a dollar stays one."""
    return " ".join(html.replace("$", "&#36;").split())


def gallery(pages: dict[str, Page]) -> str:
    """All pictures, each leading to its notebook."""
    rows = ["# Gallery", "", "What the notebooks draw; a picture leads to the notebook that explains it.", ""]
    for name, (_, pictures) in pages.items():
        rows += [f"[![from {name}](notebooks/{picture})](notebooks/{name}.md)" for picture in pictures]
    return "\n".join(rows) + "\n"
