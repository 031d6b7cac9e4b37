"""
The second route webhook: JSON to one address, signed with a secret that the receiver knows, too (docs/paging.md).

    Groundcrew-Signature: t=<unix seconds>,v1=<HMAC-SHA256 in hexadecimal over "t.body">
    Groundcrew-Delivery: <the same at every attempt>
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import msgspec

from bot.routes.notice import Notice, notice
from bot.routes.posting import SECONDS, post
from commands.page_news import Paged
from commands.world import Directory
from storage.model import Message, Standing

#: Of the schema; fields may be added to it without another number.
VERSION = 1


@dataclass(frozen=True, slots=True)
class WebhookRoute:
    """Posts to *url*, signed with *secret*; *now* is the time of the signature."""

    session: aiohttp.ClientSession
    url: str = field(repr=False)
    secret: str = field(repr=False)
    directory: Directory | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    seconds: float = SECONDS

    async def deliver(self, message: Message) -> Standing:
        """
        Post the message as it is now.

        Of a page that went this way once every change is posted from then on, so that a receiver may mirror it; of a
        page that Slack took nothing is (commands/page_copies.py).
        """
        said = await notice(message, self.directory)
        sent_at = self.now()
        body = msgspec.json.encode(_body(message, said, sent_at))
        headers = {
            "Groundcrew-Delivery": message.token,
            "Groundcrew-Signature": signature(self.secret, int(sent_at.timestamp()), body),
        }
        await post(self.session, self.url, body, headers, self.seconds)
        return Standing(f"webhook:{said.state}", message.stands.ts if message.stands else message.token)


def signature(secret: str, at: int, body: bytes) -> str:
    """Return the value of the header Groundcrew-Signature; *at* is in Unix seconds."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _body(message: Message, said: Notice, sent_at: datetime) -> dict[str, Any]:
    return {
        "version": VERSION,
        "type": f"page.{said.state}" if said.paged else "message",
        "delivery": message.token,
        "sent_at": sent_at,
        "subject": said.subject,
        "text": said.text,
        "page": _page(said.paged, said) if said.paged else None,
    }


def _page(news: Paged, said: Notice) -> dict[str, Any]:
    page, app = news.page, news.app
    following = None
    if news.next_step is not None and news.next_at is not None:
        following = {"role": news.next_step.role, "target": news.next_step.target, "at": news.next_at}
    return {
        "id": page.id,
        "state": page.state.value,
        "what": page.what,
        "made_at": page.made_at,
        "made_by": _person(page.by, said),
        "acknowledged_at": page.acknowledged_at,
        "acknowledged_by": _person(page.acknowledged_by, said),
        "resolved_at": page.resolved_at,
        "resolved_by": _person(page.resolved_by, said),
        "app": {"id": app.id, "name": app.name, "purpose": app.purpose, "url": app.live_url, "code": app.repository},
        "told": [
            {
                "role": page.steps[one.step].role if one.step < len(page.steps) else "",
                "target": one.target,
                "route": one.route or "slack",
                "at": one.at,
                "repeat": one.repeat,
                "failed": one.failed,
            }
            for one in page.told
        ],
        "next": following,
    }


def _person(person_id: str | None, said: Notice) -> dict[str, str] | None:
    return {"slack_id": person_id, "name": said.names.get(person_id, "")} if person_id else None
