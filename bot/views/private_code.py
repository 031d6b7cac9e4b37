"""To the admins: may the bot use its own access to an app's repository? What follows from it, and one button."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views.block_kit import Post, actions, button, context, post, section
from bot.views.people import answering
from bot.views.text import esc, linked, person, when
from commands.news import PrivateAsked

_MEANS = (
    "• I read this repository with my own token, private as it may be, and ask its host about reviews and CI.",
    "• Whoever answers for the app, approvers and admins see what the checks find in it; its channel sees counts.",
    "• It ends when the app gets another repository.",
)


def view(news: PrivateAsked) -> Post:
    """Ask, or show who allowed it and when."""
    name, request = news.app.name, news.request
    about = section(f":lock: *May I use my own access to the code of {esc(name)}?*", *_about(news))
    if request.answered_at is not None:
        said = f"No longer needed since {when(request.answered_at)}: the app has another repository."
        if request.allowed_by is not None:
            said = f":white_check_mark: {person(request.allowed_by)} allowed it on {when(request.answered_at)}."
        return post(f"The code of {name}: answered.", [about, section(said)])
    return post(
        f"May I use my own access to the code of {name}?",
        [
            about,
            section("*If you let me*", *_MEANS),
            actions(
                button("Let me read it", "allow-private", request.id, style="primary", about=f"Let me read {name}")
            ),
            context("Only an admin can. Let me only where the people named here may read that repository."),
        ],
    )


def _about(news: PrivateAsked) -> Iterator[str]:
    yield f"Code: {linked(news.request.repository, 500)}"
    still = "" if news.readers else ": they can still name who does"
    yield f"{answering(news.app.registered_by, news.readers)}{still}."
