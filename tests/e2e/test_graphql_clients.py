"""Relay's compiler and gql.tada accept the schema, and documents that clients would send.

The documents are in `clients/relay` and `clients/tada`, one file a view; a new one is found by
itself. The tools work on a copy, into which they write what they generate.
"""

import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    build_schema,
    parse,
)

ROOT: Final = Path(__file__).parents[2]
CLIENTS: Final = Path(__file__).parent / "clients"
SCHEMA: Final = ROOT / "schema.graphql"
PLAIN: Final = {**os.environ, "NO_COLOR": "1", "GITHUB_ACTIONS": ""}
"""The environment in which the tools report without colours and annotations."""

MISTAKEN_IN_RELAY: Final = """
import { graphql } from "relay-runtime";
export const query = graphql`query MistakenQuery { home { noSuchField } }`;
"""
MISTAKEN_IN_TADA: Final = """
import { graphql, type ResultOf } from "./graphql.js";
export const isPartial = graphql(`query IsPartial { home { isPartial } }`);
export const ofAnotherType = (result: ResultOf<typeof isPartial>): string => result.home.isPartial;
export const mistaken = graphql(`query Mistaken { home { noSuchField } }`);
"""


@pytest.fixture(scope="module")
def node_modules() -> Path:
    """The packages of the lock file, installed by whichever process of the tests comes first."""
    modules = CLIENTS / "node_modules"
    with (CLIENTS / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = lock.read()
        installed = modules / ".installed-lock.json"
        if not installed.exists() or installed.read_bytes() != wanted:
            install = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
            subprocess.run(install, cwd=CLIENTS, check=True)
            installed.write_bytes(wanted)
    return modules


@pytest.fixture
def project(node_modules: Path, tmp_path: Path) -> Path:
    """A copy of the clients, with the schema where their settings expect it."""
    copy = tmp_path / CLIENTS.relative_to(ROOT)
    shutil.copytree(CLIENTS, copy, ignore=shutil.ignore_patterns("node_modules"))
    (copy / "artifacts").mkdir()
    (copy / "node_modules").symlink_to(node_modules)
    shutil.copy(SCHEMA, tmp_path)
    return copy


def ran(project: Path, tool: str, *arguments: str) -> tuple[int, str]:
    """The exit status of a tool, and everything it said."""
    done = subprocess.run(
        [project / "node_modules" / ".bin" / tool, *arguments],
        cwd=project,
        env=PLAIN,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_relay_compiles_every_document(project: Path) -> None:
    status, said = ran(project, "relay-compiler")
    assert status == 0, said
    written = {path.name.removesuffix(".graphql.ts") for path in project.glob("artifacts/*.ts")}
    named = {
        definition.name.value
        for document in documents(project / "relay")
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
        and definition.name
    }
    assert named
    assert named <= written


def test_relay_reports_a_field_that_is_not_there(project: Path) -> None:
    (project / "relay" / "Mistaken.ts").write_text(MISTAKEN_IN_RELAY)
    status, said = ran(project, "relay-compiler")
    assert status != 0
    assert "has no field `noSuchField`" in said
    assert set(re.findall(r"relay/\w+\.ts", said)) == {"relay/Mistaken.ts"}


def test_tada_checks_every_document_and_reports_only_mistakes(project: Path) -> None:
    """Both in one, because its tools take seconds."""
    (project / "tada" / "mistaken.ts").write_text(MISTAKEN_IN_TADA)
    status, said = ran(project, "gql.tada", "generate-output")
    assert status == 0, said

    status, said = ran(project, "gql.tada", "check", "--fail-on-warn")
    assert status != 0
    assert 'Cannot query field "noSuchField" on type "Home"' in said
    assert set(re.findall(r"\S+\.ts\b", said)) == {"tada/mistaken.ts"}, said

    status, said = ran(project, "tsc")
    assert status != 0
    assert "Type 'boolean' is not assignable to type 'string'" in said
    assert set(re.findall(r"\S+\.ts\b", said)) == {"tada/mistaken.ts"}, said


@pytest.mark.parametrize("client", ["relay", "tada"])
def test_every_root_field_is_tried(client: str) -> None:
    schema = build_schema(SCHEMA.read_text(encoding="utf-8"))
    roots = [root for root in (schema.query_type, schema.mutation_type) if root]
    fields = {name for root in roots for name in root.fields}
    untried = fields - root_fields_in(CLIENTS / client)
    assert not untried, f"no document in clients/{client} asks for {sorted(untried)}"


def root_fields_in(folder: Path) -> set[str]:
    """The fields that documents ask of the roots, in operations and in fragments on a root."""
    on_roots = [
        definition
        for document in documents(folder)
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        or (
            isinstance(definition, FragmentDefinitionNode)
            and definition.type_condition.name.value in {"Query", "Mutation"}
        )
    ]
    return {
        field.name.value
        for definition in on_roots
        for field in definition.selection_set.selections
        if isinstance(field, FieldNode)
    }


def documents(folder: Path) -> list[DocumentNode]:
    """The documents of a folder, each from a template of a file."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.ts"))]
    return [parse(found) for text in texts for found in re.findall(r"graphql\(?\s*`([^`]+)`", text)]
