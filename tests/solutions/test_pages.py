"""What pages quote and show."""

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
