"""
One message on its way out: looked for where it may stand already, handed over, and kept as sent.

From `handed_over`, which is committed before the call, until its end is known a message is in doubt. A crash, an answer
that never came and a fault of Slack's leave it so, and the next attempt looks before it says it again: what stands is
kept as sent; what does not is sent; where nobody can look it is sent with "(repeat)". Edits need no look.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Protocol, TypeVar

from bot import log, look, metrics, tracing
from bot.message_words import about, what
from bot.pacing import EDIT, POST
from bot.render import render_row
from bot.routes.route import Route
from bot.slack import Slack
from bot.trouble import Forbidden, Gone, Later, Revoked, SlackTrouble, Unfit, Unreachable
from bot.undelivered import RELIABILITY, SLACK, Undelivered
from bot.views import outgoing
from bot.views.block_kit import Post
from storage import outbox, pauses
from storage.database import once_more
from storage.model import Message, Standing

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")

#: Slack may show a message some seconds after it took it: nobody looks earlier.
GRACE = timedelta(seconds=5)
_ROUTE_PATIENCE_S = 30.0
_OPEN = "conversations.open"


class Leading(Protocol):
    """What a sender asks of the lead (bot/lead.py)."""

    @property
    def is_mine(self) -> bool:
        """Whether this process leads now."""

    async def gained(self) -> None:
        """Wait until it does."""


class NotOursError(Exception):
    """The message, or the lead, is another sender's by now."""


