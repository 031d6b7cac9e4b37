"""What stands on a page, for whoever is woken by it."""

from dataclasses import replace

from bot.render import render
from bot.views.block_kit import Post
from commands.page_news import Paged
from tests.bot.views.samples import APP, PAGE
from tests.workspace_message import Message


def test_a_page_says_what_the_app_is_and_where() -> None:
    """Its purpose, its live address, its thread and its code can be read and opened from the page."""
    app = replace(APP, purpose="Sends the invoices", live_url="https://pay.example/x", thread_channel="C0APPS")
    shown = render(Paged(PAGE, app))
    assert isinstance(shown, Post)
    words = Message("C1", {"text": shown.text, "blocks": list(shown.blocks)}).words
    for said in ("Sends the invoices", "Runs at <https://pay.example/x>", "in <#C0APPS>", f"Code: <{APP.repository}>"):
        assert said in words
