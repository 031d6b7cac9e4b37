"""The checks of operation beyond their examples: libraries, hosts, and what holds an app back."""

from __future__ import annotations

import pytest

from checks.check import Bad, Check
from checks.example import run_example
from checks.model import Outcome
from checks.operations import (
    no_backups,
    no_error_tracking,
    no_health_check,
    no_runbook,
    no_timeouts,
    single_instance_state,
)

LIBRARY = {
    "pyproject.toml": '[project]\nname = "x"\nclassifiers = ["Topic :: Internet"]\n',
    "x/app.py": "import requests\nfrom flask import Flask\napp = Flask(__name__)\n@app.get('/a')\ndef a():\n"
    "    return requests.get(url)\n",
}
SQLITE = "import sqlite3\nfrom flask import Flask\napp = Flask(__name__)\n@app.get('/a')\ndef a():\n"
SQLITE += "    return sqlite3.connect('app.db')\n"


@pytest.mark.parametrize(
    "check",
    [each.check for each in (no_backups, no_error_tracking, no_health_check, no_runbook, no_timeouts)]
    + [single_instance_state.check],
    ids=lambda check: check.id,
)
def test_a_library_is_not_operated_from_here(check: Check) -> None:
    """Whoever runs a library operates it, even where it serves."""
    assert run_example(check, Bad(LIBRARY)).outcome is Outcome.NOT_APPLICABLE
    assert run_example(check, Bad(LIBRARY | {"Dockerfile": "FROM x\n"})).outcome is Outcome.FAILED or check.id in {
        "no-backups",
        "single-instance-state",
    }


@pytest.mark.parametrize(
    ("files", "blocking"),
    [
        ({"vercel.json": "{}"}, True),
        ({"fly.toml": "app = 'x'\n"}, True),
        ({"fly.toml": "app = 'x'\n[mounts]\nsource = 'd'\n"}, False),
        ({"Dockerfile": "FROM x\n"}, False),
        ({"README.md": "https://my-app.vercel.app\n"}, False),
        ({"vercel.json": "{}", ".env.example": "URL=postgres://x.neon.tech/db\n"}, False),
    ],
)
def test_an_sqlite_file_holds_back_where_it_is_lost_for_sure(files: dict[str, str], blocking: bool) -> None:
    """A disk that is empty after each start loses the file; a volume, a link or another database leave it open."""
    findings = run_example(single_instance_state.check, Bad({"app.py": SQLITE} | files)).findings
    assert [each.blocking for each in findings if each.kind == "sqlite"] == [blocking]


def test_a_missing_health_check_is_advice() -> None:
    """Well-run software comes without one too: it is told and holds nothing back."""
    (finding,) = run_example(no_health_check.check, Bad({"app.py": SQLITE})).findings
    assert not finding.blocking
