"""The Home tab: the reader's own apps, and one plain example of each thing that can be typed."""

from __future__ import annotations

from collections.abc import Iterable

from bot.views import app_list
from bot.views.block_kit import Json, actions, button, context, divider, header, section
from bot.views.text import esc
from commands.command import Command
from commands.news import AppList


def view(apps: AppList | None, commands: Iterable[Command]) -> Json:
    """Show the Home tab; *apps* is None for people who may not use the bot."""
    blocks: list[Json | None] = [
        header("Where may this app run?"),
        section(
            "I keep a register of the apps people built, check where each may run, and page whoever answers for it."
        ),
    ]
    if apps is not None:
        blocks += [
            actions(button("Register an app", "register-app", "", style="primary")),
            divider(),
            section(f"*{esc(apps.title)}*"),
            *(app_list.rows(apps) or [section("None yet.")]),
            context(esc(apps.hint)) if apps.rows and apps.hint else None,
        ]
    blocks += [divider(), section("*What you can type, anywhere*")]
    blocks += [section(f"`{esc(one.example or one.slash)}`", esc(one.summary)) for one in commands if one.slash]
    blocks += [
        context("With “help” behind it each says all that it takes: `/register-app help`."),
        context("Only you see what a command answers; verdicts and news stand where everybody there sees them."),
    ]
    return {"type": "home", "blocks": [block for block in blocks if block is not None]}
