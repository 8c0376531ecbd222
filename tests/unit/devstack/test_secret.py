"""The secret of a data folder."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from devstack.secret import SECRET_FILE, derived, local_secret
from shared.metrics.domain.errors import BadInputError


def test_the_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    secret = local_secret(tmp_path)
    assert len(bytes.fromhex(secret)) == 32
    assert (tmp_path / SECRET_FILE).stat().st_mode & 0o777 == 0o600
    assert local_secret(tmp_path) == secret
    assert [file.name for file in tmp_path.iterdir()] == [SECRET_FILE]


def test_all_who_start_at_once_get_the_same_secret(tmp_path: Path) -> None:
    together = Barrier(8)

    def start(_number: int) -> str:
        together.wait()
        return local_secret(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1
    assert [file.name for file in tmp_path.iterdir()] == [SECRET_FILE]


@pytest.mark.parametrize("content", [b"", b"abc", b"z" * 64, b"\xff" * 64, b"ab" * 31])
def test_a_file_that_is_no_secret_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SECRET_FILE).write_bytes(content)
    with pytest.raises(BadInputError, match="64 hexadecimal digits"):
        local_secret(tmp_path)
    assert (tmp_path / SECRET_FILE).read_bytes() == content


def test_every_purpose_has_a_key_of_its_own() -> None:
    assert derived("s", "one") == derived("s", "one")
    assert len({derived("s", "one"), derived("s", "other"), derived("t", "one")}) == 3
