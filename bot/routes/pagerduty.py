"""
The second route PagerDuty: Events API v2, one alert a page, told apart by the page's id as its dedup_key.

https://developer.pagerduty.com/docs/send-alert-event: 202 taken, 400 wrong, 429 too fast; the summary has at most 1,024
characters. To trigger an open alert again adds to its log and wakes nobody: waking again is PagerDuty's own policy.
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
from storage.model import Message, PageState, Standing

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
        """Trigger, acknowledge or resolve by the page's state, once a state; a message of no page triggers."""
        said = await notice(message, self.directory)
        named = said.paged.page.id if said.paged else message.token
        stands = Standing(f"pagerduty:{said.state}", named)
        if message.stands is not None and message.stands.channel == stands.channel:
            return stands
        if message.stands is None and said.state in {PageState.ACKNOWLEDGED, PageState.RESOLVED}:
            return stands  # over before PagerDuty heard of it
        await self.send(_ACTIONS.get(said.state, "trigger"), named, said)
        return stands

    async def send(self, action: str, named: str, said: Notice | None = None) -> None:
        """Send an event for the alert *named*; raises Later, Unreachable or Unfit."""
        event: dict[str, Any] = {"routing_key": self.key, "event_action": action, "dedup_key": named}
        if action == "trigger" and said is not None:
            event |= {"client": "Groundcrew", "payload": _payload(said)}
        await post(self.session, self.url, msgspec.json.encode(event), {}, self.seconds)


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
