"""The explorers of lesson 02: what an activation lets through, and softmax with a number added to every logit."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from solutions.activations import sigmoid, softmax, tanh_backward

PAGE = "lessons/02_activations/lesson.html"


@pytest.fixture
def activations(page, site):
    page.goto(f"{site}/{PAGE}")
    return page.locator('.explorer[data-kind="activations"]')


@pytest.fixture
def logits(page, site):
    page.goto(f"{site}/{PAGE}")
    return page.locator('.explorer[data-kind="softmax"]')


def rows(explorer):
    """The table's rows as {header: cells}."""
    texts = explorer.locator("tbody tr:visible").evaluate_all(
        "all => all.map(row => [...row.cells].map(cell => cell.textContent))")
    return {first: rest for first, *rest in texts}


def number(text):
    """What the page shows, as a number: 9.5 × 10⁻⁷ is 9.5e-7."""
    signs = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    power = re.sub(r"(?:([\d.]+) × )?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)",
                   lambda found: f"{found[1] or 1}e{found[2].translate(signs)}", text)
    return float(power.replace("−", "-"))


def test_at_zero_ten_sigmoids_leave_a_millionth_and_tanh_all(activations, page):
    input_z = activations.get_by_role("slider", name="Input z")
    for _ in range(20):
        input_z.press("ArrowLeft")
    expect(input_z).to_have_attribute("aria-valuetext", "0")
    shown = rows(activations)
    assert shown["sigmoid"][:2] == ["0.5", "0.25"]
    assert number(shown["sigmoid"][2]) == pytest.approx(0.25**10, rel=0.01)
    assert shown["tanh"] == ["0", "1", "1"]
    assert shown["ReLU"] == ["0", "0", "0"]
    assert shown["leaky ReLU"][:2] == ["0", "0.2"]


def test_values_and_slopes_are_those_of_the_reference(activations):
    input_z = activations.get_by_role("slider", name="Input z")
    layers = activations.get_by_role("slider", name="Layers")
    input_z.press("End")
    for _ in range(25):
        input_z.press("ArrowLeft")
    layers.press("End")
    z = np.array(3.5)
    shown = rows(activations)
    assert number(shown["sigmoid"][0]) == pytest.approx(sigmoid(z), rel=0.005)
    assert number(shown["tanh"][1]) == pytest.approx(tanh_backward(1.0, z), rel=0.005)
    assert number(shown["tanh"][2]) == pytest.approx(tanh_backward(1.0, z) ** 20, rel=0.05)
    assert shown["ReLU"] == ["3.5", "1", "1"]


def test_the_sentence_says_what_the_drawing_shows(activations):
    says = activations.locator(".explorer-summary")
    expect(says).to_have_text(
        "At z = 2 the slope is 1 for ReLU and leaky ReLU, 0.105 for sigmoid, 0.0707 for tanh. "
        "After 10 layers at this z, a gradient of 1 has become 1 for ReLU and leaky ReLU, 1.6 × 10⁻¹⁰ for sigmoid, "
        "3.1 × 10⁻¹² for tanh.")


def test_functions_are_chosen_with_the_keyboard_alone(activations, page):
    activations.get_by_role("button", name="ReLU", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(activations.get_by_role("button", name="tanh")).to_be_focused()
    page.keyboard.press("Space")
    assert list(rows(activations)) == ["sigmoid"]
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    expect(activations.locator(".explorer-summary")).to_contain_text("At z = −6 the slope is 0.00247 for sigmoid.")
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    expect(activations.locator(".explorer-summary")).to_contain_text("After 1 layer at this z")


def test_a_finger_on_the_curve_chooses_z(phone, site):
    phone.goto(f"{site}/{PAGE}")
    explorer = phone.locator('.explorer[data-kind="activations"]')
    axis = explorer.locator(".explorer-axis").first
    axis.scroll_into_view_if_needed()
    box = axis.bounding_box()
    phone.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(explorer.get_by_role("slider", name="Input z")).to_have_attribute("aria-valuetext", "−3")
    explorer.get_by_role("button", name="sigmoid").tap()
    expect(explorer.locator(".explorer-summary")).not_to_contain_text("sigmoid")


def test_softmax_is_that_of_the_reference(logits):
    for name, key in (("Logit of class 1", "End"), ("Logit of class 2", "Home")):
        logits.get_by_role("slider", name=name).press(key)
    expected = softmax(np.array([2.0, 5.0, -5.0, 1.0]))
    shown = rows(logits)
    for row, p in enumerate(expected):
        assert number(shown[str(row)][2]) == pytest.approx(p, rel=0.005)
        assert number(shown[str(row)][3]) == pytest.approx(p, rel=0.005)


def test_only_the_shifted_softmax_survives_large_logits(logits):
    says = logits.locator(".explorer-summary")
    before = [row[2] for row in rows(logits).values()]
    added = logits.get_by_role("slider", name="Added to every logit")
    for key, exponential in (("End", "∞"), ("Home", "0")):
        added.press(key)
        shown = rows(logits)
        assert [row[1] for row in shown.values()] == [exponential] * 4
        assert [row[2] for row in shown.values()] == before
        assert [row[3] for row in shown.values()] == ["nan"] * 4
        expect(says).to_contain_text("the textbook formula gives not a number for any class")
