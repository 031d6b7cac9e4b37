"""The form behind "Not me, it is ..."."""

from __future__ import annotations

from bot.views.block_kit import Form, context, modal, person_select, section
from bot.views.text import esc
from commands.news import NameSomebodyForm


def view(news: NameSomebodyForm) -> Form:
    """Ask who it is."""
    return modal(
        "Who is it?",
        [
            section(f"Who should be the *{news.role.value}* of *{esc(news.app.name)}*? I will ask them the same."),
            context("Cancel changes nothing: you can still accept."),
            person_select(
                "person", "Person", hint="Left empty, I tell whoever named you that it is not you.", optional=True
            ),
        ],
        order="name-somebody",
        submit="Tell",
        memory=f"{news.app.id}:{news.role.value}",
    )
