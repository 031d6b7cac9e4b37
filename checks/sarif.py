"""
A report as SARIF 2.1.0, for code hosts and editors that show it beside the code.

A failed or unseen check is a rule with results; advice is a note. A check that could not be looked at is a notification
and a result without a place, so that whoever counts results cannot take it for a pass.
See https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from typing import Any
from urllib.parse import quote

from checks.documentation import docstring, section
from checks.model import Finding, Outcome, Report, Result, Severity
from checks.regression import Baseline, Change

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_FINGERPRINT = "groundcrew/v1"
#: What GitHub reads as `security-severity`: a CVSS-like figure.
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "3.0"}


def to_sarif(report: Report, change: Change | None = None) -> dict[str, Any]:
    """
    Return *report* as a SARIF log with one run.

    With *change*, what changed since an earlier report, each result has its `baselineState`, and what is gone is in it
    as absent.
    """
    unseen = [result for result in report.results if result.outcome is Outcome.NOT_CHECKED]
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "groundcrew",
                "version": metadata.version("groundcrew-bot"),
                "rules": [_rule(result) for result in report.results],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "startTimeUtc": report.checked_at.isoformat().replace("+00:00", "Z"),
                "toolExecutionNotifications": [_notification(result) for result in unseen],
            }
        ],
        "results": _with_baseline([line for result in report.results for line in _results(result)], change),
        "properties": {"placement": report.verdict.placement, "asked": report.verdict.asked},
    }
    if report.revision and report.repository.startswith("https://"):
        run["versionControlProvenance"] = [{"repositoryUri": report.repository, "revisionId": report.revision}]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(result: Result) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": result.check,
        "shortDescription": {"text": result.title or result.check},
        "help": {"text": section(result.check, "How to fix") or "See the documentation of the check."},
        "defaultConfiguration": {"level": _LEVELS[result.severity]},
        "properties": {"tags": [result.family], "security-severity": _SCORES[result.severity]},
    }
    words = docstring(result.check)
    return {**rule, "fullDescription": {"text": words.split("\n## ")[0].strip()}} if words else rule


def _results(result: Result) -> Iterator[dict[str, Any]]:
    for finding in result.findings:
        level = _LEVELS[finding.severity or result.severity] if finding.blocking else "note"
        yield _finding(result.check, finding, level)
    if result.outcome is Outcome.NOT_CHECKED:
        text = f"Not checked: {result.reason}"
        yield {"ruleId": result.check, "kind": "open", "level": "none", "message": {"text": text}, "locations": []}


def _finding(check: str, finding: Finding, level: str) -> dict[str, Any]:
    return {
        "ruleId": check,
        "kind": "fail",
        "level": level,
        "message": {"text": finding.message},
        "locations": _locations(finding),
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": {"confidence": finding.confidence, "blocking": finding.blocking},
    }


def _with_baseline(results: list[dict[str, Any]], change: Change | None) -> list[dict[str, Any]]:
    """Return *results* with the `baselineState` that *change* gives each, and those that are gone as absent."""
    if change is None:
        return results
    for told in results:
        word = change.baseline.get(told.get("partialFingerprints", {}).get(_FINGERPRINT, ""))
        if word is not None:
            told["baselineState"] = word
    gone = (_finding(told.check, told.finding, "none") for told in change.gone)
    return [*results, *({**one, "kind": "pass", "baselineState": Baseline.ABSENT} for one in gone)]


def _locations(finding: Finding) -> list[dict[str, Any]]:
    if finding.path is None:
        return []
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(finding.path), "uriBaseId": "SRCROOT"}}
    if finding.line is not None:
        place["region"] = {"startLine": finding.line}
    return [{"physicalLocation": place}]


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "replace"), safe="/")


def _notification(result: Result) -> dict[str, Any]:
    text = f"{result.check} was not checked: {result.reason}"
    return {"level": "warning", "message": {"text": text}, "associatedRule": {"id": result.check}}
