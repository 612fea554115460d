"""What all explorers share: on a page made for the test controls, the spoken sentence and words for broken data; and
what holds for every explorer of the book, in every state."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

SITE = Path(__file__).parents[3] / "_build" / "html"
PAGE = """<!doctype html><html lang="en" data-theme="light"><head><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="_static/favicon.svg"><link rel="stylesheet" href="_static/explorers/explorer.css">
<script type="module">
import {mount, axes, linear, log, styles, number} from "./_static/explorers/explorer.js";
window.number = number;
window.ticks = (kind, low, high, count) => (kind === "log" ? log : linear)(low, high).ticks(count);
mount("parabola", (explorer) => {
  const {curve} = explorer.need("curve");
  explorer.title("A parabola");
  const x = explorer.slider({label: "x", min: -2, max: 2, step: 0.1, value: 1});
  const sign = explorer.buttons({label: "Sign", options: [{value: 1, label: "plus"}, {value: -1, label: "minus"}],
    value: 1});
  const lines = explorer.buttons({label: "Lines", many: true, options: [{value: "a", label: "a", style: styles[0]},
    {value: "b", label: "b", style: styles[1]}], value: ["a", "b"]});
  const stage = explorer.stage({label: "The parabola", pick: (at) => x.set(at)});
  explorer.show(() => {
    if (x.value === 2) throw new Error("2 is too much");
    const plot = axes(stage, {x: linear(-2, 2), y: linear(-4, 4), xlabel: "x", title: "square"});
    plot.line(curve, styles[0]);
    return `x ${number(x.value)}, square ${number(sign.value * x.value ** 2)}, lines ${lines.value.join(" and ")}`;
  });
});
</script></head><body><main><h1>A page</h1><div class="explorer" data-kind="parabola">
<p class="explorer-summary">A parabola, in words.</p><table class="explorer-table"><tr><td>1</td></tr></table>
<script type="application/json">DATA</script></div></main></body></html>"""
CURVE = '{"curve": [[-2, 4], [-1, 1], [0, 0], [1, 1], [2, 4]]}'


@pytest.fixture
def opened(site):
    """opened(page, data): shows the page with this text as the explorer's data."""
    def opened(page, data=CURVE):
        address = f"{site}/explorer-for-a-test.html"
        page.route(address, lambda route: route.fulfill(body=PAGE.replace("DATA", data), content_type="text/html"))
        page.goto(address)
        return page.locator(".explorer")
    return opened


def test_keys_reach_every_control_and_the_sentence_follows(page, opened):
    explorer = opened(page)
    says = explorer.locator(".explorer-summary")
    expect(says).to_have_text("x 1, square 1, lines a and b")
    page.keyboard.press("Tab")
    expect(page.get_by_role("slider", name="x", exact=True)).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(says).to_have_text("x 1.5, square 2.25, lines a and b")
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "1.5")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(says).to_have_text("x 1.5, square −2.25, lines a and b")
    expect(page.get_by_role("button", name="minus")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="plus")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(says).to_have_text("x 1.5, square −2.25, lines b")
    page.keyboard.press("Space")
    expect(says).to_have_text("x 1.5, square −2.25, lines a and b")


def test_a_slider_on_the_move_is_not_talked_over(page, opened):
    page.clock.install()
    explorer = opened(page)
    status = explorer.get_by_role("status")
    page.clock.run_for(2000)
    expect(status).to_have_text("")
    page.get_by_role("slider").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        page.clock.run_for(500)
        expect(status).to_have_text("")
    page.clock.run_for(500)
    expect(status).to_have_text("x 1.4, square 1.96, lines a and b")


