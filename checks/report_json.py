"""A report as JSON, schema `groundcrew.report/1`: what `groundcrew check --format json` prints and scorers read."""

from __future__ import annotations

from typing import Any

import msgspec

from checks.model import Outcome, Placement, Report, Result

SCHEMA = "groundcrew.report/1"


def to_json(report: Report) -> dict[str, Any]:
    """
    Return *report* as plain values; dates are RFC 3339.

    Keys may be added; none may change or go. What only feeds the engine (a finding's source line, its identity) is left
    out. A failed result's `allows` is what its findings leave, as a finding may be weaker than its check.
    """
    plain: dict[str, Any] = msgspec.to_builtins(report)
    for result, told in zip(report.results, plain["results"], strict=True):
        told["allows"] = _allows(result)
        for finding in told["findings"]:
            del finding["source"], finding["identity"]
    return {"schema": SCHEMA, **plain}


def _allows(result: Result) -> Placement:
    """Return the worst that the blocking findings of a failed *result* allow, else what its check allows."""
    held = [finding.allows or result.allows for finding in result.findings if finding.blocking]
    return min(held, key=lambda place: place.rank) if result.outcome is Outcome.FAILED and held else result.allows
