"""Draw a digit: read as Keras reads it, centred as MNIST's are, drawn by mouse, by touch or by keyboard."""

import base64
import itertools
import sys

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy import ndimage

from solutions.data import load_mnist
from solutions.preprocessing import prepare

from .conftest import ROOT, SITE

sys.path.insert(0, str(ROOT / "book/_ext"))
import digit_pad_network

PAGE = "book/index.html"
KIB = 1024


@pytest.fixture(scope="module")
def network():
    """The network as the build trained it, before its weights were rounded to float16."""
    return digit_pad_network.load(ROOT / "_build" / "digit-pad" / "network.npz")


def opened(page, site):
    """The page with its network loaded."""
    page.goto(f"{site}/{PAGE}")
    expect(page.locator(".digit-pad[data-ready]")).to_be_attached()
    return page


def call(page, module, body, argument):
    """What a function body makes of the argument `given`, with the exports of one of the pad's modules as `pad`."""
    address = page.evaluate("() => document.querySelector('script[src*=\"digit-pad/pad.js\"]').src")
    script = f"async ([address, given]) => {{ const pad = await import(new URL('{module}', address)); {body} }}"
    return page.evaluate(script, [address, argument])


def packed(images):
    return base64.b64encode(np.ascontiguousarray(images).tobytes()).decode()


def middle(page):
    box = page.locator(".digit-pad-ink").bounding_box()
    return lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])


