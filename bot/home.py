"""The Home tab: drawn anew whenever its reader opens it."""

from __future__ import annotations

import logging

from bot.dispatch import Dispatch
from bot.incoming import Incoming
from bot.slack import Slack
from bot.trouble import SlackTrouble
from bot.views import home
from commands.command import all_commands
from commands.news import AppList

_log = logging.getLogger(__name__)


async def show(incoming: Incoming, dispatch: Dispatch, slack: Slack) -> None:
    """Show the reader their own apps, as `/apps` lists them."""
    news = await dispatch.run_for(incoming)
    if news is None:
        return
    view = home.view(news if isinstance(news, AppList) else None, all_commands().values())
    try:
        await slack.publish_home(incoming.request.person, view)
    except SlackTrouble as trouble:
        _log.warning("the Home tab was not drawn: %s", trouble.error)
