"""The page as a reader sees it: drawn, filtered and clicked in headless Chromium."""

import pytest
from playwright.sync_api import sync_playwright

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser(executable):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, index):
    """Open the report; whatever it complains of or asks for is kept beside it."""
    contexts = []

    def visit(place="", viewport=DESK, **options):
        context = browser.new_context(viewport=viewport, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.requests = [], []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(f"{index.as_uri()}{place}")
        page.evaluate("document.fonts.ready")
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def page(opened):
    """The report, opened; a test that uses it also asks that nothing is complained of and no request leaves."""
    page = opened()
    yield page
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith("data:")] == [page.url.partition("#")[0]]


def shown(page):
    """The claims whose articles are seen."""
    return sorted(article.get_attribute("id") for article in page.locator("article").all() if article.is_visible())


def test_every_claim_has_its_figure_with_theory_on_measurement(page, verdicts):
    for verdict in verdicts:
        figure = page.locator(f'[id="{verdict.claim}"] svg.against')
        figure.scroll_into_view_if_needed()
        box = figure.bounding_box()
        assert box["width"] > 150 and box["height"] > 150
        dots = figure.locator("circle")
        assert dots.count() == sum(len(instance["measured"]) for instance in verdict.instances)
        for dot in dots.all():
            place = dot.bounding_box()
            assert box["x"] < place["x"] < box["x"] + box["width"] and box["y"] < place["y"] < box["y"] + box["height"]


def test_mathematics_is_drawn_in_letters_that_the_page_brings(page):
    assert page.evaluate("document.fonts.check('16px \"STIX Two Math\"', 'α√')")
    assert [font["status"] for font in page.evaluate("[...document.fonts].map(f => ({status: f.status}))")] == [
        "loaded"
    ]
    article = page.locator("article").first
    for formula in article.locator("math").all():
        box = formula.bounding_box()
        assert box["width"] > 3 and box["height"] > 8
    fraction = page.locator(".card mfrac").first
    over, under = (fraction.locator(f"> :nth-child({n})").bounding_box() for n in (1, 2))
    assert over["y"] + over["height"] <= under["y"] + 1


def test_a_bracket_grows_with_what_it_embraces(page):
    heights = page.evaluate("""() => [1, 3].map(depth => {
        const inner = depth > 1 ? "<mfrac><mn>1</mn><mfrac><mn>2</mn><mn>3</mn></mfrac></mfrac>" : "<mn>1</mn>";
        document.body.insertAdjacentHTML("beforeend", `<math displaystyle="true"><mrow>
            <mo stretchy="true" fence="true" form="prefix">(</mo>${inner}</mrow></math>`);
        return document.body.lastElementChild.querySelector("mo").getBoundingClientRect().height;
    })""")
    assert heights[1] > 1.8 * heights[0]


def test_a_root_is_drawn_around_what_it_is_the_root_of(page):
    widths = page.evaluate("""() => ["<mi>d</mi>", "<msqrt><mi>d</mi></msqrt>"].map(inner => {
        document.body.insertAdjacentHTML("beforeend", `<math><mrow>${inner}</mrow></math>`);
        return document.body.lastElementChild.getBoundingClientRect().width;
    })""")
    assert widths[1] > 1.5 * widths[0]


def test_a_script_in_a_statement_is_read_and_not_run(page):
    assert page.title().startswith("Theorem workbench")
    heading = page.locator('[id="scales.spheres.length"] h3').text_content()
    assert heading == 'The mean squared length <script>document.title = "owned"</script> is a trace.'
    assert page.locator("article script, article img, article b, article i").count() == 0


def test_words_filter_the_claims_and_whatever_shows_them(page, verdicts):
    page.fill("#words", "ONSET scale")
    assert shown(page) == ["scales.spheres.onset"]
    assert page.locator("#shown").inner_text() == f"1 of {len(verdicts)}"
    assert page.locator(".card").is_visible() and not page.locator("#others").is_visible()
    assert page.locator(".node:not(.off)").count() == page.locator("tr[data-claim]:not(.off)").count() == 1
    page.fill("#words", "guess")
    assert shown(page) == ["scales.spheres.guess"] and not page.locator("#critical-scales").is_visible()
    page.fill("#words", "")
    assert len(shown(page)) == len(verdicts)