def draw_by_mouse(page, *points):
    page.locator(".digit-pad-ink").scroll_into_view_if_needed()
    place = middle(page)
    page.mouse.move(*place(*points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*place(*point), steps=8)
    page.mouse.up()


ONE = [(0.55, 0.2), (0.45, 0.8)]


def answer(page):
    return page.locator(".digit-pad-answer-digit")


def test_the_page_reads_every_test_image_as_keras_does(page, site, network):
    from solutions.keras_model import build_model, set_parameters

    _, (images, _) = load_mnist()
    images = images[:2000]
    model = build_model(head="softmax")
    set_parameters(model, network.params)
    wanted = model.predict(prepare(images), verbose=0)

    given = call(opened(page, site), "network.js", """
        const weights = await (await fetch(new URL("network.bin", address))).arrayBuffer();
        const network = pad.decode(weights);
        const bytes = Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));
        const rows = [];
        for (let i = 0; i < bytes.length; i += 784) {
          const image = Float32Array.from(bytes.subarray(i, i + 784), (value) => value / 255);
          rows.push([...pad.predict(network, image).probabilities]);
        }
        return rows;""", packed(images))
    assert len(given) >= 1000
    assert (np.argmax(given, axis=1) != wanted.argmax(axis=1)).sum() == 0
    assert np.abs(given - wanted).max() < 1e-3
    np.testing.assert_allclose(np.sum(given, axis=1), 1)


def test_the_site_s_weights_are_the_build_s(network):
    assert (SITE / "_static/digit-pad/network.bin").read_bytes() == network.weights()


def test_the_text_says_how_many_test_images_the_page_gets_right(page, site, network):
    page.goto(f"{site}/{PAGE}")
    images = network.facts()["images"].replace("'", "\u2019")     # the page has typographic apostrophes
    expect(page.locator(".digit-pad")).to_contain_text(images)
    expect(page.locator(".digit-pad")).to_contain_text(f"{network.right:,} of {network.n_test:,}")


def test_a_test_digit_of_any_size_and_place_comes_back_as_mnist_has_it(page, site):
    _, (images, _) = load_mnist()
    boxes = [np.ptp(np.nonzero(image), axis=1) + 1 for image in images[:400]]
    images = images[:400][[max(box) == 20 for box in boxes]]        # a very few have a faint edge, and are smaller
    assert len(images) > 390
    given = call(opened(page, site), "ink.js", """
        const bytes = Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));
        const rows = [];
        for (let i = 0; i < bytes.length / 784; i++) {
          const sample = { pixels: bytes.subarray(784 * i, 784 * (i + 1)), x: i % 9, y: (5 * i) % 11,
            cell: 0.3 + (i % 5) / 7 };
          rows.push([...pad.centred([sample])]);
        }
        return rows;""", packed(images))
    np.testing.assert_allclose(given, prepare(images), atol=1e-6)


def centred(strokes, pen=2.5, fine=5):
    """The image of strokes, computed in another way: the distance of every fine point to every line at once."""
    points = np.concatenate(strokes)
    low = points.min(axis=0)
    scale = (20 - pen) / max(np.ptp(points, axis=0).max(), 2)
    grid = np.stack(np.meshgrid(*[(np.arange(20 * fine) + 0.5) / fine] * 2), axis=-1)       # (y, x, 2), as x and y
    inked = np.zeros(grid.shape[:2], bool)
    for stroke in strokes:
        line = (stroke - low) * scale + pen / 2
        for a, b in itertools.pairwise(line):
            along = np.clip((grid - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
            inked |= np.linalg.norm(grid - a - along[..., None] * (b - a), axis=-1) <= pen / 2
    box = inked.reshape(20, fine, 20, fine).mean(axis=(1, 3))
    image = np.zeros((28, 28))
    image[:20, :20] = box
    centre = np.array(ndimage.center_of_mass(box)) + 0.5
    room = 27 - np.max(np.nonzero(box), axis=1)
    return ndimage.shift(image, np.minimum(14 - np.floor(centre), room), order=0)


def test_strokes_are_scaled_averaged_and_centred_as_an_independent_computation_says(page, site):
    rng = np.random.default_rng(0)
    drawings = [[np.cumsum(rng.normal(0, size, (9, 2)), axis=0) + 14 for _ in range(1 + number % 3)]
                for number, size in enumerate([0.3, 1, 2, 3, 5] * 10)]
    given = call(opened(page, site), "ink.js",
                 "return given.map((strokes) => [...pad.centred(strokes.map((points) => ({ points })))]);",
                 [[stroke.tolist() for stroke in drawing] for drawing in drawings])
    wanted = np.array([centred(drawing).ravel() for drawing in drawings])
    # A fine point on the very rim of the pen may fall to either side: 1 of the 25 of a pixel
    assert (np.abs(given - wanted) > 1e-6).mean() < 1e-4
    assert np.abs(given - wanted).max() <= 1 / 25 + 1e-6


def test_an_empty_drawing_is_paper_and_a_dot_stays_small(page, site):
    empty, dot = call(opened(page, site), "ink.js",
                      "return [[...pad.centred([])], [...pad.centred([{ points: [[3, 4]] }])]];", None)
    assert max(empty) == 0
    assert np.sum(dot) == pytest.approx(np.pi * 1.25**2, rel=0.05)


def test_a_one_drawn_by_mouse_is_read_as_one(page, site):
    draw_by_mouse(opened(page, site), *ONE)
    expect(answer(page)).to_have_text("1")
    expect(page.locator(".digit-pad-best th")).to_have_text("1")
    expect(page.locator(".digit-pad-mark:visible")).to_have_count(1)
    expect(page.locator(".digit-pad-question")).to_contain_text("Why 1 and not")
    expect(page.locator(".digit-pad-status")).to_contain_text("Read as 1")


def test_the_answer_changes_while_the_pen_is_down(page, site):
    opened(page, site)
    place = middle(page)
    page.mouse.move(*place(0.5, 0.2))
    page.mouse.down()
    page.mouse.move(*place(0.5, 0.8), steps=8)
    expect(answer(page)).to_have_text("1")
    page.mouse.move(*place(0.85, 0.8), steps=8)
    page.mouse.move(*place(0.85, 0.2), steps=8)
    page.mouse.move(*place(0.5, 0.2), steps=8)
    expect(answer(page)).to_have_text("0")
    page.mouse.up()


def test_a_one_drawn_by_touch_is_read_and_does_not_scroll_the_page(phone, site):
    opened(phone, site)
    phone.locator(".digit-pad-ink").scroll_into_view_if_needed()
    before = phone.evaluate("scrollY")
    place = middle(phone)
    finger = phone.context.new_cdp_session(phone)
    for step in range(11):
        x, y = place(0.55 - step / 100, 0.2 + 0.06 * step)
        finger.send("Input.dispatchTouchEvent",
                    {"type": "touchMove" if step else "touchStart", "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(answer(phone)).to_have_text("1")
    assert phone.evaluate("scrollY") == before


def test_a_one_drawn_by_keyboard_is_read_and_said_aloud(page, site):
    opened(page, site).keyboard.press("Tab")
    for _ in range(60):
        if page.evaluate("document.activeElement.matches('.digit-pad-ink')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(14):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(answer(page)).to_have_text("1")
    expect(page.locator(".digit-pad-status")).to_contain_text("Pen up, row 21, column 14. Read as 1")
    page.keyboard.press("Control+z")
    expect(page.locator(".digit-pad-status")).to_contain_text("The pad is empty.")


def test_two_arrows_held_together_draw_a_slope(page, site):
    opened(page, site).locator(".digit-pad-ink").focus()
    page.keyboard.press("Space")
    page.keyboard.down("ArrowRight")
    page.keyboard.down("ArrowDown")
    page.keyboard.up("ArrowRight")
    page.keyboard.up("ArrowDown")
    expect(page.locator(".digit-pad-status")).to_contain_text("Pen down, row 8, column 16.")


def test_undo_takes_back_a_stroke_and_clear_all_of_them(page, site):
    draw_by_mouse(opened(page, site), *ONE)
    draw_by_mouse(page, (0.2, 0.5), (0.8, 0.5))
    page.get_by_role("button", name="Undo").click()
    expect(answer(page)).to_have_text("1")
    page.get_by_role("button", name="Clear").click()
    expect(answer(page)).to_have_text("?")
    expect(page.locator(".digit-pad-hint")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(answer(page)).to_have_text("1")


def image_of(page, name):
    return page.locator(f".digit-pad-{name}").evaluate("canvas => canvas.toDataURL()")


@pytest.mark.parametrize("digit", range(10))
def test_a_sample_is_read_as_the_network_reads_that_test_image(page, site, network, digit):
    from solutions.network import forward

    opened(page, site).get_by_role("button", name=str(digit), exact=True).click()
    wanted = forward(network.params, prepare(network.samples[digit][:1]))[0].argmax()
    expect(answer(page)).to_have_text(str(wanted))


def test_without_centring_the_network_gets_the_pad_as_it_is(page, site):
    opened(page, site).get_by_role("button", name="4", exact=True).click()
    expect(page.locator(".digit-pad-status")).to_contain_text("Read as")
    before = image_of(page, "image")
    page.get_by_label("scale and centre").uncheck()
    page.wait_for_function("before => document.querySelector('.digit-pad-image').toDataURL() !== before", arg=before)
    page.get_by_label("scale and centre").check()
    page.wait_for_function("before => document.querySelector('.digit-pad-image').toDataURL() === before", arg=before)


def test_the_ink_follows_the_theme(page, site):
    page.emulate_media(color_scheme="light")
    draw_by_mouse(opened(page, site), (0.5, 0.2), (0.5, 0.8))
    expect(answer(page)).to_have_text("1")
    brightness = """() => { const canvas = document.querySelector(".digit-pad-ink");
        const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        pixel.drawImage(canvas, -canvas.width / 2, -canvas.height / 2);
        return pixel.getImageData(0, 0, 1, 1).data[0]; }"""
    assert page.evaluate(brightness) < 100
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"({brightness})() > 150")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_pad_in_use_breaks_no_rule_of_accessibility(page, site, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    draw_by_mouse(opened(page, site), *ONE)
    expect(answer(page)).to_have_text("1")
    page.locator(".digit-pad summary").click()
    assert axe(page, ".beside-pad") == []


def test_the_table_gives_every_digit_a_probability(page, site):
    opened(page, site).get_by_role("button", name="7", exact=True).click()
    expect(page.locator(".digit-pad-status")).to_contain_text("Read as")
    rows = page.get_by_role("row").filter(has=page.locator(".digit-pad-share"))
    expect(rows).to_have_count(10)
    for digit in range(10):
        expect(rows.nth(digit)).to_contain_text("%")
        expect(rows.nth(digit).get_by_role("rowheader")).to_have_text(str(digit))


def test_the_first_screen_has_the_claim_three_doors_and_the_pad(page, site):
    page.set_viewport_size({"width": 1280, "height": 800})
    opened(page, site)
    doors = page.locator(".doors a")
    expect(doors).to_have_count(3)
    pad = [page.locator(f".digit-pad-{name}") for name in ("ink", "table", "image", "hidden")]
    for part in [page.locator("article h1"), *doors.all(), *pad]:
        box = part.bounding_box()
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 800


def test_the_first_screen_of_a_phone_has_the_doors_and_most_of_the_pad(phone, site):
    opened(phone, site)
    for door in phone.locator(".doors a").all():
        box = door.bounding_box()
        assert box["y"] + box["height"] <= 844
    assert phone.locator(".digit-pad-ink").bounding_box()["y"] < 844 - 200


def test_a_narrow_page_does_not_scroll_sideways(page, site):
    page.set_viewport_size({"width": 360, "height": 740})
    draw_by_mouse(opened(page, site), *ONE)
    expect(answer(page)).to_have_text("1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_weights_are_loaded_when_the_pad_comes_near(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "network.bin" in request.url else None)
    page.set_viewport_size({"width": 390, "height": 150})
    page.goto(f"{site}/{PAGE}", wait_until="networkidle")
    assert asked == []
    page.locator(".digit-pad-ink").scroll_into_view_if_needed()
    expect(page.locator(".digit-pad[data-ready]")).to_be_attached()
    assert len(asked) == 1


def test_the_page_with_its_network_weighs_less_than_350_kib(page, site):
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    opened(page, site)
    page.wait_for_load_state("networkidle")
    assert 159 * 1000 < sum(sizes) <= 350 * KIB


def test_a_network_that_does_not_come_is_said(page, site, faults):
    page.route("**/network.bin*", lambda route: route.fulfill(status=404))
    page.goto(f"{site}/{PAGE}")
    expect(page.locator(".digit-pad-answer-share")).to_have_text(
        "network.bin could not be loaded (404): reload the page to try again")
    faults.clear()


def test_without_scripts_a_sentence_stands_in_for_the_pad(browser, site):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/{PAGE}")
    expect(page.locator(".digit-pad noscript")).to_be_visible()
    expect(page.locator(".digit-pad-tool")).to_be_hidden()
    expect(page.locator(".digit-pad > p:last-child")).to_contain_text("others right")
    page.context.close()


def test_on_paper_a_sentence_stands_in_for_the_pad(page, site):
    opened(page, site)
    expect(page.locator(".digit-pad-on-paper")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".digit-pad-on-paper")).to_be_visible()
    expect(page.locator(".digit-pad-tool")).to_be_hidden()
