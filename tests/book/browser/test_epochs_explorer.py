"""The epochs slider of lesson 05, by keyboard; its numbers against the page's own data, summed up here."""

import base64
import io
import json

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import expect

LESSON = "lessons/05_epochs/lesson.html"


@pytest.fixture
def epochs(page, site):
    page.goto(f"{site}/{LESSON}")
    explorer = page.locator('.explorer[data-kind="epochs"]')
    expect(explorer.get_by_role("slider")).to_have_count(1)
    return explorer


@pytest.fixture
def data(epochs):
    return json.loads(epochs.locator("script").text_content())


def percent(text):
    return float(text.replace("%", "").strip())


def test_it_begins_at_the_lowest_loss(epochs, data):
    lowest = int(np.argmin(data["val_loss"]))
    assert lowest == data["best"]
    expect(epochs.get_by_role("slider")).to_have_value(str(lowest + 1))
    expect(epochs.locator(".explorer-summary")).to_contain_text(f"{data['val_loss'][lowest]:.3g} (its lowest)")


def test_each_epoch_shows_its_own_numbers(epochs, data):
    slider, says = epochs.get_by_role("slider"), epochs.locator(".explorer-summary")
    slider.press("Home")
    truth = np.array([digit["label"] for digit in data["digits"]])
    probabilities = np.array([digit["says"] for digit in data["digits"]])      # (digits, epochs, 10)
    np.testing.assert_allclose(probabilities.sum(axis=2), 1, atol=0.006)
    for now in range(len(data["loss"])):
        expect(says).to_contain_text(f"After epoch {now + 1} ")
        text = says.inner_text()
        answers, sure = probabilities[:, now].argmax(axis=1), probabilities[:, now].max(axis=1)
        share = text.rpartition("their accuracy ")[2].partition("%")[0]
        assert percent(share) == pytest.approx(100 * data["val_accuracy"][now], abs=0.051)
        assert f"reads {(answers == truth).sum()} rightly" in text
        assert percent(text.rpartition("and is ")[2].partition("%")[0]) == pytest.approx(100 * sure.mean(), abs=0.51)
        cards = epochs.locator(".epochs-digits li").all()
        for label, answer, share, card in zip(truth, answers, sure, cards, strict=True):
            first, called, verdict = card.locator("div > span").all_inner_texts()
            assert first.split()[1] == f"{label},"
            assert called == f"called {answer}"
            word, shown = verdict.split(", ")
            assert word == ("right" if answer == label else "wrong")
            assert percent(shown) == pytest.approx(100 * share, abs=0.51)
        slider.press("ArrowRight")


def test_the_bars_are_as_high_as_the_probabilities(epochs, data):
    epochs.get_by_role("slider").press("End")
    for digit, card in zip(data["digits"], epochs.locator(".epochs-digits li").all(), strict=True):
        heights = np.array(card.locator("rect").evaluate_all("all => all.map(each => each.height.baseVal.value)"))
        assert len(heights) == 10
        np.testing.assert_allclose(heights / heights.sum(), digit["says"][-1], atol=0.003)


def test_the_two_ends_of_the_story_are_a_key_away(epochs, data):
    slider = epochs.get_by_role("slider")
    epochs.get_by_role("button", name="Last epoch").press("Enter")
    expect(slider).to_have_value(str(len(data["loss"])))
    expect(epochs.locator(".explorer-summary")).to_contain_text(f"after epoch {data['best'] + 1})")
    epochs.get_by_role("button", name="Lowest loss").press("Space")
    expect(slider).to_have_value(str(data["best"] + 1))


def test_the_digits_are_ink_on_paper(data):
    picture = PIL.Image.open(io.BytesIO(base64.b64decode(data["picture"].partition(",")[2]))).convert("L")
    assert picture.size == (28, 28 * len(data["digits"]))
    for pixels in np.split(np.asarray(picture), len(data["digits"])):
        assert pixels.max() == 255
        assert 0.6 < (pixels > 127).mean() < 0.98


def test_a_press_in_the_curves_moves_the_epoch(epochs, page):
    stage = epochs.locator(".explorer-stage").first
    stage.scroll_into_view_if_needed()
    axis = stage.locator(".explorer-axis").bounding_box()
    page.mouse.click(axis["x"] + axis["width"] - 1, axis["y"] + axis["height"] / 2)
    expect(epochs.get_by_role("slider")).to_have_value("40")


def test_without_scripts_a_table_tells_the_story(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{LESSON}")
    explorer = page.locator('.explorer[data-kind="epochs"]')
    expect(explorer.locator(".explorer-summary")).to_contain_text("is lowest after epoch")
    expect(explorer.locator("tbody tr").last).to_contain_text("40")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken_in_any_state(epochs, page, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    page.reload(wait_until="networkidle")
    for key in ("Home", "PageUp", "End"):
        epochs.get_by_role("slider").press(key)
        assert axe(page, ".explorer") == []


def test_it_fits_on_a_small_phone_and_hears_a_finger(phone, site):
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto(f"{site}/{LESSON}")
    explorer = phone.locator('.explorer[data-kind="epochs"]')
    explorer.get_by_role("button", name="Last epoch").tap()
    expect(explorer.locator(".explorer-summary")).to_contain_text("After epoch 40")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert explorer.evaluate("node => node.scrollWidth <= node.clientWidth")
