"""README and CONTRIBUTING say what the house is like now."""

import re
import runpy
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
PAGES = runpy.run_path(str(HOME / "docs" / "refresh.py"))
WRITTEN = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md", "docs/glossary.md"]


def text(page: str) -> str:
    return (HOME / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES["PAGES"])
def test_what_a_page_shows_of_the_house_is_current(page):
    assert text(page) == PAGES["current"](page), f"{page} is out of date: run python docs/refresh.py"


def test_a_claim_that_the_table_does_not_count_is_noticed():
    stale = text("README.md").replace("| **", "| **1")
    assert PAGES["filled"]("README.md", stale) != stale


def test_a_page_that_lost_its_place_for_a_part_is_noticed():
    with pytest.raises(LookupError, match="chapters"):
        PAGES["filled"]("README.md", "no place here")


@pytest.mark.parametrize("page", WRITTEN)
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", text(page))
    assert [link for link in links if not (HOME / page).parent.joinpath(link).exists()] == []


def test_every_command_in_the_readme_exists_with_the_options_it_names():
    from workbench.cli import cli

    options = {"--help", "-h"} | {o for c in cli.commands.values() for p in c.params for o in p.opts}
    rows = [line for line in text("README.md").splitlines() if line.startswith("| `workbench ")]
    assert len(rows) == len(cli.commands)
    assert {o for row in rows for o in re.findall(r"--[a-z]+", row)} <= options
    assert {re.match(r"\| `workbench (\w+)", row)[1] for row in rows} == set(cli.commands)


def test_the_makefile_has_the_commands_that_the_readme_promises():
    promised = set(re.findall(r"\bmake (verify|test|lab)\b", text("README.md")))
    assert promised == {"verify", "test", "lab"}
    assert all(re.search(rf"^{target}:", text("Makefile"), re.MULTILINE) for target in promised)
