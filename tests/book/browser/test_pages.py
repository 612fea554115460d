"""What holds for every page of the site."""

import pytest


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(page, site, axe, page_name, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/{page_name}", wait_until="networkidle")
    assert axe(page) == []
