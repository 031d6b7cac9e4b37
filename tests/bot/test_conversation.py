"""People and the bot in the local workspace: what they type and press, and what they then see."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio

from bot.app import Bot
from storage import check_line, check_requests
from storage.model import CheckRequest
from tests.bot.running_bot import running_bot
from tests.commands.repository import OPEN_ROUTE, Repository
from tests.workspace_client import Person, WorkspaceClient
from tests.workspace_message import Message


@pytest_asyncio.fixture
async def bot(tmp_path: Path, workspace: WorkspaceClient) -> AsyncIterator[Bot]:
    """Give a bot that runs in the workspace."""
    async with running_bot(tmp_path / "home", workspace) as running:
        yield running


@pytest_asyncio.fixture
async def ann(bot: Bot, workspace: WorkspaceClient) -> Person:
    """Give Ann, who builds apps."""
    return await workspace.person("ann")


def is_card(message: Message) -> bool:
    """Whether this is an app's card in #apps."""
    return message.channel == "C0APPS" and not message.is_ephemeral and not message.is_reply


async def answer(person: Person, words: str) -> str:
    """Wait for an answer that only *person* sees, and give all that is on it."""
    return (await person.wait_for(lambda message: message.is_ephemeral and words in message.words)).words


async def test_the_form_shows_its_faults_in_place_and_then_registers(
    ann: Person, workspace: WorkspaceClient, repository: Repository
) -> None:
    """A wrong field says so under itself and nothing typed is lost; the card then stands in the app's channel."""
    await ann.command("/register-app")
    form = await ann.wait_for_modal()
    errors = await ann.submit(form, {"Name": "billing bot!", "Repository": "git@github.com:acme/billing.git"})
    assert set(errors) == {"Name", "Repository"}
    assert "https://github.com/acme/billing" in errors["Repository"]
    backup = (await workspace.person("bo")).id
    good = {"Name": "billing", "Repository": str(repository), "Backup": backup, "Channel for its news": "C0APPS"}
    assert await ann.submit(form, {**good, "Most sensitive data it touches": "personal"}) == {}
    await ann.wait_for_modal(lambda view: "billing is registered" in str(view))
    card = await ann.wait_for(is_card)
    assert "personal" in card.words
    bo = await workspace.person("bo")
    await bo.wait_for(lambda message: "I am the backup" in message.buttons)


async def test_a_name_that_is_taken_is_said_in_the_form(
    ann: Person, workspace: WorkspaceClient, repository: Repository
) -> None:
    """Two apps cannot have one name, in whatever case it is written."""
    await ann.command(f"/register-app Billing {repository}")
    await answer(ann, "Billing is registered")
    await ann.command("/register-app")
    form = await ann.wait_for_modal()
    errors = await ann.submit(form, {"Name": "BILLING", "Repository": str(repository)})
    assert "Billing is yours" in errors["Name"]
    bo = await workspace.person("bo")
    await bo.command("/register-app")
    errors = await bo.submit(await bo.wait_for_modal(), {"Name": "BILLING", "Repository": str(repository)})
    assert "owned by @ann" in errors["Name"]


async def test_a_check_ends_in_the_thread_with_its_evidence(ann: Person, repository: Repository) -> None:
    """The verdict names the place, the line that holds it back and the way up; its windows open from its buttons."""
    repository.commit("app.py", OPEN_ROUTE)
    await ann.command(f"/register-app billing {repository} --channel #apps", "apps")
    card = await ann.wait_for(is_card)
    verdict = await ann.wait_for(lambda message: message.thread == card.ts and "Fix prompt" in message.buttons)
    assert "app.py:" in verdict.words
    assert "What could not be looked at" in verdict.words
    assert "The shortest way up" in verdict.words
    assert await ann.click(verdict, "Details") == ""
    details = await ann.wait_for_modal(lambda view: view["title"]["text"] == "Details")
    assert "open-route" in str(details)
    await ann.close(details)
    await ann.click(verdict, "Fix prompt")
    prompt = await ann.wait_for_modal(lambda view: view["title"]["text"] == "Fix prompt")
    assert "app.py:" in str(prompt)
    assert await ann.submit(prompt) == {}
    await ann.wait_for_no_modal()


async def test_an_unregistered_address_is_answered_where_it_was_typed(ann: Person, repository: Repository) -> None:
    """The same verdict without a register entry, with the button that makes one and fills in what is known."""
    await ann.command(f"/check-app {repository}", "general")
    verdict = await ann.wait_for(lambda message: "Register it" in message.buttons)
    assert verdict.channel == "C0GENERAL"
    assert "nobody answers for it" in verdict.words
    await ann.click(verdict, "Register it")
    form = await ann.wait_for_modal()
    assert str(repository) in str(form)


