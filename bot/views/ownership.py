"""To a person: will you answer for this app? What that means, in three lines, and two buttons."""

from __future__ import annotations

from bot.views.block_kit import Post, actions, button, context, post, section
from bot.views.text import esc, linked, person
from commands.news import OwnershipAsked
from storage.model import Role

_MEANS = {
    Role.OWNER: (
        "• You answer for what it does, and say who may use it.",
        "• You are paged first when it breaks, and are told when a check finds something worse.",
        "• You can hand it over to somebody else at any time.",
    ),
    Role.BACKUP: (
        "• You are paged when its owner does not answer.",
        "• You see its findings, as its owner does.",
        "• You can step back at any time.",
    ),
}


def view(news: OwnershipAsked) -> Post:
    """Ask, or show what was answered."""
    name, role = esc(news.app.name), news.role.value
    asked = f"{person(news.asked_by)} says you are the *{role}* of *{name}*."
    about = [f"It is for: {esc(news.app.purpose, 500)}"] if news.app.purpose else []
    if news.answer:
        return post(f"{news.app.name}: {news.answer}", [section(asked), section(esc(news.answer, 2000))])
    value = f"{news.app.id}:{role}"
    return post(
        f"Will you be the {role} of {news.app.name}?",
        [
            section(asked, *about, f"Code: {linked(news.app.repository, 500)}"),
            section("*What you take on*", *_MEANS[news.role]),
            actions(
                button(
                    "I own it" if news.role is Role.OWNER else "I am the backup", "accept-app", value, style="primary"
                ),
                button("Not me, it is …", "decline-app", value),
            ),
            context("Until somebody accepts it, its best place is the sandbox.") if news.role is Role.OWNER else None,
        ],
    )
