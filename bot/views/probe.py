"""To the admins: may the bot look at an app where it runs? What it asks there, and one button."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views.block_kit import Post, actions, button, context, post, section
from bot.views.people import answering
from bot.views.text import esc, linked, person, when
from commands.news import ProbeAsked

_MEANS = (
    "• At every check I ask it for its first page and its scripts, and look at its certificate.",
    "• I ask some sixty addresses at which files and debug pages are left by mistake: nothing but GET, and no login.",
    "• To whoever owns that address this can look like the beginning of an attack.",
    "• It ends when the app gets another address.",
)


def view(news: ProbeAsked) -> Post:
    """Ask, or show who allowed it and when."""
    name, request = news.app.name, news.request
    about = section(f":satellite_antenna: *May I look at {esc(name)} where it runs?*", *_about(news))
    if request.answered_at is not None:
        said = f"No longer needed since {when(request.answered_at)}: the app has another address."
        if request.allowed_by is not None:
            said = f":white_check_mark: {person(request.allowed_by)} allowed it on {when(request.answered_at)}."
        return post(f"{name} where it runs: answered.", [about, section(said)])
    return post(
        f"May I look at {name} where it runs?",
        [
            about,
            section("*If you let me*", *_MEANS),
            actions(
                button("Let me look at it", "allow-probe", request.id, style="primary", about=f"Let me look at {name}")
            ),
            context("Only an admin can. Let me only where that address belongs to your company, and is this app's."),
        ],
    )


def _about(news: ProbeAsked) -> Iterator[str]:
    yield f"Address: {linked(news.request.live_url, 500)}"
    yield f"Code: {linked(news.app.repository, 500)}"
    yield f"{answering(news.app.registered_by, news.owners)}."
