"""A stack for a test, in its own folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.engine.stack import Stack, stack


@pytest.fixture
def utc(tmp_path: Path) -> Iterator[Stack]:
    """A tenant in UTC, on 20 March 2026 at noon, a Friday."""
    with stack(tmp_path) as one:
        yield one
