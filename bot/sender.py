"""
The only thing that says something unasked: it delivers the rows of the outbox, one message a second to a channel.

A row is claimed, sent, and marked as sent; a crash in between may repeat a message and never loses one. What cannot be
delivered where it belongs goes to the reliability channel, and says so.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.clock import WallClock
from bot.render import render_row
from bot.slack import Slack
from bot.trouble import Gone, Later, Revoked, RootGone, SlackTrouble, Unfit, Unreachable
from bot.views.block_kit import Post, context
from bot.views.text import channel, esc, person
from commands.cards import post_card
from commands.command import CLOCK, Request, all_commands
from commands.world import World
from storage import apps, outbox, outbox_queue
from storage.model import Destination, Message, Standing

_log = logging.getLogger(__name__)

#: https://docs.slack.dev/apis/web-api/rate-limits: about one message a second for each channel
PACE = timedelta(seconds=1)
_IDLE = timedelta(seconds=1)
_LONGEST_PAUSE = 300.0


@dataclass(slots=True)
class Sender:
    """Delivers the outbox of *world*; *clock* wakes it."""

    world: World
    clock: WallClock
    slack: Slack
    _free_at: dict[str, datetime] = field(default_factory=dict)  # by channel, or by ts of a message that is edited
    _paused: dict[str, datetime] = field(default_factory=dict)  # by channel, on Slack's own word
    _direct: dict[str, str] = field(default_factory=dict)

    async def run(self) -> None:
        """Deliver until cancelled; raises Revoked where Slack no longer takes the token. Rows then stay for later."""
        while True:
            seen = self.clock.nudges
            try:
                busy = await self.send_due()
            except Revoked:
                raise
            except Exception:  # noqa: BLE001 - the only voice there is must not fall silent
                _log.exception("the sender failed; it goes on")
                busy = 0
                await asyncio.sleep(_IDLE.total_seconds())
            if not busy:
                await self.clock.wait(seen, _IDLE)

    async def send_due(self) -> int:
        """Send what is due now, and return how many rows were taken up."""
        now = self.world.clock.now()
        self._free_at = {turn: at for turn, at in self._free_at.items() if at > now}
        async with self.world.database.read() as transaction:
            if not await outbox_queue.waiting(transaction, now):
                return 0
        async with self.world.database.write() as transaction:
            messages = await outbox_queue.claim(transaction, now)
        results = await asyncio.gather(*(self._deliver(message) for message in messages), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return len(messages)

    async def _deliver(self, message: Message) -> None:
        try:
            post = render_row(message.kind, message.news)
        except Exception:  # noqa: BLE001 - logged, and said in place of what cannot be shown
            code = secrets.token_hex(4)
            _log.exception("error %s: a %s could not be shown", code, message.kind)
            post = Post(f"I have news here that I cannot show. The log has it under {code}.", ())
        try:
            await self._send(message, post)
        except Later as trouble:
            await self._try_later(message, trouble)
        except RootGone as trouble:
            await self._plant_again(message, trouble)
        except Revoked:
            raise
        except SlackTrouble as trouble:
            await self._give_up(message, trouble, str(trouble))

    async def _send(self, message: Message, post: Post) -> None:
        try:
            place = message.stands or await self._place(message.to)
            if await self._too_soon(message, place):
                return
            stands = await self._say(message, post, place)
        except Unreachable as trouble:
            if message.urgent or message.to.channel == self.world.house.reliability_channel:
                raise  # what is urgent has a next step of its own, which need not wait any more
            stands = await self._fall_back(message, post, trouble)
        async with self.world.database.write() as transaction:
            await outbox.mark_sent(transaction, message, stands, self.world.clock.now())

    async def _say(self, message: Message, post: Post, place: Standing) -> Standing:
        """Say it at *place*; what Slack will not show is said as plain text, and its pause is kept by the channel."""
        try:
            return await self._write(message, post, place)
        except Unfit as trouble:
            if not post.blocks:
                raise
            _log.error("Slack refuses a %s (%s); sent as text", message.kind, trouble.error)
            return await self._write(message, Post(post.text, ()), place)
        except Later as trouble:
            if trouble.after:
                self._paused[place.channel] = self.world.clock.now() + timedelta(seconds=trouble.after)
            raise

    async def _write(self, message: Message, post: Post, place: Standing) -> Standing:
        """Edit the message where it stands, else post it."""
        if message.stands is not None:
            try:
                return await self.slack.edit(message.stands, post)
            except Gone:
                place = await self._place(message.to)
        return await self.slack.post(place.channel, post, thread=place.ts or None, token=message.token)

    async def _place(self, to: Destination) -> Standing:
        """Return where a new message goes: a channel, and the ts of its thread or an empty text."""
        if to.person is not None:
            if to.person not in self._direct:
                self._direct[to.person] = await self.slack.direct_channel(to.person)
            return Standing(self._direct[to.person], "")
        if to.channel is None:
            return Standing(self.world.house.reliability_channel, "")
        return Standing(to.channel, to.thread or "")

    async def _too_soon(self, message: Message, place: Standing) -> bool:
        """Keep the pace of a channel, or of one message that is edited: True where it was put back until its turn."""
        now = self.world.clock.now()
        turn = place.channel if message.stands is None else place.ts
        free_at = max(self._free_at.get(turn, now), self._paused.get(place.channel, now))
        if free_at > now:
            async with self.world.database.write() as transaction:
                await outbox.postpone(transaction, message, free_at)
            return True
        self._free_at[turn] = now + PACE
        return False

    async def _fall_back(self, message: Message, post: Post, trouble: Unreachable) -> Standing:
        meant = person(message.to.person) if message.to.person else channel(message.to.channel or "")
        note = f"This was for {meant}, but {esc(str(trouble))}."
        told = replace(post, text=f"{note}\n{post.text}", blocks=(*post.blocks, context(note)) if post.blocks else ())
        return await self.slack.post(self.world.house.reliability_channel, told, token=message.token)

    async def _try_later(self, message: Message, trouble: Later) -> None:
        now = self.world.clock.now()
        pause = trouble.after or min(_LONGEST_PAUSE, 2.0**message.attempts)
        due_at = now + timedelta(seconds=pause)
        async with self.world.database.write() as transaction:
            await outbox.retry(transaction, message, due_at, trouble.error, in_doubt=True)
        _log.warning("a %s could not be sent (%s); again in %d s", message.kind, trouble.error, pause)

    async def _plant_again(self, message: Message, trouble: RootGone) -> None:
        """Somebody deleted the app's card: post it anew, and *message* into its new thread after it."""
        app_id = message.to.app_id
        if app_id is None:
            await self._give_up(message, trouble, "the thread is gone")
            return
        async with self.world.database.write() as transaction:
            await outbox.forget(transaction, f"card:{app_id}", Destination(app_id=app_id, is_root=True))
            await outbox.forget(transaction, message.key, message.to)
            await apps.change(transaction, app_id, thread=None, thread_channel=None)
            await post_card(transaction, self.world, app_id)
            await outbox.postpone(transaction, message, self.world.clock.now())

    async def _give_up(self, message: Message, trouble: SlackTrouble, why: str) -> None:
        _log.error("a %s was not delivered to %s: %s", message.kind, message.to.place, trouble.error)
        async with self.world.database.write() as transaction:
            await outbox.give_up(transaction, message, self.world.clock.now(), trouble.error)
        noted = Request(person=CLOCK, fields={"id": str(message.id), "why": why})
        await all_commands()["note-unreached"].run(noted, self.world)
        self.world.clock.nudge()
