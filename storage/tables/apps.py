"""The tables of apps, of who answers for them, and of what an admin was asked to let."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, Text

from checks.model import Audience, DataClass, Exposure, Placement
from storage.columns import OneOf
from storage.model import Acceptance, Role
from storage.tables.shape import app, id_column, metadata, person, time

apps = Table(
    "apps",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("repository", Text, nullable=False, index=True),
    person("registered_by", nullable=False),
    time("registered_at", nullable=False),
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
    Column("escalates_to", Text, nullable=False),
)


def _requests(name: str, about: str) -> Table:
    """Return the table *name* of requests to the admins; column *about* holds what exactly they are asked to let."""
    return Table(
        name,
        metadata,
        id_column(),
        app(index=True),
        Column(about, Text, nullable=False),
        time("asked_at", nullable=False),
        person("asked_by"),
        time("answered_at"),
        person("allowed_by"),
    )


private_requests = _requests("private_requests", "repository")
probe_requests = _requests("probe_requests", "live_url")

watches = Table(
    "watches",
    metadata,
    app(primary_key=True),
    time("due_at", nullable=False, index=True),
    Column("revision", String(64)),
    Column("trouble", Text, nullable=False),
    time("trouble_since"),
    Column("version", Integer, nullable=False),
)

owners = Table(
    "owners",
    metadata,
    app(primary_key=True),
    Column("role", OneOf(Role), primary_key=True),
    Column("person", String(64), nullable=False, index=True),
    Column("acceptance", OneOf(Acceptance), nullable=False),
    person("asked_by", nullable=False),
    time("asked_at", nullable=False),
    time("answered_at"),
)
