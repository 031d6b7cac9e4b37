"""What is read of an on-call schedule: who is on, who is next, and what it goes by."""

from dataclasses import replace

from bot.render import render
from bot.views.block_kit import Post
from commands.on_call_news import OnCallShown
from tests.bot.views.samples import BOUGHT, NIGHTS


def text(news: OnCallShown) -> str:
    """Return all paragraphs."""
    shown = render(news)
    assert isinstance(shown, Post)
    return "\n".join(str(block.get("text", block)) for block in shown.blocks)


def test_a_rota_is_told_whole() -> None:
    """Who is on until when, by an override, who follows, the turns, and the overrides with who made them."""
    said = text(OnCallShown((NIGHTS,), 1, whole=True))
    for part in (
        "*Nights*: <@U0ANN> is on call now until <!date^",
        "(an override)",
        "Then: <@U0BO>.",
        "handed over on Monday at 09:00 (Europe/Berlin): <@U0ANN> → <@U0BO>",
        "by <@U0DEE>",
    ):
        assert part in said


def test_that_nobody_is_on_call_stands_out() -> None:
    """With whom the calendar names, what it cannot be read for, and how old it is."""
    said = text(OnCallShown((BOUGHT,), 1, whole=True))
    for part in (
        ":warning: *Nobody* is on call now",
        "names zoe@acme.example, @zoe, whom nobody here has",
        "name nobody: Party",
        "cannot be read since",
        "a calendar of calendar.example, read <!date^",
    ):
        assert part in said


def test_a_list_is_short() -> None:
    """Turns and overrides are in the view of one schedule alone."""
    said = text(OnCallShown((NIGHTS, replace(NIGHTS, name="Days")), 2))
    assert "*Days*: <@U0ANN> is on call" in said
    assert "Europe/Berlin" not in said
