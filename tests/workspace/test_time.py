"""What expires: trigger ids, response URLs, tickets, and the patience with a bot that does not answer."""

from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.workspace.in_process import PushedClock, served
from tests.workspace_client import WorkspaceClient
from tests.workspace_fixture import APP_TOKEN, BOT_TOKEN
from workspace import views
from workspace.response_urls import ResponseUrls, Source
from workspace.state import Workspace
from workspace.wire import Json, Refusal

MODAL: Json = {"type": "modal", "title": {"type": "plain_text", "text": "Hello"}, "blocks": [{"type": "divider"}]}


@pytest.fixture
def clock() -> PushedClock:
    """Give a clock that stands still."""
    return PushedClock()


@pytest.fixture
def workspace(tmp_path: Path, clock: PushedClock) -> Iterator[Workspace]:
    """Give a workspace that nobody serves."""
    made = Workspace(tmp_path, clock=clock)
    yield made
    made.store.close()


def refused(workspace: Workspace, trigger_id: str) -> str:
    """Give the error of views.open with this trigger id."""
    with pytest.raises(Refusal) as raised:
        views.open_view(workspace, {"trigger_id": trigger_id, "view": MODAL})
    return raised.value.error


def test_a_trigger_id_opens_one_view_within_three_seconds(workspace: Workspace, clock: PushedClock) -> None:
    """A trigger id works once and for three seconds, and a made-up one never."""
    trigger_id = workspace.triggers.issue("U0ANN")
    clock.push(3.0)
    opened = views.open_view(workspace, {"trigger_id": trigger_id, "view": MODAL})
    assert workspace.modals["U0ANN"][0]["id"] == opened["view"]["id"]
    assert refused(workspace, trigger_id) == "exchanged_trigger_id"
    late = workspace.triggers.issue("U0ANN")
    clock.push(3.1)
    assert refused(workspace, late) == "expired_trigger_id"
    assert refused(workspace, "1.2.made-up") == "invalid_trigger_id"


def test_views_stack_three_high_and_guard_races(workspace: Workspace) -> None:
    """views.push takes three, views.update refuses an old hash, and an external_id belongs to one view."""
    first = views.open_view(
        workspace, {"trigger_id": workspace.triggers.issue("U0ANN"), "view": {**MODAL, "external_id": "one"}}
    )["view"]
    for _ in range(2):
        from_view = workspace.triggers.issue("U0ANN", view=first["id"])
        pushed = views.push_view(workspace, {"trigger_id": from_view, "view": MODAL})["view"]
    assert pushed["root_view_id"] == first["id"]
    with pytest.raises(Refusal, match="push_limit_reached"):
        views.push_view(workspace, {"trigger_id": workspace.triggers.issue("U0ANN", view=first["id"]), "view": MODAL})
    update = {"external_id": "one", "view": MODAL, "hash": first["hash"]}
    assert views.update_view(workspace, update)["view"]["id"] == first["id"]
    with pytest.raises(Refusal, match="hash_conflict"):
        views.update_view(workspace, {"view_id": first["id"], "view": MODAL, "hash": first["hash"]})
    with pytest.raises(Refusal, match="not_found"):
        views.update_view(workspace, {"view_id": "V0NONE", "view": MODAL})


def test_a_response_url_expires_after_half_an_hour(clock: PushedClock) -> None:
    """After thirty minutes a response URL is worth nothing."""
    urls = ResponseUrls(clock)
    token = urls.issue(Source("U0ANN", "C0APPS"))
    clock.push(1800)
    assert urls.use(token).person == "U0ANN"
    clock.push(1)
    with pytest.raises(Refusal, match="expired_url"):
        urls.use(token)


def test_every_ts_is_new(workspace: Workspace) -> None:
    """Messages of one instant get different ts, in order, also when the clock goes back."""
    stamps = [workspace.next_ts() for _ in range(3)]
    workspace.clock = lambda: 1_700_000_000.0
    stamps.append(workspace.next_ts())
    assert stamps == sorted(set(stamps))


