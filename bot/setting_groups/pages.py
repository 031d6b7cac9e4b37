"""Whom a page tells, and when."""

from __future__ import annotations

from pydantic import BaseModel

from bot import setting_kinds as kinds
from bot.setting_groups.declare import setting


class PagesSettings(BaseModel):
    """Pages."""

    escalation: kinds.Escalation = setting(
        "GROUNDCREW_ESCALATION",
        "owner, backup, channel, reliability",
        "words, separated by commas",
        "Whom a page tells, in this order: owner, backup, channel (the app's), group:@HANDLE (a user group), "
        "on-call:NAME (a schedule) and, always last, reliability (the reliability channel).",
    )
    owner_wait: kinds.Duration = setting(
        "GROUNDCREW_OWNER_WAIT",
        "5m",
        "duration",
        "How long a page waits for the owner before the next step is told.",
    )
    backup_wait: kinds.Duration = setting(
        "GROUNDCREW_BACKUP_WAIT",
        "5m",
        "duration",
        "How long a page waits for the backup before the next step is told.",
    )
    group_wait: kinds.Duration = setting(
        "GROUNDCREW_GROUP_WAIT",
        "5m",
        "duration",
        "How long a page waits for a user group, or for whoever is on call, before the next step is told.",
    )
    channel_wait: kinds.Duration = setting(
        "GROUNDCREW_CHANNEL_WAIT",
        "10m",
        "duration",
        "How long a page waits for the app's channel before the next step is told.",
    )
    repeat_every: kinds.Duration = setting(
        "GROUNDCREW_REPEAT_EVERY",
        "10m",
        "duration",
        "How often the reliability channel is told again, until somebody acknowledges.",
    )
    ack_stale: kinds.Duration = setting(
        "GROUNDCREW_ACK_STALE",
        "30m",
        "duration",
        "How long after they acknowledged a page somebody is asked whether they are still on it; after as long again "
        "without an answer the page is open again.",
    )
    second_route_after: kinds.Duration = setting(
        "GROUNDCREW_SECOND_ROUTE_AFTER",
        "2m",
        "duration",
        "How long Slack may take to accept the message of a page before second routes are used.",
    )
    pages_per_hour: kinds.AtLeastOne = setting(
        "GROUNDCREW_PAGES_PER_HOUR",
        20,
        "pages",
        "How many pages one person may make in an hour; admins may make any number.",
    )
