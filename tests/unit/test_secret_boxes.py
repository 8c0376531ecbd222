"""Secrets of sources: what is sealed is opened for its own source alone."""

from collections.abc import Iterator
from typing import cast

import boto3
import pytest
from moto import mock_aws

from shared.metrics.domain.errors import BadInputError, SecretsUnavailableError
from shared.metrics.kms_secret_box import KmsSecretBox
from shared.metrics.local_secret_box import LocalSecretBox
from shared.metrics.secret_box import NoSecretBox, SecretBox, open_box
from shared.metrics.settings import Settings

SECRET = "s3cret 🙂"


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[KmsSecretBox]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        key = boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]
        yield cast("KmsSecretBox", open_box(Settings(secrets_key=f"kms:{key}")))


@pytest.fixture
def local() -> SecretBox:
    return open_box(Settings(secrets_key="the data folder's"))


@pytest.fixture(params=["kms", "local"])
def box(request: pytest.FixtureRequest) -> SecretBox:
    adapter: SecretBox = request.getfixturevalue(request.param)
    return adapter


def test_a_sealed_secret_can_be_opened_and_not_be_read(box: SecretBox) -> None:
    sealed = box.seal(SECRET, "src_1")
    assert box.open(sealed, "src_1") == SECRET
    assert SECRET.encode() not in sealed
    assert box.seal(SECRET, "src_1") != sealed


def test_the_secret_of_another_source_is_not_opened(box: SecretBox) -> None:
    sealed = box.seal(SECRET, "src_1")
    with pytest.raises(SecretsUnavailableError):
        box.open(sealed, "src_2")


@pytest.mark.parametrize("cut", [0, 1, 13, 20])
def test_what_was_altered_or_cut_off_is_not_opened(box: SecretBox, cut: int) -> None:
    sealed = box.seal(SECRET, "src_1")
    for broken in (sealed[:cut], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(SecretsUnavailableError):
            box.open(broken, "src_1")


def test_a_folder_with_another_secret_cannot_open_it() -> None:
    sealed = LocalSecretBox("one").seal(SECRET, "src_1")
    with pytest.raises(SecretsUnavailableError, match=r"sealed with another secret\.key"):
        LocalSecretBox("two").open(sealed, "src_1")


def test_a_key_that_there_is_not_is_unavailable(kms: KmsSecretBox) -> None:
    sealed = kms.seal(SECRET, "src_1")
    gone = KmsSecretBox("11111111-1111-1111-1111-111111111111")
    with pytest.raises(SecretsUnavailableError, match="KMS did not encrypt"):
        gone.seal(SECRET, "src_1")
    with pytest.raises(SecretsUnavailableError, match="KMS did not decrypt"):
        gone.open(sealed, "src_1")


def test_without_a_key_nothing_is_kept_and_nothing_opened() -> None:
    box = open_box(Settings())
    assert isinstance(box, NoSecretBox)
    with pytest.raises(BadInputError, match="CRM_METRICS_SECRETS_KEY is not set"):
        box.seal(SECRET, "src_1")
    with pytest.raises(SecretsUnavailableError, match="CRM_METRICS_SECRETS_KEY is not set"):
        box.open(b"sealed", "src_1")
