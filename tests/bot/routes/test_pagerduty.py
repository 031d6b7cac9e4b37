"""Pages by PagerDuty: one alert for each time that a page is open, and none left at its end."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.routes.pagerduty import PagerDutyRoute
from bot.trouble import Later, SlackTrouble, Unfit
from storage.model import Standing
from tests.bot.routes.pages import ACKNOWLEDGED, PAGE, RESOLVED, TOKEN, about, saying
from tests.bot.routes.receiver import Receiver, receiver

KEY = "0123456789abcdef0123456789ABCDEF"


@pytest_asyncio.fixture
async def duty() -> AsyncIterator[Receiver]:
    """Give a stand-in for the Events API."""
    async with receiver() as made:
        yield made


def route(duty: Receiver) -> PagerDutyRoute:
    """Return the route to *duty*."""
    return PagerDutyRoute(duty.session, KEY, duty.url)


async def test_a_page_triggers_an_alert(duty: Receiver) -> None:
    """The event has what the API asks for: key, dedup_key, summary, source and severity."""
    assert await route(duty).deliver(about(route="pagerduty")) == Standing("pagerduty:triggered", PAGE.id)
    (event,) = duty.bodies()
    assert (event["routing_key"], event["event_action"], event["dedup_key"]) == (KEY, "trigger", PAGE.id)
    payload = event["payload"]
    assert payload["summary"].startswith("billing-bot: somebody is needed: invoices are sent twice")
    assert (payload["source"], payload["severity"]) == ("billing-bot", "critical")
    assert payload["timestamp"] == "2026-11-23T09:00:00+00:00"
    assert payload["custom_details"]["next"] == "on call (Nights)"


async def test_the_alert_follows_the_page(duty: Receiver) -> None:
    """Each state goes to the alert that it triggered; only a trigger says what is wrong."""
    stands = None
    for page in (PAGE, ACKNOWLEDGED, RESOLVED):
        stands = await route(duty).deliver(about(page, route="pagerduty", stands=stands))
    events = [(event["event_action"], event["dedup_key"]) for event in duty.bodies()]
    assert events == [(one, PAGE.id) for one in ("trigger", "acknowledge", "resolve")]
    assert all("payload" not in event for event in duty.bodies() if event["event_action"] != "trigger")


async def test_a_page_that_is_open_again_wakes_somebody_again(duty: Receiver) -> None:
    """By an alert of its own, since PagerDuty is silent about one that was acknowledged; the end closes all of them."""
    stands = None
    again = (replace(PAGE, reopened=1), replace(ACKNOWLEDGED, reopened=1), replace(PAGE, reopened=2))
    for page in (PAGE, ACKNOWLEDGED, *again, replace(RESOLVED, reopened=2)):
        stands = await route(duty).deliver(about(page, route="pagerduty", stands=stands))
    keys = [PAGE.id, f"{PAGE.id}:1", f"{PAGE.id}:2"]
    assert [(event["event_action"], event["dedup_key"]) for event in duty.bodies()] == [
        ("trigger", keys[0]),
        ("acknowledge", keys[0]),
        ("trigger", keys[1]),
        ("acknowledge", keys[1]),
        ("trigger", keys[2]),
        *(("resolve", key) for key in keys),
    ]


async def test_what_is_over_before_it_was_told_wakes_nobody(duty: Receiver) -> None:
    """No alert is resolved that there never was."""
    assert await route(duty).deliver(about(RESOLVED, route="pagerduty")) == Standing("pagerduty:resolved", PAGE.id)
    assert duty.got == []


async def test_a_message_about_no_page_is_an_alert_of_its_own(duty: Receiver) -> None:
    """It goes by its row's token."""
    await route(duty).deliver(saying("This is a test.", "pagerduty"))
    (event,) = duty.bodies()
    assert (event["event_action"], event["dedup_key"]) == ("trigger", TOKEN)
    assert event["payload"]["source"] == "groundcrew"


async def test_a_long_page_fits(duty: Receiver) -> None:
    """The summary has at most 1,024 characters, and the whole of it stands in the details."""
    page = replace(PAGE, what="x" * 1000 + "\n" + "\N{FIRE}" * 1000)
    await route(duty).deliver(about(page, route="pagerduty"))
    payload = duty.bodies()[0]["payload"]
    assert len(payload["summary"]) <= 1024
    assert payload["custom_details"]["what"] == page.what


@pytest.mark.parametrize(
    ("status", "kind"), [(400, Unfit), (403, Unfit), (429, Later), (500, Later), (502, Later), (302, Unfit)]
)
async def test_refusals_are_told_apart(duty: Receiver, status: int, kind: type[SlackTrouble]) -> None:
    """What may pass is tried again; no error holds the key or the answer's body."""
    duty.status, duty.headers = status, {"Retry-After": "9"} if status == 429 else {}
    with pytest.raises(kind) as trouble:
        await route(duty).deliver(about(route="pagerduty"))
    assert not re.search(f"{KEY}|a body|127", f"{trouble.value!r} {trouble.value} {trouble.value.error}")
    if isinstance(trouble.value, Later):
        assert trouble.value.after == (9 if status == 429 else 0)
