"""The short form of benchmarks/speed.py: without peers, on one clone and a repository of ten commits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks import peers, speed
from benchmarks.clones import laid_out
from benchmarks.measure import Run
from tests.repositories import repository


def test_clones_and_made_repositories_are_timed(tmp_path: Path) -> None:
    """Each clone gets a row with its time and memory, and each made repository one with its re-check."""
    repository(tmp_path / "clones" / "acme+app", {"app.py": "value = 1\n"})
    command = [sys.executable, "-m", "benchmarks.speed", str(tmp_path / "clones"), "--rounds", "1", "--commits", "10"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    row = next(line for line in told.stdout.splitlines() if line.startswith("| acme/app |"))
    assert row.split("|")[2].strip() == "1"
    assert float(row.split("|")[4]) > 10  # megabytes: the processes were really seen
    assert any(line.startswith("| 10 |") for line in told.stdout.splitlines())


def test_only_regular_files_are_laid_out(tmp_path: Path) -> None:
    """Links are left out, and nothing is written outside the folder."""
    clone = repository(tmp_path / "app", {"a/b.py": "value = 1\n"}, links={"passwd": "/etc/passwd"})
    laid_out(clone, tmp_path / "files")
    found = sorted(path.relative_to(tmp_path / "files").as_posix() for path in (tmp_path / "files").rglob("*"))
    assert found == ["a", "a/b.py"]


def test_a_peer_that_was_stopped_counts_with_the_time_it_was_given() -> None:
    """Where a run was stopped, the peers' sum is a lower bound and the ratio an upper one; both are told so."""
    ended, stopped = Run(2.0, 2.0, 10.0, 0, b""), Run(60.0, 60.0, 10.0, None, b"")
    theirs = {peer.name: [ended, ended] for peer in peers.PEERS} | {"detect-secrets": [stopped, stopped]}
    cells = list(speed._row(speed.Timed("acme+app", 7, [ended, ended], theirs), list(theirs)))
    assert cells[:4] == ["acme/app", "7", "2.00", "10"]
    assert cells[4:6] == ["> 60.00", "2.00"]
    assert cells[-3:] == ["> 68.00", "< 0.03", "1.00"]
