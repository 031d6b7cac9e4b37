"""Where the program keeps its own, and how it runs."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from pydantic import BaseModel

from bot import setting_kinds as kinds
from bot.setting_groups.declare import setting


class RunningSettings(BaseModel):
    """The program."""

    home: kinds.Folder = setting(
        "GROUNDCREW_HOME",
        Path(platformdirs.user_data_dir("groundcrew", appauthor=False)),
        "folder",
        "Where the bot keeps everything: registry, mirrors of repositories, advisories, the local workspace.",
    )
    database_url: kinds.DatabaseUrl = setting(
        "GROUNDCREW_DATABASE_URL",
        None,
        "SQLAlchemy URL",
        "The database of the registry.",
        unset="the SQLite file registry.db in GROUNDCREW_HOME",
    )
    checks_at_once: kinds.AFew = setting(
        "GROUNDCREW_CHECKS_AT_ONCE",
        2,
        "whole number from 1 to 16",
        "How many repositories are checked at the same time; each takes one core.",
    )
    log_level: kinds.Level = setting(
        "GROUNDCREW_LOG_LEVEL",
        "INFO",
        "DEBUG, INFO, WARNING or ERROR",
        "How much is written to the log.",
    )
    log_format: kinds.LogFormat = setting(
        "GROUNDCREW_LOG_FORMAT",
        None,
        "json or text",
        "How a line of the log is written: an object of JSON, or text.",
        unset="text on a terminal, json elsewhere",
    )
    keep_messages: kinds.Duration = setting(
        "GROUNDCREW_KEEP_MESSAGES",
        "30d",
        "duration",
        "How long it is kept what was said and what came in; what may still be edited stays.",
    )
    keep_reports: kinds.Duration = setting(
        "GROUNDCREW_KEEP_REPORTS",
        "180d",
        "duration",
        "How long reports and closed regressions are kept; the last ten reports of each app stay.",
    )
    keep_pages: kinds.Duration = setting(
        "GROUNDCREW_KEEP_PAGES",
        "400d",
        "duration",
        "How long pages that are resolved are kept, with their logs.",
    )
