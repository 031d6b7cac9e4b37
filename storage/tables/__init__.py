"""
Every table of the registry. A column is named like the field of storage/model that it keeps.

A change here needs a migration: storage/migrations/env.py says how it is made, and a test compares the two.
"""

from __future__ import annotations

from storage.tables.apps import apps, owners, private_requests, probe_requests, watches
from storage.tables.audit import audit
from storage.tables.on_call import on_call_calendars, on_call_overrides, on_call_schedules
from storage.tables.pages import addresses, pages, told
from storage.tables.processes import leases, processes
from storage.tables.reports import findings, packages, regressions, reports, results, told_advisories
from storage.tables.shape import metadata
from storage.tables.talk import inbox, messages, outbox, pauses, signed_requests
from storage.tables.work import check_requests, marks

__all__ = [
    "addresses",
    "apps",
    "audit",
    "check_requests",
    "findings",
    "inbox",
    "leases",
    "marks",
    "messages",
    "metadata",
    "on_call_calendars",
    "on_call_overrides",
    "on_call_schedules",
    "outbox",
    "owners",
    "packages",
    "pages",
    "pauses",
    "private_requests",
    "probe_requests",
    "processes",
    "regressions",
    "reports",
    "results",
    "signed_requests",
    "told",
    "told_advisories",
    "watches",
]
