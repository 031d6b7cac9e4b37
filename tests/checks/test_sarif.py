"""The SARIF log of a report in which every check has found what its own bad examples hold."""

import json
import re
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft4Validator

from checks.check import Check, Example, all_checks
from checks.documentation import section
from checks.example import run_example
from checks.masking import masked
from checks.model import Context, Outcome, Report, Result
from checks.policy import load
from checks.sarif import to_sarif
from checks.verdict import judge
from tests.checks.results import result
from tests.requirements_of_machine import lacking, needs

#: Carries the schema (MIT); the standard's own copy may not be kept here.
PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
_SCHEMA = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
_VALUE = re.compile(r"""[=:(,]\s?["']?([^\s"'(){}\[\],;]*[0-9][^\s"'(){}\[\],;]*)""")  # on a line of code
BAD = [(check, one) for check in all_checks() for one in check.examples if one.outcome is Outcome.FAILED]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The schema of SARIF 2.1.0; without a package registry the test is skipped with why."""
    folder = tmp_path_factory.mktemp("sarif")
    command = [needs("npm"), "pack", PACKAGE, "--pack-destination", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    if done.returncode:
        lacking("npm", f"npm cannot bring the schema of SARIF: {done.stderr[-300:]}")
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as package:
        file = package.extractfile(_SCHEMA)
        assert file is not None
        return json.load(file)


def found(lines_above: int = 0) -> Iterator[Result]:
    """Yield what each check finds in all its bad examples, each file with *lines_above* empty lines before it."""
    for check in all_checks():
        answers = [run_example(check, moved(one, lines_above)) for whose, one in BAD if whose is check]
        yield replace(answers[0], findings=tuple(finding for answer in answers for finding in answer.findings))


def moved(example: Example, lines: int) -> Example:
    """Return *example* with empty lines before each of its files but tables, whose first line says what they hold."""
    above = {path: "" if path.endswith(".csv") else "\n" * lines for path in example.files}
    return replace(example, files={path: above[path] + text for path, text in example.files.items()})


def log_of(*results: Result) -> Any:
    """Return the log of a report with *results*, as JSON gives it back."""
    verdict = judge(results, Context(), load())
    report = Report("https://code.test/app", "a" * 40, datetime.now(UTC), 1.0, results, verdict)
    return json.loads(json.dumps(to_sarif(report)))


@pytest.fixture(scope="module")
def log() -> Any:
    """The log of everything, and of one check that could not look."""
    return log_of(*found(), result("out-of-sight", Outcome.NOT_CHECKED))


def test_findings_of_every_check_validate(log: Any, schema: Any) -> None:
    """The log is valid SARIF 2.1.0, with results of every check that there is."""
    assert [error.message for error in Draft4Validator(schema).iter_errors(log)] == []
    told = {one["ruleId"] for one in log["runs"][0]["results"]}
    assert told == {check.id for check in all_checks()} | {"out-of-sight"}


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_a_rule_helps(check: Check, log: Any) -> None:
    """Each check is a rule that says in text and in Markdown what to do, and why."""
    (rule,) = (one for one in log["runs"][0]["tool"]["driver"]["rules"] if one["id"] == check.id)
    assert rule["help"]["text"] == section(check.id, "How to fix")
    assert {"## How to fix", "## Fix prompt"} <= set(rule["help"]["markdown"].splitlines())
    assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"])
    assert 0 < float(rule["properties"]["security-severity"]) <= 10


def test_every_result_stands_at_a_line_of_a_file(log: Any) -> None:
    """Code scanning refuses the whole log for one result without; addresses are relative to the repository."""
    for one in log["runs"][0]["results"]:
        (location,) = one["locations"]
        place = location["physicalLocation"]
        address = urlsplit(place["artifactLocation"]["uri"])
        assert (address.scheme, address.netloc, address.path[:1] in {"", "/"}) == ("", "", False)
        assert re.fullmatch(r"[\w.~%/-]+", address.path, re.ASCII)
        assert place["region"]["startLine"] >= 1


def test_fingerprints_stay_when_lines_move(log: Any) -> None:
    """Three lines above everything change where each finding is, and no fingerprint."""
    findings = [one for one in log["runs"][0]["results"] if one["kind"] == "fail"]
    later = [one for one in log_of(*found(3))["runs"][0]["results"] if one["kind"] == "fail"]
    assert [one["partialFingerprints"] for one in later] == [one["partialFingerprints"] for one in findings]
    assert all(len(one["partialFingerprints"]["groundcrew/v1"]) == 32 for one in findings)
    assert any("primaryLocationLineHash" in one["partialFingerprints"] for one in findings)
    assert sum(one["locations"] != two["locations"] for one, two in zip(findings, later, strict=True)) > 200


def test_no_value_is_told(log: Any) -> None:
    """No token, and no value with a digit in it of a line where a secret was found, is anywhere in the log."""
    text, values = json.dumps(log), set[str]()
    for check, example in BAD:
        for finding in run_example(check, example).findings if check.family == "secrets" else ():
            lines = example.files.get(finding.path or "", "").splitlines()
            values.update(*(_VALUE.findall(line) for line in lines[(finding.line or 1) - 1 : finding.line]))
    assert len({value for value in values if len(value) > 6}) > 20
    assert [value for value in values if len(value) > 6 and value in text] == []
    assert masked(text) == text
