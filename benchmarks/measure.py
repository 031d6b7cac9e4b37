"""Runs a command and says how long it took and how much memory all its processes held together (Linux)."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLED_S = 0.02


@dataclass(frozen=True, slots=True)
class Run:
    """One run: *wall_s* and *cpu_s* in seconds, *peak_mb* resident in MiB, *status* None where it was too slow."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    status: int | None
    output: bytes


def run(
    command: Sequence[str], *, cwd: Path = Path("/"), environment: Mapping[str, str] | None = None, limit_s: float = 900
) -> Run:
    """Run *command* and return what it cost; what it prints on stdout is kept, stderr is not."""
    began = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=cwd, env=environment
    ) as process:
        watched = _Watch(process.pid)
        watched.start()
        try:
            output, _ = process.communicate(timeout=limit_s)
            status: int | None = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            status = None
    took = time.monotonic() - began
    watched.join()
    return Run(took, watched.cpu_s, watched.peak_kb / 1024, status, output)


class _Watch(threading.Thread):
    """Watches the memory and processor time of a process and all below it, until it ends."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.peak_kb = 0
        self._ticks: dict[int, int] = {}

    @property
    def cpu_s(self) -> float:
        """Processor seconds of all processes, as far as they were seen before they ended."""
        return sum(self._ticks.values()) / 100  # USER_HZ of Linux

    def run(self) -> None:
        while Path(f"/proc/{self.root}/task").exists():
            family = _family(self.root)
            self.peak_kb = max(self.peak_kb, sum(map(_resident_kb, family)))
            for process in family:
                self._ticks[process] = max(self._ticks.get(process, 0), _ticks(process))
            time.sleep(_SAMPLED_S)


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
    """Return the memory of *process*, with its share of what it has in common with others (PSS): sums are true."""
    for name, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):  # another's mappings may not be ours to read
        try:
            lines = Path(f"/proc/{process}/{name}").read_text().splitlines()
        except OSError:
            continue
        found = next((int(line.split()[1]) for line in lines if line.startswith(field)), None)
        if found is not None:
            return found
    return 0  # it ended meanwhile


def _ticks(process: int) -> int:
    try:
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(words[11]) + int(words[12])
