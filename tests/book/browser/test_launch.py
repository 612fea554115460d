"""The links to notebooks, the 404 page and the redirects, as a reader meets them in a browser."""

import json
import re

import pytest
from playwright.sync_api import expect

LESSON = "lessons/02_activations/lesson.html"


def test_the_links_are_reached_with_the_keyboard_and_each_says_what_it_opens(page, site):
    page.goto(f"{site}/{LESSON}")
    names = [f"{verb} ({what})" for what in ("lesson", "exercise")
             for verb in ("Open in Colab", "Open in Binder", "Download .ipynb")]
    for name in names:
        expect(page.get_by_role("link", name=name, exact=True)).to_have_count(1)
    page.get_by_role("link", name=names[0]).focus()
    for name in names[1:3]:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name=name)).to_be_focused()


@pytest.mark.parametrize(("what", "file"), [("lesson", "activations_lesson.ipynb"), ("exercise", "activations.ipynb")])
def test_a_notebook_comes_under_a_name_of_its_own(page, site, what, file):
    page.goto(f"{site}/{LESSON}")
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Download .ipynb ({what})").click()
    assert download.value.suggested_filename == file
    assert json.loads(download.value.path().read_text(encoding="utf-8"))["nbformat"] == 4


def test_the_links_fit_a_phone(phone, site):
    phone.goto(f"{site}/{LESSON}")
    for box in phone.locator(".launch").all():
        for link in box.get_by_role("link").all():
            edges, frame = link.bounding_box(), box.bounding_box()
            assert edges["height"] >= 24, "too low for a finger"
            assert edges["x"] + edges["width"] <= frame["x"] + frame["width"] <= 390


@pytest.fixture
def lost(page, site, faults):
    """The page that a reader sees at an address, deep down, where nothing is."""
    answer = page.goto(f"{site}/lessons/99_nowhere/deeper/lesson.html", wait_until="networkidle")
    assert answer.status == 404
    yield page
    faults[:] = [fault for fault in faults if "404" not in fault]        # the browser's own word for it


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_not_found_is_whole_at_any_depth(lost, axe, scheme):
    lost.emulate_media(color_scheme=scheme)
    expect(lost.get_by_role("heading", level=1)).to_contain_text("Page not found")
    assert axe(lost, "html") == []


def test_the_page_not_found_leads_to_lessons_and_finds_words(lost, site):
    lost.get_by_label("Search the book").fill("softmax")
    lost.get_by_role("button", name="Search", exact=True).last.click()
    expect(lost).to_have_url(re.compile(rf"{re.escape(site)}/search\.html\?q=softmax"))
    expect(lost.locator("#search-results")).to_contain_text("Activations")
    lost.wait_for_load_state("networkidle")     # the summaries of what was found
    lost.go_back()
    lost.get_by_role("article").get_by_role("link", name="Activations").click()
    expect(lost).to_have_url(f"{site}/{LESSON}")


def test_a_short_address_leads_to_the_place_in_the_lesson(page, site, faults):
    page.goto(f"{site}/lessons/02/#check-yourself", wait_until="commit")
    expect(page).to_have_url(f"{site}/{LESSON}#check-yourself")
    page.wait_for_load_state("networkidle")
    faults[:] = [fault for fault in faults if "ERR_ABORTED" not in fault]     # what the left page still loaded
