"""Whom and which channel a text means, asked of the real local workspace and of a Slack that misbehaves."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from bot import directory as directory_module
from bot.directory import SlackDirectory
from bot.redact import Redactor
from bot.slack import Slack
from bot.trouble import Later
from tests.bot.slack_server import Answer, refusal, slack_server
from tests.workspace_client import WorkspaceClient
from tests.workspace_fixture import BOT_TOKEN


@pytest_asyncio.fixture
async def directory(workspace: WorkspaceClient) -> AsyncIterator[SlackDirectory]:
    """Give the directory of the local workspace."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(BOT_TOKEN, f"{workspace.address}/api/", session=session, retry_handlers=[])
        yield SlackDirectory(Slack(client, Redactor()), "T0LOCAL")


@pytest.mark.parametrize(
    "text", ["<@U0ANN|ann>", "<@U0ANN>", "@ann", "ann", "U0ANN", "@Ann", "ann@example.test", "Ann Lee"]
)
async def test_a_person_is_found_however_they_are_named(directory: SlackDirectory, text: str) -> None:
    """A mention, a handle, a name, an id and an e-mail address mean the same person."""
    person = await directory.find_person(text)
    assert person is not None
    assert (person.id, person.handle) == ("U0ANN", "ann")


@pytest.mark.parametrize(
    "text", ["", "@", "@nobody", "U0NOBODY", "<@U0NOBODY>", "x@y", "nobody@example.test", "<!channel>"]
)
async def test_whom_nobody_knows_is_nobody(directory: SlackDirectory, text: str) -> None:
    """A text that means nobody, or might mean several, is nobody."""
    assert await directory.find_person(text) is None


async def test_what_people_are_is_known(directory: SlackDirectory, workspace: WorkspaceClient) -> None:
    """Guests, bots, admins and those whose account is closed are told apart."""
    guest, admin, bot = [await directory.person(one) for one in ("U0GUS", "U0EVE", "U0CREW")]
    assert guest is not None
    assert guest.is_guest
    assert admin is not None
    assert (admin.is_admin, admin.is_guest, admin.is_outsider) == (True, False, False)
    assert bot is not None
    assert bot.is_bot
    eve = await workspace.person("eve")
    await eve.deactivate("U0MAX")
    gone = await directory.person("U0MAX")
    assert gone is not None
    assert gone.is_gone
    assert await directory.find_person("@max") is None


@pytest.mark.parametrize("text", ["<#C0APPS|apps>", "<#C0APPS>", "#apps", "apps", "C0APPS", "#Apps"])
async def test_a_channel_is_found_however_it_is_named(directory: SlackDirectory, text: str) -> None:
    """A link, a name and an id mean the same channel."""
    assert await directory.find_channel(text) == "C0APPS"
    assert await directory.channel_name("C0APPS") == "apps"


async def test_where_the_bot_is_inside_is_known(directory: SlackDirectory) -> None:
    """A channel that it was not invited to, an unknown one, and its own direct conversations are told apart."""
    assert await directory.is_member("C0APPS")
    assert not await directory.is_member("C0FINANCE")
    assert not await directory.is_member("C0NOWHERE")
    assert await directory.is_member("D0ANN")
    assert await directory.find_channel("#nowhere") is None
    assert await directory.channel_name("C0NOWHERE") is None


async def test_an_archived_channel_hears_nobody(directory: SlackDirectory, workspace: WorkspaceClient) -> None:
    """The bot is not told to be in a channel to which it cannot write."""
    eve = await workspace.person("eve")
    await eve.archive("apps")
    assert not await directory.is_member("C0APPS")


async def test_somebody_of_another_workspace_is_an_outsider() -> None:
    """A shared channel brings people of other companies; they are not ours."""
    async with slack_server() as (server, slack):
        server.script["users.info"].append(Answer({"ok": True, "user": {"id": "U1", "name": "x", "team_id": "T2"}}))
        person = await SlackDirectory(slack, "T1").person("U1")
    assert person is not None
    assert person.is_outsider


async def test_a_list_is_read_to_its_last_page_and_remembered() -> None:
    """Every page of the members is asked for once."""
    first = {"ok": True, "members": [{"id": "U1", "name": "ann"}], "response_metadata": {"next_cursor": "2"}}
    second = {"ok": True, "members": [{"id": "U2", "name": "bo"}], "response_metadata": {"next_cursor": ""}}
    async with slack_server() as (server, slack):
        server.script["users.list"].extend([Answer(first), Answer(second)])
        directory = SlackDirectory(slack, "T1")
        for name in ("bo", "ann", "bo"):
            assert await directory.find_person(f"@{name}") is not None
        assert [call.get("cursor", "") for call in server.sent("users.list")] == ["", "2"]


