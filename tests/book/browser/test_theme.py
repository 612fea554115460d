"""Light, dark or as the system: the reader's choice, kept from page to page.  And what else the theme has to do."""

import pytest
from playwright.sync_api import expect

PAGE, OTHER = "book/students.html", "book/security.html"
LESSON = "lessons/02_activations/lesson.html"
DARK = """document => getComputedStyle(document.body).backgroundColor.match(/\\d+/g)
    .reduce((sum, part) => sum + Number(part), 0) < 200"""


def is_dark(page):
    """Whether the page is painted on a dark ground."""
    return page.evaluate(DARK, page.evaluate_handle("document"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_begins_in_the_system_s_scheme_and_follows_it(page, site, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/{PAGE}")
    assert is_dark(page) == (scheme == "dark")
    page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "light" if scheme == "dark" else "dark")


def test_the_button_goes_from_the_system_s_scheme_to_dark_to_light_and_back(page, site):
    page.emulate_media(color_scheme="light")
    page.goto(f"{site}/{PAGE}")
    button = page.get_by_role("button", name="Color mode")
    for mode, dark in [("dark", True), ("light", False), ("auto", False)]:
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("data-mode", mode)
        expect(page.locator(f".theme-switch[data-mode={mode}]")).to_be_visible()
        assert is_dark(page) == dark


def test_the_chosen_scheme_is_kept_on_the_next_page_whatever_the_system_says(page, site):
    page.emulate_media(color_scheme="light")
    page.goto(f"{site}/{PAGE}")
    page.get_by_role("button", name="Color mode").click()
    page.goto(f"{site}/{OTHER}")
    assert is_dark(page)
    page.reload()
    assert is_dark(page)


def test_figures_take_the_text_s_colour_in_both_schemes(page, site):
    page.goto(f"{site}/{LESSON}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-theme", scheme)
        figure, text = (page.locator(name).first.evaluate("node => getComputedStyle(node).color")
                        for name in ("svg.figure", "article p"))
        assert figure == text


def test_the_sidebar_of_a_phone_opens_leads_to_a_page_and_closes(phone, site, axe):
    phone.goto(f"{site}/{PAGE}")
    link = phone.locator("#pst-primary-sidebar-modal").get_by_role("link", name="Security")
    expect(link).not_to_be_visible()
    button = phone.locator("button.primary-toggle")
    button.tap()
    expect(link).to_be_visible()
    assert axe(phone, "html") == []
    phone.touchscreen.tap(385, 500)      # beside it
    expect(link).not_to_be_visible()
    button.tap()
    link.tap()
    expect(phone).to_have_url(f"{site}/{OTHER}")


def test_the_contents_of_a_page_open_on_a_phone_and_lead_to_a_heading(phone, site):
    phone.goto(f"{site}/{PAGE}")
    phone.locator("button.secondary-toggle").tap()
    phone.locator("#pst-secondary-sidebar-modal").get_by_role("link", name="Submit").tap()
    expect(phone.get_by_role("heading", name="Submit")).to_be_in_viewport()


def test_code_is_copied_without_prompts_and_outputs(page, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/{PAGE}")
    code = page.locator("div.highlight").first
    code.hover()
    code.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()").strip() == code.locator("pre").inner_text().strip()


def test_the_copy_button_shows_itself_to_the_keyboard(page, site):
    page.goto(f"{site}/{PAGE}#install")
    button = page.locator("button.copybtn").first
    page.keyboard.press("Tab")
    for _ in range(9):
        if button.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(button).to_be_focused()
    expect(button).to_have_css("opacity", "1")
    expect(button).to_have_css("outline-style", "solid")
