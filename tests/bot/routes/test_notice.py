"""What every second route says of who was told: no more than what is known."""

from dataclasses import replace
from datetime import timedelta

from bot.routes.notice import notice
from commands.moments import for_reader
from commands.people import mention
from storage.model import Told
from tests.bot.routes.pages import NOW, PAGE, about
from tests.world import Phonebook


async def test_what_slack_has_not_taken_is_not_told_as_done() -> None:
    """Whoever reads the mail must not believe that somebody has the page in Slack."""
    log = (
        Told(0, "UANN", NOW, delivered_at=NOW),
        Told(1, "UBO", NOW + timedelta(minutes=5)),
        Told(2, "CRELIABILITY", NOW + timedelta(minutes=10), failed="it is archived"),
    )
    text = (await notice(about(replace(PAGE, told=log)))).text
    assert "09:00 UTC: the owner in Slack\n" in text
    assert "on call (Nights) in Slack: Slack has not taken it yet\n" in text
    assert "the reliability channel in Slack: not reached, it is archived\n" in text


async def test_what_a_page_notes_is_said_by_every_route() -> None:
    """That a step goes out late, and since when, matters most where Slack was away; times are in UTC."""
    note = f"This step was due {for_reader(NOW)} and goes out 14 min late."
    text = (await notice(about(replace(PAGE, notes=(note,))))).text
    assert "This step was due 23 Nov 2026, 09:00 UTC and goes out 14 min late.\n" in text


async def test_people_in_notes_have_names_where_they_are_known() -> None:
    """No text holds an id of Slack's, whether Slack was away when the note was written or is now."""
    said = about(replace(PAGE, notes=(f"Nights is {mention('UANN')} now.", f"{mention('UNEW')} acknowledged it.")))
    text = (await notice(said, Phonebook())).text
    assert "Nights is Ann now.\nSomebody acknowledged it.\n" in text
    assert "Nights is somebody now.\nSomebody acknowledged it.\n" in (await notice(said)).text
