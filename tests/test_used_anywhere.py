"""Groundcrew in other people's pipelines: the pre-commit hook and the GitHub Action, each run as its host runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repositories import checkout, git, repository, revision

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.executable).with_name("groundcrew")
SAFE = 'from flask import Flask\napp = Flask(__name__)\n@app.get("/")\ndef start():\n    return "hello"\n'
OPEN = f'{SAFE}@app.post("/refund")\ndef refund():\n    db.session.commit()\n    return ""\n'
GH = '#!/bin/sh\nprintf "%s\\n" "$*" >>"$GH_LOG"\ncase "$*" in *--paginate*) printf "%s" "$GH_KNOWN" ;; esac\n'


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A checkout with one sound commit."""
    return checkout(repository(tmp_path / "bare", {"app.py": SAFE}), tmp_path / "app")


def committed(app: Path) -> str:
    """Commit the work tree of *app* and return the commit's id."""
    git("-C", str(app), "-c", "user.name=Ann", "-c", "user.email=ann@example.test", "commit", "-q", "-a", "-m", "Pay")
    return revision(app)


def read(name: str) -> Any:
    """The YAML file *name* of this repository."""
    return yaml.safe_load((ROOT / name).read_text())


def test_the_hook_stops_a_commit_that_brings_a_fault(app: Path, tmp_path: Path) -> None:
    """The hook's own command, called by git itself, lets a sound commit through and stops one with an open route."""
    hook = read(".pre-commit-hooks.yaml")[0]
    script = app / ".git" / "hooks" / "pre-commit"
    script.write_text(f"#!/bin/sh\nexec {PROGRAM.parent}/{hook['entry']} --only open-route >&2\n")
    script.chmod(0o755)
    quiet = dict.fromkeys(("GROUNDCREW_PYPI_INDEX", "GROUNDCREW_NPM_REGISTRY"), "off")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GROUNDCREW_HOME": str(tmp_path / "home"),
        **quiet,
    }
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.test"]

    def commit() -> subprocess.CompletedProcess[str]:
        command = ["git", *who, "commit", "--quiet", "--all", "--message", "Change it"]
        return subprocess.run(command, cwd=app, env=environment, capture_output=True, text=True, check=False)

    (app / "app.py").write_text(f"{SAFE}# a remark\n")
    assert commit().returncode == 0
    (app / "app.py").write_text(OPEN)
    stopped = commit()
    assert stopped.returncode == 1
    assert "POST /refund answers without a login" in stopped.stderr


def act(
    app: Path, tmp_path: Path, *, base: str = "", known: str = "", **more: str
) -> tuple[int, Mapping[str, str], str]:
    """Run what the action runs, `gh` being a recorder; return its status, its outputs and what it asked of `gh`."""
    binaries = tmp_path / "runner" / "groundcrew" / "bin"
    binaries.mkdir(parents=True, exist_ok=True)
    for name in ("groundcrew", "python"):
        (binaries / name).unlink(missing_ok=True)
        (binaries / name).symlink_to(PROGRAM.with_name(name))
    fakes = tmp_path / "fakes"
    fakes.mkdir(exist_ok=True)
    (fakes / "gh").write_text(GH)
    (fakes / "gh").chmod(0o755)
    files = {name: tmp_path / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GH_LOG")}
    for file in files.values():
        file.write_text("")
    environment = {
        "PATH": f"{fakes}:{os.environ['PATH']}",
        **{name: str(file) for name, file in files.items()},
        "GITHUB_WORKSPACE": str(app),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_REPOSITORY": "acme/app",
        "RUNNER_TEMP": str(tmp_path / "runner"),
        "GH_KNOWN": known,
        "GROUNDCREW_ADVISORIES_URL": str(tmp_path),
        "GROUNDCREW_PYPI_INDEX": "off",
        "GROUNDCREW_NPM_REGISTRY": "off",
        "PLACE": "production",
        "DATA": "",
        "AUDIENCE": "",
        "COMMENT": "true",
        "BASE": base,
        "NUMBER": "7",
        **more,
    }
    script = ["bash", str(ROOT / ".github" / "check.sh")]
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=False, cwd=app)
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return done.returncode, outputs, files["GH_LOG"].read_text()


def test_the_action_comments_what_a_pull_request_brings(app: Path, tmp_path: Path) -> None:
    """A new fault makes one comment and fails the job; the SARIF tells it as new."""
    base = revision(app)
    (app / "app.py").write_text(OPEN)
    committed(app)
    status, outputs, asked = act(app, tmp_path, base=base)
    assert status == 1
    assert "--method POST repos/acme/app/issues/7/comments" in asked
    comment = (tmp_path / "runner" / "comment.md").read_text()
    assert "POST /refund answers without a login" in comment
    assert "no-ci" not in comment.split("<details>")[0]
    sarif = json.loads(Path(outputs["sarif-file"]).read_text())["runs"][0]["results"]
    assert {one["baselineState"] for one in sarif if one["ruleId"] == "open-route"} == {"new"}
    assert outputs["placement"] in {"nowhere", "sandbox"}


def test_the_action_edits_its_comment(app: Path, tmp_path: Path) -> None:
    """Where a comment of ours stands it is edited, also to say that nothing is new any more."""
    base = revision(app)
    (app / "notes.md").write_text("Nothing.\n")
    git("-C", str(app), "add", "notes.md")
    committed(app)
    status, _, asked = act(app, tmp_path, base=base, known="4711")
    assert status == 0
    assert "--method PATCH repos/acme/app/issues/comments/4711" in asked
    assert "No new findings." in (tmp_path / "runner" / "comment.md").read_text()


def test_the_action_is_silent_where_nothing_is_new(app: Path, tmp_path: Path) -> None:
    """No comment is made to say that there is nothing to say."""
    status, _, asked = act(app, tmp_path, base=revision(app))
    assert (status, "--method" in asked) == (0, False)


def test_the_action_wants_the_history(app: Path, tmp_path: Path) -> None:
    """A shallow checkout is refused with what to do."""
    (app / ".git" / "shallow").write_text(f"{revision(app)}\n")
    assert act(app, tmp_path)[0] == 2


def test_the_action_hands_every_input_over() -> None:
    """No input is pasted into the script, where it could be a script itself."""
    steps = read("action.yml")["runs"]["steps"]
    assert not [step for step in steps if "${{" in step.get("run", "")]
