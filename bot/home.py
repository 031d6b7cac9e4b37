"""The Home tab: drawn anew whenever its reader opens it."""

from __future__ import annotations

import logging
from typing import Any

from bot.slack import Slack
from bot.trouble import SlackTrouble
from bot.views import home
from commands.command import all_commands
from commands.news import AppList

_log = logging.getLogger(__name__)


async def show(reader: str, news: Any, slack: Slack) -> None:
    """Show the *reader* their own apps, as `/apps` lists them in *news*."""
    view = home.view(news if isinstance(news, AppList) else None, all_commands().values())
    try:
        await slack.publish_home(reader, view)
    except SlackTrouble as trouble:
        _log.warning("the Home tab was not drawn: %s", trouble.error)
