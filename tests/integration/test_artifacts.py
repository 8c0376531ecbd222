"""What is deployed: each artifact is built, and its handler imported from it and from nothing else.

Fetches the wheels that uv has not cached yet, as `make setup` does.
"""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from infra import interpreters, package
from tests.sam_template import handlers

# The functions' own Python where there is one.
PYTHON = interpreters.find(package.RUNTIME) or Path(sys.executable)
LIMIT_BYTES = 250_000_000  # of Lambda, unpacked

IMPORT_HANDLER = """
import importlib, sys
artifact, path = sys.argv[1:]
sys.path.insert(0, artifact)
module, _, attribute = path.rpartition(".")
assert callable(getattr(importlib.import_module(module), attribute)), path
"""

ELF_MACHINE_OFFSET = 18
EM_AARCH64 = 183


@pytest.mark.parametrize("function", package.FUNCTIONS)
def test_the_handler_imports_from_its_artifact_alone(function: str, tmp_path: Path) -> None:
    package.build(function, tmp_path, host=PYTHON)

    # -I and -S: no environment, no current folder, no site-packages.
    imported = subprocess.run(
        [PYTHON, "-I", "-S", "-B", "-c", IMPORT_HANDLER, tmp_path, handlers()[function]],
        capture_output=True,
        text=True,
        check=False,
    )

    assert imported.returncode == 0, imported.stderr
    shipped = {path.name for path in (tmp_path / "functions").glob("[!_]*")}
    assert shipped == {function, *package.NEEDS.get(function, ())}
    assert package.size_bytes(tmp_path) < LIMIT_BYTES
    if function == "ingest":
        assert not (tmp_path / "numpy").exists()
        assert not (tmp_path / "strawberry").exists()


def test_the_lambda_artifact_is_for_arm64_and_the_runtimes_python(tmp_path: Path) -> None:
    # The graphql lock holds every compiled package that the other two hold.
    package.build("graphql", tmp_path)

    libraries = list(tmp_path.rglob("*.so"))
    assert libraries
    assert {_elf_machine(library) for library in libraries} == {EM_AARCH64}
    tagged = [library.name for library in libraries if ".cpython-" in library.name]
    assert tagged
    assert all(".cpython-313-aarch64-" in name for name in tagged)


def _elf_machine(library: Path) -> int:
    with library.open("rb") as file:
        header = file.read(20)
    assert header.startswith(b"\x7fELF")
    (machine,) = struct.unpack_from("<H", header, ELF_MACHINE_OFFSET)
    return int(machine)
