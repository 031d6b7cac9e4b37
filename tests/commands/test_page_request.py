"""The request that made a page: hours later everything that is done for the page still goes by its id."""

from datetime import timedelta

import structlog
from sqlalchemy import text

from storage import audit
from storage.model import PageState
from tests.commands.paging import page, page_now, registered, set_house
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, Town

OURS = "0a1b2c3d4e5f"


async def ids_of_messages(town: Town, page_id: str) -> list[str | None]:
    """The request ids of all messages that deliver an entry of the page's log, oldest first."""
    query = text("SELECT request_id FROM outbox WHERE page_id = :page ORDER BY id")
    async with town.world.database.read() as transaction:
        return list((await transaction.connection.execute(query, {"page": page_id})).scalars())


async def acts_of_the_clock(town: Town, page_id: str) -> dict[str, set[str]]:
    """The request ids in the audit rows of what the clock did for the page, by what it was."""
    found: dict[str, set[str]] = {}
    app_id = (await page_now(town, page_id)).app_id
    async with town.world.database.read() as transaction:
        for entry in await audit.entries(transaction, app_id):
            if entry.who == "clock" and entry.detail.get("page") == page_id:
                found.setdefault(entry.what, set()).add(entry.request_id)
    return found


async def test_steps_repeats_second_routes_and_questions_go_by_the_request_that_paged(
    town: Town, repository: Repository
) -> None:
    """In the messages' rows, from which the sender binds it for its lines, and in the audit log."""
    await registered(town, repository)
    set_house(town, second_routes=("pagerduty",), second_route_after=timedelta(minutes=2))
    town.closed[ANN] = "the account is deactivated"
    with structlog.contextvars.bound_contextvars(request_id=OURS):
        page_id = await page(town)
    assert (await page_now(town, page_id)).request_id == OURS
    await town.push(hours=2)
    await town.push(hours=2)
    await town.ask(BO, "acknowledge-page", id=page_id, at=APPS)
    for _ in range(4):
        await town.push(hours=1)
    assert (await page_now(town, page_id)).state is PageState.TRIGGERED
    sent = await ids_of_messages(town, page_id)
    assert set(sent) <= {OURS, None}  # those of whoever acknowledged go by theirs
    assert sent.count(OURS) > 3
    acts = await acts_of_the_clock(town, page_id)
    assert {"escalate page", "reroute page", "remind of page", "reopen page"} <= set(acts)
    assert set().union(*acts.values()) == {OURS}


async def test_a_page_made_before_its_request_was_kept_goes_on_without_one(town: Town, repository: Repository) -> None:
    """Nothing is bound that is empty."""
    await registered(town, repository)
    page_id = await page(town)
    await town.push(hours=1)
    assert (await acts_of_the_clock(town, page_id))["escalate page"] == {""}
    assert len((await page_now(town, page_id)).told) > 1
