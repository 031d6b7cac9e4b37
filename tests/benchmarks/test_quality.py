"""The short form of benchmarks/quality.py: a clone with labels is checked and scored."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.scoring import Said, Score, answers, plain, score
from tests.repositories import repository

APP = (
    "from flask import Flask\napp = Flask(__name__)\n"
    '@app.post("/refund/<int:id>")\ndef refund(id):\n    db.session.commit()\n'
)


def label(kind: str, line: int, *, true: bool = True, **more: object) -> dict[str, object]:
    """A label on app.py of acme/app."""
    return {"repo": "acme/app", "file": "app.py", "line": line, "kind": kind, "label": true, **more}


def test_labels_are_scored_and_told(tmp_path: Path) -> None:
    """What is found counts as found, what is not as missed, and the page tells both."""
    repository(tmp_path / "clones" / "acme+app", {"app.py": APP})
    labels = [
        label("open-route", 3, method="POST", path="/refund/:id"),
        label("secret", 1),
        label("no-ci", 0),
        label("placement", 0) | {"label": "nowhere", "accept": ["sandbox"], "note": "anyone can refund"},
    ]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, labels)))
    command = [sys.executable, "-m", "benchmarks.quality", str(tmp_path / "clones"), str(tmp_path / "labels.jsonl")]
    told = subprocess.run([*command, "--missed", "--well-run", "acme+app"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "| open-route | 1 | 0 | 0 | 0 | 1.00 | 1.00 |" in told.stdout
    assert "| secret | 0 | 1 | 0 | 0 | - | 0.00 |" in told.stdout
    assert "fn secret acme/app app.py 1" in told.stdout
    assert "open-route at app.py:3" in told.stdout


def test_a_route_is_known_by_its_path_and_else_by_its_line() -> None:
    """Parameters compare alike in every framework; the line of a neighbouring route does not count."""
    assert plain("/refund/<int:id>") == plain("/refund/{id}") == plain("/refund/:id")
    asked = label("open-route", 3, method="POST", path="/refund/:id")
    assert answers(asked, Said("other.py", 9, "open-route", "exposure", route=("POST", "refund/*")))
    assert not answers(asked, Said("app.py", 4, "open-route", "exposure", route=("GET", "refund/*")))


def test_advice_counts_for_recall_and_not_against_precision() -> None:
    """Advice on a true line is found and does not block; advice on a false line is no false alarm."""
    counted = Score()
    said = [Said("app.py", 1, "hardcoded-secret", "secrets", blocking=False)]
    score([label("secret", 1), label("secret", 1, true=False)], said, frozenset(), counted)
    assert dict(counted.counts["secret"]) == {"tp": 1, "blocking tp": 0, "tn": 1}


def test_what_could_not_be_looked_at_is_neither(tmp_path: Path) -> None:
    """A question about the whole repository that could not be answered counts as not checked."""
    counted = Score()
    score([label("no-review-evidence", 0)], [], frozenset({"no-review"}), counted)
    assert dict(counted.counts["no-review-evidence"]) == {"not checked": 1}
