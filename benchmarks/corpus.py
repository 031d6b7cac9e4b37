"""
Checks every clone in a folder, and says how long each took and how much memory: `python benchmarks/corpus.py CLONES`.

CLONES holds checkouts or bare repositories, one a folder. Their reports are written as `REPORTS/<folder>.json`
(`groundcrew.report/1`). Each check starts with an empty shelf. The memory is the largest sum over all processes of the
check, sampled every 20 ms from /proc (Linux).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


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
    for clone in sorted(path for path in arguments.clones.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as home:
            _bring_advisories(arguments.advisories, home)
            crashed = not _check(clone, arguments.reports / f"{clone.name}.json", home) or crashed
    return int(crashed)


def _bring_advisories(sources: list[str], home: str) -> None:
    if sources:
        options = [word for source in sources for word in ("--from", source)]
        command = [sys.executable, "-I", "-m", "bot", "advisories", "update", *options, "--home", home]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _check(clone: Path, report: Path, home: str) -> bool:
    command = [sys.executable, "-I", "-m", "bot", "check", str(clone), "--format", "json", "--home", home]
    began = time.monotonic()
    with report.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL) as process:
        memory = _Memory(process.pid)
        memory.start()
        status = process.wait()
    took = time.monotonic() - began
    memory.join()
    try:
        placement: str = json.loads(report.read_bytes())["verdict"]["placement"]
    except (ValueError, KeyError):
        placement = "no report"
    print(f"{clone.name:45}{took:7.1f}{memory.peak_kb / 1024:6.0f}  {status:4}  {placement}", flush=True)
    return placement != "no report"


class _Memory(threading.Thread):
    """Watches the resident memory of a process and all below it, until it ends."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.peak_kb = 0

    def run(self) -> None:
        while Path(f"/proc/{self.root}").exists():
            self.peak_kb = max(self.peak_kb, sum(map(_resident_kb, _family(self.root))))
            time.sleep(0.02)


def _family(root: int) -> list[int]:
    found = [root]
    for process in found:
        try:
            for thread in Path(f"/proc/{process}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
        except OSError:
            continue  # it ended meanwhile
    return found


def _resident_kb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0  # it ended meanwhile
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


if __name__ == "__main__":
    sys.exit(main())
