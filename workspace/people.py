"""Who and what exists in the local workspace: five people, the bot, four channels and a user group.

The ids are fixed, so that tests, examples and documentation can name them.
"""

from dataclasses import dataclass

TEAM_ID = "T0LOCAL"
TEAM_NAME = "Local workspace"
TEAM_DOMAIN = "local-workspace"

BOT_USER = "U0CREW"
BOT_ID = "B0CREW"
BOT_NAME = "Groundcrew"
APP_ID = "A0CREW"
SLACKBOT = "USLACKBOT"

BOT_TOKEN = "xoxb-local-workspace"  # noqa: S105 -- opens nothing but this process, on loopback
APP_TOKEN = "xapp-local-workspace"  # noqa: S105 -- the same


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be acted as on the page. *tz_offset* is in seconds."""

    id: str
    name: str
    real_name: str
    title: str
    tz: str
    tz_label: str
    tz_offset: int
    is_admin: bool = False
    is_restricted: bool = False
    is_bot: bool = False

    @property
    def email(self) -> str:
        """Give the address, which exists nowhere."""
        return f"{self.name}@example.test"


@dataclass(frozen=True, slots=True)
class Channel:
    """A public channel. *bot_inside* says whether the bot is a member when the workspace is new."""

    id: str
    name: str
    purpose: str
    members: tuple[str, ...]
    bot_inside: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """A user group, which is mentioned as ``<!subteam^ID>``."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...]


_LONDON = ("Europe/London", "Greenwich Mean Time", 0)
_BERLIN = ("Europe/Berlin", "Central European Time", 3600)
_NEW_YORK = ("America/New_York", "Eastern Standard Time", -18000)

PEOPLE = (
    Person("U0ANN", "ann", "Ann Lee", "Marketing, builds apps with AI", *_LONDON),
    Person("U0BO", "bo", "Bo Chen", "Marketing operations, Ann's backup", *_BERLIN),
    Person("U0EVE", "eve", "Eve Park", "Reliability engineer", *_BERLIN, is_admin=True),
    Person("U0MAX", "max", "Max Roy", "Finance", *_NEW_YORK),
    Person("U0GUS", "gus", "Gus Guest", "Contractor (guest)", *_NEW_YORK, is_restricted=True),
)
BOT = Person(BOT_USER, "groundcrew", BOT_NAME, "", *_LONDON, is_bot=True)

_STAFF = tuple(person.id for person in PEOPLE if not person.is_restricted)

CHANNELS = (
    Channel("C0GENERAL", "general", "Everybody and everything", (*_STAFF, "U0GUS")),
    Channel("C0APPS", "apps", "Apps that people built, and how they fare", (*_STAFF, "U0GUS")),
    Channel("C0RELIABILITY", "reliability", "Where nobody answered in time", _STAFF),
    Channel("C0FINANCE", "finance-tools", "The bot has not been invited here", _STAFF, bot_inside=False),
)

GROUPS = (Group("S0PLATFORM", "platform-team", "Platform team", ("U0EVE", "U0BO")),)

CREATED = 1_760_000_000  # seconds since 1970: when the channels and people were made, a fixed past moment


def person(named: str) -> Person | None:
    """Find a person or the bot by id or by handle, with or without its ``@``."""
    wanted = named.removeprefix("@")
    return next((one for one in (*PEOPLE, BOT) if wanted in {one.id, one.name}), None)


def direct_channel(person_id: str) -> str:
    """Give the id of the direct conversation between the bot and *person_id*, such as ``D0ANN``."""
    return "D" + person_id[1:]