async def open_socket(workspace: Workspace, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    """Connect as a bot that says nothing."""
    url = f"{workspace.address}/api/apps.connections.open"
    async with session.post(url, headers={"Authorization": f"Bearer {APP_TOKEN}"}) as response:
        address = (await response.json())["url"]
    socket = await session.ws_connect(address)
    assert (await socket.receive_json())["type"] == "hello"
    return socket


async def test_a_bot_that_does_not_answer_times_out(tmp_path: Path, clock: PushedClock) -> None:
    """An envelope that nobody acknowledges shows operation_timeout to the person who typed the command."""
    async with (
        served(tmp_path, clock, patience=0.05) as workspace,
        aiohttp.ClientSession() as session,
        WorkspaceClient(workspace.address) as people,
    ):
        socket = await open_socket(workspace, session)
        ann = await people.person("ann")
        await ann.command("/apps @bo")
        envelope = await socket.receive_json()
        assert envelope["type"] == "slash_commands"
        assert envelope["payload"]["text"] == "<@U0BO|bo>"
        await ann.wait_for(lambda m: 'failed with the error "operation_timeout"' in m.text)
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "too late"}})
        await socket.close()


async def test_an_event_that_nobody_takes_comes_again(tmp_path: Path, clock: PushedClock) -> None:
    """An event is delivered a second time at once, and says that it is a retry."""
    async with (
        served(tmp_path, clock, patience=0.05) as workspace,
        aiohttp.ClientSession() as session,
        WorkspaceClient(workspace.address) as people,
    ):
        socket = await open_socket(workspace, session)
        ann = await people.person("ann")
        await ann.open_home()
        first, second = await socket.receive_json(), await socket.receive_json()
        assert first["payload"]["event_id"] == second["payload"]["event_id"]
        assert (first["retry_attempt"], second["retry_attempt"], second["retry_reason"]) == (0, 1, "timeout")
        await socket.close()


async def test_a_ticket_opens_one_connection(tmp_path: Path, clock: PushedClock) -> None:
    """The address of apps.connections.open works once, and for half a minute."""
    async with served(tmp_path, clock, patience=1) as workspace, aiohttp.ClientSession() as session:
        url = f"{workspace.address}/link/?ticket={workspace.bot.issue_ticket()}"
        async with session.ws_connect(url):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)
        late = f"{workspace.address}/link/?ticket={workspace.bot.issue_ticket()}"
        clock.push(31)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(late)


async def test_the_eleventh_connection_is_sent_away(tmp_path: Path, clock: PushedClock) -> None:
    """An app may have ten connections."""
    async with served(tmp_path, clock, patience=1) as workspace, aiohttp.ClientSession() as session:
        sockets = [await open_socket(workspace, session) for _ in range(10)]
        eleventh = await session.ws_connect(f"{workspace.address}/link/?ticket={workspace.bot.issue_ticket()}")
        assert await eleventh.receive_json() == {"type": "disconnect", "reason": "too_many_websockets"}
        for socket in (*sockets, eleventh):
            await socket.close()


async def test_forms_and_queries_work_as_json_does(tmp_path: Path, clock: PushedClock) -> None:
    """A call may come as a form with the token inside and the blocks as JSON text."""
    async with served(tmp_path, clock, patience=1) as workspace, aiohttp.ClientSession() as session:
        blocks = '[{"type": "divider"}]'
        form = {"token": BOT_TOKEN, "channel": "apps", "text": "x", "blocks": blocks}
        async with session.post(f"{workspace.address}/api/chat.postMessage", data=form) as response:
            assert (await response.json())["message"]["blocks"][0]["type"] == "divider"
        bad = {**form, "blocks": "[{"}
        async with session.post(f"{workspace.address}/api/chat.postMessage", data=bad) as response:
            assert (await response.json())["error"] == "invalid_arguments"
        query = {"token": BOT_TOKEN, "user": "U0BO"}
        async with session.get(f"{workspace.address}/api/users.info", params=query) as response:
            assert (await response.json())["user"]["name"] == "bo"
