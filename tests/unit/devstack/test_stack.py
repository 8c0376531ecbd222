"""The three functions on one machine."""

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from devstack.environment import DATABASE_FILE
from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError, NotFoundError, StorageUnavailableError
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.sources import key_digest
from tests.unit.devstack.events import EVENT, delivery

HITS = '{ home(range: {from: "2023-11-01", to: "2023-11-20"}) { totalHits { value } } }'


def hits(stack: LocalStack, tenant: str = "acme") -> int:
    value: int = stack.query(HITS, tenant).document["data"]["home"]["totalHits"]["value"]
    return value


def test_what_is_ingested_is_counted_before_and_after_it_is_folded(stack: LocalStack) -> None:
    key = stack.create_source("acme", "native").secret
    assert stack.ingest(EVENT, key).status == 200
    assert hits(stack) == 1
    assert stack.aggregate().rows == 1
    assert hits(stack) == 1
    assert stack.aggregate().outcomes == {}


def test_stacks_one_after_the_other_do_not_mix(tmp_path: Path) -> None:
    before = dict(os.environ)
    for name in ("one", "two"):
        with LocalStack(tmp_path / name) as stack:
            stack.create_tenant("acme", "UTC")
            stack.ingest(EVENT, stack.create_source("acme", "native").secret)
            assert hits(stack) == 1
    assert dict(os.environ) == before


def test_a_stack_that_cannot_be_opened_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"no database" * 1_000)
    before = dict(os.environ)
    with pytest.raises(StorageUnavailableError):
        LocalStack(tmp_path)
    assert dict(os.environ) == before


def test_nothing_that_was_set_for_a_cloud_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_METRICS_QUEUE_URL", "https://sqs.example.com/queue")
    monkeypatch.setenv("CRM_METRICS_NO_SUCH_SETTING", "1")
    with LocalStack(tmp_path) as stack:
        assert stack.services.settings.queue_url == ""


def test_deliveries_may_wait_and_answers_say_since_when(tmp_path: Path) -> None:
    question = (
        '{ home(range: {from: "2023-11-01", to: "2023-11-20"}) '
        "{ asOf watermark totalHits { value } } }"
    )
    with LocalStack(tmp_path, queues_deliveries=True) as stack:
        stack.create_tenant("acme", "UTC")
        assert stack.ingest(EVENT, stack.create_source("acme", "native").secret).status == 200
        home = stack.query(question, "acme").document["data"]["home"]
        assert home["totalHits"]["value"] == 0
        assert home["watermark"] < home["asOf"]
    with LocalStack(tmp_path) as stack:
        before = stack.query(question, "acme").document["data"]["home"]
        assert before["watermark"] == home["watermark"], "whoever asks need not know of the queue"
        assert stack.aggregate().rows == 1
        assert hits(stack) == 1


def test_functions_write_nothing_to_standard_output(stack: LocalStack) -> None:
    """Neither their logs nor the counters that Powertools would print after a hundred."""
    key = stack.create_source("acme", "native").secret
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        for _ in range(120):
            assert stack.ingest(delivery(), key).status == 400
        stack.query("{", "acme")
        stack.aggregate()
    assert (out.getvalue(), err.getvalue()) == ("", "")


def test_the_only_tenant_needs_no_name(stack: LocalStack) -> None:
    assert stack.tenant(None).name == "acme"
    stack.create_tenant("beta", "UTC")
    with pytest.raises(BadInputError, match="2 tenants: acme, beta"):
        stack.tenant(None)
    with pytest.raises(NotFoundError, match="no tenant 'gamma'"):
        stack.tenant("gamma")


def test_processes_that_import_agree_on_source_and_key(stack: LocalStack) -> None:
    key = stack.file_key("acme")
    assert stack.file_key("acme") == key
    stack.create_tenant("beta", "UTC")
    assert stack.file_key("beta") != key
    source_id, _, secret = key.partition(".")
    source = stack.services.tenants.sources.get(source_id)
    assert source is not None
    assert (source.kind, source.tenant) == (SourceKind.FILE, "acme")
    assert source.accepts(key_digest(secret), 0)


def test_a_replaced_secret_is_found_out(tmp_path: Path) -> None:
    with LocalStack(tmp_path) as stack:
        stack.create_tenant("acme", "UTC")
        stack.file_key("acme")
    (tmp_path / "secret.key").unlink()
    with LocalStack(tmp_path) as stack, pytest.raises(BadInputError, match=r"another secret\.key"):
        stack.file_key("acme")


@pytest.mark.parametrize(
    ("tenant", "kind", "message"),
    [("acme", "sugar", "no source of kind 'sugar'"), ("beta", "native", "no tenant 'beta'")],
)
def test_a_source_that_cannot_be_is_refused(
    stack: LocalStack, tenant: str, kind: str, message: str
) -> None:
    with pytest.raises((BadInputError, NotFoundError), match=message):
        stack.create_source(tenant, kind)


def test_a_token_is_for_a_tenant_and_role_that_there_are(stack: LocalStack) -> None:
    with pytest.raises(BadInputError, match="admin, manager, rep"):
        stack.token("acme", "king")
    with pytest.raises(NotFoundError, match="no tenant 'beta'"):
        stack.token("beta", "admin")
    answer = stack.query("{ userAnalytics { totalCount } }", "acme", role="rep")
    assert answer.document["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize("folder", ["/dev/null/data", "/proc/version"])
def test_a_folder_that_cannot_be_is_refused(folder: str) -> None:
    with pytest.raises(BadInputError, match=f"data folder {folder} cannot be made"):
        LocalStack(Path(folder))
