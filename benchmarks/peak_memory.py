"""Folds the packs in a file and prints the peak memory of the process, which does nothing else."""

import sys
from pathlib import Path

import msgspec

from benchmarks.our_fold import fold_and_seal


def main() -> None:
    """Fold and print."""
    fold_and_seal(msgspec.msgpack.decode(Path(sys.argv[1]).read_bytes(), type=list[bytes]))
    # Not getrusage: a process that is started by a larger one begins with that one's maximum.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak_kb = next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)
    print(f"{peak_kb / 1e3:.0f} MB")


if __name__ == "__main__":
    main()
