"""What the pages of the book share: a measured number for the text, a table."""

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
