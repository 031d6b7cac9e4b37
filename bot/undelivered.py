"""
What becomes of a message that could not be delivered: later, elsewhere, or never; and then somebody is told.

A step of a page is given up at once, since the page has a next step that need not wait. Anything else that cannot be
delivered where it belongs goes to the reliability channel; what that does not take either is kept and tried again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from bot import metrics
from bot.health import Health
from bot.line import Line
from bot.message_words import what, where
from bot.pacing import Pacing
from bot.trouble import Later, Revoked, RootGone, SlackTrouble, Unreachable
from commands.cards import post_card
from commands.command import CLOCK, Request, all_commands
from commands.news import Said
from commands.people import with_names
from commands.steady_directory import steady
from commands.world import World
from storage import apps, outbox
from storage.model import Destination, Message

_log = logging.getLogger(__name__)

#: The part of the bot that is not well while the reliability channel takes nothing, and the route that Slack is.
RELIABILITY, SLACK = "reliability channel", "slack"
_LONGEST_S = 60.0  # between two attempts
_FURTHEST_S = 300.0  # a row is put off no longer; the pause of its lane may last
_AGAIN = timedelta(minutes=1)
_NOTE = "undelivered:"


@dataclass(slots=True)
class Undelivered:
    """Writes down how an attempt failed, and sees to what follows."""

    world: World
    pacing: Pacing
    line: Line
    health: Health

    async def leave(self, message: Message) -> None:
        """Let go of *message*, which was not handed over."""
        async with self.world.database.write() as transaction:
            await outbox.postpone(transaction, message, self.world.clock.now())

    async def later(self, message: Message, trouble: Later, grace: timedelta) -> None:
        """Have *message* tried again; one that may have arrived no sooner than Slack shows it (*grace*)."""
        metrics.sent.labels(message.to.route or SLACK, "later").inc()
        is_slack = not message.to.route
        if is_slack:
            metrics.slack_errors.labels(metrics.error_label(trouble.error)).inc()
        if is_slack and trouble.is_away:
            self.line.away(trouble.error)
        now, pause = self.world.clock.now(), trouble.after or min(_LONGEST_S, 2.0**message.attempts)
        async with self.world.database.write() as transaction:
            if is_slack and not trouble.in_doubt and (trouble.after or trouble.is_away):
                # Its lane or the whole line waits, and it is no fault of this message.
                await outbox.postpone(transaction, message, now + timedelta(seconds=min(trouble.after, _FURTHEST_S)))
                return
            wait = max(timedelta(seconds=min(pause, _FURTHEST_S)), grace if trouble.in_doubt else timedelta())
            await outbox.retry(transaction, message, now + wait, trouble.error, in_doubt=trouble.in_doubt)
        _log.warning("%s could not be sent (%s); again in %d s", what(message), trouble.error, wait.total_seconds())

    async def end(self, message: Message, trouble: SlackTrouble) -> None:
        """See to a *message* that Slack, or its route, certainly did not take, as it is and where it was to go."""
        if not message.to.route:
            metrics.slack_errors.labels(metrics.error_label(trouble.error)).inc()
        if isinstance(trouble, Revoked) and not message.to.route:
            self.line.refused(trouble)
            await self.leave(message)
        elif isinstance(trouble, RootGone) and message.to.app_id is not None:
            await self._plant_again(message, message.to.app_id)
        elif isinstance(trouble, Unreachable | RootGone) and message.told is None and not message.to.route:
            await self._divert(message, trouble)
        else:
            await self._give_up(message, trouble)

    async def _divert(self, message: Message, trouble: SlackTrouble) -> None:
        now, last_resort = self.world.clock.now(), self.world.house.reliability_channel
        is_last = message.diverted or message.to.channel == last_resort
        async with self.world.database.write() as transaction:
            if is_last:
                await outbox.undivert(transaction, message, now + _AGAIN, trouble.error)
            else:
                await outbox.divert(transaction, message, last_resort, str(trouble), now)
        if is_last:
            self.health.bad(RELIABILITY, f"The reliability channel cannot be reached: {trouble}.")
            _log.error("%s cannot even go to the reliability channel (%s)", what(message), trouble.error)

    async def _plant_again(self, message: Message, app_id: str) -> None:
        """Somebody deleted the app's card: post it anew, and *message* into its new thread after it."""
        async with self.world.database.write() as transaction:
            await apps.change(transaction, app_id, thread=None, thread_channel=None)
            await outbox.forget(transaction, f"card:{app_id}", Destination(app_id=app_id, is_root=True))
            await outbox.forget(transaction, message.key, message.to)
            await post_card(transaction, self.world, app_id)
            await outbox.retry(transaction, message, self.world.clock.now(), "thread_not_found", in_doubt=False)

    async def _give_up(self, message: Message, trouble: SlackTrouble) -> None:
        why = str(trouble) if str(trouble) != trouble.error else f"it was refused ({trouble.error})"
        route = message.to.route or SLACK
        _log.error("%s was not delivered by %s: %s", what(message), route, trouble.error)
        metrics.sent.labels(route, "given_up").inc()
        is_told = message.told is None and not message.key.startswith(_NOTE)
        sentence = f"I could not deliver {what(message)} {where(message.to)}: {why}."
        if is_told:
            sentence = await with_names(steady(self.world)[0], sentence)
        async with self.world.database.write() as transaction:
            await outbox.give_up(transaction, message, self.world.clock.now(), trouble.error, why)
            if is_told:
                to = Destination(channel=self.world.house.reliability_channel)
                await self.world.messenger.post(transaction, to, Said(sentence), key=f"{_NOTE}{message.id}")
        if message.told is not None:
            noted = Request(person=CLOCK, fields={"id": str(message.id), "why": why})
            await all_commands()["note-unreached"].run(noted, self.world)
        self.world.clock.nudge()
