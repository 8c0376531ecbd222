"""Builds the artifact of one function: `python -m infra.package ingest <folder>`.

The artifact is what its lock says, for the Lambda runtime, plus the function's own package and
`shared`. Tests, docs and the other functions stay out, but for the formats that GraphQL previews.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra import interpreters

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = ("ingest", "aggregate", "graphql")

RUNTIME = "3.13"
# numpy has wheels for manylinux_2_27 and 2_28 only; the runtime's system is newer than both.
PLATFORM = "aarch64-manylinux_2_28"

# botocore describes some 400 services in 28 MB; these are the ones we call.
SERVICES = frozenset({"dynamodb", "kms", "sqs", "ssm"})
# Of numpy: what compiles extensions, and its own tests. Of zstandard: its second implementation,
# for interpreters without C extensions, 12 MB. None of it is imported by the packages themselves.
UNUSED = (
    "numpy/f2py",
    "numpy/_core/include",
    "numpy/_core/lib",
    "numpy/**/tests",
    "zstandard/*cffi*",
    "bin",
)


NEEDS = {"graphql": ("ingest",)}
"""The functions whose formats another one needs: GraphQL shows what ingest would make of them."""


def build(function: str, target: Path, *, host: Path | None = None) -> None:
    """Fill `target` with a function's artifact.

    Args:
        function: One of FUNCTIONS.
        target: The artifact's folder; made if it is not there.
        host: Build for this machine and this Python instead of for Lambda: an arm64 artifact cannot
            be imported elsewhere.
    """
    target.mkdir(parents=True, exist_ok=True)
    _install_lock(ROOT / "requirements" / f"{function}.txt", target, host)
    for path in _unused(target):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    _copy_sources(function, target)
    _compile(target, host or interpreters.find(RUNTIME))


def size_bytes(folder: Path) -> int:
    """What the files of a folder take together; a function may have 250 MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _install_lock(lock: Path, target: Path, host: Path | None) -> None:
    # Markers are evaluated for the platform and Python named here, not for those uv runs on.
    platform = (
        ["--python", str(host)]
        if host
        else ["--python-platform", PLATFORM, "--python-version", RUNTIME]
    )
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", *platform]
    command += ["--require-hashes", "--no-deps", "--only-binary=:all:", f"--requirements={lock}"]
    # Copies, as pruning must not reach into uv's cache.
    command += ["--link-mode=copy", f"--target={target}"]
    subprocess.run(command, check=True)


def _unused(target: Path) -> Iterator[Path]:
    for pattern in UNUSED:
        yield from sorted(target.glob(pattern))
    for package in ("botocore", "boto3"):
        for service in sorted(target.glob(f"{package}/data/*/")):
            if service.name not in SERVICES:
                yield service


def _copy_sources(function: str, target: Path) -> None:
    (target / "functions").mkdir(exist_ok=True)
    shutil.copy(ROOT / "functions" / "__init__.py", target / "functions")
    functions = (Path("functions", name) for name in (function, *NEEDS.get(function, ())))
    for package in (*functions, Path("shared")):
        shutil.copytree(
            ROOT / package,
            target / package,
            ignore=shutil.ignore_patterns("__pycache__"),
            dirs_exist_ok=True,
        )


def _compile(target: Path, python: Path | None) -> None:
    """Ship bytecode: the folder is read-only in Lambda, so every cold start would compile anew.

    Importing what graphql uses takes 0.65 s with it and 1.6 s without. Unchecked, as unpacking does
    not keep the files' times.
    """
    if python is None:
        print(f"No working Python {RUNTIME} here: no bytecode shipped, cold starts will be slower.")
        return
    options = ["-qq", "-j0", "--invalidation-mode=unchecked-hash"]
    subprocess.run([python, "-m", "compileall", *options, "-s", target, target], check=True)


def main() -> None:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("function", choices=FUNCTIONS)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    build(arguments.function, arguments.target)
    megabytes = size_bytes(arguments.target) / 1e6
    print(f"{arguments.function}: {megabytes:.0f} MB in {arguments.target}")


if __name__ == "__main__":
    main()
