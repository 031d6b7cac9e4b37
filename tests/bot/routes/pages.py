"""Messages about one page, as the sender hands them to a route."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec

from commands.news import Said
from commands.page_news import Paged
from storage.model import App, Destination, Message, Page, PageState, Standing, Step, Told

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOKEN = "5f1d6a7b8c9d0e1f2a3b4c5d"
APP = App(
    "a1", "billing-bot", "billing-bot", "https://github.com/acme/billing", "UBO", NOW, "sends invoices", channel="CAPPS"
)
STEPS = (
    Step("owner", "UANN", timedelta(minutes=5)),
    Step("on-call", "nights", timedelta(minutes=5), name="Nights"),
    Step("reliability", "CRELIABILITY", timedelta(minutes=10)),
)
PAGE = Page(
    "0a1b2c3d4e5f6071",
    "a1",
    "invoices are sent twice\nsince the deploy",
    "UCY",
    "CAPPS",
    NOW,
    STEPS,
    position=1,
    told=(Told(0, "UANN", NOW, delivered_at=NOW), Told(0, "UANN", NOW, route="email", failed="SMTP 550")),
)
ACKNOWLEDGED = replace(
    PAGE, state=PageState.ACKNOWLEDGED, acknowledged_by="UANN", acknowledged_at=NOW + timedelta(minutes=3)
)
RESOLVED = replace(ACKNOWLEDGED, state=PageState.RESOLVED, resolved_by="UBO", resolved_at=NOW + timedelta(minutes=9))


def about(
    page: Page = PAGE, route: str = "email", address: str = "set", stands: Standing | None = None, token: str = TOKEN
) -> Message:
    """Return a message about *page* for *route*."""
    open_ = page.state is PageState.TRIGGERED
    news = Paged(page, APP, next_step=STEPS[1] if open_ else None, next_at=NOW + timedelta(minutes=5))
    to = Destination(route=route, address=address)
    body = msgspec.to_builtins(news)
    return Message(
        id=1, token=token, key="k", to=to, kind="Paged", news=body, urgent=True, made_at=NOW, due_at=NOW, stands=stands
    )


def saying(text: str, route: str, address: str = "set") -> Message:
    """Return a message that is about no page."""
    return replace(about(route=route, address=address), kind="Said", news=msgspec.to_builtins(Said(text)))
