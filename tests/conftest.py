"""What all tests share."""

from typing import Any

import pytest


def pytest_make_parametrize_id(config: pytest.Config, val: Any, argname: str) -> str | None:
    """Bytes are no name for a test: an archive holds the time, and tests of two processes must have the same names."""
    return argname if isinstance(val, bytes) else None
