"""Registering, accepting, declining, changing."""

import asyncio
import unicodedata
from pathlib import Path

import pytest

from checks.model import Audience, DataClass, Exposure, Placement
from commands.command import InvalidForm, Refused
from commands.news import Card, Checked, OwnershipAsked, Registered, RegisterForm, Said
from storage import audit
from storage.model import Acceptance, Role
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, CY, DEE, EVE, QUIET, RELIABILITY, Town


async def card(town: Town, name: str = "billing-bot") -> Card:
    """Give an app's card as anybody sees it."""
    shown = await town.ask(CY, "apps", name)
    assert isinstance(shown, Card)
    return shown


async def test_a_registered_app_has_a_card_people_who_are_asked_and_a_first_check(
    town: Town, repository: Repository
) -> None:
    """The card is the root in the app's channel; owner and backup are asked; the verdict stands in the thread."""
    answer = await town.ask(
        CY, "register-app", f"billing-bot {repository} @ann --backup @bo --channel #apps --data payment"
    )
    assert isinstance(answer, Registered)
    assert answer.asked == (ANN, BO)
    await town.tick()
    (root,) = [one for one in town.chat if isinstance(one.news, Card)]
    assert (root.place, root.thread) == (APPS, None)
    assert [asked.role for asked in town.said(OwnershipAsked, ANN)] == [Role.OWNER]
    assert [asked.role for asked in town.said(OwnershipAsked, BO)] == [Role.BACKUP]
    (verdict,) = town.said(Checked, APPS, in_thread=True)
    assert verdict.report.verdict.placement.rank <= Placement.SANDBOX.rank
    assert "owner" in [held.check for held in verdict.report.verdict.held_back]
    assert [one.thread for one in town.chat if isinstance(one.news, Checked) and one.place == APPS] == [root.ts]


async def test_accepting_lifts_the_verdict_in_place_without_another_look(town: Town, repository: Repository) -> None:
    """The owner's word is judged over the same evidence; card, verdict and question are edited where they stand."""
    await town.ask(CY, "register-app", f"billing-bot {repository} @ann --channel #apps")
    await town.tick()
    (asked,) = town.said(OwnershipAsked, ANN)
    said = await town.ask(ANN, "accept-app", id=f"{asked.app.id}:owner")
    assert isinstance(said, Said)
    await town.tick()
    (asked,) = town.said(OwnershipAsked, ANN)
    assert "You accepted it on 23 November" in asked.answer
    (verdict,) = town.said(Checked, APPS)
    assert "owner" not in [held.check for held in verdict.report.verdict.held_back]
    (root,) = town.said(Card, APPS)
    assert root.owners[0].acceptance is Acceptance.ACCEPTED
    assert root.last is not None
    assert root.last.verdict == verdict.report.verdict
    assert any("@ann has accepted billing-bot" in one.text for one in town.said(Said, CY))
    with pytest.raises(Refused, match="You have accepted billing-bot already, at 09:00 UTC"):
        await town.ask(ANN, "accept-app", id=f"{asked.app.id}:owner")


async def test_only_the_person_who_was_asked_can_answer(town: Town, repository: Repository) -> None:
    """A button pressed by anybody else changes nothing, an admin's neither: nobody accepts for another."""
    answer = await town.ask(CY, "register-app", f"billing-bot {repository} @ann")
    for person in (BO, CY, DEE):
        for order in ("accept-app", "decline-app"):
            with pytest.raises(Refused, match="only they can say so"):
                await town.ask(person, order, id=f"{answer.card.app.id}:owner")
    assert (await card(town)).owners[0].acceptance is Acceptance.ASKED


async def test_whoever_names_no_owner_owns_it(town: Town, repository: Repository) -> None:
    """Registering one's own app is accepting it."""
    answer = await town.ask(ANN, "register-app", f"billing-bot {repository}")
    assert answer.asked == ()
    assert [(one.person, one.acceptance) for one in answer.card.owners] == [(ANN, Acceptance.ACCEPTED)]


async def test_without_words_the_form_opens_and_its_faults_stand_in_place(town: Town, repository: Repository) -> None:
    """Every fault at once, each at its field; filled in rightly it registers."""
    form = await town.ask(ANN, "register-app")
    assert isinstance(form, RegisterForm)
    wrong = {
        "name": "<!channel>",
        "repository": "https://user:ghp_secret@github.com/a/b",
        "data": "secret",
        "live_url": "javascript:alert(1)",
        "channel": "#nowhere",
        "owner": "UNOBODY",
        "backup": EVE,
        "purpose": "x" * 501,
    }
    with pytest.raises(InvalidForm) as caught:
        await town.ask(ANN, "register-app", **wrong)
    assert set(caught.value.faults) == set(wrong)
    assert "ghp_secret" not in str(caught.value)
    assert caught.value.faults["data"].startswith("“secret” is not one of none, internal")
    right = {
        "name": "Billing-Bot",
        "repository": str(repository),
        "data": "personal",
        "audience": "team",
        "exposure": "login",
        "wanted": "isolated",
        "live_url": "https://billing.example.com/",
        "owner": BO,
        "purpose": "It's for invoices & refunds",
        "channel": APPS,
    }
    answer = await town.ask(ANN, "register-app", **right)
    app = answer.card.app
    assert (app.data, app.audience, app.wanted) == (DataClass.PERSONAL, Audience.TEAM, Placement.ISOLATED)
    assert app.exposure is Exposure.LOGIN
    assert (app.purpose, app.channel) == ("It's for invoices & refunds", APPS)


