"""What every second route says of who was told: no more than what is known."""

from dataclasses import replace
from datetime import timedelta

from bot.routes.notice import notice
from storage.model import Told
from tests.bot.routes.pages import NOW, PAGE, about


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
