"""The form of /register-app, with help at each field."""

from __future__ import annotations

from bot.views.block_kit import Form, Json, Option, channel_select, modal, person_select, select, text_input
from bot.views.card import AUDIENCES, DATA, EXPOSURES
from bot.views.places import NAMES
from checks.model import Placement
from commands.news import RegisterForm

_DATA = [Option(one.value, words) for one, words in DATA.items()]
_AUDIENCES = [Option(one.value, words) for one, words in AUDIENCES.items()]
_EXPOSURES = [Option(one.value, words) for one, words in EXPOSURES.items()]
_WANTED = [Option(place.value, NAMES[place]) for place in Placement if place is not Placement.NOWHERE]


def view(news: RegisterForm) -> Form:
    """Show the form with what is known already."""
    given = news.fields
    return modal(
        "Change an app" if news.app_id else "Register an app",
        [*_what(given), *_who(given), *_where(given)],
        order="register-app",
        submit="Save" if news.app_id else "Register",
        memory=news.app_id or "",
    )


def _what(given: dict[str, str]) -> list[Json]:
    name_hint = "How people will page its owner: letters, digits, - _ ."
    address = "https://github.com/acme/billing-bot"
    night = "One sentence, for whoever is woken by it at night."
    return [
        text_input("name", "Name", given.get("name", ""), hint=name_hint, example="billing-bot"),
        text_input(
            "repository",
            "Repository",
            given.get("repository", ""),
            hint="The https address of its code.",
            example=address,
        ),
        text_input("purpose", "What it is for", given.get("purpose", ""), hint=night, optional=True),
    ]


def _who(given: dict[str, str]) -> list[Json]:
    owner = "Answers for it, and is paged when it breaks. I will ask them."
    backup = "Is paged when the owner does not answer. I will ask them too."
    beyond = "Is told after the backup: a user group such as @sre, or an on-call schedule such as on-call:payments."
    data = "Left open, it counts as payment data."
    audience = "Left open, it counts as open to anyone."
    exposure = "Left open, it counts as open to the internet."
    return [
        person_select("owner", "Owner", given.get("owner", ""), hint=owner, optional=True),
        person_select("backup", "Backup", given.get("backup", ""), hint=backup, optional=True),
        text_input("escalates_to", "Escalates to", given.get("escalates_to", ""), hint=beyond, optional=True),
        select("data", "Most sensitive data it touches", _DATA, given.get("data", ""), hint=data, optional=True),
        select("audience", "Who uses it", _AUDIENCES, given.get("audience", ""), hint=audience, optional=True),
        select("exposure", "Reached from", _EXPOSURES, given.get("exposure", ""), hint=exposure, optional=True),
    ]


def _where(given: dict[str, str]) -> list[Json]:
    wanted = given.get("wanted", Placement.PRODUCTION.value)
    channel = "Its card and its thread stand there. Invite me to it first."
    builder = "Lovable, Cursor, Claude Code, ..."
    return [
        select("wanted", "Where you want to run it", _WANTED, wanted),
        channel_select("channel", "Channel for its news", given.get("channel", ""), hint=channel, optional=True),
        text_input("live_url", "Live address", given.get("live_url", ""), hint="Where it runs now.", optional=True),
        text_input("built_with", "Built with", given.get("built_with", ""), example=builder, optional=True),
    ]
