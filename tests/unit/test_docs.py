"""The docs say what the code does: every command, field, key and reason they list is there."""

import re
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from graphql import build_schema, parse, validate
from typer.main import get_command

from devstack.cli import app
from devstack.importing.import_maps import ImportMap, RowChange
from functions.ingest.rows import Reason
from functions.ingest.sources.native import NativeRow
from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.packs import FoldColumns, Pack
from shared.metrics.domain.records.field_columns import FieldType
from shared.metrics.domain.records.record_fields import FIELDS
from shared.metrics.domain.records.vendor_maps import Vendor
from shared.metrics.storage.manifests import Manifest
from shared.metrics.storage.quarantine import Docket
from shared.metrics.storage.record_maps import FieldDocument, MapsDocument, maps_document
from tests.sam_template import resources

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

_LINES: Final = re.MULTILINE


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(document: str, heading: str) -> str:
    """What stands under a heading, up to the next of its rank or higher."""
    rank = heading.index(" ")
    after = document.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"\n#{{1,{rank}}} ", after, maxsplit=1)[0]


def named_first(table: str) -> list[str]:
    """The names in code marks in the first column of a table, in order."""
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def fields(*structs: type[msgspec.Struct]) -> set[str]:
    return {name for struct in structs for name in struct.__struct_fields__}


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9.-]+):", text("Makefile"), re.MULTILINE))
    shown = set(re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8")))
    shown |= set(re.findall(r"^make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert shown <= targets


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_exist(path: Path) -> None:
    shown = set(re.findall(r"^crm-metrics ([a-z-]+)", path.read_text(encoding="utf-8"), _LINES))
    shown |= set(re.findall(r"`crm-metrics ([a-z-]+)", path.read_text(encoding="utf-8")))
    assert shown <= set(commands())


def test_the_readme_lists_every_command() -> None:
    assert set(commands()) == set(re.findall(r"`crm-metrics ([a-z-]+)", text("README.md")))


def test_the_readme_shows_options_that_exist() -> None:
    for line in re.findall(r"^crm-metrics (.+)$", text("README.md"), re.MULTILINE):
        words = [*str(line).split(), ""]
        command = commands()[words[0]]
        chosen: Any = getattr(command, "commands", {}).get(words[1], command)
        known = {option for each in chosen.params for option in each.opts}
        assert set(re.findall(r"(?<=\s)--[a-z-]+", line)) <= known, line


def test_the_pack_is_documented_key_by_key() -> None:
    documented = named_first(section(text("docs/data-model.md"), "### Pack"))
    assert set(documented) == fields(FoldColumns, Pack)


def test_the_manifest_is_documented_key_by_key() -> None:
    documented = named_first(section(text("docs/data-model.md"), "### Manifest"))
    assert set(documented) == fields(Manifest)


def test_the_docket_is_documented_key_by_key() -> None:
    documented = named_first(section(text("docs/data-model.md"), "### Docket"))
    assert set(documented) == fields(Docket)


def test_every_kind_of_block_is_documented() -> None:
    described = section(text("docs/data-model.md"), "### Block")
    assert all(f"`{kind.value}`" in described for kind in BlockKind)


def test_every_field_of_an_event_is_documented() -> None:
    described = text("docs/events.md")
    assert all(f"`{name}`" in described for name in fields(NativeRow))


def test_every_field_of_a_record_is_documented() -> None:
    rows = section(text("docs/records.md"), "## Types and fields").splitlines()
    documented = {
        names[0]: dict(zip(names[1:], re.findall(r"` (→ )?", row)[1:], strict=True))
        for row in rows
        if (names := named_of(row))
    }
    assert documented == {
        record_type.value: {
            name: "→ " if each.type is FieldType.REFERENCE else "" for name, each in fields_.items()
        }
        for record_type, fields_ in FIELDS.items()
    }


def test_every_key_of_the_maps_of_records_is_documented() -> None:
    documented = named_first(section(text("docs/records.md"), "## Maps"))
    keys = fields(MapsDocument, FieldDocument) - {"from_"} | {"from"}
    assert keys <= {*documented, *(vendor.value for vendor in Vendor)}


def test_the_maps_in_the_docs_are_some() -> None:
    example, of_import = re.findall(r"```json\n(.+?)```", text("docs/records.md"), re.DOTALL)
    assert maps_document(example.encode()).vendors == [Vendor.SALESFORCE]
    assert len(msgspec.json.decode(of_import.encode(), type=ImportMap).changes) == 2


def test_every_key_of_the_map_of_an_import_is_documented() -> None:
    described = text("docs/records.md").split("\n## Files\n")[1]
    assert all(f"`{name}`" in described for name in fields(ImportMap, RowChange) - {"changes"})


def named_of(row: str) -> list[str]:
    """All names in code marks of a row of a table that begins with one."""
    return re.findall(r"`([^`]+)`", row) if row.startswith("| `") else []


def test_every_reason_to_turn_a_row_away_is_documented() -> None:
    described = section(text("docs/events.md"), "## Answers")
    assert all(f"`{reason.value}`" in described for reason in Reason)


def test_every_alarm_is_explained() -> None:
    explained = set(named_first(section(text("docs/operations.md"), "## Alarms")))
    assert explained == set(resources("AWS::CloudWatch::Alarm"))


def commands() -> dict[str, Any]:
    return dict(getattr(get_command(app), "commands", {}))


def test_the_examples_of_graphql_are_valid() -> None:
    schema = build_schema(text("schema.graphql"))
    examples = re.findall(r"```graphql\n(.+?)```", text("docs/graphql.md"), re.DOTALL)
    assert len(examples) >= 3
    for example in examples:
        assert validate(schema, parse(example)) == [], example


def test_every_root_field_is_described() -> None:
    query = build_schema(text("schema.graphql")).query_type
    assert query is not None
    described = "".join(re.findall(r"^\| (.+?) \|", text("docs/graphql.md"), re.MULTILINE))
    assert {name for name in query.fields if f"`{name}`" not in described} == set()
