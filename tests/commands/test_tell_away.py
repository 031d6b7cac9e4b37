"""After a time away the bot says from when to when, and what went out late; once, and only where somebody waited."""

import asyncio
from datetime import timedelta

from commands.command import CLOCK, Request, all_commands
from commands.news import Said
from commands.page_news import Paged
from commands.tell_away import be_here
from tests.commands.paging import page_now
from tests.commands.repository import Repository
from tests.world import ANN, CY, MONDAY, RELIABILITY, Town


async def here(town: Town, since_s: float | None = 10.0) -> None:
    """Leave the mark, and deliver what that says."""
    await be_here(town.world, since_s)
    await town.deliver()


def told(town: Town) -> list[str]:
    """Give what was said of times away."""
    texts = [one.text for one in town.said(Said, RELIABILITY) if isinstance(one, Said)]
    return [text for text in texts if text.startswith("I was away")]


async def paged(town: Town, repository: Repository) -> None:
    """Register an app with an owner and a channel, check it, and page its owner: the channel's turn is in 5 minutes."""
    await town.ask(ANN, "register-app", f"billing-bot {repository} @ann --channel #apps")
    await town.tick()
    await town.ask(CY, "page-owner", "billing-bot it is down")
    await town.tick()


async def test_a_page_that_was_due_meanwhile_is_listed_before_it_goes_out(town: Town, repository: Repository) -> None:
    """Killed at 09:00, back at 09:19: the step of 09:05 is 14 minutes late."""
    await paged(town, repository)
    await here(town, None)
    town.clock.time += timedelta(minutes=19)
    await here(town, None)
    head, line = told(town)[0].split("\n")
    assert head == "I was away from 09:00 to 09:19 UTC; 1 page was late."
    assert line == "• billing-bot: due at 09:05 UTC, goes out now, 14 min late"


async def test_a_page_that_was_taken_before_we_looked_is_listed_too(town: Town, repository: Repository) -> None:
    """Stopped and continued: the clock's order was quicker than the mark."""
    await paged(town, repository)
    await here(town)
    town.clock.time += timedelta(minutes=19)
    await all_commands()["escalate-pages"].run(Request(CLOCK), town.world)
    await here(town, 19 * 60.0)
    head, line = told(town)[0].split("\n")
    assert head == "I was away from 09:00 to 09:19 UTC; 1 page was late."
    assert line == "• billing-bot: due at 09:05 UTC, went out at 09:19 UTC, 14 min late"


async def test_a_step_that_goes_out_late_says_so_itself(town: Town, repository: Repository) -> None:
    """Whoever is told late sees in the page itself since when, of the last step alone; a minute is not late."""
    await paged(town, repository)
    (page,) = {one.news.page.id for one in town.chat if isinstance(one.news, Paged)}
    await town.push(minutes=6)
    assert (await page_now(town, page)).notes == ()
    await town.push(minutes=24)
    due = int(MONDAY.timestamp()) + 16 * 60
    assert (await page_now(town, page)).notes == (f"This step was due <!date^{due}> and goes out 14 min late.",)
    await town.push(hours=2)
    (note,) = (await page_now(town, page)).notes
    assert note.startswith("This step was due")
    assert "14 min" not in note


async def test_what_waits_is_counted(town: Town, repository: Repository) -> None:
    """A check that was promised before counts; a page that was not due in between does not."""
    await town.ask(ANN, "register-app", f"billing-bot {repository} @ann")
    await town.deliver()
    await here(town, None)
    town.clock.time += timedelta(hours=25)
    await here(town, None)
    assert told(town) == ["I was away from 09:00 UTC on 23 November to 10:00 UTC; 1 check was late."]


async def test_nothing_promised_is_not_told(town: Town) -> None:
    """A night without the bot that nobody missed is no news; nor is a restart of a minute."""
    await here(town, None)
    town.clock.time += timedelta(hours=9)
    await here(town, None)
    assert told(town) == []


async def test_a_short_time_away_is_not_told(town: Town, repository: Repository) -> None:
    """Sixty seconds are what a restart takes."""
    await paged(town, repository)
    town.clock.time += timedelta(minutes=4, seconds=30)
    await here(town, None)
    town.clock.time += timedelta(seconds=60)
    await here(town, None)
    assert told(town) == []


async def test_a_clock_set_forward_or_back_is_no_time_away(town: Town, repository: Repository) -> None:
    """The seconds since this process left its last mark say that it was here."""
    await paged(town, repository)
    await here(town)
    for hours in (2, -2, 2):
        town.clock.time += timedelta(hours=hours)
        await here(town, 10.0)
    assert told(town) == []


async def test_of_several_processes_one_tells_it(town: Town, repository: Repository) -> None:
    """Whoever comes first finds the old mark, and nobody after it does."""
    await paged(town, repository)
    await here(town, None)
    town.clock.time += timedelta(minutes=19)
    await asyncio.gather(*(be_here(town.world, None) for _ in range(4)))
    await town.deliver()
    assert len(told(town)) == 1


async def test_one_process_that_stood_still_beside_another_was_not_away(town: Town, repository: Repository) -> None:
    """The other one left the mark, so somebody was here."""
    await paged(town, repository)
    for _ in range(12):
        town.clock.time += timedelta(seconds=50)
        await here(town)
    await here(town, 600.0)
    assert told(town) == []
