"""The site: pages of theorems, scales and docstrings, with links that lead somewhere and nothing from a network."""

import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from workbench import __all__ as offered
from workbench.tables import __all__ as offered_for_tables

HOME = Path(__file__).resolve().parents[1]
# The kernel's own machinery (zmq, asyncio) warns about its future; the site is what is tested.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site of one chapter."""
    target = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        config = load_config(str(HOME / "mkdocs.yml"), site_dir=str(target), strict=True)
        config.extra["chapters"], config.extra["notebooks"] = ["language"], ["00_start_here"]
        build(config)
    return target


def test_every_theorem_has_a_page_with_its_claims_and_every_critical_scale_is_listed(site):
    page = (site / "theorems" / "language" / "grammars" / "index.html").read_text(encoding="utf-8")
    assert "critical_rate (critical scale)" in page and "<math" in page and "$$" not in page
    scales = (site / "scales" / "index.html").read_text(encoding="utf-8")
    assert "language.grammars.critical_rate" in scales and "../theorems/language/grammars/" in scales


def test_every_name_that_is_offered_is_documented(site):
    reference = (site / "reference" / "index.html").read_text(encoding="utf-8")
    assert [name for name in offered if not name.startswith("_") and f".{name}" not in reference] == []
    assert [name for name in offered_for_tables if f".{name}" not in reference] == []


def test_a_notebook_is_shown_as_it_ran_and_its_pictures_lead_to_it(site):
    page = (site / "notebooks" / "00_start_here" / "index.html").read_text(encoding="utf-8")
    assert page.count("class='shown'") + page.count('class="shown"') >= 6 and "Answer(" not in page
    assert re.findall(r'<img[^>]+src="[^"]*00_start_here-1.png"', page)
    gallery = (site / "gallery" / "index.html").read_text(encoding="utf-8")
    assert 'href="../notebooks/00_start_here/"' in gallery and "00_start_here-1.png" in gallery
    assert 'href="../notebooks/00_start_here/"' in (site / "syllabus" / "index.html").read_text(encoding="utf-8")


def test_nothing_is_asked_of_a_network(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?://', text) == [], page
