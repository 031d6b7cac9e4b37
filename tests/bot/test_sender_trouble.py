"""What cannot be delivered is told elsewhere, kept or given up aloud; and what troubles Slack troubles nothing else."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.redact import Redactor
from bot.sender import Sender
from bot.slack import Slack
from bot.trouble import Later, SlackTrouble, Unreachable
from commands.news import Said
from storage.model import Destination, Message, Standing
from tests.bot.faulty_slack import FaultySlack
from tests.bot.sending import post, send_due, sender_of, settle
from tests.left_over import unsent
from tests.world import APPS, RELIABILITY, Town

MAIL = Destination(route="email", address="ann@acme.example")


@dataclass
class Mail:
    """A second route that keeps what it is given, and has the troubles that a test lists."""

    delivered: list[Message] = field(default_factory=list)
    troubles: list[SlackTrouble] = field(default_factory=list)

    async def deliver(self, message: Message) -> Standing:
        """Keep *message*."""
        if self.troubles:
            raise self.troubles.pop(0)
        self.delivered.append(message)
        return Standing("email:triggered", "m1")


@pytest.fixture
def mail() -> Mail:
    """Give a second route."""
    return Mail()


@pytest.fixture
def sender(town: Town, slack: FaultySlack, mail: Mail) -> Sender:
    """Give a sender that talks to both."""
    return sender_of(town, Slack(slack.client(), Redactor()), routes={"email": mail})


async def waiting(town: Town) -> int:
    """How many rows wait."""
    async with town.world.database.read() as transaction:
        return await unsent(transaction)


async def test_what_the_reliability_channel_does_not_take_is_kept(
    town: Town, slack: FaultySlack, sender: Sender
) -> None:
    """The bot is not well meanwhile, tries again every minute, and drops nothing."""
    refused = ["is_archived", "not_in_channel"] * 5
    slack.script["chat.postMessage"] = list(refused)
    await post(town, "a card")
    await settle(town, sender, 90)
    assert "reliability channel" in sender.health.faults
    assert await waiting(town) == 1
    slack.script.clear()
    await settle(town, sender, 65)
    assert slack.texts(APPS) == ["a card"]
    await post(town, "news", Destination(channel=RELIABILITY))
    await settle(town, sender, 2)
    assert sender.health.faults == {}


async def test_a_message_that_slack_refuses_is_told_of_once(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """A word that nobody knows is a fault of ours: the message is given up, and the reliability channel told."""
    slack.script["chat.postMessage"] = ["surprise_error", "surprise_error"]
    await post(town, "a card")
    await settle(town, sender, 30)
    (note,) = slack.texts(RELIABILITY)
    assert "could not deliver a sentence to #apps: " in note
    assert "surprise_error" in note
    assert await waiting(town) == 0


async def test_a_note_that_slack_refuses_makes_no_further_note(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """Else they would go on for ever."""
    slack.script["chat.postMessage"] = ["surprise_error"] * 8
    await post(town, "a card")
    await settle(town, sender, 30)
    assert await waiting(town) == 0
    assert len(slack.script["chat.postMessage"]) == 4


@pytest.mark.parametrize("trouble", ["revoked", "away", "429"])
async def test_a_second_route_does_not_wait_for_slack(
    trouble: str, town: Town, slack: FaultySlack, sender: Sender, mail: Mail
) -> None:
    """Its rows go out while Slack takes nothing."""
    faults = {"revoked": "token_revoked", "away": "500 before", "429": "429"}
    slack.faults = {faults[trouble]: 100}
    await post(town, "hello")
    await settle(town, sender, 3)
    await post(town, "page", MAIL, urgent=True)
    await settle(town, sender, 1)
    assert [one.news["text"] for one in mail.delivered] == ["page"]
    slack.faults = {}
    await settle(town, sender, 130)
    assert slack.texts(APPS) == ["hello"]


async def test_a_second_route_is_tried_again_and_knows_what_it_edits(town: Town, sender: Sender, mail: Mail) -> None:
    """What may pass is tried later; the next row with the key says what stands."""
    mail.troubles = [Later("busy"), Later("busy")]
    await post(town, "page", MAIL)
    await settle(town, sender, 10)
    await post(town, "acknowledged", MAIL)
    await settle(town, sender, 2)
    first, second = mail.delivered
    assert (first.stands, second.stands) == (None, Standing("email:triggered", "m1"))


async def test_whom_a_second_route_cannot_reach_is_told_of(
    town: Town, slack: FaultySlack, sender: Sender, mail: Mail
) -> None:
    """Where it is no page's step, the reliability channel hears why."""
    mail.troubles = [Unreachable("no such mailbox", "the mail server knows no such mailbox")]
    await post(town, "page", MAIL)
    await settle(town, sender, 3)
    assert "knows no such mailbox" in slack.texts(RELIABILITY)[0]


