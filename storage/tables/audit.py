"""The table of who did what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Integer, String, Table

from storage.columns import Json
from storage.tables.shape import metadata, person, time

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    time("at", nullable=False),
    person("who", nullable=False),
    Column("what", String(64), nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    Column("detail", Json(dict[str, Any]), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("previous", String(64), nullable=False, unique=True),  # so that the chain cannot fork
    Column("digest", String(64), nullable=False),
)
