"""A report as JSON, schema `groundcrew.report/1`: what `groundcrew check --format json` prints and scorers read."""

from __future__ import annotations

from typing import Any

import msgspec

from checks.model import Outcome, Placement, Report, Result
from checks.regression import Change

SCHEMA = "groundcrew.report/1"


class NoReport(Exception):  # noqa: N818 - said of what was given
    """What was given is no report of this schema; the text says so to the person who gave it."""


def to_json(report: Report, change: Change | None = None) -> dict[str, Any]:
    """
    Return *report* as plain values; dates are RFC 3339. With *change* each finding has its `baseline` in SARIF's words.

    Where not all checks were asked (`only` names them) there is no verdict: it is null.
    Keys may be added; none may change or go. What only feeds the engine (a finding's source line, its identity) is left
    out. A failed result's `allows` is what its findings leave, as a finding may be weaker than its check.
    """
    plain: dict[str, Any] = msgspec.to_builtins(report)
    del plain["packages"]  # hundreds, and none of them is a fault
    for result, told in zip(report.results, plain["results"], strict=True):
        told["allows"] = _allows(result)
        for finding in told["findings"]:
            del finding["source"], finding["identity"]
            if change is not None:
                finding["baseline"] = change.baseline.get(finding["fingerprint"])
    if report.only:
        plain["verdict"] = None
    return {"schema": SCHEMA, **plain}


def from_json(text: str | bytes) -> Report:
    """Return the report that *text*, as `to_json` makes it, holds; raises NoReport."""
    try:
        plain = msgspec.json.decode(text)
        if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
            raise NoReport(f"it is no report of schema {SCHEMA}; `groundcrew check --format json` makes one")
        if plain.get("only") and plain.get("verdict") is None:
            # Nobody shows it: it stands where `Report` must have one.
            plain["verdict"] = {"placement": Placement.NOWHERE, "asked": Placement.PRODUCTION}
        return msgspec.convert(plain, Report)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise NoReport(f"it is no report of schema {SCHEMA}: {error}") from None


def _allows(result: Result) -> Placement:
    """Return the worst that the blocking findings of a failed *result* allow, else what its check allows."""
    held = [finding.allows or result.allows for finding in result.findings if finding.blocking]
    return min(held, key=lambda place: place.rank) if result.outcome is Outcome.FAILED and held else result.allows