@pytest.mark.parametrize(
    ("choice", "option", "left"),
    [
        ("chapter", "others", ["others.balls.pair"]),
        ("kind", "critical scale", ["scales.spheres.onset"]),
        ("status", "refuted", ["scales.spheres.guess"]),
        ("status", "undecided", ["scales.spheres.silence"]),
    ],
)
def test_claims_are_filtered_by_chapter_kind_and_status(page, choice, option, left):
    page.select_option(f"#{choice}", option)
    assert shown(page) == left


def test_when_nothing_is_left_the_page_says_so_and_shows_everything_again(page, verdicts):
    page.fill("#words", "spheres")
    page.select_option("#chapter", "others")
    page.select_option("#status", "refuted")
    assert shown(page) == [] and page.locator("#nothing").is_visible()
    page.click("#all")
    assert len(shown(page)) == len(verdicts) and not page.locator("#nothing").is_visible()


def test_a_claim_in_the_map_leads_to_its_article_even_when_that_is_filtered_out(page):
    page.select_option("#chapter", "scales")
    page.locator('.node[data-claim="scales.spheres.growth"] rect').click()
    assert page.url.endswith("#scales.spheres.growth")
    page.select_option("#chapter", "others")
    page.evaluate("location.hash = 'scales.spheres.onset'")
    page.locator('[id="scales.spheres.onset"] h3').wait_for()
    page.wait_for_function(
        "Math.abs(document.getElementById('scales.spheres.onset').getBoundingClientRect().top) < 300"
    )


def test_pointing_at_a_claim_lights_what_it_builds_on_and_what_uses_it(page):
    page.locator('.node[data-claim="scales.spheres.growth"] rect').hover()
    lit = {(edge.get_attribute("data-from"), edge.get_attribute("data-to")) for edge in page.locator(".edge.lit").all()}
    assert lit == {
        ("scales.spheres.length", "scales.spheres.growth"), ("scales.spheres.growth", "scales.spheres.silence"),
    }  # fmt: skip


def test_a_slash_begins_the_search(page):
    page.keyboard.press("/")
    page.keyboard.type("pair")
    assert shown(page) == ["others.balls.pair"]


def test_statuses_have_colours_and_marks_of_their_own(page):
    colours = {}
    for name in ("length", "guess", "silence"):
        node = page.locator(f'#scales .node[data-claim="scales.spheres.{name}"]')
        colour = node.locator("rect").evaluate("rect => getComputedStyle(rect).stroke")
        colours[colour] = node.locator(".mark").text_content()
    assert sorted(colours.values()) == sorted("✓✗?")


LUMINANCES = """() => ['color', 'backgroundColor'].map(name => {
    const [r, g, b] = getComputedStyle(document.body)[name].match(/[0-9.]+/g).map(Number);
    return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_light_and_the_dark(opened, scheme):
    page = opened(color_scheme=scheme)
    ink, paper = page.evaluate(LUMINANCES)
    assert (paper - ink > 0.7) if scheme == "light" else (ink - paper > 0.7)
    label = page.locator("svg.against text").first.evaluate("text => getComputedStyle(text).fill")
    assert label == page.evaluate("getComputedStyle(document.body).color")


def test_a_telephone_scrolls_the_page_in_one_direction_only(opened):
    page = opened(viewport=PHONE, is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for part in ("article", ".card", "#filters", "dl"):
        box = page.locator(part).first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    size = page.locator("article p, article dd").first.evaluate("text => parseFloat(getComputedStyle(text).fontSize)")
    assert size >= 12


def test_the_policy_of_the_page_stops_a_script_that_is_not_its_own(opened):
    """Were something not escaped, it would still not run."""
    page = opened()
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "document.title = 'owned'";
        document.body.append(script);
        const image = new Image();
        image.src = "https://example.org/x.png";
        document.body.append(image);
    }""")
    page.wait_for_timeout(200)
    assert page.title().startswith("Theorem workbench") and len(page.complaints) == 2
    assert all("Content Security Policy" in complaint for complaint in page.complaints)