@pytest.mark.parametrize("twin", ["BILLING-CAFÉ", unicodedata.normalize("NFD", "billing-café"), "ｂilling-café"])
async def test_a_taken_name_says_whose_it_is(town: Town, repository: Repository, twin: str) -> None:
    """In any case and Unicode form."""
    await town.ask(CY, "register-app", f"billing-café {repository} @ann")
    says = r"billing-café is owned by @ann \(registered 23 November\)\. Use another name"
    with pytest.raises(InvalidForm, match=says) as caught:
        await town.ask(BO, "register-app", f"{twin} {repository}")
    assert set(caught.value.faults) == {"name"}


async def test_who_registers_their_own_app_again_is_shown_its_form(town: Town, repository: Repository) -> None:
    """Its owner and an admin learn how to change it; nobody is told to ask themselves."""
    await town.ask(ANN, "register-app", f"billing-bot {repository}")
    for person, says in ((ANN, "billing-bot is yours: /register-app billing-bot opens its form"), (DEE, "you may")):
        with pytest.raises(InvalidForm, match=says):
            await town.ask(person, "register-app", f"billing-bot {repository}")


async def test_of_two_who_register_a_name_at_once_one_wins(town: Town, repository: Repository) -> None:
    """The other is told whose it is; there is one app, one card and one check."""
    both = await asyncio.gather(
        town.ask(ANN, "register-app", f"billing-bot {repository}"),
        town.ask(BO, "register-app", f"Billing-Bot {repository}"),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["InvalidForm", "Registered"]
    await town.tick()
    assert len(town.said(Card)) == 1
    assert (await town.ask(ANN, "apps", "all")).total == 1


async def test_the_same_repository_twice_is_allowed_and_said(town: Town, repository: Repository) -> None:
    """A second app of one repository is told of the first."""
    await town.ask(ANN, "register-app", f"billing-bot {repository}")
    answer = await town.ask(ANN, "register-app", f"refund-bot {repository}")
    assert any("registered as billing-bot too" in note for note in answer.notes)


async def test_a_channel_the_bot_is_not_in_says_how_to_invite_it(town: Town, repository: Repository) -> None:
    """Registration goes through; the answer and the card name the mend."""
    answer = await town.ask(ANN, "register-app", f"billing-bot {repository} --channel {QUIET}")
    assert "I am not in #quiet: type /invite @Groundcrew there." in answer.notes
    assert "/invite @Groundcrew" in (await card(town)).trouble


async def test_an_app_without_a_channel_has_its_thread_in_the_reliability_channel(
    town: Town, repository: Repository
) -> None:
    """Somebody always sees the card, and whoever registered it in a direct conversation learns where."""
    answer = await town.ask(ANN, "register-app", f"billing-bot {repository}", at="DANN")
    assert f"in its thread in <#{RELIABILITY}>" in answer.notes[-1]
    await town.tick()
    assert len(town.said(Card, RELIABILITY)) == 1


async def test_an_app_has_its_thread_where_it_was_registered(town: Town, repository: Repository) -> None:
    """In words as in the form; the answer names the channel, and says how to invite the bot where it is missing."""
    answer = await town.ask(ANN, "register-app", f"billing-bot {repository}")
    assert answer.card.app.channel == APPS
    assert f"in its thread in <#{APPS}>" in answer.notes[-1]
    answer = await town.ask(ANN, "register-app", f"refund-bot {repository}", at=QUIET)
    assert (answer.card.app.channel, len(answer.notes)) == (QUIET, 4)
    assert answer.notes[0].startswith(f"<#{QUIET}> is its channel, since you asked there")
    assert answer.notes[0].endswith("<!code^/register-app refund-bot> changes it.")
    assert "I am not in #quiet: type /invite @Groundcrew there." in answer.notes
    for words in ("", "sound-notes"):
        form = await town.ask(ANN, "register-app", words, at=QUIET)
        assert form.fields["channel"] == QUIET
        assert not (await town.ask(ANN, "register-app", words, at="DANN")).fields["channel"]
    await town.tick()
    await town.ask(CY, "check-app", "billing-bot")
    await town.tick()
    report_id = town.said(Checked, APPS)[-1].report_id
    assert (await town.ask(ANN, "register-app", id=report_id)).fields["channel"] == APPS


async def test_its_owner_changes_an_app_in_the_same_form(town: Town, repository: Repository) -> None:
    """The form comes filled in; the change is audited, judged and asked about."""
    await town.ask(ANN, "register-app", f"billing-bot {repository} --channel #apps")
    await town.tick()
    form = await town.ask(ANN, "register-app", "BILLING-BOT")
    assert isinstance(form, RegisterForm)
    assert form.app_id is not None
    assert form.fields["owner"] == ANN
    said = await town.ask(ANN, "register-app", id=form.app_id, **form.fields | {"backup": BO, "data": "none"})
    assert "I have asked @bo to answer for it." in said.text
    with pytest.raises(Refused, match="is owned by @ann"):
        await town.ask(CY, "register-app", "billing-bot")
    with pytest.raises(Refused, match="Only the owner of billing-bot, its backup and admins"):
        await town.ask(CY, "register-app", id=form.app_id, **form.fields)
    await town.tick()
    (root,) = town.said(Card, APPS)
    assert root.app.data is DataClass.NONE
    assert town.said(OwnershipAsked, BO)
    async with town.world.database.read() as transaction:
        entries = await audit.entries(transaction, form.app_id)
    assert [entry.detail for entry in entries if entry.what == "change app"] == [{"data": ["", "none"]}]


async def test_another_channel_gets_a_card_of_its_own(town: Town, repository: Repository) -> None:
    """The thread goes on under the new root."""
    await town.ask(ANN, "register-app", f"billing-bot {repository}", at=RELIABILITY)
    await town.tick()
    form = await town.ask(ANN, "register-app", "billing-bot")
    await town.ask(ANN, "register-app", id=form.app_id, **form.fields | {"channel": APPS})
    await town.tick()
    assert len(town.said(Card, APPS)) == 1
    await town.ask(ANN, "check-app", "billing-bot")
    await town.tick()
    assert len(town.said(Checked, APPS, in_thread=True)) == 1


async def test_another_repository_is_checked_anew(town: Town, repository: Repository, tmp_path: Path) -> None:
    """The verdict on the old code no longer stands, and the new code is no regression of it."""
    await town.ask(ANN, "register-app", f"billing-bot {repository} --channel #apps")
    await town.tick()
    other = Repository(tmp_path / "other")
    form = await town.ask(ANN, "register-app", "billing-bot")
    said = await town.ask(ANN, "register-app", id=form.app_id, **form.fields | {"repository": str(other)})
    assert "new repository is being checked" in said.text
    await town.tick()
    assert [one.report.repository for one in town.said(Checked, APPS)] == [str(repository), str(other)]


@pytest.mark.parametrize("person", [EVE, "USTRANGER"])
@pytest.mark.parametrize("order", ["register-app", "check-app", "page-owner", "apps"])
async def test_guests_and_strangers_get_one_sentence(town: Town, person: str, order: str) -> None:
    """Only members of the workspace may do anything."""
    with pytest.raises(Refused, match="Only members of this workspace may "):
        await town.ask(person, order, "billing-bot")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ('billing-bot "https://github.com/a/b', "A quote is not closed"),
        ("billing-bot https://github.com/a/b --reop x", r"Unknown option --reop. Did you mean --repo\?"),
        ("billing-bot https://github.com/a/b --foo x", r"Unknown option --foo. There are --repo, --owner,"),
        ("x ftp://y", r"This one is too short\.\n"),
        ("billing-bot https://github.com/a/b --data secret", r"is not one of none, internal, personal, payment\.$"),
        ("billing-bot https://github.com/a/b --data persnal", r"Did you mean personal\?"),
        ("billing-bot https://github.com/a/b @ann extra", "do not understand the last words"),
        ("billing-bot --backup @bo", r"^Where is its code\? Give the https:// address of its repository\.$"),
        ("billing-bot https://github.com/a/b --owner", "--owner needs a value"),
        ("x" * 4000, "has 4,000 characters"),
        ("billing-bot \x00", r"not text \(U\+0000\)"),
        ("billing-bot \ud800", r"not text \(U\+D800\)"),
        ("all https://github.com/a/b", "is a word of /apps"),
    ],
)
async def test_bad_words_are_answered_plainly(town: Town, words: str, says: str) -> None:
    """What cannot be read, and what is no option or no name, is told with what to type instead."""
    with pytest.raises(Refused, match=says):
        await town.ask(ANN, "register-app", words)


async def test_typographic_quotes_and_spaces_are_plain_ones(town: Town, repository: Repository) -> None:
    """What a phone makes of what was typed is understood."""
    words = f"billing-bot\u00a0{repository} —purpose “Sends invoices &amp; refunds”"
    answer = await town.ask(ANN, "register-app", words)
    assert answer.card.app.purpose == "Sends invoices & refunds"