async def test_where_the_bot_is_not_inside_the_answer_is_private(ann: Person, repository: Repository) -> None:
    """A check asked for in a channel without the bot is answered, in a direct message."""
    await ann.command(f"/check-app {repository}", "finance-tools")
    assert "in a direct message" in await answer(ann, "You asked for a check")
    verdict = await ann.wait_for(lambda message: "Register it" in message.buttons)
    assert verdict.channel == "D0ANN"


HELPED = (
    ("/check-app", "Which app?"),
    ("/check-app bilings", "no app called “bilings”"),
    ("/page-owner", "Whom?"),
    ("/page-owner billing", "Say what is wrong"),
    ("/apps bilin-x", "No app matches “bilin-x”"),
    ("/register-app a b c d e", "I do not understand the last words"),
    ('/register-app "billing', "A quote is not closed"),
    ("/apps help", "exact name"),
    ("/check-app file:///etc", "Only https:// repository addresses are accepted"),
    ("/check-app https://user:ghp_x@github.com/a/b", "revoke it"),
)


async def test_unknown_and_empty_words_are_helped(ann: Person, repository: Repository) -> None:
    """Whatever is typed wrongly gets a sentence with what to type instead."""
    await ann.command(f"/register-app billing {repository}")
    await answer(ann, "billing is registered")
    for typed, words in HELPED:
        await ann.command(typed)
        await answer(ann, words)


async def test_a_guest_gets_nothing_but_the_rule(workspace: WorkspaceClient, bot: Bot) -> None:
    """A guest sees that they may not, on the Home tab too."""
    gus = await workspace.person("gus")
    await gus.command("/apps all")
    assert "guests may not" in await answer(gus, "Only members")
    await gus.open_home()
    home = await gus.wait_for_home()
    assert "actions" not in [block["type"] for block in home["blocks"]]


async def test_the_home_tab_lists_my_apps(ann: Person, repository: Repository) -> None:
    """It is drawn anew whenever it is opened."""
    await ann.open_home()
    assert "None yet" in str(await ann.wait_for_home())
    await ann.command(f"/register-app billing {repository}")
    await answer(ann, "billing is registered")
    await ann.open_home()
    await ann.wait_for_home(lambda view: "billing" in str(view))


async def test_two_who_acknowledge_make_one_winner(
    ann: Person, workspace: WorkspaceClient, repository: Repository
) -> None:
    """Exactly one has the page; the other learns who."""
    eve, bo = await workspace.person("eve"), await workspace.person("bo")
    await ann.command(f"/register-app billing {repository} --backup @bo")
    await answer(ann, "billing is registered")
    await bo.command("/page-owner billing invoices are sent twice")
    page = await ann.wait_for(lambda message: "Acknowledge" in message.buttons and message.channel == "D0ANN")
    await ann.click(page, "Acknowledge")
    await answer(ann, "You have acknowledged")
    own = await bo.wait_for(lambda message: message.channel == "D0BO" and "is on it" in message.words)
    assert "Acknowledge" not in own.buttons
    asked = await bo.wait_for(lambda message: message.is_ephemeral and "Acknowledge" in message.buttons)
    await bo.click(asked, "Acknowledge")
    assert "Already acknowledged by @ann" in await answer(bo, "Already")
    assert eve.ephemerals() == []


async def test_a_deleted_card_gets_a_new_one(ann: Person, workspace: WorkspaceClient, repository: Repository) -> None:
    """The thread goes on under a new card when an admin deletes the old one."""
    eve = await workspace.person("eve")
    await ann.command(f"/register-app billing {repository} --channel #apps")
    card = await eve.wait_for(lambda message: is_card(message) and "reply_count" in message.body)
    for message in reversed(eve.thread(card)):
        await eve.delete(message)
    await ann.command("/check-app billing")
    again = await ann.wait_for(lambda message: is_card(message) and message.ts > card.ts)
    await ann.wait_for(lambda message: message.thread == again.ts and "Details" in message.buttons)


async def test_a_bot_takes_up_what_the_one_before_it_held(tmp_path: Path, workspace: WorkspaceClient) -> None:
    """A check over which the bot was killed does not wait until its hold has run out."""
    now = datetime.now(UTC)
    async with running_bot(tmp_path / "home", workspace) as first, first.world.database.write() as transaction:
        # Asked for by a bot that was killed: its repository is gone, and nobody will make the check before the end.
        await check_requests.add(transaction, CheckRequest("q1", "/nowhere", "U0ANN", now))
        await check_line.claim_next(transaction, "dead", now, now + timedelta(days=1))
    ann = await workspace.person("ann")
    async with running_bot(tmp_path / "home", workspace):
        await ann.wait_for(lambda message: "/nowhere" in message.words)
