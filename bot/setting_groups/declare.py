"""How a setting is declared: its name, its unit, its default, what it is for and where a value is to be had."""

from __future__ import annotations

from typing import Any

from pydantic import Field, JsonValue


def setting(name: str, default: Any, unit: str, what: str, *, where: str = "", unset: str = "") -> Any:
    """
    Declare the setting *name*, in *unit*: *what* it is for, and *where* its value is to be had.

    *unset* says what holds when it is not given, where the default alone does not.
    """
    about: dict[str, JsonValue] = {"unit": unit, "where": where, "unset": unset}
    return Field(default, validation_alias=name, description=what, json_schema_extra=about)
