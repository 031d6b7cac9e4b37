"""`groundcrew check` beside something earlier: what is staged, a commit, a report; and some checks alone."""

import json
from pathlib import Path

import pytest

from tests.bot.cli.test_check import run
from tests.repositories import checkout, git, repository

OPEN = 'from flask import Flask\napp = Flask(__name__)\n@app.post("/refund")\ndef refund():\n    db.session.commit()\n'
SAFE = 'from flask import Flask\napp = Flask(__name__)\n@app.get("/")\ndef start():\n    return "hello"\n'


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A checkout with one commit."""
    return checkout(repository(tmp_path / "bare", {"app.py": SAFE}), tmp_path / "app")


def commit(app: Path) -> None:
    """Commit what is staged in *app*."""
    git("-C", str(app), "-c", "user.name=Ann", "-c", "user.email=ann@example.test", "commit", "--quiet", "-m", "Refund")


def test_nothing_is_staged_in_a_bare_repository(app: Path, tmp_path: Path) -> None:
    """It has no files that somebody could stage, which is said plainly."""
    done = run(app / ".git", "--staged", home=tmp_path / "home")
    assert done.returncode == 2
    assert "a bare repository has no files to commit" in done.stderr


def test_only_what_is_staged_counts(app: Path, tmp_path: Path) -> None:
    """A fault in the work tree is nothing to a commit that does not hold it; staged, it stops the commit."""
    (app / "app.py").write_text(OPEN)
    before = run(app, "--only", "open-route", "--staged", home=tmp_path / "home")
    git("-C", str(app), "add", "app.py")
    after = run(app, "--only", "open-route", "--staged", home=tmp_path / "home")
    assert (before.returncode, before.stdout.split(",")[0]) == (0, "0 new")
    assert (after.returncode, after.stdout.split(",")[0]) == (1, "1 new")
    assert "app.py:3  POST /refund answers without a login" in after.stdout


def test_an_index_that_git_names_is_the_one_that_is_read(app: Path, tmp_path: Path) -> None:
    """During `git commit FILE` git names another index to its hooks, and that one is checked."""
    (app / "app.py").write_text(OPEN)
    other = tmp_path / "index"
    other.write_bytes((app / ".git" / "index").read_bytes())
    git("-C", str(app), "add", "app.py")
    done = run(
        app, "--only", "open-route", "--staged", home=tmp_path / "home", environment={"GIT_INDEX_FILE": str(other)}
    )
    assert (done.returncode, done.stdout.split(",")[0]) == (0, "0 new")


def test_what_is_new_since_a_commit(app: Path, tmp_path: Path) -> None:
    """What a branch brought is told, and so is what it mended."""
    (app / "app.py").write_text(OPEN)
    git("-C", str(app), "add", "app.py")
    commit(app)
    brought = run(app, "--only", "open-route", "--since", "HEAD~1", home=tmp_path / "home")
    (app / "app.py").write_text(SAFE)
    git("-C", str(app), "add", "app.py")
    commit(app)
    mended = run(app, "--only", "open-route", "--since", "HEAD~1", home=tmp_path / "home")
    nothing = run(app, "--since", "--upload-pack=x", home=tmp_path / "home")
    assert (brought.returncode, "1 new" in brought.stdout) == (1, True)
    assert (mended.returncode, "1 gone" in mended.stdout) == (0, True)
    assert nothing.returncode == 2


def test_a_report_is_compared_with_an_earlier_one(app: Path, tmp_path: Path) -> None:
    """With --diff each form tells what is new, and only new faults end in 1."""
    old = tmp_path / "old.json"
    old.write_text(run(app, "--format", "json", home=tmp_path / "home").stdout)
    (app / "app.py").write_text(OPEN)
    git("-C", str(app), "add", "app.py")
    commit(app)
    told = {
        form: run(app, "--diff", old, "--format", form, home=tmp_path / "home")
        for form in ("text", "json", "sarif", "markdown")
    }
    assert {done.returncode for done in told.values()} == {1}
    findings = [one for result in json.loads(told["json"].stdout)["results"] for one in result["findings"]]
    assert {one["baseline"] for one in findings if one["route"]} == {"new"}
    results = json.loads(told["sarif"].stdout)["runs"][0]["results"]
    assert {one["baselineState"] for one in results if one["ruleId"] == "open-route"} == {"new"}
    assert "| `open-route` | app.py:3 | POST /refund answers without a login" in told["markdown"].stdout
    assert "no-ci" not in told["markdown"].stdout.split("<details>")[0]
    assert run(app, "--diff", app / "app.py", home=tmp_path / "home").stderr.count("it is no report of schema") == 1


def test_some_checks_alone(app: Path, tmp_path: Path) -> None:
    """With --only nothing else is asked and there is no verdict; a name that no check has is told what is near."""
    done = run(app, "--only", "no-ci", "--only", "no-codeowners", home=tmp_path / "home")
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines() if line[:3] == "no-"] == ["no-ci", "no-codeowners"]
    assert "Only these checks were asked, so there is no verdict." in done.stdout
    wrong = run(app, "--only", "no-cl", home=tmp_path / "home")
    assert (wrong.returncode, "Did you mean no-ci?" in wrong.stderr) == (2, True)


def test_a_check_is_explained(tmp_path: Path) -> None:
    """--explain says what a check asks, how to mend it and what to tell an AI builder, and needs no repository."""
    done = run("--explain", "open-route", home=tmp_path / "home")
    assert (done.returncode, done.stderr) == (0, "")
    assert "How to fix" in done.stdout
    assert "Fix prompt" in done.stdout
    assert run(home=tmp_path / "home").stderr.startswith("groundcrew check: Name what to check")
