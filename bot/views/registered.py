"""An app was registered: what happens next."""

from __future__ import annotations

from bot.views import card
from bot.views.block_kit import Post, context, post, section
from bot.views.text import esc, person, with_channels
from commands.news import Registered
from storage.model import Role


def _asked(news: Registered, asked: str) -> str:
    roles = [one.role for one in news.card.owners if one.person == asked]
    return f"{person(asked)} {'to be its backup' if roles == [Role.BACKUP] else 'to take it on'}"


def view(news: Registered) -> Post:
    """Show the new app to whoever registered it."""
    app = news.card.app
    lines = [f":white_check_mark: *{esc(app.name)} is registered.*"]
    if news.asked:
        lines.append(f"I have asked {' and '.join(_asked(news, one) for one in news.asked)}.")
    lines += [with_channels(note) for note in news.notes]
    shown = [block for block in card.view(news.card).blocks if block["type"] not in {"header", "actions"}]
    return post(f"{app.name} is registered.", [section(*lines), *shown[:40], context("/apps shows it again.")])
