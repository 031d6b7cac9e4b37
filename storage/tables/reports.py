"""The tables of what checks found."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from checks.model import Outcome, Placement, Report, Severity, Verdict
from storage.columns import Json, OneOf, UTCDateTime
from storage.model import RegressionEntry
from storage.tables.shape import app, id_column, metadata, time

reports = Table(
    "reports",
    metadata,
    id_column(),
    app(nullable=True, index=True),
    Column("repository", Text, nullable=False),
    Column("revision", String(64)),
    time("checked_at", nullable=False),
    Column("duration_s", Float, nullable=False),
    Column("placement", OneOf(Placement), nullable=False),
    Column("is_failing", Boolean, nullable=False),  # a fault that was seen stands between it and the wanted place
    Column("is_private", Boolean, nullable=False),  # the code could not be read without the bot's token
    Column("verdict", Json(Verdict), nullable=False),
    Column("report", Json(Report), nullable=False),
)

results = Table(
    "results",
    metadata,
    Column("report_id", String(32), ForeignKey("reports.id"), primary_key=True),
    Column("check_id", String(100), primary_key=True),
    Column("family", String(32), nullable=False),
    Column("outcome", OneOf(Outcome), nullable=False, index=True),
    Column("severity", OneOf(Severity), nullable=False),
    Column("reason", Text),
)

findings = Table(
    "findings",
    metadata,
    Column("report_id", String(32), ForeignKey("reports.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    app(nullable=True),
    Column("check_id", String(100), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("first_seen", UTCDateTime, nullable=False),
    Column("severity", OneOf(Severity)),
    Column("is_blocking", Boolean, nullable=False),
    Column("message", Text, nullable=False),
    Column("path", Text),
    Column("line", Integer),
    Index(None, "app_id", "check_id", "fingerprint"),
)

packages = Table(
    "packages",
    metadata,
    app(primary_key=True),
    Column("ecosystem", String(16), primary_key=True),
    Column("name", String(214), primary_key=True),
    Column("version", String(200), primary_key=True),
    Column("direct", Boolean, nullable=False),
    Column("dev", Boolean, nullable=False),
    Index(None, "name", "ecosystem", "version"),
)

told_advisories = Table(
    "told_advisories",
    metadata,
    app(primary_key=True),
    Column("name", String(214), primary_key=True),
    Column("advisory", String(100), primary_key=True),
)

regressions = Table(
    "regressions",
    metadata,
    id_column(),
    app(index=True),
    time("opened_at", nullable=False),
    Column("before", Json(Verdict)),
    Column("entries", Json(tuple[RegressionEntry, ...]), nullable=False),
    time("closed_at"),
)
