"""The confusion matrix of lesson 06 that opens, by keyboard; its numbers against sums and shares worked out here."""

import base64
import io
import json
import re

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import expect

LESSON = "lessons/06_evaluation/lesson.html"


@pytest.fixture
def confusion(page, site):
    page.goto(f"{site}/{LESSON}")
    explorer = page.locator('.explorer[data-kind="confusion"]')
    expect(explorer.get_by_role("gridcell")).to_have_count(100)
    return explorer


@pytest.fixture
def data(confusion):
    return json.loads(confusion.locator("script").text_content())


@pytest.fixture
def matrix(data):
    return np.array(data["matrix"])


def shown(confusion):
    return np.array(confusion.get_by_role("gridcell").all_inner_texts(), int).reshape(10, 10)


def test_the_counts_are_those_of_the_lesson(confusion, matrix, page):
    """The diagonal gives the accuracy that Keras printed, all of it the number of test images in the text."""
    assert (shown(confusion) == matrix).all()
    printed = re.search(r"Keras: (0\.\d+) ", page.locator("article").inner_text())[1]
    assert matrix.trace() / matrix.sum() == pytest.approx(float(printed), abs=1e-4)


def test_shares_are_of_the_row_or_of_the_column(confusion, matrix):
    confusion.get_by_role("button", name="of its row").press("Enter")
    np.testing.assert_allclose(shown(confusion), 100 * matrix / matrix.sum(axis=1, keepdims=True), atol=0.51)
    confusion.get_by_role("button", name="of its column").press("Space")
    np.testing.assert_allclose(shown(confusion), 100 * matrix / matrix.sum(axis=0, keepdims=True), atol=0.51)


def test_the_grid_is_one_stop_of_the_tab_key_and_arrows_move_in_it(confusion, page):
    stops = confusion.locator('[role="gridcell"][tabindex="0"]')
    expect(stops).to_have_count(1)
    confusion.get_by_role("button", name="of its column").focus()
    page.keyboard.press("Tab")
    expect(stops).to_be_focused()
    page.keyboard.press("Control+Home")
    for key, cell in (("ArrowLeft", "0,0"), ("ArrowDown", "1,0"), ("ArrowRight", "1,1"), ("End", "1,9"),
                      ("ArrowUp", "0,9"), ("Home", "0,0"), ("PageDown", "9,0"), ("Control+End", "9,9"),
                      ("ArrowDown", "9,9"), ("PageUp", "0,9")):
        page.keyboard.press(key)
        expect(stops).to_have_count(1)
        expect(stops).to_be_focused()
        expect(stops).to_have_attribute("data-cell", cell)
        expect(stops).to_have_attribute("aria-selected", "true")


def test_every_cell_tells_what_it_counts_and_shows_its_digits(confusion, matrix, data, page):
    confusion.locator('[role="gridcell"][tabindex="0"]').focus()
    page.keyboard.press("Control+Home")
    says, heap = confusion.locator(".explorer-summary"), confusion.locator(".confusion-heap")
    words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"]
    for i in range(10):
        for j in range(10):
            count = matrix[i, j]
            expect(heap.locator("p").first).to_contain_text(f"True {i}, called {j}: {count}")
            text = says.inner_text()
            many = words[count] if count < len(words) else count
            verb = f"{' was' if count == 1 else 's were'} {'called' if i == j else 'read as'}"
            assert text.startswith(f"{many} true {i}{verb} {j}")
            assert f"{100 * count / matrix[i].sum():.1f}\u00a0% of the {matrix[i].sum()} images" in text
            assert f"{100 * count / matrix[:, j].sum():.1f}\u00a0% of the {matrix[:, j].sum()} that were called" in text
            assert heap.locator("li").count() == min(count, 4 if i == j else 8)
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowDown")


def test_the_network_s_answer_has_the_larger_probability(data, matrix):
    for name, found in data["cells"].items():
        i, j = map(int, name.split(","))
        assert len(found) == min(matrix[i, j], 4 if i == j else 8)
        for _, called, truly in found:
            assert 0.1 < called <= 1
            assert truly <= called


def test_each_image_is_another_digit_of_the_picture(data):
    places = [place for found in data["cells"].values() for place, *_ in found]
    assert sorted(places) == list(range(len(places)))
    picture = PIL.Image.open(io.BytesIO(base64.b64decode(data["picture"].partition(",")[2]))).convert("L")
    assert picture.size == (28, 28 * len(places))
    assert len({pixels.tobytes() for pixels in np.split(np.asarray(picture), len(places))}) == len(places)
    assert len(data["picture"]) < 175 * len(places)


def test_a_click_opens_a_cell(confusion, matrix):
    confusion.locator('[data-cell="9,9"]').click()
    expect(confusion.locator(".explorer-summary")).to_contain_text("true 9s were called 9, rightly.")
    expect(confusion.locator("th[data-along]")).to_have_text(["9", "9"])


def test_without_scripts_the_matrix_is_a_table(browser, site, matrix):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{LESSON}")
    explorer = page.locator('.explorer[data-kind="confusion"]')
    expect(explorer.locator(".explorer-summary")).to_contain_text("Its commonest mistake is")
    rows = [row.locator("td").all_inner_texts() for row in explorer.locator("tbody tr").all()]
    assert (np.array(rows, int) == matrix).all()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken_in_any_state(confusion, page, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    page.reload(wait_until="networkidle")
    for name, cell in (("how many", "0,0"), ("of its row", "2,8"), ("of its column", "0,2")):
        confusion.get_by_role("button", name=name).press("Enter")
        confusion.locator(f'[data-cell="{cell}"]').click()
        assert axe(page, ".explorer") == []


def test_it_fits_on_a_small_phone_and_a_finger_hits_the_cells(phone, site):
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto(f"{site}/{LESSON}")
    explorer = phone.locator('.explorer[data-kind="confusion"]')
    explorer.locator('[data-cell="3,5"]').tap()
    expect(explorer.locator(".confusion-heap")).to_contain_text("True 3, called 5")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert explorer.evaluate("node => node.scrollWidth <= node.clientWidth")
    box = explorer.locator('[data-cell="3,5"]').bounding_box()
    assert min(box["width"], box["height"]) >= 24
