"""A report as JSON, schema `groundcrew.report/1`: what `groundcrew check --format json` prints and scorers read."""

from __future__ import annotations

from typing import Any

import msgspec

from checks.model import Report

SCHEMA = "groundcrew.report/1"


def to_json(report: Report) -> dict[str, Any]:
    """
    Return *report* as plain values; dates are RFC 3339.

    Keys may be added; none may change or go. What only feeds the engine (a finding's source line, its identity) is left
    out.
    """
    plain: dict[str, Any] = msgspec.to_builtins(report)
    for result in plain["results"]:
        for finding in result["findings"]:
            del finding["source"], finding["identity"]
    return {"schema": SCHEMA, **plain}
