"""A local stack for each test that wants one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack.stack import LocalStack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LocalStack]:
    with LocalStack(tmp_path / "data") as opened:
        opened.create_tenant("acme", "Europe/Berlin")
        yield opened
