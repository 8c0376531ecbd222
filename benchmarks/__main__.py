"""`make bench`: our figures beside the alternatives', in one run, one thread each, CPU time.

Every comparison first checks that both sides give the same answer.
"""

import argparse
import platform
import sys
from typing import TYPE_CHECKING

from benchmarks.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Run the benchmarks that are asked for, or all."""
    from benchmarks import (
        codecs,
        demo_kpis,
        folds,
        homes,
        imports,
        ingestion,
        kpis,
        realtime,
        records,
        views,
    )

    suites: dict[str, Callable[[Report, bool], None]] = {
        "imports": imports.run,
        "ingest": ingestion.run,
        "fold": folds.run,
        "home": homes.run,
        "views": views.run,
        "views-small": views.run_small,
        "codecs": codecs.run,
        "realtime": realtime.run,
        "records": records.run,
        "kpis": kpis.run,
        "demo-kpis": demo_kpis.run,
    }
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*suites, []], help="default: all")
    parser.add_argument("--quick", action="store_true", help="small sizes, for every day")
    arguments = parser.parse_args()
    report = Report(sys.stdout)
    report.line(f"Python {platform.python_version()}, {platform.machine()}, CPU time, one thread")
    for name in arguments.suites or suites:
        suites[name](report, arguments.quick)


if __name__ == "__main__":
    main()
