"""
What Slack says of us at a start, kept: after an outage of Slack and a restart in it, pages still go by other routes.

A first start waits until Slack answers; a later one goes on with what is known after a few tries, and the ears and the
sender find out by themselves when Slack is back. What Slack refuses ends the start in any case; and a token of another
workspace, which only a Slack that is back can say, ends the bot before anything is sent with it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import asdict, dataclass
from typing import Any

from bot.directory import SlackDirectory
from bot.settings_load import WrongSettings
from bot.slack import Slack
from bot.team import keep_team
from bot.trouble import Later, SlackTrouble
from storage import marks
from storage.database import Database

_log = logging.getLogger(__name__)

_MARK = "acquaintance"
_ABOUT_US = ("team_id", "team", "user_id", "bot_id", "enterprise_id")
_TRIES = 3
_AGAIN_S = 2.0
_REFUSED_S = 30.0  # the sender says that the token is not taken
_STILL_AWAY = 30  # tries after which it is said again


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a start asks Slack about: the *channel* and the user group of *approvers* of the settings.

    *app_token* is empty where none is to be tried.
    """

    channel: str
    approvers: str
    app_token: str


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """*me* is of Slack's answer to auth.test; *last_resort* is the id of the reliability channel, set as *channel*."""

    me: dict[str, Any]
    last_resort: str
    channel: str


async def get_acquainted(slack: Slack, database: Database, asked: Asked) -> Acquaintance:
    """Return what Slack says of us, or said; raises WrongSettings and SlackTrouble for what it refuses."""
    kept = await _kept(database, asked.channel)
    tries = 0
    while True:
        try:
            found = await _ask(slack, asked)
        except Later as trouble:
            tries += 1
            if kept is not None and tries >= _TRIES:
                _log.warning("Slack cannot be reached (%s). I go on with what I know of the workspace.", trouble.error)
                slack.is_known = False
                return kept
            if tries % _STILL_AWAY == 1:
                _log.warning("Slack cannot be reached (%s). I try again until it can.", trouble.error)
            await asyncio.sleep(max(_AGAIN_S, trouble.after))
        else:
            await _keep_team(database, found.me)
            if found != kept:
                async with database.write() as transaction:
                    await marks.put(transaction, _MARK, json.dumps(asdict(found)))
            return found


async def confirm(slack: Slack, database: Database) -> None:
    """
    Where a start went on without Slack, wait until Slack says whose the token is.

    Raises WrongSettings where that is not the workspace that is known.
    """
    while not slack.is_known:
        try:
            me = await slack.read("auth.test")
        except SlackTrouble as trouble:
            await asyncio.sleep(max(_AGAIN_S, trouble.after) if isinstance(trouble, Later) else _REFUSED_S)
        else:
            await _keep_team(database, me)
            slack.is_known = True


async def _keep_team(database: Database, me: dict[str, Any]) -> None:
    await keep_team(database, str(me["team_id"]), str(me.get("team") or "us"))


async def _ask(slack: Slack, asked: Asked) -> Acquaintance:
    answer = await slack.read("auth.test")
    me = {name: answer.get(name) for name in _ABOUT_US}
    if asked.app_token:
        await _try_listening(slack, asked.app_token)
    directory = SlackDirectory(slack, str(me["team_id"]))
    last_resort = await _last_resort(directory, asked.channel)
    if asked.approvers and await directory.find_group(asked.approvers) is None:
        raise WrongSettings(["GROUNDCREW_APPROVERS names no user group here. Use its @handle or its id."])
    return Acquaintance(me, last_resort, asked.channel)


async def _kept(database: Database, channel: str) -> Acquaintance | None:
    """Return what was kept, where it was found with the same setting."""
    async with database.read() as transaction:
        written = await marks.get(transaction, _MARK)
    kept = Acquaintance(**json.loads(written)) if written else None
    return kept if kept is not None and kept.channel == channel else None


async def _try_listening(slack: Slack, app_token: str) -> None:
    # The SDK would try a token that is not accepted again and again, and say so in the log alone.
    try:
        await slack.try_listening(app_token)
    except Later:
        raise
    except SlackTrouble as trouble:
        why = f"SLACK_APP_TOKEN is not accepted by Slack ({trouble.error})."
        mend = "Make a new one with the scope connections:write: your Slack app's settings > Basic Information."
        raise WrongSettings([f"{why} {mend}"]) from None


async def _last_resort(directory: SlackDirectory, channel: str) -> str:
    """Return the id of the reliability channel, which must hear us: it is where every page ends."""
    found = await directory.find_channel(channel)
    if found is None:
        raise WrongSettings(
            ["GROUNDCREW_RELIABILITY_CHANNEL names no channel that I can see. Use its id; invite me to a private one."]
        )
    if not await directory.is_member(found):
        raise WrongSettings(
            ["GROUNDCREW_RELIABILITY_CHANNEL names a channel that I am not in. Type /invite @Groundcrew in it first."]
        )
    return found
