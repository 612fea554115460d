"""pandas' tables cross the wall as what they are, and a forged one is refused."""

import json

import numpy as np
import pandas as pd
import pytest

from autograder import tables
from autograder.values import BadMessage, decode, encode


def crossed(value):
    node, blobs = encode(value)
    return decode(json.loads(json.dumps(node)), blobs)


SERIES = [pd.Series([1, 2, 3]), pd.Series([1.5, np.nan], index=["a", "b"], name="x"), pd.Series(["x", None, "z"]),
          pd.Series([True, False]), pd.Series([], dtype=float), pd.Series(["a", "b", "a"], dtype="category"),
          pd.Series([1, None], dtype="Int64"), pd.Series(pd.to_datetime(["2024-02-29", None])),
          pd.Series(pd.to_datetime(["2024-02-29"], utc=True)), pd.Series([[1], {"a": 2}]),
          pd.Series([1], index=pd.MultiIndex.from_tuples([("a", 1)], names=["p", "q"]))]


@pytest.mark.parametrize("series", SERIES, ids=lambda s: f"{s.dtype}-{len(s)}")
def test_a_series_keeps_values_labels_name_and_dtype(series):
    pd.testing.assert_series_equal(crossed(series), series)


@pytest.mark.parametrize("table", [
    pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "x"], "c": [0.5, np.nan, 2]}, index=[3, 1, 2]),
    pd.DataFrame([[1, 2], [3, 4]], columns=["same", "same"]), pd.DataFrame(index=[1, 2]), pd.DataFrame(),
    pd.DataFrame({("a", "x"): [1], ("a", "y"): [2]})], ids=["mixed", "same names", "no columns", "empty", "two levels"])
def test_a_table_keeps_its_columns_their_names_and_its_labels(table):
    pd.testing.assert_frame_equal(crossed(table), table, check_column_type=False)


def test_single_entries_cross_as_what_they_are():
    assert crossed(pd.Timestamp("2024-02-29 12:00", tz="UTC")) == pd.Timestamp("2024-02-29 12:00", tz="UTC")
    assert crossed(pd.NA) is pd.NA
    assert crossed(pd.NaT) is pd.NaT
    pd.testing.assert_index_equal(crossed(pd.Index(["a", "b"], name="n")), pd.Index(["a", "b"], name="n"))


def test_without_pandas_nothing_is_a_table(monkeypatch):
    monkeypatch.delitem(tables.sys.modules, "pandas")
    assert tables.take_apart([1]) is None


LIST, INDEX = {"list": [1, 2]}, {"index": [{"list": [0, 1]}, "int64", None]}


@pytest.mark.parametrize("node", [
    {"frame": []}, {"frame": [1, 2, 3]}, {"frame": [{"list": [{"list": [LIST, "int64"]}]}, LIST, INDEX]},
    {"series": [LIST, "int64", None, LIST]}, {"series": [LIST, "object", {"list": []}, INDEX]},
    {"series": [{"list": [1, 2, 3]}, "object", None, INDEX]}, {"timestamp": [5]}, {"timestamp": ["yesterday"]},
    {"missing": ["x"]}, {"index": 5}, {"multiindex": [5, 5]}], ids=json.dumps)
def test_a_forged_table_is_refused(node):
    with pytest.raises(BadMessage):
        decode(node, [])


def test_a_dtype_that_is_not_listed_arrives_as_objects():
    forged = decode({"series": [LIST, "object; import os", None, INDEX]}, [])
    assert forged.dtype == object


def test_checks_get_and_give_tables(grade):
    result = grade("#: locked\nimport pandas as pd\ntable = pd.DataFrame({'k': ['a', 'b', 'a'], 'v': [1, 2, 3]})\n"
                   "#: solution\ndef totals(t):\n    return t.groupby('k')['v'].sum()\nbest = totals(table)\n"
                   "#: check 2\nexpected = pd.Series([4, 2], index=pd.Index(['a', 'b'], name='k'), name='v')\n"
                   "pd.testing.assert_series_equal(totals(table), expected)\n"
                   "#: check 1\nassert best.idxmax() == 'a' and list(best) == [4, 2]")
    assert [(c.verdict, c.message) for c in result.checks] == [("passed", "")] * 2
