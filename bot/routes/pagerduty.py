"""
The second route PagerDuty: Events API v2, one alert for each time that a page is open.

Its dedup_key is the page's id, with the number of the reopening behind it where the page is open again.

https://developer.pagerduty.com/docs/send-alert-event: 202 taken, 400 wrong, 429 too fast; the summary has at most 1,024
characters. To trigger an open or acknowledged alert again adds to its log and wakes nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from bot.routes.notice import Notice, notice, role
from bot.routes.posting import SECONDS, post
from bot.views.text import clean
from commands.world import Directory
from storage.model import Message, Page, PageState, Standing

_ACTIONS = {
    PageState.TRIGGERED.value: "trigger",
    PageState.ACKNOWLEDGED.value: "acknowledge",
    PageState.RESOLVED.value: "resolve",
}
_SUMMARY = 1024


@dataclass(frozen=True, slots=True)
class PagerDutyRoute:
    """Sends events for the service with the integration key *key* to the API at *url*."""

    session: aiohttp.ClientSession
    key: str = field(repr=False)
    url: str
    directory: Directory | None = None
    seconds: float = SECONDS

    async def deliver(self, message: Message) -> Standing:
        """Trigger, acknowledge or resolve by the page's state; a message of no page triggers."""
        said = await notice(message, self.directory)
        *before, named = _keys(said.paged.page) if said.paged else [message.token]
        stands = Standing(f"pagerduty:{said.state}", named)
        if message.stands is None and said.state in {PageState.ACKNOWLEDGED, PageState.RESOLVED}:
            return stands  # over before PagerDuty heard of it
        if said.state == PageState.RESOLVED:  # of a key for which there is no alert PagerDuty takes no notice
            for one in before:
                await self.send("resolve", one)
        await self.send(_ACTIONS.get(said.state, "trigger"), named, said)
        return stands

    async def send(self, action: str, named: str, said: Notice | None = None) -> None:
        """Send an event for the alert *named*; raises Later, Unreachable or Unfit."""
        event: dict[str, Any] = {"routing_key": self.key, "event_action": action, "dedup_key": named}
        if action == "trigger" and said is not None:
            event |= {"client": "Groundcrew", "payload": _payload(said)}
        await post(self.session, self.url, msgspec.json.encode(event), {}, self.seconds)


def _keys(page: Page) -> list[str]:
    """Return the dedup_keys of *page*, that of when it was made first."""
    return [page.id, *(f"{page.id}:{number}" for number in range(1, page.reopened + 1))]


def _payload(said: Notice) -> dict[str, Any]:
    source, details, extra = "groundcrew", {"text": said.text}, {}
    if said.paged is not None:
        page, app, step = said.paged.page, said.paged.app, said.paged.next_step
        source = clean(app.name, 100)
        extra = {"timestamp": page.made_at.isoformat(), "component": source}
        details |= {"page": page.id, "what": page.what, "code": app.repository, "runs_at": app.live_url}
        details |= {"next": role(step)} if step is not None else {}
    summary = said.subject[:_SUMMARY]
    return {"summary": summary, "source": source, "severity": "critical", "custom_details": details, **extra}
