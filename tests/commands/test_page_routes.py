"""Second routes: what Slack does not take for two minutes, or refuses, is told another way, and so is its end."""

from dataclasses import replace

from commands.page_news import Paged
from storage import addresses, owners
from storage.model import PageState, Role
from tests.commands.paging import page_now, pages, registered, schedule, set_house
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, CY, DEE, RELIABILITY, Posted, Town

ALL = ("email", "webhook", "pagerduty")


def elsewhere(town: Town) -> list[Posted]:
    """Give what was told by second routes, oldest first."""
    return [one for one in town.chat if one.route]


async def paged(town: Town, repository: Repository, routes: tuple[str, ...] = ALL) -> str:
    """Have Cy page, and give the page's id; nothing is delivered yet."""
    set_house(town, second_routes=routes)
    await registered(town, repository)
    return str((await town.ask(CY, "page-owner", "billing-bot it is down")).page.id)


async def test_what_slack_does_not_take_goes_a_second_way_after_two_minutes(town: Town, repository: Repository) -> None:
    """E-mail to the person, the webhook and PagerDuty once a page; Slack's own message follows when it is back."""
    page_id = await paged(town, repository)
    town.is_away = town.people.is_away = True
    await town.tick()
    await town.push(minutes=1)
    assert elsewhere(town) == []
    await town.push(minutes=1)
    assert [(one.route, one.place) for one in elsewhere(town)] == [
        ("email", ANN),
        ("webhook", "webhook"),
        ("pagerduty", "pagerduty"),
    ]
    told = (await page_now(town, page_id)).told
    assert [(one.target, one.route, one.address) for one in told[1:]] == [
        (ANN, "email", "ann@acme.example"),
        ("webhook", "webhook", ""),
        ("pagerduty", "pagerduty", ""),
    ]
    assert (told[0].delivered_at, told[1].delivered_at) == (None, town.clock.now())
    await town.push(minutes=3)  # the backup is due
    await town.push(minutes=2)
    assert [(one.route, one.place) for one in elsewhere(town)][3:] == [("email", BO)]
    town.is_away = town.people.is_away = False
    await town.push(seconds=10)
    assert [one.place for one in pages(town)] == [ANN, CY, BO]  # the backup after the owner
    assert (await page_now(town, page_id)).told[0].delivered_at == town.clock.now()


async def test_what_slack_takes_goes_no_second_way(town: Town, repository: Repository) -> None:
    """Nobody is told twice who was reached."""
    await paged(town, repository)
    for _ in range(6):
        await town.push(minutes=10)
    assert elsewhere(town) == []


async def test_who_is_unreachable_in_slack_is_told_at_once_by_mail(town: Town, repository: Repository) -> None:
    """And the page goes on to the next step at once."""
    page_id = await paged(town, repository, ("email",))
    town.closed[ANN] = "their messages are closed to me"
    await town.tick()
    await town.push(seconds=5)
    assert [(one.route, one.place) for one in elsewhere(town)] == [("email", ANN)]
    assert [one.place for one in pages(town)] == [CY, BO]
    told = (await page_now(town, page_id)).told
    assert [(one.target, one.route, one.failed) for one in told] == [
        (ANN, "", "their messages are closed to me"),
        (BO, "", ""),
        (ANN, "email", ""),
    ]


async def test_whoever_left_gets_no_mail(town: Town, repository: Repository) -> None:
    """What is wrong with an app is not sent to people who are gone."""
    page_id = await paged(town, repository)
    town.people.deactivate(ANN)
    for _ in range(4):
        await town.push(minutes=5)
    assert elsewhere(town) == []
    assert [(one.target, one.route) for one in (await page_now(town, page_id)).told] == [
        (ANN, "none"),
        (BO, ""),
        (APPS, ""),
        (RELIABILITY, ""),
    ]


async def test_its_end_is_told_by_every_route_that_was_used(town: Town, repository: Repository) -> None:
    """Acknowledged, open again, resolved: each is said where the page was told, as an edit of it."""
    page_id = await paged(town, repository)
    town.is_away = True
    await town.tick()
    await town.push(minutes=2)
    steps: tuple[tuple[str, PageState], ...] = (
        ("acknowledge-page", PageState.ACKNOWLEDGED),
        ("", PageState.TRIGGERED),
        ("resolve-page", PageState.RESOLVED),
    )
    for order, state in steps:
        if order:
            await town.ask(ANN, order, id=page_id, at="DANN")
            await town.tick()
        else:
            await town.push(minutes=30)
            await town.push(minutes=30)
        assert {one.news.page.state for one in elsewhere(town) if isinstance(one.news, Paged)} == {state}
    assert [(one.route, len(one.before)) for one in elsewhere(town)][:3] == [
        ("email", 3),
        ("webhook", 3),
        ("pagerduty", 3),
    ]


async def test_without_a_second_route_the_page_waits_for_slack(town: Town, repository: Repository) -> None:
    """Nothing is lost, and nothing is told twice when it is back: the end of the chain waits once, then repeats."""
    await paged(town, repository, ())
    town.is_away = True
    for _ in range(24):
        await town.push(minutes=5)
    town.is_away = False
    await town.push(seconds=10)
    assert elsewhere(town) == []
    assert [one.place for one in pages(town)] == [ANN, BO, APPS, RELIABILITY, CY]
    await town.push(minutes=10)
    assert [one.place for one in pages(town)][5:] == [RELIABILITY]


async def test_a_page_made_while_slack_is_away_is_mailed_to_the_address_known_last(
    town: Town, repository: Repository
) -> None:
    """Addresses of those who may be paged are learned while Slack answers."""
    set_house(town, second_routes=("email",))
    await registered(town, repository)
    town.is_away = town.people.is_away = True
    page_id = (await town.ask(CY, "page-owner", "billing-bot it is down")).page.id
    await town.tick()
    await town.push(minutes=2)
    assert [(one.route, one.place) for one in elsewhere(town)] == [("email", ANN)]
    assert (await page_now(town, page_id)).told[1].address == "ann@acme.example"


async def test_addresses_are_learned_of_those_who_may_be_paged_and_forgotten(
    town: Town, repository: Repository
) -> None:
    """Only where mail is a second route; anew every day; of whoever answers for no app any more nothing is kept."""
    await schedule(town, "payments", [CY])
    app_id = await registered(town, repository, "@ann --backup @bo")

    async def kept() -> dict[str, str]:
        async with town.world.database.read() as transaction:
            return {one: found for one in (ANN, BO, CY, DEE) if (found := await addresses.known(transaction, one))}

    await town.tick()
    assert await kept() == {}
    set_house(town, second_routes=("email",))
    await town.tick()
    assert await kept() == {ANN: "ann@acme.example", BO: "bo@acme.example", CY: "cy@acme.example"}
    town.people.people[ANN] = replace(town.people.people[ANN], email="ann@new.example")
    town.people.deactivate(BO)
    town.people.is_away = True
    await town.push(days=1)
    town.people.is_away = False
    assert (await kept())[ANN] == "ann@acme.example"
    await town.push(minutes=5)
    assert await kept() == {ANN: "ann@new.example", CY: "cy@acme.example"}
    async with town.world.database.write() as transaction:
        await owners.remove(transaction, app_id, Role.OWNER)
    await town.push(days=1)
    assert await kept() == {CY: "cy@acme.example"}
