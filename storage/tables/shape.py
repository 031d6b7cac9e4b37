"""What every table shares: the naming of keys and indexes, and columns that recur."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, String

from storage.columns import UTCDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[Any]:
    """Return the id that a row goes by."""
    return Column("id", String(32), primary_key=True)


def app(*, nullable: bool = False, **options: Any) -> Column[Any]:
    """Return the app that a row is about."""
    return Column("app_id", String(32), ForeignKey("apps.id"), nullable=nullable, **options)


def person(name: str, *, nullable: bool = True) -> Column[Any]:
    """Return a column for a person or channel, by Slack's id."""
    return Column(name, String(64), nullable=nullable)


def time(name: str, *, nullable: bool = True, **options: Any) -> Column[Any]:
    """Return a column for an aware UTC time."""
    return Column(name, UTCDateTime, nullable=nullable, **options)
