"""Code in a language that is not read: which files count, what is said of them, and that no check passes beside it."""

from __future__ import annotations

import pytest

from checks.check import Check, Example
from checks.evaluate import ask
from checks.example import facts_of, run_example
from checks.exposure import debug_mode, leaky_logging, open_route
from checks.facts.code.other_languages import OtherLanguages
from checks.model import Outcome, Placement
from checks.operations import no_health_check
from checks.secrets import fallback_secret, hardcoded_login, hardcoded_secret

BOUND = [
    module.check
    for module in (open_route, no_health_check, fallback_secret, hardcoded_login, leaky_logging, debug_mode)
]
PHP = '<?php\n$db = mysqli_connect("h", "root", getenv("PW"));\n$db->query("DELETE FROM t WHERE id=" . $_GET["id"]);\n'
GO = 'package main\nfunc main() {\n\thttp.HandleFunc("/", pay)\n\thttp.ListenAndServe(":8080", nil)\n}\n'
FLASK = "from flask import Flask\napp = Flask(__name__)\n@app.get('/health')\ndef health():\n    return ''\n"


def unseen(*paths: str) -> tuple[str, ...]:
    """What is said of a repository that holds a line of code in each of *paths*."""
    known = facts_of(dict.fromkeys(paths, "x\n")).get(OtherLanguages)
    assert known.partial == ()
    return tuple(known.value.beyond)


@pytest.mark.parametrize("check", BOUND, ids=lambda check: check.id)
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"index.php": PHP}, "1 PHP file (index.php) is in a language that is not read"),
        ({"main.go": GO}, "1 Go file (main.go) is in a language that is not read"),
        ({"main.go": GO, "Procfile": "web: ./serve\n"}, "1 Go file (main.go)"),
        ({"app.py": FLASK, "pay/main.go": GO, "pay/deep/b.go": GO}, "2 Go files (pay/main.go, ...) are in a language"),
    ],
)
def test_code_that_is_not_read_is_no_pass(check: Check, files: dict[str, str], said: str) -> None:
    """A check that reads code is not checked where code is in another language, and names it."""
    result = run_example(check, Example(files))
    assert result.outcome is Outcome.NOT_CHECKED
    assert said in (result.reason or "")
    assert result.allows is max(Placement.SANDBOX, check.allows, key=lambda place: place.rank)


@pytest.mark.parametrize("check", BOUND, ids=lambda check: check.id)
def test_other_text_changes_nothing(check: Check) -> None:
    """SQL and shell beside a Python app leave every check as it is without them."""
    alone = run_example(check, Example({"app.py": FLASK}))
    beside = run_example(check, Example({"app.py": FLASK, "schema.sql": "select 1;\n", "run.sh": "python app.py\n"}))
    assert (beside.outcome, beside.reason) == (alone.outcome, alone.reason)
    assert beside.outcome in {Outcome.PASSED, Outcome.NOT_APPLICABLE}


def test_a_file_that_was_not_read_counts_in_full_beside_them() -> None:
    """Only the language itself is taken milder: a file out of sight holds back at the check's full strength."""
    files = {"app.py": FLASK, "main.go": GO}
    hidden = ask(open_route.check, facts_of(files, unread=frozenset({"app.py"})))
    assert (hidden.outcome, hidden.allows) == (Outcome.NOT_CHECKED, open_route.check.allows)


def test_finding_stands_beside_what_is_not_read() -> None:
    """A fault in what was read fails the check, which also says what was not read."""
    files = {"app.py": "import os\nprint(os.environ)\n", "index.php": PHP}
    result = run_example(leaky_logging.check, Example(files))
    assert (result.outcome, result.reason) == (Outcome.FAILED, f"also not seen: {unseen('index.php')[0]}")


def test_check_of_any_text_passes_beside_any_language() -> None:
    """What reads text of whatever language is not held up by languages."""
    assert run_example(hardcoded_secret.check, Example({"main.go": GO})).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "path",
    [
        *(
            "vendor/a/b.php",
            "tests/index.php",
            "examples/main.go",
            "docs/x.rb",
            "scripts/dump.pl",
            "extra/push/main.go",
        ),
        *("android/app/src/main/java/org/x/MainActivity.java", "ios/Runner/AppDelegate.swift", "redis/take.lua"),
        *("build.gradle.kts", "schema.sql", "analysis.ipynb", "linux/runner/main.cc"),
    ],
)
def test_what_does_not_run_in_front_of_users_does_not_count(path: str) -> None:
    """Tests, examples, copies, scripts, generated shells of phone apps and lone Lua scripts are not told."""
    assert unseen(path, "app.py") == ()


@pytest.mark.parametrize("path", ["INDEX.PHP", "cgi-bin/pay.pl", "src/main/java/x/PayController.java", "lib/main.dart"])
def test_one_file_of_the_app_counts(path: str) -> None:
    """One such file of the app itself counts, in whatever folder and case."""
    assert len(unseen(path)) == 1


def test_language_with_most_files_is_told_first() -> None:
    """Each language is told once, the one with the most files first, by its least deep file."""
    said = unseen("a/z.php", "b.php", "main.go", "nginx.conf", "pay.lua")
    assert said[0] == "2 PHP files (b.php, ...) are in a language that is not read"
    assert [words.split()[1] for words in said] == ["PHP", "Go", "Lua"]


def test_empty_file_holds_no_code() -> None:
    """An empty file is nothing that could have been read."""
    assert facts_of({"index.php": ""}).get(OtherLanguages).value.beyond == ()
