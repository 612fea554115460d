"""The race of the optimizers in lesson 04, by keyboard; what it shows against arithmetic written out here."""

import numpy as np
import pytest
from playwright.sync_api import expect

LESSON = "lessons/04_optimizers/lesson.html"
RATES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]
RULES = ["gradient descent", "momentum", "RMSprop", "Adam"]
MAPS = {    # loss, gradient, start
    "valley": (lambda a, b: a * a / 2 + 12.5 * b * b, lambda a, b: (a, 25 * b), (-10, 1)),
    "saddle": (lambda a, b: a * a / 2 + (b * b - 1) ** 2 / 4, lambda a, b: (a, b * (b * b - 1)), (-2.5, 0.02)),
    "bend": (lambda a, b: (a - 1) ** 2 / 2 + 5 * (b - a * a) ** 2,
             lambda a, b: (a - 1 - 20 * a * (b - a * a), 10 * (b - a * a)), (-1.5, 1)),
}


def losses(place, rule, rate, steps=50):
    """The loss at the start and after each step, with each rule as Keras' documentation writes it."""
    loss, gradient, start = MAPS[place]
    w, m, v, found = np.array(start, float), np.zeros(2), np.zeros(2), [loss(*start)]
    for t in range(1, steps + 1):
        g = np.array(gradient(*w))
        if rule == "gradient descent":
            w = w - rate * g
        elif rule == "momentum":
            m = 0.9 * m - rate * g
            w = w + m
        elif rule == "RMSprop":
            v = 0.9 * v + 0.1 * g**2
            w = w - rate * g / np.sqrt(v + 1e-7)
        else:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            w = w - rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-7)
        found.append(loss(*w))
    return np.array(found)


@pytest.fixture
def race(page, site):
    page.goto(f"{site}/{LESSON}")
    explorer = page.locator('.explorer[data-kind="optimizers"]')
    expect(explorer.get_by_role("slider")).to_have_count(2)
    return explorer


def press(control, key, times):
    for _ in range(times):
        control.press(key)


def test_the_losses_shown_are_those_of_the_rules(race, page):
    """Every map, rates from the lowest to the highest, after all steps and after some; a walk that is lost says so."""
    rate, step = race.get_by_label("Rate of all rules"), race.get_by_label("Steps taken")
    with np.errstate(all="ignore"):
        for place, number in (("valley", 3), ("saddle", 5), ("bend", 2), ("valley", 9), ("bend", 11)):
            race.get_by_role("button", name=place).press("Enter")
            rate.press("Home")
            press(rate, "ArrowRight", number)
            expect(rate).to_have_attribute("aria-valuetext", f"{RATES[number]:g}")
            step.press("End")
            for steps in (50, 47):
                press(step, "ArrowLeft", 50 - steps)
                rows = race.locator(".explorer-body tbody tr")
                expect(rows).to_have_count(4)
                for rule, row in zip(RULES, rows.all(), strict=True):
                    name, shown, verdict = row.locator("th, td").all_inner_texts()
                    assert name.strip() == rule
                    found = losses(place, rule, RATES[number])
                    gone = not found[-1] <= 1000 * found[0]
                    assert verdict.startswith("diverges") == gone, (place, rule, RATES[number])
                    if gone:
                        lost_at = len(found) - np.argmin(~(found <= 1000 * found[0])[::-1])
                        assert verdict == f"diverges: lost at step {lost_at}"
                        assert shown == "–"
                    else:
                        assert number_of(shown) == pytest.approx(found[steps], rel=0.006)
                        assert (verdict == "below a hundredth") == (found[steps] < found[0] / 100)


def number_of(text):
    """The value of a number as the page writes it: 0.0196 or 2.2 × 10⁻¹²."""
    front, _, power = text.partition("10") if "⁻" in text else (text, "", "")
    exponent = "".join("-0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".index(sign)] for sign in power) or "0"
    return float(front.strip(" ×") or 1) * 10 ** int(exponent)


