"""The kinds of column that both engines keep alike: aware UTC times, values of an enumeration, and values as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import DateTime, Dialect, String, Text, TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. SQLite gives times back without a zone and PostgreSQL in the session's: both UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """Return *value* in UTC; raises ValueError for a naive one, which would mean something else on each engine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be kept")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """Return *value* as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class OneOf(TypeDecorator[StrEnum]):
    """A value of the enumeration *kind*, kept as its word, so that a new word needs no migration."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(32)
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - given
        """Return the word of *value*; raises ValueError for a word that is not one of the enumeration."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 - given
        """Return the value whose word was kept."""
        return None if value is None else self.kind(value)


class Json(TypeDecorator[Any]):
    """A value of type *kind* (a dataclass, a tuple of them, a dict), kept as JSON text, the same on both engines."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - given
        """Return *value* as JSON."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - given
        """Return the value whose JSON was kept."""
        return None if value is None else msgspec.json.decode(value, type=self.kind)
