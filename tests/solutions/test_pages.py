"""What pages quote and show."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from solutions import pages


def test_the_text_can_quote_a_number_from_numpy_as_a_plain_one(monkeypatch):
    kept = {}
    monkeypatch.setattr(pages, "glue", lambda name, value, display: kept.update({name: (value, display)}))
    pages.keep(share=np.float32(0.5), count=3, words="two", steps=np.int64(7))
    assert kept == {"share": (0.5, False), "count": (3, False), "words": ("two", False), "steps": (7, False)}
    assert [type(value) for value, _ in kept.values()] == [float, int, str, int]


def test_a_table_has_its_numbers_formatted_and_no_row_numbers():
    frame = pd.DataFrame({"rule": ["sgd", "adam"], "right": [0.91, 0.93]})
    text = pages.show(frame, right=".0%").data
    assert "<td>91%</td>" in text
    assert "<th>0</th>" not in text
    assert frame["right"].tolist() == [0.91, 0.93]


def test_a_column_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        pages.show(pd.DataFrame({"a": [1]}), b=".1f")


def test_an_explorer_carries_its_data_and_says_without_a_script_what_it_shows():
    data = {"rules": ["</script><b>"], "path": np.array([[1.0, 0.123456], [2.5, -3e-7]]), "right": np.float32(0.5)}
    text = pages.explorer("race", data, "SGD < Adam").data
    held = re.search(r'<script type="application/json">(.*?)</script>', text)[1]
    assert json.loads(held) == {"rules": ["</script><b>"], "path": [[1, 0.1235], [2.5, -3e-7]], "right": 0.5}
    assert '<p class="explorer-summary">SGD &lt; Adam</p>' in text
    assert 'data-kind="race"' in text


def test_an_explorer_refuses_what_json_cannot_hold():
    with pytest.raises(ValueError, match="not JSON compliant"):
        pages.explorer("race", {"loss": float("nan")}, "")
