"""`groundcrew check` as a CI runs it: its own process, its exit status, its three formats."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.cli.report_text import printable
from checks.report_json import SCHEMA
from tests import hostile
from tests.processes import children
from tests.repositories import checkout, repository, revision

PROGRAM = Path(sys.executable).with_name("groundcrew")
FORBIDDEN = {
    *("slack_bolt", "slack_sdk", "sqlalchemy", "dbos", "pydantic", "aiohttp"),
    *("detect_secrets", "pip_audit", "tree_sitter"),
}


def run(
    *arguments: str | Path, home: Path, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `groundcrew check` with *arguments* and nothing of this test's environment but *environment*."""
    variables = {"PATH": os.environ["PATH"], "GROUNDCREW_HOME": str(home), **(environment or {})}
    command = [str(PROGRAM), "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd or home.parent, env=variables)


@pytest.mark.parametrize(
    ("files", "place", "status"),
    [
        ({"app.py": "value = 1\n"}, "sandbox", 0),
        ({"app.py": "value = 1\n"}, "production", 1),
        ({"app.py": f'stripe.api_key = "{hostile.SECRET}"\n'}, "sandbox", 1),
        ({"app.py": "value = 1\n", "other.py": "#" * 3_000_000}, "sandbox", 2),
    ],
    ids=["it may go there", "a finding stands in the way", "a secret stands in the way", "only what was not seen does"],
)
def test_the_exit_status_says_what_stands_in_the_way(
    files: dict[str, str], place: str, status: int, tmp_path: Path
) -> None:
    """0: it may go there; 1: a blocking finding stands in the way; 2: only what could not be looked at does."""
    done = run(repository(tmp_path / "app", files), "--place", place, home=tmp_path / "home")
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["/no/such/folder"], "There is no folder /no/such/folder here"),
        (["https://user:ghp_x@github.com/a/b"], "Do not put a token in the address"),
        (["https://10.0.0.1/a"], "Address is inside this network (10.0.0.1): not allowed."),
        (["."], "No commits yet: nothing to check."),
        ([__file__], "test_check.py is a file: give its folder"),
        ([".", "--place", "moon"], "'moon' is not one of nowhere, sandbox, isolated, production"),
        ([".", "--history-wait", "abc"], "'abc' is not a number of seconds from 0 to 600"),
        ([".", "--history-wait", "nan"], "'nan' is not a number of seconds from 0 to 600"),
        (["~nosuchuser/x"], "There is no folder ~nosuchuser/x here"),
        (["/" + "x" * 400], "There is no folder /xxx"),
        ([".", "--home", "~nosuchuser/x"], "GROUNDCREW_HOME begins with ~ and a name that nobody here has."),
        ([".", "--home", "/tmp/" + "x" * 400], "GROUNDCREW_HOME cannot be used"),
        ([".", "--diff", "/dev/zero"], "/dev/zero: it is no report of schema"),
        ([], "Name what to check"),
    ],
)
def test_what_cannot_be_checked_ends_in_a_sentence(arguments: list[str], says: str, tmp_path: Path) -> None:
    """A wrong word or an unreadable repository ends with status 2 and a sentence on stderr, and prints no report."""
    empty = tmp_path / "empty"
    subprocess.run(["git", "init", "--quiet", "--bare", str(empty)], check=True)
    done = run(*arguments, home=tmp_path / "home", cwd=empty)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_our_own_is_no_verdict(tmp_path: Path) -> None:
    """Whatever goes wrong inside ends with status 2, never 1, and one sentence with an id."""
    app = repository(tmp_path / "app", {"app.py": ""})
    code = (
        "import sys, bot.cli.check, bot.__main__; bot.cli.check.check_repository = 'no function'; "
        f"sys.exit(bot.__main__.main(['check', {str(app)!r}, '--home', {str(tmp_path / 'home')!r}]))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "report it as TypeError-" in done.stderr


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    """`groundcrew check | head` ends with the verdict's status and without a word."""
    app = repository(tmp_path / "app", {"app.py": ""})
    reading, writing = os.pipe()
    os.close(reading)
    variables = {"PATH": os.environ["PATH"], "GROUNDCREW_HOME": str(tmp_path / "home")}
    command = [str(PROGRAM), "check", str(app)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, env=variables)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    ("closing", "status", "says"),
    [
        ("exec >/dev/full", 2, "the report could not be written: No space left on device."),
        ("exec >&-", 0, ""),
        ("exec 2>&-", 0, ""),
    ],
    ids=["a full disk", "no output", "no place for errors"],
)
def test_where_nothing_can_be_written_no_status_is_made_up(
    closing: str, status: int, says: str, tmp_path: Path
) -> None:
    """A report that cannot be written is none, and a closed stream changes no verdict; neither ends in a traceback."""
    app = repository(tmp_path / "app", {"app.py": ""})
    command = f'{closing}; exec "$0" check "$1" --place sandbox'
    variables = {"PATH": os.environ["PATH"], "GROUNDCREW_HOME": str(tmp_path / "home")}
    words = ["/bin/sh", "-c", command, str(PROGRAM), str(app)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=variables)
    assert done.returncode == status
    assert says in done.stderr
    assert done.stderr.count("\n") == bool(says)


