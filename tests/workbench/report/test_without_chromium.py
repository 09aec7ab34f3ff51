"""Where no Chromium starts, the page is not looked at; this file takes the place of test_in_chromium.py and says so."""


def test_no_chromium_was_found_so_figures_filters_and_colours_were_not_looked_at_only_parsed(
    parsed, verdicts, executable
):
    assert executable is None
    names = {a["id"] for _, a in parsed.elements if "id" in a}
    assert {"words", "chapter", "kind", "status", "shown", "nothing", "all", "filters"} <= names
    assert parsed.count("math") > len(verdicts) and len(parsed.with_class("claimed")) > len(verdicts)
    script, style = parsed.texts["script"][0], parsed.texts["style"][0]
    assert all(f'"{name}"' in script for name in ("words", "shown", "nothing", "all", "filters"))
    assert "prefers-color-scheme: dark" in style and "max-width: 46rem" in style
