"""
Checks every clone in a folder and says what each cost: `python -m benchmarks.corpus CLONES REPORTS`.

CLONES holds checkouts or bare repositories, one a folder. Their reports are written as `REPORTS/<folder>.json`
(`groundcrew.report/1`). Each check starts with an empty shelf. The memory is the largest sum over all processes of the
check, sampled every 20 ms from /proc (Linux).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.clones import clones
from benchmarks.measure import run
from benchmarks.ours import bring_advisories, command


def main() -> int:
    """Check all clones; return 1 where one could not be checked."""
    parser = argparse.ArgumentParser(description="Check every clone in a folder, with its time and memory.")
    parser.add_argument("clones", type=Path)
    parser.add_argument("reports", type=Path)
    parser.add_argument("--advisories", action="append", default=[], help="OSV records, as of `advisories update`")
    arguments = parser.parse_args()
    arguments.reports.mkdir(parents=True, exist_ok=True)
    crashed = False
    print(f"{'repository':45}{'s':>7}{'MB':>6}  exit  placement")
    for clone in clones(arguments.clones):
        with tempfile.TemporaryDirectory() as home:
            bring_advisories(arguments.advisories, Path(home))
            crashed = not _check(clone, arguments.reports / f"{clone.name}.json", Path(home)) or crashed
    return int(crashed)


def _check(clone: Path, report: Path, home: Path) -> bool:
    done = run(command(clone, home))
    report.write_bytes(done.output)
    try:
        placement: str = json.loads(done.output)["verdict"]["placement"]
    except (ValueError, KeyError):
        placement = "no report"
    print(f"{clone.name:45}{done.wall_s:7.1f}{done.peak_mb:6.0f}  {done.status:4}  {placement}", flush=True)
    return placement != "no report"


if __name__ == "__main__":
    sys.exit(main())
