"""With Slack's tokens set the same bot runs there: the local workspace plays the Slack that the tokens are for."""

import json
from datetime import UTC, datetime
from pathlib import Path

from bot.team import keep_team
from storage import marks, outbox
from storage.database import Database
from storage.migrate import migrate
from storage.model import Destination
from tests.bot.groundcrew_process import end, environment, start, until
from tests.bot.slack_server import Answer, slack_server
from tests.workspace_client import WorkspaceClient
from tests.workspace_fixture import APP_TOKEN, BOT_TOKEN


def slack(home: Path, workspace: WorkspaceClient, channel: str) -> dict[str, str]:
    """The settings of a bot in the Slack that *workspace* plays."""
    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "GROUNDCREW_RELIABILITY_CHANNEL": channel}
    return environment(home, SLACK_API_URL=f"{workspace.address}/api/", **tokens)


async def test_it_runs_where_the_tokens_say(tmp_path: Path, workspace: WorkspaceClient) -> None:
    """It starts no workspace, reads no folder of the machine, answers only to Slack's addresses, and keeps no token."""
    home = tmp_path / "home"
    process = await start(slack(home, workspace, "#reliability"))
    try:
        await until(process, "Groundcrew runs in the Slack workspace Local workspace")
        ann = await workspace.person("ann")
        await ann.command("/check-app /etc")
        # The response_url of this workspace is not Slack's, so the answer comes by the outbox.
        answer = await ann.wait_for(lambda message: "https:// repository address" in message.words)
        assert answer.channel == "D0ANN"
    finally:
        await end(process)
    assert not (home / "workspace").exists()
    assert process.returncode == 0
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"U0ANN" in kept
    assert BOT_TOKEN.encode() not in kept
    assert APP_TOKEN.encode() not in kept


async def test_an_app_token_that_slack_refuses_is_said(tmp_path: Path, workspace: WorkspaceClient) -> None:
    """The bot could speak and never hear; so it does not start, and says which token it is."""
    given = slack(tmp_path / "home", workspace, "#reliability") | {"SLACK_APP_TOKEN": "xapp-made-up-value"}
    process = await start(given)
    printed, _ = await process.communicate()
    assert process.returncode == 1
    assert "- SLACK_APP_TOKEN is not accepted by Slack" in printed.decode()
    assert "made-up-value" not in printed.decode()


async def test_a_reliability_channel_that_does_not_hear_it_is_refused(
    tmp_path: Path, workspace: WorkspaceClient
) -> None:
    """Every page ends there, so it must exist, and the bot must be inside."""
    for channel, words in (("#nowhere", "names no channel that I can see"), ("C0FINANCE", "/invite @Groundcrew")):
        process = await start(slack(tmp_path / "home", workspace, channel))
        printed, _ = await process.communicate()
        assert process.returncode == 1
        assert "- GROUNDCREW_RELIABILITY_CHANNEL" in printed.decode()
        assert words in printed.decode()


async def test_a_token_of_another_workspace_is_refused(tmp_path: Path, workspace: WorkspaceClient) -> None:
    """The registry was another workspace's before: the bot does not start, and says whose it is and what to do."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    database = await Database.open(f"sqlite+aiosqlite:///{home}/registry.db")
    await migrate(database)
    await keep_team(database, "T1", "Acme")
    await database.close()
    process = await start(slack(home, workspace, "#reliability"))
    printed, _ = await process.communicate()
    assert process.returncode == 1
    assert "the registry is of Acme (T1). One installation serves one workspace" in printed.decode()


async def test_a_token_that_was_exchanged_while_slack_was_away_is_refused(tmp_path: Path) -> None:
    """The bot goes on with what it knows until Slack answers; then it ends in words, and nothing was sent."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    database = await Database.open(f"sqlite+aiosqlite:///{home}/registry.db")
    await migrate(database)
    await keep_team(database, "T1", "Acme")
    me = {"team_id": "T1", "team": "Acme", "user_id": "UBOT", "bot_id": "B1", "enterprise_id": None}
    async with database.write() as transaction:
        known = {"me": me, "last_resort": "C0RELIABLE", "channel": "C0RELIABLE"}
        await marks.put(transaction, "acquaintance", json.dumps(known))
        await outbox.add(transaction, Destination(person="U1"), "Said", {"text": "x"}, key="k", now=datetime.now(UTC))
    await database.close()
    async with slack_server() as (server, _):
        server.script["auth.test"].extend([Answer("", 503)] * 3)
        server.script["auth.test"].extend([Answer({"ok": True, **me, "team_id": "T2", "team": "Other"})] * 9)
        tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
        process = await start(
            environment(
                home, SLACK_API_URL=f"{server.address}/api/", GROUNDCREW_RELIABILITY_CHANNEL="C0RELIABLE", **tokens
            )
        )
        printed, _ = await process.communicate()
        assert server.sent() == []
    assert process.returncode == 1
    assert "- SLACK_BOT_TOKEN is of the workspace Other (T2), and the registry is of Acme (T1)" in printed.decode()


async def test_approvers_that_are_no_user_group_are_refused(tmp_path: Path, workspace: WorkspaceClient) -> None:
    """A name with a slip in it would make nobody an approver, and nobody would notice."""
    given = slack(tmp_path / "home", workspace, "#reliability") | {"GROUNDCREW_APPROVERS": "@nobody-here"}
    process = await start(given)
    printed, _ = await process.communicate()
    assert process.returncode == 1
    assert "- GROUNDCREW_APPROVERS names no user group here" in printed.decode()
