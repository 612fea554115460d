"""The reference in the browser: found by search, readable on a phone, accessible."""

import re

import pytest
from playwright.sync_api import expect

PAGES = ["solutions", "autograder", "commands"]


@pytest.mark.parametrize("query", ["softmax_backward", "grade_class", "--exchange-times"])
def test_search_finds_functions_and_options(page, site, query):
    page.goto(f"{site}/search.html?q={query}")
    found = page.locator("ul.search a", has_text=re.compile("Modules|softmax_backward|grade_class|command"))
    expect(found.first).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_of_a_narrow_screen(page, site, name):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/book/{name}.html", wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_the_reference_is_accessible_on_a_phone(phone, site, axe, name, scheme):
    phone.emulate_media(color_scheme=scheme)
    phone.goto(f"{site}/book/{name}.html", wait_until="networkidle")
    assert axe(phone, "article") == []


def test_a_name_in_a_description_leads_to_its_entry(page, site):
    page.goto(f"{site}/book/solutions.html#solutions.optimizers.adam")
    entry = page.locator("dl.py", has=page.locator("[id='solutions.optimizers.adam']"))
    entry.get_by_role("link", name="adam_rate").click()
    assert page.url.endswith("#solutions.optimizers.adam_rate")
    expect(page.locator("[id='solutions.optimizers.adam_rate']")).to_be_in_viewport()


def test_the_published_schema_can_be_fetched(page, site):
    page.goto(f"{site}/book/autograder.html")
    address = page.get_by_role("link", name="results.schema.json").get_attribute("href")
    answer = page.request.get(f"{site}/book/{address}")
    assert answer.json()["$id"] == "urn:graded-digits:results:1"