async def test_a_slack_that_does_not_answer_is_not_nobody() -> None:
    """Whether somebody exists is not guessed: a fault of Slack is one, and nothing is remembered of it."""
    async with slack_server() as (server, slack):
        directory = SlackDirectory(slack, "T1")
        server.script["users.info"].extend([refusal("internal_error"), Answer({"ok": True, "user": {"id": "U1"}})])
        with pytest.raises(Later):
            await directory.person("U1")
        assert await directory.person("U1") is not None


async def test_a_user_group_is_found_by_its_handle_and_its_members_are_asked_for_each_time() -> None:
    """Whoever left a group is not reached through it a moment later."""
    groups = Answer({"ok": True, "usergroups": [{"id": "S01", "handle": "sre"}]})
    async with slack_server() as (server, slack):
        directory = SlackDirectory(slack, "T1")
        server.script["usergroups.list"].append(groups)
        for written in ("@sre", "<!subteam^S01|sre>", "S01"):
            assert await directory.find_group(written) == "S01"
        assert await directory.find_group("@web") is None
        server.script["usergroups.users.list"].extend(
            [
                Answer({"ok": True, "users": ["U1", "U2"]}),
                Answer({"ok": True, "users": ["U2"]}),
                refusal("no_such_subteam"),
            ]
        )
        assert [await directory.group_members("S01") for _ in range(3)] == [("U1", "U2"), ("U2",), ()]


async def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept of ids that nobody has, and of those that somebody has so many at most."""
    monkeypatch.setattr(directory_module, "_MOST", 5)
    async with slack_server() as (server, slack):
        directory = SlackDirectory(slack, "T1")
        for number in range(20):
            server.script["users.info"].append(Answer({"ok": True, "user": {"id": f"U{number}"}}))
            assert await directory.person(f"U{number}") is not None
            assert len(directory._kept) <= 5
            server.script["users.info"].append(refusal("user_not_found"))
            assert await directory.person("U0NOBODY") is None
        assert "person:U0NOBODY" not in directory._kept


def user(*, deleted: bool) -> Answer:
    """What Slack says of somebody."""
    return Answer({"ok": True, "user": {"id": "U1", "deleted": deleted}})


async def gone(directory: SlackDirectory) -> bool:
    """Whether whoever acts is gone."""
    person = await directory.acting("U1")
    assert person is not None
    return person.is_gone


async def test_who_acts_is_looked_up_anew_and_not_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed account ends all rights within five seconds; a hundred clicks in them are one look."""
    async with slack_server() as (server, slack):
        directory = SlackDirectory(slack, "T1")
        server.script["users.info"].extend([user(deleted=False), user(deleted=True)])
        assert [await gone(directory) for _ in range(100)] == [False] * 100
        assert len(server.sent("users.info")) == 1
        monkeypatch.setattr(directory_module, "_JUST_NOW_S", 0.0)
        assert await gone(directory)


async def test_where_slack_is_away_who_acts_is_as_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not asked again for as long as it wants; and whoever it no longer knows has no rights."""
    monkeypatch.setattr(directory_module, "_JUST_NOW_S", 0.0)
    async with slack_server() as (server, slack):
        directory = SlackDirectory(slack, "T1")
        limited = Answer({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "30"})
        server.script["users.info"].extend([user(deleted=False), limited, refusal("user_not_found")])
        assert [await gone(directory) for _ in range(5)] == [False] * 5
        assert len(server.sent("users.info")) == 2
        directory._rests_until = 0.0
        assert await directory.acting("U1") is None


async def test_two_who_ask_at_once_get_the_answer_of_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second does not act on what is remembered, and goes on where the first is cancelled."""
    monkeypatch.setattr(directory_module, "_JUST_NOW_S", 0.0)
    async with slack_server() as (server, slack):
        directory = SlackDirectory(slack, "T1")
        server.script["users.info"].append(user(deleted=False))
        assert not await gone(directory)
        server.script["users.info"].append(user(deleted=True))
        clicks = [asyncio.create_task(gone(directory)) for _ in range(10)]
        await asyncio.sleep(0)
        clicks[0].cancel()
        first, *others = await asyncio.gather(*clicks, return_exceptions=True)
        assert isinstance(first, asyncio.CancelledError)
        assert others == [True] * 9
        assert len(server.sent("users.info")) == 2
        assert directory._looks == {}
