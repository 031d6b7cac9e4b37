"""Whom a page tells, and when."""

from __future__ import annotations

from pydantic import BaseModel

from bot import setting_kinds as kinds
from bot.setting_groups.declare import setting


class PagesSettings(BaseModel):
    """Pages."""

    owner_wait: kinds.Duration = setting(
        "GROUNDCREW_OWNER_WAIT",
        "5m",
        "duration",
        "How long a page waits for the owner before the backup is told.",
    )
    backup_wait: kinds.Duration = setting(
        "GROUNDCREW_BACKUP_WAIT",
        "5m",
        "duration",
        "How long a page waits for the backup before the app's channel is told.",
    )
    channel_wait: kinds.Duration = setting(
        "GROUNDCREW_CHANNEL_WAIT",
        "10m",
        "duration",
        "How long a page waits for the app's channel before the reliability channel is told.",
    )
    repeat_every: kinds.Duration = setting(
        "GROUNDCREW_REPEAT_EVERY",
        "10m",
        "duration",
        "How often the reliability channel is told again, until somebody acknowledges.",
    )
