"""How the person who asked gets the answer: only they see it, in a window, in place, or in a direct message."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from bot import log
from bot.incoming import Incoming
from bot.render import render
from bot.slack import Slack
from bot.trouble import SlackTrouble
from bot.views.block_kit import Form, Post
from commands.command import Refused
from commands.news import Said
from commands.world import World
from storage.errors import Unavailable
from storage.model import Destination

_log = logging.getLogger(__name__)
#: Before an answer that could not be given is tried again; the last of them as long as the registry is away.
_PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_TOO_LATE = "That took longer than the three seconds Slack gives me to open a window. Please try again."


@dataclass(frozen=True, slots=True)
class Answers:
    """Shows what orders say to whoever gave them."""

    world: World
    slack: Slack

    def shown(self, news: Any) -> Post | Form | None:
        """Show *news*; None where there is nothing to say. A view that fails is our fault, and said so."""
        news = as_news(news)
        if news is None:
            return None
        try:
            return render(news)
        except Exception:  # noqa: BLE001 - logged, and the person is told its id
            code = secrets.token_hex(4)
            _log.exception("error %s: a %s could not be shown", code, type(news).__name__)
            return render(
                Said(f"I have an answer that I cannot show. Whoever runs me finds it in the log under {code}.")
            )

    async def surely(self, incoming: Incoming, say: Callable[[], Awaitable[None]]) -> None:
        """
        Have *say* give the answer, again where that fails: the order itself is not run again for it.

        It goes on for as long as the registry is away; what fails otherwise is given up after a minute.
        """
        for number, pause in enumerate(chain(_PAUSES_S, repeat(_PAUSES_S[-1]))):
            try:
                with log.bound(request_id=incoming.request_id):
                    await say()
                    return
            except Unavailable as error:
                _log.warning("the answer to %s waits for the registry: %s", incoming.order, error)
            except Exception:  # noqa: BLE001 - a fault of ours, which may pass
                _log.exception("the answer to %s could not be given", incoming.order)
                if number >= len(_PAUSES_S):
                    return
            await asyncio.sleep(pause)

    async def give(self, incoming: Incoming, news: Any) -> None:
        """Answer a command or a button."""
        shown = self.shown(news)
        if shown is None:
            return
        if isinstance(shown, Form):
            shown = await self._open(incoming, shown)
            news = Said(_TOO_LATE)
        if shown is not None and not await self.slack.respond(incoming.answer_to, shown):
            await self.privately(incoming, news)

    async def _open(self, incoming: Incoming, form: Form) -> Post | None:
        """Open a window; return what to say instead where that is not possible any more."""
        try:
            await self.slack.open_view(incoming.trigger, form.view)
        except SlackTrouble as trouble:
            _log.warning("a window for %s did not open: %s", incoming.order, trouble.error)
            said = render(Said(_TOO_LATE))
            assert isinstance(said, Post)
            return said
        return None

    async def at_once(self, incoming: Incoming, text: str) -> None:
        """Say *text* without the registry, which did not take what came in; nobody hears it where Slack does not."""
        shown = self.shown(Said(text))
        if incoming.answer_to and isinstance(shown, Post):
            await self.slack.respond(incoming.answer_to, shown)

    async def privately(self, incoming: Incoming, *news: Any) -> None:
        """Answer in a direct message, through the outbox: it arrives, sooner or later."""
        to = Destination(person=incoming.request.person)
        async with self.world.database.apart("orders").write() as transaction:
            for number, one in enumerate(news):
                if one is not None:
                    key = f"answer:{incoming.row_id}:{number}"
                    await self.world.messenger.post(transaction, to, as_news(one), key=key)

    async def late(self, incoming: Incoming, news: Any, said: str) -> None:
        """Answer what came in before a restart; a window cannot be opened any more."""
        if isinstance(self.shown(news), Form):
            await self.privately(incoming, Said(f"{said}It needs a window, which I cannot open now. Please try again."))
            return
        await self.privately(
            incoming, Said(f"{said}I did it now:" if news is not None else f"{said}It is done now."), news
        )


def as_news(news: Any) -> Any:
    """Return *news*, the words of a refusal being news like any other."""
    return news.said if isinstance(news, Refused) else news
