"""Pages by webhook: signed, recognisable when they come twice, and with every refusal told apart."""

import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.routes.posting import pause
from bot.routes.webhook import WebhookRoute
from bot.trouble import Later, SlackTrouble, Unfit, Unreachable
from storage.model import Standing
from tests.bot.routes.pages import ACKNOWLEDGED, NOW, PAGE, RESOLVED, TOKEN, about, saying
from tests.bot.routes.receiver import Receiver, receiver
from tests.world import Phonebook

ROOT = Path(__file__).parents[3]
SECRET = "0123456789abcdef0123456789abcdef"


@pytest_asyncio.fixture
async def taker() -> AsyncIterator[Receiver]:
    """Give somebody who is posted to."""
    async with receiver() as made:
        yield made


def route(taker: Receiver) -> WebhookRoute:
    """Return the route to *taker*."""
    return WebhookRoute(taker.session, taker.url, SECRET, Phonebook(), now=lambda: NOW)


async def test_a_page_is_posted_as_the_schema_says(taker: Receiver) -> None:
    """Its state, what is wrong, who was told by which route, and who is next."""
    stands = await route(taker).deliver(about(route="webhook"))
    (body,) = taker.bodies()
    assert stands == Standing("webhook:triggered", TOKEN)
    text, page = body.pop("text"), body.pop("page")
    assert "invoices are sent twice" in text
    assert body == {
        "version": 1,
        "type": "page.triggered",
        "delivery": TOKEN,
        "sent_at": "2026-11-23T09:00:00Z",
        "subject": "billing-bot: somebody is needed: invoices are sent twice since the deploy",
    }
    assert page["told"][1] == {
        "role": "owner",
        "target": "UANN",
        "route": "email",
        "at": "2026-11-23T09:00:00Z",
        "repeat": 0,
        "failed": "SMTP 550",
    }
    assert page["next"] == {"role": "on-call", "target": "nights", "at": "2026-11-23T09:05:00Z"}
    assert (page["id"], page["what"]) == (PAGE.id, PAGE.what)
    assert page["made_by"] == {"slack_id": "UCY", "name": "Cy"}
    assert page["acknowledged_by"] is None


