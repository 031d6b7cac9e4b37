"""Modals as a bot of slack_bolt sees them: stacks, closing, and every kind of input."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace_client import WorkspaceClient
from tests.workspace_message import Json, Message

Connect = Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]


def plain(text: str) -> Json:
    """Make a plain_text object."""
    return {"type": "plain_text", "text": text}


def field(label: str, element: Json, **more: Any) -> Json:
    """Make an input block whose block_id is its label."""
    return {"type": "input", "block_id": label, "label": plain(label), "element": {"action_id": "v", **element}, **more}


def options(*values: str) -> list[Json]:
    """Make options."""
    return [{"text": plain(value.title()), "value": value} for value in values]


FIELDS = [
    field("Name", {"type": "plain_text_input", "min_length": 3, "max_length": 5}),
    field("Site", {"type": "url_text_input"}, optional=True),
    field("Mail", {"type": "email_text_input"}, optional=True),
    field("Count", {"type": "number_input", "is_decimal_allowed": False, "min_value": "2"}, optional=True),
    field("Data", {"type": "static_select", "options": options("none", "personal")}),
    field("Place", {"type": "radio_buttons", "options": options("sandbox", "production")}, optional=True),
    field("Extras", {"type": "checkboxes", "options": options("watch", "alert"), "initial_options": options("watch")}),
    field("Owner", {"type": "users_select", "initial_user": "U0ANN"}),
    field("Channel", {"type": "conversations_select", "default_to_current_conversation": True}),
    field("Until", {"type": "datepicker"}, optional=True),
]


def modal(title: str, *blocks: Json, **more: Any) -> Json:
    """Make a modal."""
    about = {"type": "modal", "callback_id": title, "title": plain(title), "submit": plain("Save")}
    return {**about, "blocks": list(blocks) or [{"type": "divider"}], **more}


async def test_every_kind_of_input_reaches_the_bot(
    workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect
) -> None:
    """What people put in arrives as state.values, and what cannot be right is said before the bot hears of it."""
    got: list[Json] = []
    app = AsyncApp(client=slack, process_before_response=True)

    @app.command("/new")
    async def on_command(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("All", *FIELDS))

    @app.view("All")
    async def on_submit(ack: Any, view: Json) -> None:
        got.append(view["state"]["values"])
        await ack()

    await connect(app)
    bo = await workspace.person("bo")
    await bo.command("/new", channel="apps")
    view = await bo.wait_for_modal()
    bad = {"Name": "ab", "Site": "nowhere", "Mail": "bo", "Count": "1", "Data": None}
    assert await bo.submit(view, bad) == {
        "Name": "Please write at least 3 characters.",
        "Site": "Please enter a valid URL.",
        "Mail": "Please enter a valid email address.",
        "Count": "Please enter at least 2.",
        "Data": "Please complete this required field.",
    }
    assert await bo.submit(view, {"Name": "abcdef", "Count": "x", "Data": "none"}) == {
        "Name": "Please write no more than 5 characters.",
        "Count": "Please enter a number.",
    }
    assert got == []
    good = {"Name": "abc", "Site": "https://a.test/", "Count": "2", "Data": "personal", "Extras": ["watch", "alert"]}
    assert await bo.submit(view, {**good, "Until": "2027-01-31"}) == {}
    await bo.wait_for_no_modal()
    values = {label: given["v"] for label, given in got[0].items()}
    assert values["Site"] == {"type": "url_text_input", "value": "https://a.test/"}
    assert values["Mail"] == {"type": "email_text_input", "value": None}
    assert values["Data"]["selected_option"]["value"] == "personal"
    assert values["Place"] == {"type": "radio_buttons", "selected_option": None}
    assert [one["value"] for one in values["Extras"]["selected_options"]] == ["watch", "alert"]
    assert values["Owner"]["selected_user"] == "U0ANN"
    assert values["Channel"]["selected_conversation"] == "C0APPS"
    assert values["Until"]["selected_date"] == "2027-01-31"


async def test_views_stack_and_close(workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect) -> None:
    """A button pushes a view, a submission pushes another, closing tells the bot, and clear ends them all."""
    closed: asyncio.Queue[str] = asyncio.Queue()
    app = AsyncApp(client=slack, process_before_response=True)
    more = {"type": "actions", "elements": [{"type": "button", "action_id": "more", "text": plain("More")}]}

    @app.command("/new")
    async def on_command(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("First", more))

    @app.action("more")
    async def on_more(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=modal("Second", notify_on_close=True))

    @app.view("Second")
    async def on_second(ack: Any) -> None:
        await ack(response_action="push", view=modal("Third"))

    @app.view("Third")
    async def on_third(ack: Any) -> None:
        await ack(response_action="clear")

    @app.view({"type": "view_closed", "callback_id": "Second"})
    async def on_closed(ack: Any, view: Json) -> None:
        await ack()
        closed.put_nowait(view["callback_id"])

    def named(title: str) -> Callable[[Json], bool]:
        return lambda view: bool(view["title"]["text"] == title)

    await connect(app)
    ann = await workspace.person("ann")
    await ann.command("/new")
    await ann.click(await ann.wait_for_modal(named("First")), "More")
    await ann.close(await ann.wait_for_modal(named("Second")))
    assert await asyncio.wait_for(closed.get(), 20) == "Second"
    await ann.click(await ann.wait_for_modal(named("First")), "More")
    await ann.submit(await ann.wait_for_modal(named("Second")))
    await ann.submit(await ann.wait_for_modal(named("Third")))
    await ann.wait_for_no_modal()


async def test_a_view_opened_while_another_is_submitted_stays(
    workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect
) -> None:
    """Acknowledging closes the submitted view, and not the one that the bot opened meanwhile."""
    app = AsyncApp(client=slack, process_before_response=True)

    @app.command("/new")
    async def on_command(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("First"))

    @app.view("First")
    async def on_submit(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("Next"))

    await connect(app)
    ann = await workspace.person("ann")
    await ann.command("/new")
    await ann.submit(await ann.wait_for_modal())
    assert (ann.modal() or {})["callback_id"] == "Next"


async def test_a_wrong_answer_is_shown(workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect) -> None:
    """Errors for a block that is no input, or a view beyond the limits, leave the modal open with a sentence."""
    answers: list[Json] = [
        {"response_action": "errors", "errors": {"nothing": "wrong"}},
        {"response_action": "update", "view": modal("x" * 25)},
    ]
    app = AsyncApp(client=slack, process_before_response=True)

    @app.command("/new")
    async def on_command(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("First"))

    @app.view("First")
    async def on_submit(ack: Any) -> None:
        await ack(answers.pop(0))

    await connect(app)
    ann = await workspace.person("ann")
    await ann.command("/new")
    view = await ann.wait_for_modal()
    for expected in ("invalid_errors", "less than 25 characters"):
        with pytest.raises(AssertionError, match=f"We had some trouble connecting.*{expected}"):
            await ann.submit(view)
        assert ann.modal() is not None
    assert answers == []


async def test_a_select_in_a_message_carries_its_choice(
    workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect
) -> None:
    """A select and an overflow menu tell the bot which option, and the message they stand in."""
    got: asyncio.Queue[Json] = asyncio.Queue()
    app = AsyncApp(client=slack, process_before_response=True)

    @app.action({"block_id": "pick"})
    async def on_pick(ack: Any, body: Json) -> None:
        await ack()
        got.put_nowait(body)

    await connect(app)
    elements = [
        {"type": "static_select", "action_id": "data", "options": options("none", "personal")},
        {"type": "overflow", "action_id": "more", "options": options("edit", "delete")},
    ]
    blocks = [{"type": "actions", "block_id": "pick", "elements": elements}]
    root = await slack.chat_postMessage(channel="apps", text="root")
    await slack.chat_postMessage(channel="apps", text="pick", blocks=blocks, thread_ts=root["ts"])
    ann = await workspace.person("ann")
    message: Message = await ann.wait_for(lambda m: m.text == "pick")
    await ann.click(message, "data", "personal")
    body = await asyncio.wait_for(got.get(), 20)
    assert body["actions"][0]["selected_option"]["value"] == "personal"
    assert body["container"]["thread_ts"] == root["ts"]
    assert body["message"]["text"] == "pick"
    await ann.click(message, "more", "delete")
    assert (await asyncio.wait_for(got.get(), 20))["actions"][0]["selected_option"]["value"] == "delete"
