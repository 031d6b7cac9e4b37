"""Whom the steps of a page come down to: looked up when they are due, and from what was known where Slack is away."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from commands.command import InvalidForm
from commands.news import Card, News, RegisterForm
from commands.page_targets import MOST
from commands.world import Messenger, Person
from storage.database import Transaction
from storage.model import Destination
from tests.commands.paging import page, page_now, pages, registered, schedule, set_house
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, CY, DEE, EVE, RELIABILITY, SRE, Town


async def test_a_user_group_is_told_member_by_member(town: Town, repository: Repository) -> None:
    """Whoever is in it when its step is due; the page keeps what the step said and whom it came down to."""
    set_house(town, escalation=("owner", "group:@sre"))
    await registered(town, repository, "@ann")
    page_id = await page(town)
    town.people.groups[SRE] = (BO, DEE)  # it was Cy and Dee when the page was made
    await town.push(minutes=5)
    assert [one.place for one in pages(town)] == [ANN, CY, BO, DEE]
    told = (await page_now(town, page_id)).told
    assert [(one.target, one.meant) for one in told] == [
        (ANN, f"owner:{ANN}"),
        (BO, f"group:{SRE}"),
        (DEE, f"group:{SRE}"),
    ]
    await town.push(minutes=5)
    assert pages(town)[-1].place == RELIABILITY
    await town.ask(BO, "acknowledge-page", id=page_id, at="DBO")
    await town.tick()
    assert {one.news.page.acknowledged_by for one in pages(town)} == {BO}


async def test_of_a_large_group_ten_are_told_and_it_is_said(town: Town, repository: Repository) -> None:
    """Nobody wakes a whole department; the log says how many were left out, and who cannot be told."""
    many = [Person(f"UM{n}", f"m{n}") for n in range(MOST + 3)]
    town.people.people |= {one.id: one for one in many}
    town.people.groups[SRE] = (EVE, *(one.id for one in many))
    set_house(town, escalation=("group:@sre",))
    await registered(town, repository, "@ann")
    page_id = await page(town)
    told = (await page_now(town, page_id)).told
    assert [one.target for one in told if not one.failed] == [one.id for one in many[:MOST]]
    assert [(one.target, one.failed) for one in told if one.failed] == [
        (EVE, "is a guest"),
        (SRE, "has 3 more people, who are not told: 10 are the most"),
    ]


async def test_whoever_is_on_call_at_the_moment_is_told(town: Town, repository: Repository) -> None:
    """The rota is asked when the step is due, not when the page was made."""
    await schedule(town, "payments", [CY, DEE])
    set_house(town, escalation=("on-call:payments",))
    await registered(town, repository, "@ann")
    first = await page(town)
    await town.push(days=7)
    second = await page(town, "again")
    assert [(await page_now(town, one)).told[0].target for one in (first, second)] == [CY, DEE]


async def test_nobody_is_waited_for_twice(town: Town, repository: Repository) -> None:
    """An owner who is on call is told again, and the next step goes out at once; log and rehearsal say so."""
    await schedule(town, "Nights", [ANN, DEE])
    set_house(town, escalation=("owner", "on-call:Nights", "backup"))
    await registered(town, repository)
    words = f"Nights is <!person^{ANN}> now, who was told already"
    rehearsal = await town.ask(CY, "page-owner", "--dry-run billing-bot")
    assert [(one.after.seconds // 60, one.goes_on) for one in rehearsal.steps] == [
        (0, ""),
        (5, f"{words}: the next step follows at once."),
        (5, ""),
        (10, ""),
    ]
    page_id = await page(town)
    await town.push(minutes=5)
    told = await page_now(town, page_id)
    assert [(one.target, one.repeat) for one in told.told] == [(ANN, 0), (ANN, 1), (BO, 0)]
    assert told.notes == (f"{words}: went on.",)
    await town.push(minutes=5)
    assert (await page_now(town, page_id)).told[-1].target == RELIABILITY


async def test_a_step_with_somebody_new_is_waited_for(town: Town, repository: Repository) -> None:
    """Where one of several has not been told before, they get their time."""
    town.people.groups[SRE] = (ANN, DEE)
    set_house(town, escalation=("owner", "group:@sre", "backup"))
    await registered(town, repository)
    page_id = await page(town)
    await town.push(minutes=5)
    assert [one.target for one in (await page_now(town, page_id)).told] == [ANN, ANN, DEE]


@pytest.mark.parametrize("members", [(), (EVE,)])
async def test_a_group_without_anybody_is_passed_over_at_once(
    town: Town, repository: Repository, members: tuple[str, ...]
) -> None:
    """Nobody waits for an empty group; the log says why."""
    town.people.groups[SRE] = members
    set_house(town, escalation=("group:@sre", "channel"))
    await registered(town, repository, "@ann --channel #apps")
    page_id = await page(town)
    assert [one.place for one in pages(town)] == [APPS, CY]
    first = (await page_now(town, page_id)).told[0]
    assert (first.target, first.failed) == ((EVE, "is a guest") if members else (SRE, "has no members"))


async def test_the_backup_of_the_moment_is_told(town: Town, repository: Repository) -> None:
    """Who takes over while a page runs is told, and not who was named when it was made; both stand in the log."""
    app_id = await registered(town, repository)
    page_id = await page(town)
    fields = {"name": "billing-bot", "repository": str(repository), "owner": ANN, "backup": DEE, "channel": APPS}
    await town.ask(ANN, "register-app", id=app_id, **fields)
    await town.push(minutes=5)
    last = (await page_now(town, page_id)).told[-1]
    assert (last.target, last.meant, last.failed) == (DEE, f"backup:{BO}", "")


async def test_a_backup_who_declined_is_passed_over(town: Town, repository: Repository) -> None:
    """Ownership is an act, also while a page runs."""
    answer = await town.ask(CY, "register-app", f"billing-bot {repository} @ann --backup @bo", at=RELIABILITY)
    page_id = await page(town)
    await town.ask(BO, "name-somebody", id=f"{answer.card.app.id}:backup", person="")
    await town.push(minutes=5)
    told = (await page_now(town, page_id)).told
    assert [(one.target, one.failed) for one in told] == [
        (ANN, ""),
        (BO, "said that they are not its backup"),
        (RELIABILITY, ""),
    ]


@pytest.mark.parametrize("away_from", ["the start", "the page"])
async def test_paging_goes_on_while_slack_cannot_be_asked(town: Town, repository: Repository, away_from: str) -> None:
    """Each step is told from what the page knew when it was made; made while Slack is away, from the registry."""
    await schedule(town, "payments", [DEE])
    set_house(town, escalation=("owner", "backup", "group:@sre", "on-call:payments", "channel"))
    await registered(town, repository)
    town.people.is_away = away_from == "the start"
    page_id = await page(town)
    town.people.is_away = True
    for _ in range(5):
        await town.push(minutes=10)
    told = (await page_now(town, page_id)).told
    group = [CY, DEE] if away_from == "the page" else ["@sre"]
    expected = [ANN, BO, *group, DEE, APPS, RELIABILITY]
    assert [one.target for one in told][: len(expected)] == expected
    assert {one.failed for one in told} <= {"", "cannot be looked up while Slack does not answer"}
    assert any("Slack does not answer me" in note for note in (await page_now(town, page_id)).notes) == (
        away_from == "the start"
    )
    await town.ask(BO, "acknowledge-page", id=page_id, at="DBO")
    with pytest.raises(TimeoutError):
        await town.ask("USTRANGER", "resolve-page", id=page_id, at=RELIABILITY)


async def test_an_app_says_who_is_told_after_its_backup(town: Town, repository: Repository) -> None:
    """A user group or a schedule, by the command or the form, shown in both; it stands after the backup."""
    await schedule(town, "payments", [DEE])
    app_id = await registered(town, repository, "@ann --backup @bo --escalates-to <!subteam^SSRE|@sre>")
    form = await town.ask(ANN, "register-app", "billing-bot")
    assert isinstance(form, RegisterForm)
    assert form.fields["escalates_to"] == "@sre"
    page_id = await page(town)
    assert [step.role for step in (await page_now(town, page_id)).steps] == ["owner", "backup", "group", "reliability"]
    for written in ("on-call:payments", "payments", "On-Call payments"):
        await town.ask(ANN, "register-app", id=app_id, **{**form.fields, "escalates_to": written.lower()})
        form = await town.ask(ANN, "register-app", "billing-bot")
        assert form.fields["escalates_to"] == "on-call:payments"
    card = await town.ask(ANN, "apps", "billing-bot")
    assert isinstance(card, Card)
    await town.push(seconds=11)
    second = await page(town, "again")
    assert [step.role for step in (await page_now(town, second)).steps][2] == "on-call"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("@nobody", r"I see no user group @nobody here\. Name a user group such as @sre"),
        ("paymets", r"There is no on-call schedule “paymets”\. .* Did you mean on-call:payments\?"),
    ],
)
async def test_an_unknown_group_or_schedule_is_answered_in_words(
    town: Town, repository: Repository, written: str, says: str
) -> None:
    """What is wrong stands at its field, with what comes close."""
    await schedule(town, "payments", [DEE])
    with pytest.raises(InvalidForm, match=says) as caught:
        await town.ask(CY, "register-app", name="billing", repository=str(repository), escalates_to=written)
    assert list(caught.value.faults) == ["escalates_to"]


@pytest.mark.parametrize(
    ("written", "shown"), [("<!subteam^SSRE>", "SSRE"), ("SSRE", "SSRE"), ("group:@sre", "@sre"), ("@sre", "@sre")]
)
async def test_what_stands_in_the_form_can_be_saved_again(
    town: Town, repository: Repository, written: str, shown: str
) -> None:
    """However the group was written: by a mention without its name it is shown by its id."""
    app_id = await registered(town, repository, f"@ann --escalates-to {written}")
    for _ in range(2):
        form = await town.ask(ANN, "register-app", "billing-bot")
        assert form.fields["escalates_to"] == shown
        await town.ask(ANN, "register-app", id=app_id, **form.fields)
    page_id = await page(town)
    (_, step, _) = (await page_now(town, page_id)).steps
    assert (step.role, step.target) == ("group", SRE)


async def test_a_chain_without_the_owner_does_not_miss_one(town: Town, repository: Repository) -> None:
    """Where the setting names no owner nobody is said to be missing."""
    set_house(town, escalation=("group:@sre",))
    await registered(town, repository, "@ann")
    assert (await town.ask(CY, "page-owner", "billing-bot it is down")).page.notes == ()


async def test_a_group_or_schedule_that_is_gone_is_left_out_and_said(town: Town, repository: Repository) -> None:
    """The setting may name what is not there any more."""
    set_house(town, escalation=("owner", "group:@gone", "on-call:gone"))
    await registered(town, repository, "@ann")
    answer = await town.ask(CY, "page-owner", "billing-bot it is down")
    assert [step.role for step in answer.page.steps] == ["owner", "reliability"]
    assert answer.page.notes == (
        "There is no user group @gone any more, so it is not told.",
        "There is no on-call schedule gone any more, so nobody of it is told.",
    )


@dataclass(frozen=True, slots=True)
class FailingFor:
    """A messenger that fails for every message of one page."""

    page: str
    messenger: Messenger

    async def post(self, transaction: Transaction, to: Destination, news: News, *, key: str, **more: Any) -> None:
        """Raise where it is of that page."""
        if self.page in key:
            raise RuntimeError
        await self.messenger.post(transaction, to, news, key=key, **more)


async def test_a_page_that_cannot_go_on_keeps_no_other_back(
    town: Town, repository: Repository, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is then taken alone; the one that fails stays due, and is tried again."""
    await registered(town, repository)
    first = (await town.ask(CY, "page-owner", "billing-bot it is down")).page
    second = (await town.ask(DEE, "page-owner", "billing-bot it is down")).page
    whole = town.world
    town.world = replace(whole, messenger=FailingFor(first.id, whole.messenger))
    await town.tick()
    assert [one.target for one in (await page_now(town, second.id)).told] == [ANN]
    assert (await page_now(town, first.id)).told == ()
    assert f"page {first.id} could not go on" in caplog.text
    town.world = whole
    await town.tick()
    assert [one.target for one in (await page_now(town, first.id)).told] == [ANN]