async def test_while_slack_is_away_messages_are_not_tried_one_by_one(
    town: Town, slack: FaultySlack, sender: Sender
) -> None:
    """One small question is asked instead, and all goes on a few seconds after Slack is back."""
    slack.faults = {"500 before": 100}
    for number in range(8):
        await post(town, f"{number}", Destination(channel=f"C{number}"))
    await settle(town, sender, 600)
    tried = slack.asked("chat.postMessage")
    assert tried == 8
    slack.faults = {}
    await settle(town, sender, 15)
    assert all(slack.texts(f"C{number}") == [f"{number}"] for number in range(8))
    assert slack.asked("chat.postMessage") == 16


async def test_a_burst_of_edits_becomes_few(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """What changes many times within two seconds is edited once, and says the newest."""
    await post(town, "0")
    await settle(town, sender, 3)
    for number in range(20):
        await post(town, f"{number}")
        await send_due(sender)
        town.clock.time += timedelta(seconds=0.1)
    await settle(town, sender, 3)
    assert slack.asked("chat.update") == 2
    assert slack.texts(APPS) == ["19"]


async def test_many_messages_are_edited_no_faster_than_slack_takes_it(
    town: Town, slack: FaultySlack, sender: Sender
) -> None:
    """Until Slack asks for a pause they go at once, and after it fifty a minute."""
    for number in range(80):
        await post(town, "old", Destination(channel=f"C{number}"))
    await settle(town, sender, 3)
    for number in range(80):
        await post(town, "new", Destination(channel=f"C{number}"))
    await send_due(sender)
    done = slack.asked("chat.update")
    assert 20 <= done <= 40
    slack.script["chat.update"] = ["429"]
    await settle(town, sender, 31)
    assert slack.too_soon == []
    after = slack.asked("chat.update")
    await settle(town, sender, 12)
    assert 8 <= slack.asked("chat.update") - after <= 14
    assert {text for number in range(80) for text in slack.texts(f"C{number}")} == {"old", "new"}


async def test_an_edit_that_waits_holds_up_no_new_message(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """What Slack does not let be edited now is no reason to say nothing new."""
    await post(town, "old")
    await settle(town, sender, 2)
    sender.pacing.pause(["chat.update"], 60)
    await post(town, "edited")
    await post(town, "new", key="k2")
    await settle(town, sender, 5)
    assert slack.texts(APPS) == ["old", "new"]
    await settle(town, sender, 60)
    assert slack.texts(APPS) == ["edited", "new"]


async def test_a_pause_outlives_the_sender(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """Slack asked one process to wait; the next one waits."""
    slack.script["chat.postMessage"] = ["429"]
    await post(town, "one")
    await settle(town, sender, 1)
    after = sender_of(town, Slack(slack.client(), Redactor()), "p2")
    await after.begin()
    await settle(town, after, 40)
    assert slack.texts(APPS) == ["one"]
    assert slack.too_soon == []


async def test_one_that_always_fails_does_not_silence_its_conversation(
    town: Town, slack: FaultySlack, sender: Sender
) -> None:
    """After some attempts those behind it pass; it is still tried."""
    await post(town, "stubborn", key="a")
    await post(town, "next", key="b")
    slack.script["chat.postMessage"] = ["internal_error"] * 7
    await settle(town, sender, 250)
    assert slack.texts(APPS)[0] == "next"
    assert sorted(slack.texts(APPS)) == ["next", "stubborn"]


async def test_a_missing_scope_loses_nothing(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """The bot says what to do and tries again every minute."""
    slack.script["chat.postMessage"] = ["missing_scope"] * 2
    await post(town, "one")
    await settle(town, sender, 90)
    assert "scopes" in sender.health.faults["slack"]
    await settle(town, sender, 60)
    assert slack.texts(APPS) == ["one"]
    assert sender.health.faults == {}


async def test_the_steps_of_a_page_go_one_after_another(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """Also when all of them have waited for so long that none waits for the others: the oldest is handed over first."""
    async with town.world.database.write() as transaction:
        for number in range(3):
            to = Destination(channel=f"C{number}")
            await town.world.messenger.post(transaction, to, Said("page"), key="p", urgent=True, told=("p1", number))
    town.clock.time += timedelta(minutes=5)
    for number in range(3):
        assert await send_due(sender) == 1
        assert [call["channel"] for method, call in slack.calls][-1] == f"C{number}"
