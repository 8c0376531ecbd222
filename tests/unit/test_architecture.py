"""Dependencies point one way, importing does nothing, modules are small and named by concept."""

import ast
import importlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("shared", "functions", "devstack")
MOST_LINES: Final = 400
VAGUE_NAMES: Final = {"utils", "helpers", "common", "misc"}

LAYERS: Final = (
    "shared.metrics.domain",
    "shared.metrics.columns",
    "shared.metrics.storage",
    "shared.metrics.engine",
    "shared.metrics",  # settings, observability, and the services that wire everything
    "functions",
    "devstack",
)
"""Each may import itself and those before it."""

PREVIEWING: Final = ("graphql", "functions.ingest.previewing")
"""GraphQL shows what ingest would make of a payload."""

NOT_IN_INGEST: Final = {"numpy", "strawberry", "graphql", "jwt"}
"""What a function that only takes events in must not spend its start on."""

EFFECTS: Final = ("open", "os.", "shutil.", "socket.", "sqlite3.", "subprocess.", "tempfile.")
IMPORT_ITSELF: Final = {"os.listdir", "os.scandir"}
"""Audit events that are effects, and those of them that looking for a module takes."""

STRAWBERRYS_OWN: Final = {"environment[STRAWBERRY_DISABLE_RICH_ERRORS]"}
"""The schema is made at import, and Strawberry then looks how to show mistakes in it."""


def modules() -> dict[str, Path]:
    """Every module of ours by name."""
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    names = {}
    for path in paths:
        parts = path.relative_to(ROOT).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


def imports(path: Path, known: set[str]) -> set[str]:
    """The modules that a module names in any import, at the top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path}: a relative import"
            submodules = {f"{node.module}.{alias.name}" for alias in node.names} & known
            found |= submodules or {node.module}
    return found


def layer(module: str) -> int:
    """The layer of one of our modules."""
    fitting = [name for name in LAYERS if f"{module}.".startswith(f"{name}.")]
    return LAYERS.index(max(fitting, key=len)) if fitting else -1


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES


MODULES: Final = modules()


def test_imports_point_towards_the_domain() -> None:
    wrong = [
        (module, name)
        for module, path in MODULES.items()
        for name in imports(path, set(MODULES))
        if is_ours(name) and layer(name) > layer(module)
    ]
    assert wrong == []


def test_the_domain_needs_nothing_but_python_and_numpy() -> None:
    allowed = sys.stdlib_module_names | {"numpy", "shared"}
    others = [
        (module, name)
        for module, path in MODULES.items()
        for name in imports(path, set(MODULES))
        if layer(module) == 0 and name.partition(".")[0] not in allowed
    ]
    assert others == []


def test_the_functions_do_not_import_each_other() -> None:
    """Each is packaged without the others, but for what one needs of another's formats."""
    wrong = [
        (module, name)
        for module, path in MODULES.items()
        for name in imports(path, set(MODULES))
        if module.startswith("functions.")
        and name.startswith("functions.")
        and module.split(".")[1] != name.split(".")[1]
        and (module.split(".")[1], name) != PREVIEWING
    ]
    assert wrong == []


def in_a_new_process(function: str, *arguments: str) -> list[str]:
    """What a function of this module prints, run where nothing has been imported."""
    code = f"from {__name__} import {function}; {function}(*{arguments!r})"
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_ingest_does_without_numpy_and_graphql() -> None:
    loaded = in_a_new_process("print_what_ingest_loads")
    assert "shared.metrics.columns.packs" in loaded
    assert NOT_IN_INGEST & set(loaded) == set()


def print_what_ingest_loads() -> None:
    before = set(sys.modules)
    for module in MODULES:
        if module.startswith("functions.ingest"):
            importlib.import_module(module)
    print(*sorted(set(sys.modules) - before), sep="\n")  # noqa: T201 - read by the test


def test_importing_has_no_effects() -> None:
    assert set(in_a_new_process("print_effects_of_imports")) <= STRAWBERRYS_OWN


def print_effects_of_imports() -> None:
    """Import everything once, so that what others do at their import is over; then forget our own
    modules, and import them again under watch.
    """
    for module in MODULES:
        importlib.import_module(module)
    for module in [name for name in sys.modules if is_ours(name)]:
        del sys.modules[module]
    effects: list[str] = []
    watch(effects)
    for module in MODULES:
        importlib.import_module(module)
    print(*effects, sep="\n", end="")  # noqa: T201 - read by the test


def watch(effects: list[str]) -> None:
    """Note from now on every file opened, but for modules themselves, every directory, socket,
    process or database touched, every thread started, and every look at the environment.
    """

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]).endswith((".py", ".pyc")):
            return
        if event not in IMPORT_ITSELF and event.startswith(EFFECTS):
            effects.append(f"{event}{arguments}")

    class Environment(Mapping[str, str]):
        def __getitem__(self, name: str) -> str:
            effects.append(f"environment[{name}]")
            raise KeyError(name)

        def __iter__(self) -> Iterator[str]:
            effects.append("environment")
            return iter(())

        def __len__(self) -> int:
            effects.append("environment")
            return 0

    def start(self: threading.Thread) -> None:
        effects.append(f"thread {self.name}")

    sys.addaudithook(note)
    vars(os)["environ"] = Environment()
    threading.Thread.start = start  # type: ignore[method-assign]


def test_the_watch_sees_what_it_watches_for() -> None:
    seen = in_a_new_process("print_effects_that_are_seen")
    for expected in ("open", "environment[HOME]", "thread", "socket.__new__", "sqlite3.connect"):
        assert any(line.startswith(expected) for line in seen), (expected, seen)


def print_effects_that_are_seen() -> None:
    import socket
    import sqlite3

    effects: list[str] = []
    watch(effects)
    Path("/dev/null").read_bytes()
    os.environ.get("HOME")
    threading.Thread(target=print).start()
    socket.socket().close()
    sqlite3.connect(":memory:").close()
    print(*effects, sep="\n")  # noqa: T201 - read by the test


def test_modules_are_small() -> None:
    sizes = {name: len(path.read_text().splitlines()) for name, path in MODULES.items()}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}


def test_modules_are_named_by_concept() -> None:
    assert [name for name in MODULES if VAGUE_NAMES & set(name.split("."))] == []


def test_no_module_of_graphql_shadows_types() -> None:
    assert not list((ROOT / "functions" / "graphql").rglob("types.py"))