def test_every_fault_of_a_policy_has_its_line(tmp_path: Path) -> None:
    """Two faults of a policy are two sentences, each on a line of its own."""
    (tmp_path / "policy.toml").write_text('one = 1\ntwo = "\\u001b"\n', encoding="utf-8")
    app = repository(tmp_path / "app", {"app.py": ""})
    done = run(app, home=tmp_path / "home", environment={"GROUNDCREW_POLICY": str(tmp_path / "policy.toml")})
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 2)
    assert done.stderr.count("is not a part of a policy") == 2


def test_told_to_end_it_leaves_nothing_behind(tmp_path: Path) -> None:
    """SIGTERM ends it as Ctrl-C does: no process stays, nor a folder that it had for a while."""
    app = repository(tmp_path / "app", {f"app{number}.py": f"value = {number}\n" * 2000 for number in range(700)})
    variables = {"PATH": os.environ["PATH"], "GROUNDCREW_HOME": str(tmp_path / "home")}
    with subprocess.Popen([str(PROGRAM), "check", str(app)], env=variables, stderr=subprocess.PIPE) as process:
        while not (tmp_path / "home" / "shelf.sqlite").exists():  # so it has begun
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate()
    assert (process.returncode, said) == (130, b"")
    assert {file.name.partition(".")[0] for file in (tmp_path / "home").iterdir()} == {"shelf"}
    assert not children()


def test_a_wrong_setting_is_named_without_its_value(tmp_path: Path) -> None:
    """A setting that cannot be used is named in a sentence; its value is not repeated."""
    app = repository(tmp_path / "app", {"app.py": ""})
    for name, value in (("GROUNDCREW_GITHUB_TOKEN_FILE", "/no/such/file"), ("GROUNDCREW_GIT_ALLOW_CIDRS", "secret")):
        done = run(app, home=tmp_path / "home", environment={name: value})
        assert done.returncode == 2
        assert name in done.stderr
        assert value not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (
            "GROUNDCREW_POLICI",
            "mine.toml",
            "GROUNDCREW_POLICI is no setting of Groundcrew. Did you mean GROUNDCREW_POL",
        ),
        ("GROUNDCREW_FINGERPRINT_KEY", "a-short-one", "GROUNDCREW_FINGERPRINT_KEY is too short"),
    ],
)
def test_a_setting_that_would_be_left_out_is_refused(name: str, value: str, says: str, tmp_path: Path) -> None:
    """A name that is none, and a key that protects nothing, end a check as they end a start of the bot."""
    app = repository(tmp_path / "app", {"app.py": ""})
    done = run(app, home=tmp_path / "home", environment={name: value, "GROUNDCREW_REQUIRE": "postgres"})
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert value not in done.stderr


def test_json_has_the_keys_that_scorers_read(tmp_path: Path) -> None:
    """The JSON report holds every key of its schema, and dates and enumerations as text."""
    app = repository(tmp_path / "app", {"app.py": f'\nstripe.api_key = "{hostile.SECRET}"\n'})
    report = json.loads(run(app, "--format", "json", home=tmp_path / "home").stdout)
    assert (report["schema"], report["repository"], report["revision"]) == (SCHEMA, str(app), revision(app))
    assert {"checked_at", "duration_s", "advisories"} <= report.keys()
    assert report["verdict"]["placement"] == "nowhere"
    assert {"check": "hardcoded-secret", "outcome": "failed"}.items() <= report["verdict"]["held_back"][0].items()
    assert report["verdict"]["way_up"]
    result = next(result for result in report["results"] if result["check"] == "hardcoded-secret")
    assert {"family": "secrets", "outcome": "failed", "reason": None}.items() <= result.items()
    (finding,) = result["findings"]
    assert {
        "path": "app.py",
        "line": 2,
        "commit": None,
        "blocking": True,
        "confidence": "high",
    }.items() <= finding.items()
    assert {"fingerprint", "message", "severity", "route", "package"} <= finding.keys()
    assert "source" not in finding


