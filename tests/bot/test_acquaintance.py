"""What a start asks Slack, and how it goes on while Slack is away."""

from pathlib import Path
from typing import Any

import pytest

from bot import acquaintance
from bot.acquaintance import Asked, confirm, get_acquainted
from bot.settings_load import WrongSettings
from bot.slack import Slack
from bot.trouble import Later, Revoked
from bot.views.block_kit import Post
from tests.bot.slack_server import Answer, SlackServer, refusal, slack_server
from tests.world import Town

ASKED = Asked("C0RELIABLE", "", "xapp-1")


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setattr(acquaintance, "_AGAIN_S", 0.0)


def answers(server: SlackServer, **team: Any) -> None:
    """Have Slack answer what a start asks."""
    me = {"team_id": "T1", "team": "Acme", "user_id": "UBOT", "bot_id": "B1", "url": "https://acme.example", **team}
    server.script["auth.test"].append(Answer({"ok": True, **me}))
    server.script["apps.connections.open"].append(Answer({"ok": True, "url": "wss://x"}))
    channel = {"ok": True, "channel": {"id": "C0RELIABLE", "is_member": True}}
    server.script["conversations.info"].extend([Answer(channel), Answer(channel)])


async def ask(slack: Slack, town: Town, asked: Asked = ASKED) -> acquaintance.Acquaintance:
    """Get acquainted."""
    return await get_acquainted(slack, town.world.database, asked)


async def test_a_first_start_waits_for_slack(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """However long it takes; it is said once, and not at each try."""
    async with slack_server() as (server, slack):
        server.script["auth.test"].extend([Answer("", 503)] * 10)
        answers(server)
        found = await ask(slack, town)
    assert (found.me["team_id"], found.me["user_id"], found.last_resort) == ("T1", "UBOT", "C0RELIABLE")
    assert caplog.text.count("I try again until it can") == 1


async def test_a_later_start_goes_on_without_slack(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """With what Slack said the last time, so that pages go by other routes; not where another channel is set."""
    async with slack_server() as (server, slack):
        answers(server)
        first = await ask(slack, town)
        server.script["auth.test"].extend([Answer("", 503)] * 3)
        assert await ask(slack, town) == first
        assert "I go on with what I know" in caplog.text
        server.script["auth.test"].extend([Answer("", 503)] * 5)
        answers(server)
        assert (await ask(slack, town, Asked("C0OTHERONE", "", ""))).channel == "C0OTHERONE"


async def test_what_slack_refuses_ends_the_start(town: Town, tmp_path: Path) -> None:
    """Though it is known from before: a revoked token, an app token that is not accepted, another workspace."""
    async with slack_server() as (server, slack):
        answers(server)
        await ask(slack, town)
        server.script["auth.test"].append(refusal("token_revoked"))
        with pytest.raises(Revoked):
            await ask(slack, town)
        answers(server)
        server.script["apps.connections.open"].appendleft(refusal("not_allowed_token_type"))
        with pytest.raises(WrongSettings, match="SLACK_APP_TOKEN is not accepted"):
            await ask(slack, town)
    async with slack_server() as (server, slack):
        answers(server, team_id="T2", team="Other")
        with pytest.raises(WrongSettings, match="One installation serves one workspace"):
            await ask(slack, town)
        server.script["auth.test"].extend([Answer("", 503)] * 3)
        assert (await ask(slack, town)).me["team_id"] == "T1"


async def test_a_token_is_looked_at_once_slack_is_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent with it before that; one of another workspace, set while Slack was away, is refused in words."""
    monkeypatch.setattr(acquaintance, "_REFUSED_S", 0.0)
    async with slack_server() as (server, slack):
        answers(server)
        await ask(slack, town)
        for team in ("T1", "T2"):
            server.script["auth.test"].extend([Answer("", 503)] * 3)
            await ask(slack, town)
            with pytest.raises(Later):
                await slack.post("C0RELIABLE", Post("x", ()))
            me = Answer({"ok": True, "team_id": team, "team": "Acme"})
            server.script["auth.test"].extend([Answer("", 503), refusal("token_revoked"), me])
            if team == "T1":
                await confirm(slack, town.world.database)
                await slack.post("C0RELIABLE", Post("x", ()))
            else:
                with pytest.raises(WrongSettings, match="One installation serves one workspace"):
                    await confirm(slack, town.world.database)
        assert len(server.sent()) == 1
