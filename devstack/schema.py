"""The schema's text, schema.graphql: `python -m devstack.schema` writes it, `--check` compares."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from functions.graphql.schema import metrics_schema

SCHEMA_FILE: Final = Path(__file__).resolve().parents[1] / "schema.graphql"


def sdl() -> str:
    """The schema in the GraphQL schema definition language."""
    return f"{metrics_schema(introspection=True).as_str()}\n"


def main() -> int:
    """Write the file, or say whether it is up to date; the exit status."""
    parser = ArgumentParser(prog="python -m devstack.schema", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; 1 when it differs")
    if not parser.parse_args().check:
        SCHEMA_FILE.write_text(sdl(), encoding="utf-8")
        return 0
    if SCHEMA_FILE.exists() and SCHEMA_FILE.read_text(encoding="utf-8") == sdl():
        return 0
    sys.stderr.write(
        "schema.graphql is not what the code says: run `python -m devstack.schema` and commit it\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