@dataclass(slots=True)
class Delivery:
    """Delivers messages that this process has claimed, to Slack or by one of *routes*."""

    slack: Slack
    lead: Leading
    routes: Mapping[str, Route]
    undelivered: Undelivered
    _direct: dict[str, str] = field(default_factory=dict)  # a person's direct conversation

    async def deliver(self, message: Message) -> None:
        """Bring *message* as far as it goes now; how it ended stands in its row."""
        route = message.to.route or SLACK
        said = log.bound(request_id=message.request_id, **about(message))
        with said, tracing.span("send", kind=message.kind, route=route):
            await self._deliver(message)

    async def _deliver(self, message: Message) -> None:
        try:
            stands = await (self._by_route(message) if message.to.route else self._by_slack(message))
            if stands is None:
                return
        except NotOursError:
            _log.warning("%s is not ours to send any more", what(message))
            await once_more(partial(self.undelivered.leave, message))
        except Later as trouble:
            await once_more(partial(self.undelivered.later, message, trouble, GRACE))
        except SlackTrouble as trouble:
            await once_more(partial(self.undelivered.end, message, trouble))
        else:
            await self._sent(message, stands)

    async def _sent(self, message: Message, stands: Standing) -> None:
        world = self.undelivered.world

        async def mark() -> None:
            async with world.database.write() as transaction:
                await outbox.mark_sent(transaction, message, stands, world.clock.now())

        await once_more(mark)
        metrics.sent.labels(message.to.route or SLACK, "fallback" if message.diverted else "sent").inc()
        _log.info("%s was sent (%s)", what(message), message.to.route or message.to.place)
        if not message.to.route:
            self.undelivered.line.worked()
        if stands.channel == world.house.reliability_channel:
            self.undelivered.health.good(RELIABILITY)

    async def _by_route(self, message: Message) -> Standing | None:
        route = self.routes.get(message.to.route)
        if route is None:
            raise Unreachable("no such route", f"{message.to.route} is no longer set up here")
        await self._hand_over(message)
        try:
            async with asyncio.timeout(_ROUTE_PATIENCE_S):
                return await route.deliver(message)
        except TimeoutError:
            raise Later("no answer", in_doubt=True) from None

    async def _by_slack(self, message: Message) -> Standing | None:
        """Return where *message* stands; None where it is to be looked for, or posted anew, in a moment."""
        post = _shown(message)
        if message.stands is not None:
            return await self._edit(message, message.stands, post)
        if message.died_over:
            await self._settle(message)
            return None
        place = await self._place(message)
        if message.diverted:
            post = outgoing.diverted(post, message.to, message.diverted)
        if message.tried_at is not None:
            try:
                stands = await self._find(message, place)
            except look.Unreadable:
                metrics.sent.labels(SLACK, "repeated").inc()
                post = outgoing.repeated(post)
            else:
                if stands is not None:
                    return stands
        return await self._post(message, place, post)

    async def _edit(self, message: Message, stands: Standing, post: Post) -> Standing | None:
        try:
            return await self._say(message, EDIT, stands, post)
        except Gone:
            world = self.undelivered.world
            async with world.database.write() as transaction:
                await outbox.forget(transaction, message.key, message.to)
                await outbox.postpone(transaction, message, world.clock.now())
            return None

    async def _post(self, message: Message, place: Standing, post: Post) -> Standing:
        try:
            return await self._say(message, POST, place, post)
        except Forbidden as trouble:
            # The scope to post is missing, so no message can be posted anywhere: like a token that is not accepted, it
            # must stop all of Slack and keep its messages, not give up one message after the other.
            raise Revoked(trouble.error, str(trouble)) from None

    async def _say(self, message: Message, method: str, place: Standing, post: Post) -> Standing:
        """Edit what stands at *place*, or post there; what Slack will not show is said as plain text."""
        try:
            return await self._once(message, method, place, post)
        except Forbidden:
            raise
        except Unfit as trouble:
            if not post.blocks:
                raise
            _log.error("Slack refuses %s (%s); sent as text", what(message), trouble.error)
            return await self._once(message, method, place, outgoing.without_blocks(post))

    async def _once(self, message: Message, method: str, place: Standing, post: Post) -> Standing:
        await self._hand_over(message)

        async def call() -> Standing:
            if method == EDIT:
                return await self.slack.edit(place, post)
            return await self.slack.post(place.channel, post, thread=place.ts or None, token=message.token)

        return await self._call(message, method, place.channel, call)

    async def _hand_over(self, message: Message) -> None:
        """Commit that *message* is being sent; raises NotOursError where it, or the lead, is another's by now."""
        world, new = self.undelivered.world, message.stands is None

        async def hand_over() -> bool:
            async with world.database.write() as transaction:
                return await outbox.handed_over(transaction, message, world.clock.now(), new=new)

        if not await once_more(hand_over) or not self.lead.is_mine:
            raise NotOursError

    async def _find(self, message: Message, place: Standing) -> Standing | None:
        tried_at = message.tried_at
        assert tried_at is not None

        async def search() -> Standing | None:
            return await look.find(self.slack, place, message.token, tried_at)

        return await self._call(message, look.method(place), place.channel, search, keeps_doubt=True)

    async def _place(self, message: Message) -> Standing:
        """Return where a new message goes: a channel, and the ts of its thread or an empty text."""
        to, last_resort = message.to, self.undelivered.world.house.reliability_channel
        if message.diverted or (to.person is None and to.channel is None):
            return Standing(last_resort, "")
        if to.person is None:
            return Standing(to.channel or "", to.thread or "")
        person = to.person
        if person not in self._direct:

            async def opening() -> str:
                return await self.slack.direct_channel(person)

            try:
                self._direct[person] = await self._call(message, _OPEN, "", opening, keeps_doubt=True)
            except Forbidden as trouble:
                raise Unreachable(trouble.error, str(trouble)) from None
        return Standing(self._direct[person], "")

    async def _settle(self, message: Message) -> None:
        world = self.undelivered.world
        now = world.clock.now()
        async with world.database.write() as transaction:
            await outbox.let_settle(transaction, message, now, now + GRACE)

    async def _call(
        self,
        message: Message,
        method: str,
        channel: str,
        call: Callable[[], Awaitable[_Answer]],
        *,
        keeps_doubt: bool = False,
    ) -> _Answer:
        """
        Make a *call* of *method* unless Slack asked for a pause, and keep the pause that it asks for.

        A message is in doubt while nobody knows whether Slack has it. With *keeps_doubt* the call only asks (for a
        history, for a conversation): when it fails, a message that was in doubt before is in doubt still.
        """
        pause = self.undelivered.pacing.paused(method, channel)
        if pause:
            raise Later("paused", pause, in_doubt=keeps_doubt)
        try:
            return await call()
        except Later as trouble:
            trouble.in_doubt = trouble.in_doubt or keeps_doubt
            if trouble.after:
                await self._pause(message, method, channel, trouble)
            raise

    async def _pause(self, message: Message, method: str, channel: str, trouble: Later) -> None:
        """Leave the channel alone, and the method too unless Slack limits it by channel, until Slack's own time."""
        metrics.rate_limited.inc()
        lane = message.to.person or channel
        places = {lane, channel} - {""}
        if method != POST or trouble.error == "rate_limited":  # Slack's word for too many messages altogether
            places.add(method)
        world = self.undelivered.world
        self.undelivered.pacing.pause(places, trouble.after)
        async with world.database.write() as transaction:
            await pauses.keep(transaction, tuple(places), world.clock.now(), timedelta(seconds=trouble.after))


def _shown(message: Message) -> Post:
    """Return what is shown of *message*; a fault of ours is said to be one."""
    try:
        return render_row(message.kind, message.news)
    except Exception:  # noqa: BLE001 - logged, and said in place of what cannot be shown
        code = secrets.token_hex(4)
        _log.exception("error %s: %s could not be shown", code, what(message))
        return Post(f"I have news here that I cannot show. The log has it under {code}.", ())
