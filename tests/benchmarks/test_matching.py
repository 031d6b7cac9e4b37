"""The short form of benchmarks/matching.py: a hundred apps on each engine."""

from __future__ import annotations

import subprocess
import sys

from tests.requirements_of_machine import needs


def test_advisories_find_apps_on_both_engines() -> None:
    """Each question is asked on SQLite and PostgreSQL, and both find the same apps, more of what more apps have."""
    size = ["--apps", "100", "--packages", "40", "--rounds", "1"]
    command = [sys.executable, "-m", "benchmarks.matching", *size, "--initdb", needs("postgres")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    rows = [line.split(" | ") for line in told.stdout.splitlines() if " | one advisory" in line or " | the " in line]
    found = [int(row[2].replace(",", "")) for row in rows]
    assert found[:4] == found[4:]
    assert found[0] > found[1] >= found[2]
    assert 20 < found[0] < 100
    assert found[3] > found[2]
