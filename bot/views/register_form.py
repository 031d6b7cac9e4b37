"""The form of /register-app, with help at each field."""

from __future__ import annotations

from bot.views.block_kit import Form, Option, channel_select, modal, person_select, select, text_input
from bot.views.card import AUDIENCES, DATA
from bot.views.places import NAMES
from checks.model import Placement
from commands.news import RegisterForm

_WANTED = [place for place in Placement if place is not Placement.NOWHERE]


def view(news: RegisterForm) -> Form:
    """Show the form with what is known already."""
    given = news.fields
    return modal(
        "Change an app" if news.app_id else "Register an app",
        [
            text_input(
                "name",
                "Name",
                given.get("name", ""),
                hint="How people will page its owner: letters, digits, - _ .",
                example="billing-bot",
            ),
            text_input(
                "repository",
                "Repository",
                given.get("repository", ""),
                hint="The https address of its code.",
                example="https://github.com/acme/billing-bot",
            ),
            text_input(
                "purpose",
                "What it is for",
                given.get("purpose", ""),
                hint="One sentence, for whoever is woken by it at night.",
                optional=True,
            ),
            person_select(
                "owner",
                "Owner",
                given.get("owner", ""),
                hint="Answers for it, and is paged when it breaks. I will ask them.",
                optional=True,
            ),
            person_select(
                "backup",
                "Backup",
                given.get("backup", ""),
                hint="Is paged when the owner does not answer. I will ask them too.",
                optional=True,
            ),
            select(
                "data",
                "Most sensitive data it touches",
                [Option(one.value, words) for one, words in DATA.items()],
                given.get("data", ""),
                hint="Left open, it counts as payment data.",
                optional=True,
            ),
            select(
                "audience",
                "Who uses it",
                [Option(one.value, words) for one, words in AUDIENCES.items()],
                given.get("audience", ""),
                hint="Left open, it counts as open to anyone.",
                optional=True,
            ),
            select(
                "wanted",
                "Where you want to run it",
                [Option(place.value, NAMES[place]) for place in _WANTED],
                given.get("wanted", Placement.PRODUCTION.value),
            ),
            channel_select(
                "channel",
                "Channel for its news",
                given.get("channel", ""),
                hint="Its card and its thread stand there. Invite me to it first.",
                optional=True,
            ),
            text_input("live_url", "Live address", given.get("live_url", ""), hint="Where it runs now.", optional=True),
            text_input(
                "built_with",
                "Built with",
                given.get("built_with", ""),
                hint="The AI builder, if any.",
                example="Lovable, Cursor, Claude Code, ...",
                optional=True,
            ),
        ],
        order="register-app",
        submit="Save" if news.app_id else "Register",
        memory=news.app_id or "",
    )
