"""Quizzes answer in words, to mouse, keyboard, touch and screen reader, and without any script."""

import pytest
from playwright.sync_api import expect

PAGE = "lessons/02_activations/lesson.html"
RIGHT = "It is multiplied by a small positive number."
WRONG = "It is exactly 0, so the unit is dead."
SENT = ("xhr", "fetch", "ping", "eventsource", "websocket")      # fonts of a formula that shows only now are none
ASKED = "What happens to the gradient that comes back"


def quiz_of(page):
    """The first question of the page."""
    return page.get_by_role("group").filter(has_text=ASKED).first


def option(page, text):
    return quiz_of(page).locator("details").filter(has_text=text)


def tab_to(page, target, limit=40):
    """Press Tab until `target` has the focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not reach {target} within {limit} stops")


def test_a_quiz_is_answered_with_the_keyboard_alone(page, site):
    page.goto(f"{site}/{PAGE}#check-yourself")
    wrong, right = option(page, WRONG), option(page, RIGHT)
    tab_to(page, wrong.locator("summary"))
    expect(wrong.locator("summary")).to_have_css("outline-style", "solid")
    expect(wrong.locator(".quiz-feedback")).not_to_be_visible()
    page.keyboard.press("Enter")
    expect(wrong.locator(".quiz-feedback")).to_be_visible()
    expect(wrong.locator(".quiz-feedback")).to_contain_text("Not this one. A sigmoid’s slope")
    tab_to(page, right.locator("summary"), limit=3)
    page.keyboard.press("Space")
    expect(right.locator(".quiz-feedback")).to_contain_text("Right. The unit is saturated")


def test_the_score_counts_first_tries_and_is_announced(page, site):
    page.goto(f"{site}/{PAGE}")
    questions = page.locator(".quiz")
    total = questions.count()
    status = page.get_by_role("status").filter(has_text="Answered")
    option(page, WRONG).locator("summary").click()
    expect(status).to_have_text(f"Not this one. Answered: 1 of {total} questions, right at the first try: 0.")
    option(page, RIGHT).locator("summary").click()
    expect(status).to_have_text(f"Right. Answered: 1 of {total} questions, right at the first try: 0.")
    questions.nth(1).locator(".quiz-right summary").click()
    expect(status).to_have_text(f"Right. Answered: 2 of {total} questions, right at the first try: 1.")


def test_every_option_of_every_quiz_answers_a_touch(phone, site):
    phone.goto(f"{site}/{PAGE}")
    options = phone.locator(".quiz details")
    assert options.count() > 8
    for each in options.all():
        each.locator("summary").tap()
        expect(each.locator(".quiz-feedback")).to_be_visible()
        assert each.locator("summary").bounding_box()["height"] >= 36
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_answered_quiz_breaks_no_rule_of_accessibility(page, site, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/{PAGE}")
    for summary in page.locator(".quiz summary").all():
        summary.click()
    assert axe(page, ".quiz") == []


def test_a_quiz_answers_without_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{PAGE}")
    option(page, RIGHT).locator("summary").click()
    expect(option(page, RIGHT).locator(".quiz-feedback")).to_be_visible()
    context.close()


def test_a_quiz_stores_and_sends_nothing(page, site):
    page.goto(f"{site}/{PAGE}", wait_until="networkidle")
    page.wait_for_function("localStorage.getItem('theme')")     # the theme notes its scheme
    keep = "() => [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)]"
    before, sent = page.evaluate(keep), []
    page.on("request", lambda request: sent.append(request.url) if request.resource_type in SENT else None)
    for summary in page.locator(".quiz summary").all():
        summary.click()
    assert (page.evaluate(keep), sent) == (before, [])