async def test_its_receiver_can_tell_that_it_is_ours(taker: Receiver) -> None:
    """The signature is the HMAC of time and body, as anybody computes it; another secret gives another."""
    await route(taker).deliver(about(route="webhook"))
    headers, body = taker.got[0]
    parts = dict(part.split("=") for part in headers["Groundcrew-Signature"].split(","))
    assert parts["t"] == str(int(NOW.timestamp()))
    assert parts["v1"] == hmac.new(SECRET.encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert parts["v1"] != hmac.new(b"another", parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Content-Type"] == "application/json"


async def test_the_lines_in_the_documentation_tell_ours_from_others(taker: Receiver) -> None:
    """What docs/paging.md gives to receivers accepts a delivery, and neither another body nor an old one."""
    await route(taker).deliver(about(route="webhook"))
    headers, body = taker.got[0]
    _, _, rest = (ROOT / "docs" / "paging.md").read_text(encoding="utf-8").partition("```python\n")
    given: dict[str, Any] = {"hmac": hmac, "hashlib": hashlib}
    exec(rest.partition("```")[0], given)  # noqa: S102 - it is our own page, and what its readers will run
    is_ours, signed, now = given["is_ours"], headers["Groundcrew-Signature"], NOW.timestamp()
    assert is_ours(SECRET, signed, body, now)
    assert not is_ours(SECRET, signed, body + b" ", now)
    assert not is_ours(SECRET[::-1], signed, body, now)
    assert not is_ours(SECRET, signed, body, now + 301)


async def test_the_documentation_names_every_field(taker: Receiver) -> None:
    """What is posted stands in the table of docs/paging.md."""
    await route(taker).deliver(about(RESOLVED, route="webhook"))
    (body,) = taker.bodies()
    told = (ROOT / "docs" / "paging.md").read_text(encoding="utf-8")
    page = body["page"]
    names = {*body, *page, *page["app"], *page["told"][0]}
    assert not [name for name in names if not re.search(rf"[`.\s]{name}`", told)]


async def test_the_same_delivery_has_the_same_name(taker: Receiver) -> None:
    """A repeated attempt is recognised by its header."""
    for _ in range(2):
        await route(taker).deliver(about(route="webhook"))
    assert [headers["Groundcrew-Delivery"] for headers, _ in taker.got] == [TOKEN, TOKEN]


async def test_every_change_is_posted(taker: Receiver) -> None:
    """A receiver that mirrors pages sees each state."""
    stands = None
    for page in (PAGE, ACKNOWLEDGED, RESOLVED):
        stands = await route(taker).deliver(about(page, route="webhook", stands=stands))
    await route(taker).deliver(saying("This is a test.", "webhook"))
    assert [body["type"] for body in taker.bodies()] == [
        "page.triggered",
        "page.acknowledged",
        "page.resolved",
        "message",
    ]
    assert taker.bodies()[1]["page"]["acknowledged_by"] == {"slack_id": "UANN", "name": "Ann"}
    assert (taker.bodies()[3]["page"], taker.bodies()[3]["text"]) == (None, "This is a test.")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (410, Unreachable),
        (429, Later),
        (500, Later),
        (503, Later),
        (408, Later),
        (301, Unfit),
        (307, Unfit),
        (400, Unfit),
        (401, Unfit),
        (404, Unfit),
    ],
)
async def test_refusals_are_told_apart(taker: Receiver, status: int, kind: type[SlackTrouble]) -> None:
    """Each status means one thing; no error holds the address, its token or the answer's body."""
    taker.status, taker.headers = status, {"Location": f"{taker.url}/elsewhere"}
    with pytest.raises(kind) as trouble:
        await route(taker).deliver(about(route="webhook"))
    said = f"{trouble.value!r} {trouble.value} {trouble.value.error}"
    assert str(status) in said
    assert not [part for part in ("t0p-s3cret", "127.0.0.1", "a body", SECRET) if part in said]
    assert len(taker.got) == 1


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30", 30),
        ("99999999999", 3600),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0),
        ("", 0),
        ("-5", 0),
        ("soon", 0),
        ("²", 0),
        ("Mon, 99 Nov 2026 09:00:00 GMT", 0),
    ],
)
def test_retry_after_is_read_as_it_is_written(written: str, seconds: float) -> None:
    """A number or a date; nonsense asks for no pause, and nothing for more than an hour."""
    assert pause(written, NOW) == seconds


async def test_retry_after_is_handed_on(taker: Receiver) -> None:
    """The sender waits as long as the receiver says."""
    taker.status, taker.headers = 429, {"Retry-After": "17"}
    with pytest.raises(Later) as trouble:
        await route(taker).deliver(about(route="webhook"))
    assert trouble.value.after == 17


async def test_a_receiver_that_never_answers_is_left(taker: Receiver) -> None:
    """After the deadline, and where nobody listens, the page waits for its next attempt."""
    taker.silent = True
    with pytest.raises(Later, match="no answer in time"):
        await replace(route(taker), seconds=0.2).deliver(about(route="webhook"))
    with pytest.raises(Later, match="no connection"):
        await replace(route(taker), url="http://127.0.0.1:1/t0p-s3cret").deliver(about(route="webhook"))


async def test_the_signature_has_the_time_of_now(taker: Receiver) -> None:
    """Unless a test says otherwise."""
    before = int(datetime.now(UTC).timestamp())
    await WebhookRoute(taker.session, taker.url, SECRET).deliver(about(route="webhook"))
    signed = int(taker.got[0][0]["Groundcrew-Signature"].partition(",")[0].removeprefix("t="))
    assert before <= signed <= int(datetime.now(UTC).timestamp())
