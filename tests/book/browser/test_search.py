"""Search: a word is found, and the page that explains it opens at the place."""

import pytest
from playwright.sync_api import expect

START = "book/students.html"


def open_first_explanation(page):
    """From the results for softmax to the section of that name."""
    results = page.locator("#search-results")
    expect(results.get_by_role("link").first).to_be_visible()
    found = results.get_by_role("link", name="Activations > Softmax")
    expect(found).to_have_count(1)
    found.click()
    expect(page.get_by_role("heading", name="Softmax", exact=False).first).to_be_in_viewport()
    assert "/lessons/02_activations/lesson.html" in page.url


def test_search_by_keyboard_finds_a_word_and_opens_the_page_that_explains_it(page, site, axe):
    page.goto(f"{site}/{START}")
    page.keyboard.press("Control+K")
    field = page.get_by_role("searchbox", name="Search this book")
    expect(field).to_be_focused()
    assert axe(page, "html") == []
    page.keyboard.type("softmax")
    page.keyboard.press("Enter")
    open_first_explanation(page)


def test_search_on_a_phone_finds_a_word_and_opens_the_page_that_explains_it(phone, site):
    phone.goto(f"{site}/{START}")
    phone.locator("button.search-button").tap()
    phone.get_by_role("searchbox", name="Search this book").fill("softmax")
    phone.keyboard.press("Enter")
    open_first_explanation(phone)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_results_break_no_rule_of_accessibility(page, site, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/search.html?q=softmax")
    expect(page.locator("#search-results .search-summary")).to_contain_text("found")
    expect(page.locator("#search-results li").last.locator("p.context")).to_be_visible()
    assert axe(page, "html") == []


def test_a_word_that_is_nowhere_is_said_to_be_nowhere(page, site):
    page.goto(f"{site}/search.html?q=zyzzyva")
    expect(page.locator("#search-results")).to_contain_text("did not match any documents")


def test_the_search_field_s_icon_leaves_room_for_the_word(page, site):
    page.goto(f"{site}/search.html?q=softmax")
    icon, field = (page.locator(f"main form.bd-search {part}") for part in ("i", "input"))
    start = field.evaluate("node => node.getBoundingClientRect().left + parseFloat(getComputedStyle(node).paddingLeft)")
    assert icon.evaluate("node => node.getBoundingClientRect().right") < start
