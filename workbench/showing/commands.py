"""The command `export`: a chapter as an article or a page."""

from __future__ import annotations

from pathlib import Path

import click

from workbench.catalogue import catalogue_for
from workbench.errors import BadInput
from workbench.limits import CLAIM, told


@click.command(short_help="A chapter, theorem or claim as a LaTeX article or a Markdown page.")
@click.argument("name", metavar="NAME|PATH")
@click.argument("target", required=False, type=click.Path(dir_okay=False, path_type=Path), metavar="[FILE]")
@click.option("--to", "form", type=click.Choice(["latex", "markdown"]), help="The form; by default what FILE ends in.")
def export(name: str, target: Path | None, form: str | None) -> None:
    """Write a chapter, a theorem or a claim with all its proofs.

    \b
    workbench export in_context in_context.tex      an article that needs amsmath alone
    workbench export pca.spikes pca.md
    workbench export pca.spikes --to latex          shown, not written

    NAME is a chapter, theorem or claim; PATH is a folder with derivations/ and numerics/ in it.
    Every line of a proof stands with its rule and with the grade of its exact check.
    """
    catalogue, rest = catalogue_for([name])
    entries = catalogue.select(rest)
    for fault in catalogue.faults(rest):
        raise BadInput(fault)
    with told(CLAIM, "workbench.showing.documents"):
        from workbench.showing import documents

        document = documents.of_entries(name, entries)
        if target is None:
            click.echo(documents.FORMS[form or "markdown"](document), nl=False)
        else:
            click.echo(f"wrote {documents.write(document, target, form)}")
