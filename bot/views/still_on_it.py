"""To whoever acknowledged a page: the question whether they are still on it."""

from __future__ import annotations

from bot.views import rich
from bot.views.block_kit import Post, actions, button, header, post, section
from bot.views.text import esc, when
from commands.page_news import StillOnIt


def view(news: StillOnIt) -> Post:
    """Ask, or say what became of the question."""
    page, name = news.page, news.app.name
    if news.answer:
        log = actions(button("Log", "show-page-log", page.id, about=f"Log of the page for {name}"))
        said = [header(f"Page for {name}"), section(esc(news.answer, 500)), rich.quote(page.what), log]
        return post(f"{name}: {page.what[:300]} – {news.answer}", said)
    opens = f" Without an answer it is open again {when(news.opens_at)}, and others are told." if news.opens_at else ""
    since = f" since {when(page.acknowledged_at)}" if page.acknowledged_at else ""
    blocks = [
        header(f"Still on it? {name}"),
        actions(
            button("Still on it", "still-on-it", page.id, style="primary", about=f"Still on the page for {name}"),
            button("Resolve", "resolve-page", page.id, about=f"Resolve the page for {name}"),
        ),
        section(f"You are on the page for *{esc(name)}*{since}.{opens}"),
        rich.quote(page.what),
    ]
    return post(f"Are you still on it? The page for {name}: {page.what}", blocks)