def test_sarif_names_rules_places_and_what_was_not_checked(tmp_path: Path) -> None:
    """The SARIF log has a rule a check with its help, a place a finding, and a notification a check not made."""
    app = repository(tmp_path / "app", {"src/a b.py": f'stripe.api_key = "{hostile.SECRET}"\n'})
    log = json.loads(run(app, "--format", "sarif", home=tmp_path / "home").stdout)
    (sarif,) = log["runs"]
    assert log["version"] == "2.1.0"
    rules = {rule["id"]: rule for rule in sarif["tool"]["driver"]["rules"]}
    assert "invalid" in rules["hardcoded-secret"]["help"]["text"]
    found = next(result for result in sarif["results"] if result["ruleId"] == "hardcoded-secret")
    place = found["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("src/a%20b.py", 1)
    assert (found["level"], len(found["partialFingerprints"]["groundcrew/v1"])) == ("error", 32)
    told = {note["associatedRule"]["id"] for note in sarif["invocations"][0]["toolExecutionNotifications"]}
    assert "no-review" in told
    assert all(result["ruleId"] in rules for result in sarif["results"])


def test_a_person_reads_the_place_first(tmp_path: Path) -> None:
    """The text begins with the place; then what holds it back with file and line, the way up, what nobody said."""
    app = repository(tmp_path / "app", {"app.py": f'stripe.api_key = "{hostile.SECRET}"\n'})
    text = run(app, home=tmp_path / "home").stdout
    assert text.startswith(f"nowhere (asked: production)  {app} at {revision(app)[:12]}\n")
    assert text.index("What holds it back") < text.index("app.py:1  ") < text.index("The way up")
    assert "whether anybody has accepted this app is not asked here" in text
    assert "\x1b" not in text


CONTEXT = ("--data", "none", "--audience", "me", "--exposure", "here")


def test_given_context_is_not_assumed(tmp_path: Path) -> None:
    """Data, audience and exposure are judged as given; without them the strictest counts, and is said."""
    app = repository(tmp_path / "app", {"app.py": ""})
    strict = json.loads(run(app, "--format", "json", home=tmp_path / "home").stdout)
    assert len(strict["verdict"]["assumed"]) == 4
    given = run(app, "--format", "json", *CONTEXT, home=tmp_path / "home")
    assert len(json.loads(given.stdout)["verdict"]["assumed"]) == 1


def test_a_plain_folder_has_no_revision_and_no_history(tmp_path: Path) -> None:
    """A folder is checked as it lies there: revision null, and what needs a history is not checked."""
    app = tmp_path / "app"
    app.mkdir()
    (app / "app.py").write_text("value = 1\n")
    report = json.loads(run(app, "--format", "json", home=tmp_path / "home").stdout)
    review = next(result for result in report["results"] if result["check"] == "no-review")
    assert (report["revision"], review["outcome"]) == (None, "not_checked")


def test_a_repository_with_our_names_is_checked_from_inside_itself(tmp_path: Path) -> None:
    """Packages named bot, checks, commands, storage, re or json in the folder we stand in are not imported."""
    canary = tmp_path / "canary"
    folder = checkout(hostile.own_names(tmp_path / "app", canary), tmp_path / "checkout")
    done = run(".", "--format", "json", home=tmp_path / "home", cwd=folder)
    assert json.loads(done.stdout)["results"]
    assert not canary.exists()


def test_nothing_heavy_is_loaded() -> None:
    """The command loads no Slack, registry, HTTP client or parser of content: CI starts it thousands of times."""
    code = "import sys, bot.__main__, bot.cli.check; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert not FORBIDDEN & set(done.stdout.split())


def test_the_home_is_its_owners_alone(tmp_path: Path) -> None:
    """Groundcrew's folder is made for its owner alone, and --home wins over the variable."""
    app = repository(tmp_path / "app", {"app.py": ""})
    run(app, "--home", tmp_path / "chosen", home=tmp_path / "home")
    assert (tmp_path / "chosen").stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("steering", ["\x1b[2J", "\u202e", "\u200b", "\r\n", "\x07", "\u2028", "\u0301"])
def test_nothing_steers_the_terminal(steering: str) -> None:
    """Control, bidirectional, zero-width and combining characters of a repository are shown, not obeyed."""
    shown = printable(f"a{steering}b")
    assert shown.isascii()
    assert shown.isprintable()
    assert shown.startswith("a\\")
