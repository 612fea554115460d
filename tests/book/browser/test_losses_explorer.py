"""The explorer of lesson 03: what a loss charges one sigmoid output, how hard it pushes, and where the steps lead."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from solutions.activations import sigmoid

PAGE = "lessons/03_losses/lesson.html"


@pytest.fixture
def losses(page, site):
    page.goto(f"{site}/{PAGE}")
    return page.locator('.explorer[data-kind="losses"]')


def numbers(explorer):
    """The numbers of the sentence, in its order; 4 × 10⁻⁴ is one."""
    signs = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    text = re.sub(r"(?:([\d.]+) × )?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: f"{found[1] or 1}e{found[2].translate(signs)}",
                  explorer.locator(".explorer-summary").inner_text())
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?(?:e-\d+)?", text.replace("−", "-"))]


def test_at_a_hundredth_cross_entropy_pushes_fifty_times_as_hard(losses):
    """p = 0.01: -log p = 4.61, pushed with 1 - p; (1 - p)² = 0.98, pushed with 2 (1 - p) p (1 - p) = 0.0196."""
    expect(losses.locator(".explorer-summary")).to_contain_text(
        "At p = 0.01, a logit of −4.59, cross-entropy is 4.61 and pushes with 0.99; "
        "squared error is 0.98 and pushes with 0.0196.")


def test_the_numbers_are_those_of_the_formulas_at_every_stop(losses, page):
    slider = losses.get_by_role("slider", name="Probability p")
    slider.press("Home")
    stops = int(slider.get_attribute("max")) + 1
    assert stops > 15
    for _ in range(stops):
        p, logit, ce, ce_push, se, se_push, *_ = numbers(losses)
        assert [logit, ce, se] == pytest.approx([np.log(p / (1 - p)), -np.log(p), (1 - p) ** 2], rel=0.006, abs=1e-9)
        assert [ce_push, se_push] == pytest.approx([1 - p, 2 * p * (1 - p) ** 2], rel=0.006)
        page.keyboard.press("ArrowRight")


def test_steps_of_gradient_descent_lead_where_the_update_rule_leads(losses):
    count = losses.get_by_role("slider", name="Steps of gradient descent")
    for steps in (20, 100):
        if steps == 100:
            count.press("End")
        z_ce = z_se = np.log(0.01 / 0.99)
        for _ in range(steps):
            p = sigmoid(z_se)
            z_ce, z_se = z_ce + 1 - sigmoid(z_ce), z_se + 2 * p * (1 - p) ** 2
        assert numbers(losses)[-3:] == pytest.approx([steps, sigmoid(z_ce), sigmoid(z_se)], rel=0.005)
    count.press("Home")
    expect(losses.locator(".explorer-summary")).to_contain_text("No step is taken yet.")


def test_the_axis_and_the_losses_are_chosen_with_the_keyboard_alone(losses, page):
    expect(losses.get_by_text("probability p", exact=True)).to_have_count(2)
    losses.get_by_role("button", name="cross-entropy").focus()
    page.keyboard.press("Enter")
    expect(losses.locator(".explorer-summary")).not_to_contain_text("cross-entropy")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(losses.get_by_role("button", name="logit")).to_have_attribute("aria-pressed", "true")
    expect(losses.get_by_text("probability p", exact=True)).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert numbers(losses)[0] == 0.998


def test_a_finger_on_the_curve_chooses_the_probability(phone, site):
    phone.goto(f"{site}/{PAGE}")
    explorer = phone.locator('.explorer[data-kind="losses"]')
    axis = explorer.locator(".explorer-axis").first
    axis.scroll_into_view_if_needed()
    box = axis.bounding_box()
    phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(explorer.locator(".explorer-summary")).to_contain_text("At p = 0.5, a logit of 0,")
