from datetime import date
from pathlib import Path
from stat import S_IMODE

import pytest

from devstack.demo.memory import MEMORY_FILE, Memory, remember, remembered
from shared.metrics.domain.errors import BadInputError

MEMORY = Memory(date(2026, 11, 21), 300, date(2026, 11, 25), "src_1.secret")


def test_a_folder_remembers(tmp_path: Path) -> None:
    assert remembered(tmp_path) is None
    remember(tmp_path, Memory(date(2026, 11, 20), 300))
    remember(tmp_path, MEMORY)
    assert remembered(tmp_path) == MEMORY


def test_it_is_for_its_owner_only(tmp_path: Path) -> None:
    remember(tmp_path, MEMORY)
    assert S_IMODE((tmp_path / MEMORY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [MEMORY_FILE]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"first_shown": "yesterday", "size": 1}'])
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MEMORY_FILE).write_bytes(content)
    with pytest.raises(BadInputError, match=r"demo\.json cannot be read .* another --data-dir"):
        remembered(tmp_path)
