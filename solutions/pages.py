"""What the pages of the book share: a measured number for the text, a table, the data of something to play with."""

import json
from html import escape

import numpy as np
from IPython.display import HTML
from myst_nb import glue


def keep(**numbers):
    """Let the text of the page quote these numbers, as {glue:text}`name`, with a format if need be (`name:.1f`)."""
    for name, number in numbers.items():
        glue(name, number.item() if isinstance(number, np.generic) else number, display=False)


def show(frame, **formats):
    """A table of a data frame; formats: column name -> format specification, for instance accuracy=".1%"."""
    texts = {name: frame[name].map(f"{{:{form}}}".format) for name, form in formats.items()}
    return HTML(frame.assign(**texts).to_html(index=False, border=0))


def explorer(kind, data, summary):
    """Something to play with: book/_static/explorers/KIND.js draws it from data, in place of the summary.

    data: dicts, lists, text, numbers and arrays, written with four significant digits.
    summary: what it shows, in plain words, for whoever reads without scripts, in a notebook or on paper.
    """
    text = json.dumps(_plain(data), separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return HTML(f'<div class="explorer" data-kind="{escape(kind)}"><p class="explorer-summary">{escape(summary)}</p>'
                f'<script type="application/json">{text}</script></div>')


def _plain(data):
    """The same for JSON: arrays as lists, numbers short."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    if isinstance(data, np.ndarray | np.generic):
        return _plain(data.tolist())
    if isinstance(data, float):
        short = float(f"{data:.4g}")
        return int(short) if short.is_integer() and abs(short) < 2**53 else short
    return data
