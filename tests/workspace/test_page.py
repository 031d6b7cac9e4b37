"""The page in a real browser: everything a person does, at a desk and on a phone."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.requirements_of_machine import needs
from tests.workspace_client import WorkspaceClient
from tests.workspace_fixture import running

Connect = Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]
Json = dict[str, Any]
_LINE = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
ARGUMENTS = _LINE.split()


def plain(text: str) -> Json:
    """Make a plain_text object."""
    return {"type": "plain_text", "text": text}


CARD: list[Json] = [
    {"type": "header", "text": plain("notes")},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "May run in *sandbox*, says <@U0ANN> & <https://a.test|it>"},
    },
    {"type": "section", "text": {"type": "mrkdwn", "text": "<script>window.broken = true</script> &lt;b&gt;"}},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "What"}], [{"type": "raw_text", "text": "open-route"}]]},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "edit", "text": plain("Edit"), "style": "primary"},
            {
                "type": "button",
                "action_id": "drop",
                "text": plain("Delete"),
                "confirm": {
                    "title": plain("Really?"),
                    "text": plain("Gone."),
                    "confirm": plain("Do"),
                    "deny": plain("No"),
                },
            },
        ],
    },
]
FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Edit notes"),
    "submit": plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": plain("Name"),
            "element": {"type": "plain_text_input", "action_id": "v"},
        },
        {
            "type": "input",
            "block_id": "owner",
            "label": plain("Owner"),
            "element": {"type": "users_select", "action_id": "v"},
        },
        {
            "type": "input",
            "block_id": "prompt",
            "label": plain("Prompt"),
            "element": {"type": "plain_text_input", "action_id": "v", "multiline": True, "initial_value": "copy me"},
        },
    ],
}


def make_bot(slack: AsyncWebClient) -> AsyncApp:
    """Make a bot with a card in a thread, a form, and a Home tab."""
    app = AsyncApp(client=slack, process_before_response=True)

    @app.command("/card")
    async def on_command(ack: Any, command: Json, client: AsyncWebClient) -> None:
        await ack("Here it comes")
        root = await client.chat_postMessage(channel=command["channel_id"], text="notes", blocks=CARD)
        await client.chat_postMessage(channel=command["channel_id"], text="*Watching* it", thread_ts=root["ts"])

    @app.action("edit")
    async def on_edit(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.action("drop")
    async def on_drop(ack: Any, respond: Any) -> None:
        await ack()
        await respond(replace_original=True, text="It is gone")

    @app.view("form")
    async def on_form(ack: Any, view: Json, client: AsyncWebClient) -> None:
        values = view["state"]["values"]
        if values["name"]["v"]["value"] == "taken":
            await ack(response_action="errors", errors={"name": "That name is taken"})
            return
        await ack()
        await client.chat_postMessage(channel=values["owner"]["v"]["selected_user"], text="You own it")

    @app.event("app_home_opened")
    async def on_home(event: Json, client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": CARD})

    return app


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """Give Debian's Chromium."""
    path = needs("browser")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield found
        await found.close()


async def opened(
    browser: Browser, workspace: WorkspaceClient, place: str = "", **options: Any
) -> tuple[Page, list[str]]:
    """Open the page, and give it with the list into which its errors go."""
    page = await browser.new_page(**options)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    await page.goto(f"{workspace.address}/{place}")
    return page, faults


async def type_in(page: Page, words: str, box: str = "composer") -> None:
    """Type into a box and send it."""
    await page.get_by_test_id(box).fill(words)
    await page.get_by_test_id(box).press("Enter")