def test_the_drawing_is_as_wide_as_its_place_and_its_text_no_smaller(page, opened):
    page.set_viewport_size({"width": 900, "height": 600})
    expect(opened(page).get_by_role("img", name="The parabola")).to_be_visible()
    for width in (900, 360):
        page.set_viewport_size({"width": width, "height": 600})
        # Asked in one go, until it is so: a new width brings a new drawing, a moment later
        page.wait_for_function("""(width) => {
          const stage = document.querySelector(".explorer-stage"), drawing = stage.firstChild;
          const wide = drawing.getBoundingClientRect().width, scale = wide / drawing.viewBox.baseVal.width;
          const sizes = [...drawing.querySelectorAll("text")].map((text) => getComputedStyle(text).fontSize);
          return innerWidth === width && wide === Math.floor(stage.clientWidth) && sizes.length > 9
            && scale * Math.min(...sizes.map(parseFloat)) >= 12;
        }""", arg=width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_press_in_the_drawing_does_what_the_slider_does(page, opened):
    explorer = opened(page)
    axis = explorer.locator(".explorer-axis").bounding_box()
    page.mouse.click(axis["x"] + axis["width"] / 4, axis["y"] + axis["height"] / 2)
    expect(explorer.locator(".explorer-summary")).to_have_text("x −1, square 1, lines a and b")


@pytest.mark.parametrize(("data", "reason"), [
    ('{"curve": [[', "its data is not JSON"),
    ("{}", "its data should have curve, and lacks curve"),
])
def test_broken_data_is_told_in_words_and_the_summary_stays(page, opened, faults, data, reason):
    explorer = opened(page, data)
    expect(explorer.get_by_role("alert")).to_contain_text(reason)
    expect(explorer.locator(".explorer-summary")).to_have_text("A parabola, in words.")
    expect(explorer.locator(".explorer-table")).to_be_visible()
    expect(explorer.get_by_role("slider")).to_have_count(0)
    assert reason in faults.pop()


def test_an_explorer_that_fails_later_gives_the_summary_back(page, opened, faults):
    explorer = opened(page)
    expect(explorer.locator(".explorer-table")).to_be_hidden()
    page.get_by_role("slider").press("End")
    expect(explorer.get_by_role("alert")).to_contain_text("2 is too much")
    expect(explorer.locator(".explorer-summary")).to_have_text("A parabola, in words.")
    expect(explorer.locator(".explorer-table")).to_be_visible()
    assert "2 is too much" in faults.pop()


def test_numbers_and_ticks_are_round_and_readable(page, opened):
    opened(page)
    page.wait_for_function("window.number")
    shown = page.evaluate("[0, 0.25, -3.2, 0.0196, 9.5367e-7, -1e-12, 123456, 1 / 0, 0 / 0].map(each => number(each))")
    assert shown == ["0", "0.25", "−3.2", "0.0196", "9.54 × 10⁻⁷", "−10⁻¹²", "1.23 × 10⁵", "∞", "not a number"]
    assert page.evaluate("ticks('linear', -6, 6, 6)") == [-6, -4, -2, 0, 2, 4, 6]
    assert page.evaluate("ticks('linear', 0, 1, 5)") == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert page.evaluate("ticks('log', 1e-6, 100, 4)") == [1e-6, 1e-4, 0.01, 1, 100]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken_by_the_controls(page, opened, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    expect(opened(page).get_by_role("img")).to_be_visible()
    assert axe(page) == []


for_every_explorer = pytest.mark.parametrize(("name", "kind"), [
    (str(found.relative_to(SITE)), kind) for found in sorted(SITE.rglob("*.html"))
    for kind in re.findall(r'<div class="explorer" data-kind="(\w+)">', found.read_text(encoding="utf-8"))])


def drawn(page, address, kind):
    """The explorer of that kind, once it is drawn."""
    page.goto(address)
    explorer = page.locator(f'.explorer[data-kind="{kind}"]')
    expect(explorer.get_by_role("img").first).to_be_visible()
    return explorer


@for_every_explorer
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken_in_any_state(page, site, axe, name, kind, scheme):
    page.emulate_media(color_scheme=scheme)
    explorer = drawn(page, f"{site}/{name}", kind)
    for key in ("Home", "End"):
        for slider in explorer.get_by_role("slider").all():
            slider.press(key)
        for button in explorer.get_by_role("button").all():
            button.press("Enter")
        assert axe(page, f'.explorer[data-kind="{kind}"]') == []


@for_every_explorer
def test_every_slider_changes_what_is_said(page, site, name, kind):
    explorer = drawn(page, f"{site}/{name}", kind)
    says = explorer.locator(".explorer-summary")
    for slider in explorer.get_by_role("slider").all():
        before = says.inner_text()
        first = slider.input_value()
        slider.press("ArrowLeft" if first == slider.get_attribute("max") else "ArrowRight")
        assert slider.input_value() != first
        expect(says).not_to_have_text(before)


@for_every_explorer
def test_nothing_is_cut_off_on_a_narrow_screen(phone, site, name, kind):
    phone.set_viewport_size({"width": 360, "height": 740})
    explorer = drawn(phone, f"{site}/{name}", kind)
    for key in ("Home", "End"):
        for slider in explorer.get_by_role("slider").all():
            slider.press(key)
        assert phone.evaluate("document.documentElement.scrollWidth") == 360
        cut = explorer.locator("*").evaluate_all(
            "all => all.filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1)"
            ".map(each => each.outerHTML.slice(0, 80))")
        assert cut == []
        text = explorer.locator("svg[role=img] text").evaluate_all(
            "all => all.map(each => [each.textContent, each.getBBox(), each.ownerSVGElement.width.baseVal.value])"
            ".filter(([, box, width]) => box.x < -1 || box.x + box.width > width + 1).map(([text]) => text)")
        assert text == []


@for_every_explorer
def test_without_scripts_the_summary_says_what_there_is(browser, site, name, kind):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{name}")
    explorer = page.locator(f'.explorer[data-kind="{kind}"]')
    expect(explorer.locator(".explorer-summary")).to_contain_text(re.compile(r"\w+ .*\d"))
    for table in explorer.locator("table").all():
        expect(table).to_be_visible()
    expect(explorer.get_by_role("slider")).to_have_count(0)
    context.close()
