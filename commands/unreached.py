"""When a page need not wait, and what else is tried, where Slack did not take its messages. Pure functions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from storage.model import Page, PageState, Told

#: Routes that lead to one place for the whole house: a page goes there once.
ONE_PLACE = ("webhook", "pagerduty")
_LONGEST = 190  # characters of an address; with its route it names a place in the outbox


def goes_on(page: Page, now: datetime) -> bool:
    """
    Whether the next step of *page* goes out now: nobody waits for an answer from people who were not told.

    The end of the chain keeps its rhythm, else it would spin.
    """
    if page.state is not PageState.TRIGGERED or page.due_at is None or page.due_at <= now:
        return False
    sent = [one for one in page.told if one.route == ""]
    if not sent or page.position >= len(page.steps):
        return False
    last = [one for one in sent if (one.at, one.step) == (sent[-1].at, sent[-1].step)]
    return all(one.failed for one in last)


def second_tries(page: Page, routes: Collection[str], after: timedelta, now: datetime) -> tuple[Told, ...]:
    """
    Return what is told by second routes now: whatever Slack refused, or did not take within *after*.

    E-mail goes to each of the people; the webhook and PagerDuty have the page once.
    """
    made: list[Told] = []
    for one in page.told:
        late = one.failed or one.at + after <= now
        if one.route != "" or one.delivered_at is not None or not late:
            continue
        for route in routes:
            if route in ONE_PLACE:
                try_ = Told(one.step, route, now, route=route, meant=one.meant)
            elif 0 < len(one.address) <= _LONGEST:
                try_ = Told(one.step, one.target, now, one.repeat, route=route, meant=one.meant, address=one.address)
            else:
                continue
            if not any(_same(try_, other) for other in (*page.told, *made)):
                made.append(try_)
    return tuple(made)


def _same(one: Told, other: Told) -> bool:
    return (one.route, one.target, one.repeat) == (other.route, other.target, other.repeat)