async def test_a_person_does_everything_at_a_desk(
    workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect, browser: Browser
) -> None:
    """Command, card, thread, confirm, modal with errors, another person, and the Home tab work on the page."""
    await connect(make_bot(slack))
    page, faults = await opened(browser, workspace, viewport={"width": 1280, "height": 800})
    await page.get_by_text("Groundcrew is connected").wait_for()
    await type_in(page, "/card")
    await page.get_by_text("Here it comes").wait_for()
    await page.get_by_role("cell", name="open-route").wait_for()
    await page.get_by_text("<script>window.broken = true</script> <b>").wait_for()
    assert await page.evaluate("window.broken === undefined")
    assert await page.get_by_role("link", name="it", exact=True).get_attribute("href") == "https://a.test"

    await page.get_by_test_id("open-thread").click()
    thread = page.get_by_role("log", name="Thread")
    await thread.get_by_text("Watching").wait_for()
    await type_in(page, "thanks @bo", box="thread-composer")
    await thread.get_by_text("@bo").wait_for()
    await page.get_by_test_id("close-thread").click()

    await page.get_by_role("button", name="Edit").click()
    modal = page.get_by_test_id("modal")
    await modal.get_by_test_id("modal-submit").click()
    await modal.get_by_text("Please complete this required field.").first.wait_for()
    await modal.get_by_label("Name").fill("taken")
    await modal.get_by_label("Owner").select_option("U0BO")
    assert await modal.get_by_label("Prompt").input_value() == "copy me"
    await modal.get_by_test_id("modal-submit").click()
    await modal.get_by_text("That name is taken").wait_for()
    await modal.get_by_label("Name").fill("free")
    await modal.get_by_test_id("modal-submit").click()
    await modal.wait_for(state="hidden")

    await page.get_by_role("radio", name="Bo Chen, Marketing operations, Ann's backup, 2 waiting").click()
    await page.get_by_test_id("room-bot").click()
    await page.get_by_text("You own it").wait_for()
    assert await page.get_by_text("Here it comes").count() == 0
    await page.get_by_test_id("room-home").click()
    await page.get_by_test_id("home").get_by_text("May run in").wait_for()
    await page.get_by_test_id("room-general").click()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_test_id("confirm").get_by_role("button", name="No").click()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_test_id("confirm").get_by_role("button", name="Do").click()
    await page.get_by_text("It is gone").wait_for()
    assert faults == []


async def test_the_keyboard_is_enough(
    workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect, browser: Browser
) -> None:
    """Names are completed after @, Escape closes a modal, and Copy copies what a field holds."""
    await connect(make_bot(slack))
    context = await browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    await page.goto(workspace.address)
    box = page.get_by_test_id("composer")
    await box.focus()
    await page.keyboard.type("hello @ev")
    await page.get_by_role("option", name="@eve").wait_for()
    await page.keyboard.press("Enter")
    assert await box.input_value() == "hello @eve "
    await page.keyboard.press("Enter")
    await page.get_by_role("log").get_by_text("@eve").wait_for()
    await type_in(page, "/card")
    edit = page.get_by_role("button", name="Edit")
    await edit.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Copy").click()
    assert await page.evaluate("navigator.clipboard.readText()") == "copy me"
    await page.keyboard.press("Escape")
    await page.get_by_test_id("modal").wait_for(state="hidden")
    await context.close()


async def test_a_phone_shows_one_pane_at_a_time(
    workspace: WorkspaceClient, slack: AsyncWebClient, connect: Connect, browser: Browser
) -> None:
    """On 390 pixels the list, the conversation and the thread are screens with a way back, and nothing is cut off."""
    await connect(make_bot(slack))
    phone = {"width": 390, "height": 844}
    page, faults = await opened(browser, workspace, viewport=phone, has_touch=True, is_mobile=True)
    await page.get_by_test_id("room-apps").tap()
    await type_in(page, "/card")
    await page.get_by_test_id("open-thread").tap()
    await page.get_by_role("log", name="Thread").get_by_text("Watching").wait_for()
    assert not await page.get_by_test_id("composer").is_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await page.get_by_role("button", name="Back to the conversation", exact=True).tap()
    await page.get_by_role("button", name="Edit").tap()
    await page.get_by_label("Name").wait_for()
    await page.get_by_test_id("modal-close").tap()
    await page.get_by_role("button", name="Back to the conversations").tap()
    await page.get_by_test_id("room-home").wait_for()
    assert faults == []


async def test_a_permalink_opens_its_thread(
    workspace: WorkspaceClient, slack: AsyncWebClient, browser: Browser
) -> None:
    """The address that chat.getPermalink gives leads to the thread."""
    root = await slack.chat_postMessage(channel="apps", text="the root")
    reply = await slack.chat_postMessage(channel="apps", text="the reply", thread_ts=root["ts"])
    link = (await slack.chat_getPermalink(channel="C0APPS", message_ts=reply["ts"]))["permalink"]
    page, faults = await opened(browser, workspace, link.removeprefix(workspace.address + "/"))
    await page.get_by_role("log", name="Thread").get_by_text("the reply").wait_for()
    assert faults == []


async def test_the_page_comes_back_by_itself(tmp_path: Path, browser: Browser) -> None:
    """When the workspace was restarted the page connects again and shows what it missed."""
    async with running(tmp_path) as workspace:
        page, _ = await opened(browser, workspace)
        await type_in(page, "before")
        await page.get_by_text("before").wait_for()
        port = int(workspace.address.rpartition(":")[2])
    await page.get_by_text("The workspace does not answer").wait_for()
    async with running(tmp_path, port=port) as workspace:
        bo = await workspace.person("bo")
        await bo.say("while you were away")
        await page.get_by_text("while you were away").wait_for()
        assert await page.get_by_text("before").is_visible()
        await page.close()
