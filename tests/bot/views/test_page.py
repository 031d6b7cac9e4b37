"""What stands on a page, for whoever is woken by it."""

from dataclasses import replace
from datetime import timedelta

from bot.render import render
from bot.views.block_kit import Post
from commands.page_news import Paged, PageLog, PageRehearsal, Rehearsed, RehearsedPerson, StillOnIt
from commands.people import mention
from tests.bot.views.samples import ACKNOWLEDGED, APP, LOGGED, ON_CALL, PAGE, STEPS
from tests.workspace_message import Message


def test_a_page_says_what_the_app_is_and_where() -> None:
    """Its purpose, its live address, its thread and its code can be read and opened from the page."""
    app = replace(APP, purpose="Sends the invoices", live_url="https://pay.example/x", thread_channel="C0APPS")
    shown = render(Paged(PAGE, app))
    assert isinstance(shown, Post)
    words = Message("C1", {"text": shown.text, "blocks": list(shown.blocks)}).words
    for said in ("Sends the invoices", "Runs at <https://pay.example/x>", "in <#C0APPS>", f"Code: <{APP.repository}>"):
        assert said in words


def words(news: object) -> str:
    """Everything there is to read in the view of *news*."""
    shown = render(news)
    assert isinstance(shown, Post)
    return Message("C1", {"text": shown.text, "blocks": list(shown.blocks)}).words


def test_a_note_mentions_whom_it_names() -> None:
    """On the page and in its log; what somebody else wrote mentions nobody."""
    note = f"{mention('U0ANN')} acknowledged it; <@U0BO> did not."
    for news in (Paged(replace(PAGE, notes=(note,)), APP), PageLog(replace(LOGGED, notes=(note,)), APP)):
        assert "<@U0ANN> acknowledged it; &lt;@U0BO&gt; did not." in words(news)


def test_whoever_did_not_answer_reads_which_page_is_open_again() -> None:
    """The app may have several; the notice that a locked telephone shows says it, too."""
    shown = render(StillOnIt(ACKNOWLEDGED, APP, answer="It is open again: others are told now."))
    assert isinstance(shown, Post)
    assert shown.text == "billing-bot: refunds are sent twice – It is open again: others are told now."
    assert ACKNOWLEDGED.what in str(shown.blocks)
    assert "show-page-log" in str(shown.blocks)


def test_a_rehearsal_says_lengths_to_the_second() -> None:
    """80 seconds are no minute; every minute is not every 1 minute."""
    steps = (
        Rehearsed(STEPS[0], timedelta(0), (RehearsedPerson("U0ANN"),)),
        Rehearsed(ON_CALL, timedelta(seconds=80), (RehearsedPerson("U0BO"),)),
        Rehearsed(replace(STEPS[2], wait=timedelta(minutes=1)), timedelta(minutes=5), (RehearsedPerson("C0R"),)),
    )
    said = words(PageRehearsal(APP, steps, (), ("email",), timedelta(seconds=40)))
    for part in (
        "after 1 min 20 s without",
        "after 5 minutes without",
        "again every minute, until",
        "for 40 seconds or",
    ):
        assert part in said
    assert "A page for billing-bot would go 3 steps; nobody was told." in said