def test_the_markers_stand_where_the_rules_are(race):
    """At the rate 0.05 in the valley gradient descent multiplies w1 by 0.95 and w2 by -0.25."""
    rate, step = race.get_by_label("Rate of all rules"), race.get_by_label("Steps taken")
    press(rate, "ArrowRight", 2)
    step.press("Home")
    press(step, "ArrowRight", 2)
    for rule in RULES[1:]:
        race.get_by_role("button", name=rule).press("Space")
    start, one, two = (tuple(map(float, dot.evaluate("dot => [dot.getAttribute('cx'), dot.getAttribute('cy')]")))
                       for dot in race.locator(".explorer-stage circle").all())
    assert two[0] - start[0] == pytest.approx((one[0] - start[0]) * (1 - 0.95**2) / (1 - 0.95), rel=0.01)
    assert (two[1] - start[1]) / (one[1] - start[1]) == pytest.approx((1 - 0.25**2) / 1.25, rel=0.01)


def test_what_one_sees_is_said(race):
    says = race.locator(".explorer-summary")
    expect(says).to_contain_text("After 50 steps at rate 0.01")
    rate = race.get_by_label("Rate of all rules")
    press(rate, "ArrowRight", 3)
    expect(says).to_contain_text("Gradient descent diverges.")
    rate.press("End")
    expect(says).to_contain_text("Gradient descent and momentum diverge.")
    race.get_by_role("button", name="Back to the start").press("Enter")
    expect(says).to_have_text("All stand at the start of the map “valley”, at a loss of 62.5.")


def test_the_race_starts_and_stops_when_the_reader_says_so(race, page):
    page.clock.install()
    page.reload()
    step = race.get_by_label("Steps taken")
    expect(step).to_have_value("50")
    page.clock.run_for(5000)
    expect(step).to_have_value("50")
    race.get_by_role("button", name="Play").press("Enter")
    page.clock.run_for(1000)
    race.get_by_role("button", name="Pause").press("Enter")
    stopped = int(step.input_value())
    assert 0 < stopped < 50
    page.clock.run_for(5000)
    expect(step).to_have_value(str(stopped))
    race.get_by_role("button", name="One step").press("Enter")
    expect(step).to_have_value(str(stopped + 1))
    race.get_by_role("button", name="Play").press("Enter")
    page.clock.run_for(20000)
    expect(step).to_have_value("50")
    expect(race.get_by_role("button", name="Play")).to_be_visible()


def test_nothing_moves_for_those_who_want_no_motion(race, page):
    page.emulate_media(reduced_motion="reduce")
    race.get_by_label("Steps taken").press("Home")
    race.get_by_role("button", name="Play").press("Enter")
    expect(race.get_by_label("Steps taken")).to_have_value("50")
    expect(race.get_by_role("button", name="Pause")).to_have_count(0)


def test_without_scripts_the_answer_is_there_in_words(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{LESSON}")
    explorer = page.locator('.explorer[data-kind="optimizers"]')
    expect(explorer.locator(".explorer-summary")).to_contain_text("in the map 'saddle' at 0.1 and 0.2")
    expect(explorer.locator("tbody tr")).to_have_count(4)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken_in_any_state(race, page, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    page.reload(wait_until="networkidle")
    for place in MAPS:
        race.get_by_role("button", name=place).press("Enter")
        for key in ("Home", "End"):
            race.get_by_label("Rate of all rules").press(key)
            assert axe(page, ".explorer") == []


def test_it_fits_on_a_small_phone_and_hears_a_finger(phone, site):
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto(f"{site}/{LESSON}")
    explorer = phone.locator('.explorer[data-kind="optimizers"]')
    explorer.get_by_role("button", name="bend").tap()
    expect(explorer.locator(".explorer-summary")).to_contain_text("the map “bend”")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert explorer.evaluate("node => node.scrollWidth <= node.clientWidth")
