"""
A report as SARIF 2.1.0, for code hosts and editors that show it beside the code.

A failed or unseen check is a rule with results; advice is a note. A check that could not be looked at is a notification
and a result, so that whoever counts results cannot take it for a pass.
See https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.

GitHub's code scanning refuses the whole log where one result has no file (github/codeql-action, issue 2459), so what is
about the repository as a whole stands at the first line of its README, or of what stands for it (checks.front_page).
Code scanning shows every result as an open alert, whatever its kind and baseline, so what is gone is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from typing import Any
from urllib.parse import quote

from checks.documentation import docstring, section
from checks.model import Finding, Outcome, Report, Result, Severity
from checks.regression import Change

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_FINGERPRINT = "groundcrew/v1"
_WHOLE = "the-whole-repository"  # stands where the repository has no file at all
#: What GitHub reads as `security-severity`: a CVSS-like figure.
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "3.0"}


def to_sarif(report: Report, change: Change | None = None) -> dict[str, Any]:
    """
    Return *report* as a SARIF log with one run.

    With *change*, what changed since an earlier report, each result has its `baselineState`.
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
        "results": _with_baseline(
            [line for result in report.results for line in _results(result, report.front_page)], change
        ),
        "properties": {"only": list(report.only)}
        if report.only
        else {"placement": report.verdict.placement, "asked": report.verdict.asked},
    }
    if report.revision and report.repository.startswith("https://"):
        run["versionControlProvenance"] = [{"repositoryUri": report.repository, "revisionId": report.revision}]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(result: Result) -> dict[str, Any]:
    words = docstring(result.check)
    help_text = section(result.check, "How to fix") or "See the documentation of the check."
    rule: dict[str, Any] = {
        "id": result.check,
        "shortDescription": {"text": result.title or result.check},
        "help": {"text": help_text, "markdown": words or help_text},
        "defaultConfiguration": {"level": _LEVELS[result.severity]},
        "properties": {"tags": [result.family], "security-severity": _SCORES[result.severity]},
    }
    return {**rule, "fullDescription": {"text": words.split("\n## ")[0].strip()}} if words else rule


def _results(result: Result, front_page: str | None) -> Iterator[dict[str, Any]]:
    for finding in result.findings:
        level = _LEVELS[finding.severity or result.severity] if finding.blocking else "note"
        yield {
            "ruleId": result.check,
            "kind": "fail",
            "level": level,
            "message": {"text": finding.message},
            "locations": [_location(finding.path or front_page, finding.line)],
            "partialFingerprints": _fingerprints(finding),
            "properties": {"confidence": finding.confidence, "blocking": finding.blocking},
        }
    if result.outcome is Outcome.NOT_CHECKED:
        yield {
            "ruleId": result.check,
            "kind": "open",
            "level": "none",
            "message": {"text": f"Not checked: {result.reason}"},
            "locations": [_location(front_page, None)],
        }


def _fingerprints(finding: Finding) -> dict[str, str]:
    """Return ours, and where code scanning finds no line to hash, ours as that hash: else two alerts would be one."""
    ours = {_FINGERPRINT: finding.fingerprint}
    return ours if finding.path else {**ours, "primaryLocationLineHash": finding.fingerprint}


def _with_baseline(results: list[dict[str, Any]], change: Change | None) -> list[dict[str, Any]]:
    """Return *results*, each with the `baselineState` that *change* gives it."""
    words = change.baseline if change else {}
    for told in results:
        word = words.get(told.get("partialFingerprints", {}).get(_FINGERPRINT, ""))
        if word is not None:
            told["baselineState"] = word
    return results


def _location(path: str | None, line: int | None) -> dict[str, Any]:
    """Return where *path* and *line* are; code scanning wants a line too."""
    artifact = {"uri": _uri(path or _WHOLE), "uriBaseId": "SRCROOT"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": line or 1}}}


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "replace"), safe="/")


def _notification(result: Result) -> dict[str, Any]:
    text = f"{result.check} was not checked: {result.reason}"
    return {"level": "warning", "message": {"text": text}, "associatedRule": {"id": result.check}}
