"""What holds for every page of the site.  Each page is opened once, and all that it breaks is told at once."""

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from playwright.sync_api import expect

LIMITS = {True: 600, False: 350}    # KiB of a first load, for pages with and without maths
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}

# What a page shows at 360 px: elements that make it wider than the screen, outermost first
TOO_WIDE = """() => {
    const screen = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= screen) return [];
    const inside = node => node && node !== document.body &&
        (getComputedStyle(node).overflowX !== "visible" || inside(node.parentElement));
    const wide = [...document.body.querySelectorAll("*")].filter(node =>
        node.getBoundingClientRect().right > screen + 1 && !inside(node.parentElement));
    return wide.filter(node => !wide.includes(node.parentElement)).slice(0, 5)
        .map(node => `${node.cloneNode().outerHTML.slice(0, 120)} ends at ${node.getBoundingClientRect().right} px`);
}"""
BARE_IMAGES = """() => [...document.images].filter(image =>
    !["alt", "width", "height"].every(name => image.hasAttribute(name))).map(image => image.outerHTML.slice(0, 200))"""
READY = "async () => { await window.MathJax?.startup?.promise; await document.fonts.ready; }"
MATHS = """() => [...document.querySelectorAll("span.math, div.math")].filter(formula =>
    !formula.querySelector("mjx-assistive-mml math") || formula.querySelector("mjx-merror"))
    .map(formula => formula.textContent.slice(0, 80))"""
ICONS = """() => [...document.querySelectorAll("body *:not(svg, svg *, mjx-container *)")].flatMap(node =>
    ["::before", "::after"].map(part => getComputedStyle(node, part))
        .filter(style => style.fontFamily.includes("Font Awesome") && !["none", "normal"].includes(style.content))
        .map(style => style.content.slice(1, -1)))"""


FONTS = Path(__file__).parents[3] / "_build/html/_static/vendor/fontawesome/webfonts"


@pytest.fixture(scope="module")
def drawn():
    """The characters that the site's icon fonts can draw."""
    return {chr(code) for font in FONTS.glob("*.woff2") for code in TTFont(font).getBestCmap()}


def heavy(weights, maths):
    """A sentence about a first load above its limit, or None.  weights: {address: bytes}."""
    total = sum(weights.values()) / 1024
    if total <= LIMITS[maths]:
        return None
    largest = sorted(weights.items(), key=lambda item: -item[1])[:6]
    named = ", ".join(f"{address[-60:]} {weight / 1024:.0f} KiB" for address, weight in largest)
    return (f"a first load of at most {LIMITS[maths]} KiB is wanted, {total:.0f} KiB came; "
            f"load less, or load it on use; the largest: {named}")


def complaints(page, weigh, drawn):
    """What is wrong with the page that is open, each with what to do about it."""
    if sentence := heavy(weigh(), maths=page.locator(".math").count() > 0):
        yield sentence
    for element in page.evaluate(TOO_WIDE):
        yield f"the page scrolls sideways at 360 px; let this element shrink, wrap or scroll inside itself: {element}"
    for image in page.evaluate(BARE_IMAGES):
        yield f"an image needs alt, width and height (in pixels, so that nothing jumps while it loads): {image}"
    for formula in page.evaluate(MATHS):
        yield f"a formula is not typeset, or not for screen readers; see that MathJax loads all it needs: {formula}"
    for icon in sorted(set("".join(page.evaluate(ICONS))) - drawn):
        yield f"the icon {icon!a} is not in the fonts; icon_fonts.py did not find it in a page, script or style"


def test_a_page_is_light_fits_a_phone_and_breaks_no_rule_of_accessibility(page, site, weigh, axe, drawn, page_name):
    page.emulate_media(color_scheme="light", reduced_motion="reduce")     # no colour is half-way to another
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/{page_name}")
    page.evaluate(READY)
    page.wait_for_load_state("networkidle")
    wrong = list(complaints(page, weigh, drawn))
    page.set_viewport_size(DESK)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        wrong += [f"{scheme}: {broken}" for broken in axe(page, "html")]
    assert not wrong, "\n".join([f"{page_name}:", *wrong])


def test_the_site_s_own_address_leads_to_the_book(page, site):
    page.goto(f"{site}/", wait_until="commit")
    page.wait_for_url(f"{site}/book/index.html")


def test_no_word_of_the_site_is_misspelt(site_pages):
    lines = []
    for name, text in site_pages.items():
        text = re.sub(r"<(script|style|svg|mjx-container)\b.*?</\1>", " ", text, flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(?:span|em|strong|b|i)\b[^>]*>", "", text)))
        lines += [f"{name}: {' '.join(line.split())}" for line in text.splitlines() if line.strip()]
    command = [sys.executable, "-m", "codespell_lib", "--ignore-regex", r"(https?:|doi:)\S+", "-"]
    done = subprocess.run(command, input="\n".join(lines), text=True, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == ("", ""), "correct the source of these pages"


@pytest.mark.parametrize(("path", "folder"), [
    ("book/index.html", "digit-pad"), ("lessons/02_activations/lesson.html", "explorers"),
    ("lessons/02_activations/lesson.html", "py-exercise")])
def test_scripts_that_import_each_other_come_in_one_version(page, site, path, folder):
    asked = []
    page.on("request", lambda request: asked.append(request.url.partition(f"/_static/{folder}/")[2]))
    page.goto(f"{site}/{path}", wait_until="networkidle")
    modules = [name for name in asked if ".js" in name]
    assert len(modules) > 2
    assert len({name.partition(".js?v=")[2] for name in modules} - {""}) == 1
    assert all(".js?v=" in name for name in modules), modules
