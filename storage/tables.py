"""
Every table of the registry. A column is named like the field of storage/model.py that it keeps.

A change here needs a migration: storage/migrations/env.py says how it is made, and a test compares the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

from checks.model import Audience, DataClass, Exposure, Outcome, Placement, Report, Severity, Verdict
from storage.columns import Json, OneOf, UTCDateTime
from storage.model import Acceptance, Destination, PageState, RegressionEntry, Role, Step

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[Any]:
    return Column("id", String(32), primary_key=True)


def _app(*, nullable: bool = False, **options: Any) -> Column[Any]:
    return Column("app_id", String(32), ForeignKey("apps.id"), nullable=nullable, **options)


def _person(name: str, *, nullable: bool = True) -> Column[Any]:
    return Column(name, String(64), nullable=nullable)


def _time(name: str, *, nullable: bool = True, **options: Any) -> Column[Any]:
    return Column(name, UTCDateTime, nullable=nullable, **options)


apps = Table(
    "apps",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("repository", Text, nullable=False, index=True),
    _person("registered_by", nullable=False),
    _time("registered_at", nullable=False),
    Column("purpose", Text, nullable=False),
    Column("live_url", Text, nullable=False),
    Column("built_with", Text, nullable=False),
    Column("data", OneOf(DataClass)),
    Column("audience", OneOf(Audience)),
    Column("exposure", OneOf(Exposure)),
    Column("wanted", OneOf(Placement), nullable=False),
    Column("channel", String(64)),
    Column("thread_channel", String(64)),
    Column("thread", String(32)),
    Column("report_id", String(32)),  # no foreign key: reports point here
    Column("reads_private", Boolean, nullable=False),
    *(Column(name, Boolean, nullable=False) for name in ("probes_live", "probes_routes")),
)

private_requests = Table(
    "private_requests",
    metadata,
    _id(),
    _app(index=True),
    Column("repository", Text, nullable=False),
    _time("asked_at", nullable=False),
    _person("asked_by"),
    _time("answered_at"),
    _person("allowed_by"),
)

probe_requests = Table(
    "probe_requests",
    metadata,
    _id(),
    _app(index=True),
    Column("live_url", Text, nullable=False),
    _time("asked_at", nullable=False),
    _person("asked_by"),
    _time("answered_at"),
    _person("allowed_by"),
)

watches = Table(
    "watches",
    metadata,
    _app(primary_key=True),
    _time("due_at", nullable=False, index=True),
    Column("revision", String(64)),
    Column("trouble", Text, nullable=False),
    _time("trouble_since"),
    Column("version", Integer, nullable=False),
)

owners = Table(
    "owners",
    metadata,
    _app(primary_key=True),
    Column("role", OneOf(Role), primary_key=True),
    Column("person", String(64), nullable=False, index=True),
    Column("acceptance", OneOf(Acceptance), nullable=False),
    _person("asked_by", nullable=False),
    _time("asked_at", nullable=False),
    _time("answered_at"),
)

reports = Table(
    "reports",
    metadata,
    _id(),
    _app(nullable=True, index=True),
    Column("repository", Text, nullable=False),
    Column("revision", String(64)),
    _time("checked_at", nullable=False),
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
    _app(nullable=True),
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

#: What each app installs, by its last report.
packages = Table(
    "packages",
    metadata,
    _app(primary_key=True),
    Column("ecosystem", String(16), primary_key=True),
    Column("name", String(214), primary_key=True),
    Column("version", String(200), primary_key=True),
    Column("direct", Boolean, nullable=False),
    Column("dev", Boolean, nullable=False),
    Index(None, "name", "ecosystem", "version"),
)

#: Which advisories have been told of an app, by a check or after an update of the data.
told_advisories = Table(
    "told_advisories",
    metadata,
    _app(primary_key=True),
    Column("name", String(214), primary_key=True),
    Column("advisory", String(100), primary_key=True),
)

#: How far orders of the clock have come.
marks = Table("marks", metadata, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False))

regressions = Table(
    "regressions",
    metadata,
    _id(),
    _app(index=True),
    _time("opened_at", nullable=False),
    Column("before", Json(Verdict)),
    Column("entries", Json(tuple[RegressionEntry, ...]), nullable=False),
    _time("closed_at"),
)

check_requests = Table(
    "check_requests",
    metadata,
    _id(),
    Column("repository", Text, nullable=False),
    _person("asked_by"),
    _time("asked_at", nullable=False),
    _app(nullable=True, index=True),
    Column("channel", String(64)),
    Column("thread", String(32)),
    Column("with_token", Boolean, nullable=False),
    Column("live_url", Text, nullable=False),
    Column("may_probe", Boolean, nullable=False),
    Column("probes_routes", Boolean, nullable=False),
    _time("done_at", index=True),
    Column("attempts", Integer, nullable=False),
    _time("held_until"),
)

pages = Table(
    "pages",
    metadata,
    _id(),
    _app(index=True),
    Column("what", Text, nullable=False),
    _person("by", nullable=False),
    Column("channel", String(64)),
    _time("made_at", nullable=False),
    Column("steps", Json(tuple[Step, ...]), nullable=False),
    Column("state", OneOf(PageState), nullable=False),
    Column("position", Integer, nullable=False),
    _time("due_at", index=True),
    _person("acknowledged_by"),
    _time("acknowledged_at"),
    _person("resolved_by"),
    _time("resolved_at"),
    Column("notes", Json(tuple[str, ...]), nullable=False),
    Column("joined", Integer, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("page_id", String(32), ForeignKey("pages.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # the order in which they were told
    Column("step", Integer, nullable=False),
    Column("target", String(64), nullable=False),
    _time("at", nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("failed", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("key", String(200), nullable=False),
    Column("place", String(200), nullable=False),
    Column("to", Json(Destination), nullable=False),
    _app(nullable=True),  # whose thread it belongs in
    Column("is_root", Boolean, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("news", Json(dict[str, Any]), nullable=False),
    Column("urgent", Boolean, nullable=False),
    _time("made_at", nullable=False),
    _time("due_at", nullable=False),
    Column("attempts", Integer, nullable=False),
    _time("held_until"),  # by a sender, while it sends
    _time("sent_at"),
    _time("failed_at"),
    Column("error", Text, nullable=False),
    Index(None, "sent_at", "failed_at", "due_at"),
    Index(None, "key", "place"),
)

messages = Table(
    "messages",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("place", String(200), primary_key=True),
    Column("channel", String(64), nullable=False),
    Column("ts", String(32), nullable=False),
    _time("sent_at", nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("body", Json(dict[str, Any]), nullable=False),
    _time("received_at", nullable=False),
    Column("attempts", Integer, nullable=False),
    _time("done_at", index=True),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _time("at", nullable=False),
    _person("who", nullable=False),
    Column("what", String(64), nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    Column("detail", Json(dict[str, Any]), nullable=False),
)
