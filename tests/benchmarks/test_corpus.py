"""The short form of benchmarks/corpus.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.repositories import repository

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "corpus.py"


def test_every_clone_gets_a_report_and_a_row(tmp_path: Path) -> None:
    """Each clone in the folder is checked, and its time, memory, exit status and place are told."""
    repository(tmp_path / "clones" / "good+app", {"app.py": "value = 1\n"})
    (tmp_path / "clones" / "empty+folder").mkdir()
    command = [sys.executable, "-m", "benchmarks.corpus", str(tmp_path / "clones"), str(tmp_path / "reports")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = {row.split()[0]: row.split() for row in told.stdout.splitlines()}
    report = json.loads((tmp_path / "reports" / "good+app.json").read_text())
    assert report["schema"] == "groundcrew.report/1"
    assert float(rows["good+app"][2]) > 10  # megabytes: the processes were really seen
    assert rows["good+app"][-1] == report["verdict"]["placement"]
    assert rows["empty+folder"][3] == "2"
