"""pandas' tables as plain data: a Series is its values and labels, a DataFrame its columns.

Nothing here imports pandas before a table has to be made: where no table is, none can be asked for.
"""

import re
import sys
from typing import Any

import numpy as np

# What a column of Python objects may be turned into; a dtype that is not listed arrives as objects
_DTYPE = re.compile(r"object|str|string|category|boolean|U?Int\d\d?|Float\d\d")


def take_apart(value: Any) -> tuple[str, list] | None:
    """(kind, parts) of a pandas DataFrame, Series, Index or Timestamp, None for anything else."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return None
    if value is pandas.NaT or value is pandas.NA:
        return "missing", ["NaT" if value is pandas.NaT else "NA"]
    if isinstance(value, pandas.Timestamp):
        return "timestamp", [value.isoformat()]
    if isinstance(value, pandas.MultiIndex):
        return "multiindex", [list(value), list(value.names)]
    if isinstance(value, pandas.Index):
        return "index", [*_column(value), value.name]
    if isinstance(value, pandas.Series):
        return "series", [*_column(value), value.name, value.index]
    if isinstance(value, pandas.DataFrame):
        columns = [_column(value.iloc[:, i]) for i in range(value.shape[1])]
        return "frame", [columns, value.columns, value.index]
    return None


def put_together(kind: str, parts: list) -> Any:
    """The opposite of `take_apart`; raises ValueError or TypeError for parts that are not of this kind."""
    import pandas

    if kind == "missing":
        return {"NaT": pandas.NaT, "NA": pandas.NA}[parts[0]]
    if kind == "timestamp":
        return pandas.Timestamp(_text(parts[0]))
    if kind == "multiindex":
        return pandas.MultiIndex.from_tuples(parts[0], names=parts[1])
    if kind == "index":
        values, dtype, name = parts
        return pandas.Index(values, dtype=_allowed(values, dtype), name=name)
    if kind == "series":
        values, dtype, name, index = parts
        return pandas.Series(values, dtype=_allowed(values, dtype), name=name, index=_index(index))
    columns, labels, index = parts
    table = pandas.DataFrame({i: pandas.Series(values, dtype=_allowed(values, dtype), index=_index(index))
                              for i, (values, dtype) in enumerate(columns)}, index=_index(index))
    table.columns = _index(labels)
    return table


KINDS = ("missing", "timestamp", "multiindex", "index", "series", "frame")


def _column(column: Any) -> list:
    """[values, dtype]: an array where the dtype is NumPy's own, else a list of plain values."""
    values, dtype = column.to_numpy(), str(column.dtype)
    if isinstance(column.dtype, np.dtype) and values.dtype.kind in "biufcmM":
        return [values, dtype]
    return [list(column), dtype]


def _allowed(values: Any, dtype: Any) -> str | None:
    """The dtype to ask for; none where pandas finds it by itself, as for time stamps with a time zone."""
    if isinstance(values, np.ndarray) or str(dtype).startswith("datetime64"):
        return None
    return dtype if isinstance(dtype, str) and _DTYPE.fullmatch(dtype) else "object"


def _index(value: Any) -> Any:
    import pandas

    if not isinstance(value, pandas.Index):
        raise TypeError("the labels of a table are an Index")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a time stamp is sent as text")
    return value
