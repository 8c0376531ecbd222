"""The schema as a whole: its committed text, and what it costs to import."""

import subprocess
import sys
from pathlib import Path

import pytest
from graphql import build_schema

from devstack import schema as schema_file
from functions.graphql.schema import metrics_schema
from tests.unit.graphql.fakes import FakeServices, ask


def test_the_committed_schema_is_that_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["schema", "--check"])
    assert schema_file.main() == 0
    assert build_schema(schema_file.SCHEMA_FILE.read_text(encoding="utf-8")).query_type


def test_a_schema_that_differs_is_told_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schema_file, "SCHEMA_FILE", tmp_path / "schema.graphql")
    monkeypatch.setattr(sys, "argv", ["schema", "--check"])
    assert schema_file.main() == 1
    assert "run `python -m devstack.schema`" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["schema"])
    assert schema_file.main() == 0
    monkeypatch.setattr(sys, "argv", ["schema", "--check"])
    assert schema_file.main() == 0


def test_documents_are_parsed_and_validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    query = "{ home { asOf definitionVersion } }"
    ask(query)
    monkeypatch.setattr("functions.graphql.complexity._check", None)
    assert ask(query, FakeServices()).data


def test_the_schema_is_built_once() -> None:
    assert metrics_schema(introspection=True) is metrics_schema(introspection=True)
    assert metrics_schema(introspection=True) is not metrics_schema(introspection=False)


def test_the_schema_can_be_imported_without_heavy_packages() -> None:
    # numpy is not among them: the first answer needs it.
    heavy = "{'boto3', 'pandas', 'pydantic'} & {name.split('.')[0] for name in sys.modules}"
    code = f"import sys, functions.graphql.handler; assert not {heavy}, {heavy}"
    subprocess.run([sys.executable, "-c", code], check=True)
