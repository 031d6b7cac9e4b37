"""The unmodified AsyncApp and AsyncSocketModeHandler of slack_bolt, against the workspace."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace_client import WorkspaceClient

Connect = Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]

BUTTON = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "rename", "value": "7", "text": {"type": "plain_text", "text": "Rename"}}
    ],
}


def modal(title: str, *blocks: dict[str, Any]) -> dict[str, Any]:
    """Make a modal with *blocks*, by default one input."""
    field = {
        "type": "input",
        "block_id": "name",
        "label": {"type": "plain_text", "text": "Name"},
        "element": {"type": "plain_text_input", "action_id": "value", "initial_value": "old"},
    }
    return {
        "type": "modal",
        "callback_id": "renaming",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"},
        "private_metadata": "seven",
        "blocks": list(blocks) or [field],
    }


def make_bot(slack: AsyncWebClient) -> AsyncApp:
    """Make a bot with one command, one button and one modal."""
    app = AsyncApp(client=slack, process_before_response=True)

    @app.command("/rename")
    async def on_command(ack: Any, respond: Any, command: dict[str, Any]) -> None:
        await ack(f"Looking at {command['text']}")
        await respond(text="Here it is", blocks=[BUTTON])

    @app.action("rename")
    async def on_button(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("Rename " + body["actions"][0]["value"]))

    @app.view("renaming")
    async def on_modal(ack: Any, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        name = view["state"]["values"]["name"]["value"]["value"]
        if name == "taken":
            await ack(response_action="errors", errors={"name": "That name is taken"})
            return
        await ack(response_action="update", view=modal("Done", {"type": "divider"}))
        await client.chat_postMessage(
            channel=body["user"]["id"], text=f"Renamed to {name} ({view['private_metadata']})"
        )

    @app.event("app_home_opened")
    async def on_home(event: dict[str, Any], client: AsyncWebClient) -> None:
        hello = {"type": "section", "text": {"type": "mrkdwn", "text": f"Hello <@{event['user']}>"}}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [hello]})

    @app.event("app_mention")
    async def on_mention(event: dict[str, Any], say: Any) -> None:
        await say(text="You called?", thread_ts=event["ts"])

    @app.event("message")
    async def on_message(event: dict[str, Any], say: Any) -> None:
        await say(f"You wrote {event['text']}")

    return app


async def test_a_bolt_app_does_the_whole_round(
    workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect
) -> None:
    """A slash command is acknowledged, answered, and leads by button to a modal with errors and an update."""
    await connect(make_bot(slack))
    ann = await workspace.person("ann")
    bo = await workspace.person("bo")
    await ann.command("/rename notes of @bo in #apps", channel="apps")
    await ann.wait_for(lambda m: m.text == "Looking at notes of <@U0BO|bo> in <#C0APPS|apps>")
    card = await ann.wait_for(lambda m: m.text == "Here it is")
    assert card.is_ephemeral
    assert bo.ephemerals() == []

    assert await ann.click(card, "Rename") == ""
    view = await ann.wait_for_modal()
    assert view["title"]["text"] == "Rename 7"
    assert await ann.submit(view, {"Name": ""}) == {"Name": "Please complete this required field."}
    assert await ann.submit(view, {"Name": "taken"}) == {"Name": "That name is taken"}
    assert await ann.submit(view, {"Name": "new"}) == {}
    await ann.wait_for_modal(lambda v: v["title"]["text"] == "Done")
    told = await ann.wait_for(lambda m: m.text == "Renamed to new (seven)")
    assert told.channel == "D0ANN"
    assert bo.modal() is None


async def test_events_reach_the_bot(workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect) -> None:
    """Opening the Home tab, mentioning the bot and writing to it directly are events."""
    await connect(make_bot(slack))
    eve = await workspace.person("eve")
    await eve.open_home()
    home = await eve.wait_for_home()
    assert home["blocks"][0]["text"]["text"] == "Hello <@U0EVE>"
    ts = await eve.say("@Groundcrew are you there?", channel="general")
    answer = await eve.wait_for(lambda m: m.text == "You called?")
    assert answer.thread == ts
    await eve.say("see https://example.test/a & b", channel="bot")
    await eve.wait_for(lambda m: m.text == "You wrote see <https://example.test/a> &amp; b")


async def test_two_connections_take_turns(workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect) -> None:
    """With two bots connected each has every second envelope, and one goes on alone when the other leaves."""
    took: list[str] = []

    def listening(name: str) -> AsyncApp:
        app = AsyncApp(client=slack, process_before_response=True)

        @app.command("/who")
        async def on_command(ack: Any) -> None:
            took.append(name)
            await ack(name)

        return app

    await connect(listening("first"))
    second = await connect(listening("second"))
    ann = await workspace.person("ann")
    for _ in range(4):
        await ann.command("/who")
    assert sorted(took) == ["first", "first", "second", "second"]
    await second.close_async()  # type: ignore[no-untyped-call]
    await ann.command("/who")
    assert took[-1] == "first"


async def test_without_a_bot_a_command_says_so(workspace: WorkspaceClient) -> None:
    """A command that nobody can take is answered with one sentence."""
    ann = await workspace.person("ann")
    await ann.command("/apps all")
    await ann.wait_for(lambda m: m.text == "/apps failed: the bot is not connected")


async def test_a_response_url_works_five_times(
    workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect
) -> None:
    """The sixth use of a response URL is refused, in_channel is public, and replace_original edits the source."""
    statuses: list[int] = []
    done = asyncio.Event()
    app = AsyncApp(client=slack, process_before_response=True)

    @app.command("/loud")
    async def on_command(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Everybody, look", response_type="in_channel", blocks=[BUTTON])

    @app.action("rename")
    async def on_button(ack: Any, respond: Any) -> None:
        await ack()
        answers = [await respond(text=f"changed {number}", replace_original=True) for number in range(6)]
        statuses.extend(answer.status_code for answer in answers)
        done.set()

    await connect(app)
    ann, bo = await workspace.person("ann"), await workspace.person("bo")
    await ann.command("/loud")
    card = await bo.wait_for(lambda m: m.text == "Everybody, look")
    await bo.click(card, "Rename")
    await done.wait()
    assert statuses == [200, 200, 200, 200, 200, 404]
    changed = await ann.wait_for(lambda m: m.ts == card.ts and m.text == "changed 4")
    assert changed.buttons == []


async def test_the_bot_hears_what_it_must_react_to(
    workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect
) -> None:
    """A closed account, an archived channel and being taken out of one are events."""
    heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    app = AsyncApp(client=slack, process_before_response=True)

    async def on_event(event: dict[str, Any]) -> None:
        about = event["user"]["id"] if event["type"] == "user_change" else event["channel"]
        heard.put_nowait((event["type"], about))

    for kind in ("user_change", "channel_archive", "channel_left"):
        app.event(kind)(on_event)
    await connect(app)
    eve = await workspace.person("eve")
    await eve.deactivate("max")
    assert await asyncio.wait_for(heard.get(), 20) == ("user_change", "U0MAX")
    await eve.command("/remove @groundcrew", channel="reliability")
    assert await asyncio.wait_for(heard.get(), 20) == ("channel_left", "C0RELIABILITY")
    await eve.archive("apps")
    assert await asyncio.wait_for(heard.get(), 20) == ("channel_archive", "C0APPS")


async def test_a_button_only_one_person_sees_is_answered_by_its_url(
    workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect
) -> None:
    """A click in a private message carries no message, and replaces or deletes it through its response URL."""
    bodies: list[dict[str, Any]] = []
    app = AsyncApp(client=slack, process_before_response=True)

    @app.action("rename")
    async def on_button(ack: Any, respond: Any, body: dict[str, Any]) -> None:
        await ack()
        if bodies:
            await respond(delete_original=True)
        else:
            await respond(text="changed", blocks=[BUTTON], replace_original=True)
        bodies.append(body)

    await connect(app)
    ann = await workspace.person("ann")
    await slack.chat_postEphemeral(channel="C0APPS", user="U0ANN", text="first", blocks=[BUTTON])
    await ann.click(await ann.wait_for(lambda m: m.text == "first"), "Rename")
    changed = await ann.wait_for(lambda m: m.text == "changed")
    assert "message" not in bodies[0]
    assert bodies[0]["container"]["is_ephemeral"] is True
    await ann.click(changed, "Rename")
    await slack.chat_postMessage(channel="C0APPS", text="afterwards")
    await ann.wait_for(lambda m: m.text == "afterwards")
    assert ann.ephemerals() == []
