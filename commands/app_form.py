"""
What is asked about an app when it is registered or changed: read from a form or from words, checked, put in place.

Every fault is found at once and stands at its field, in a form as in words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from checks.gather.live import never_asked
from checks.gather.site_address import parse_site
from checks.model import Audience, CheckError, DataClass, Exposure, Placement
from commands import escalates_to
from commands.command import InvalidForm, Refused
from commands.people import unfit, with_names
from commands.targets import target_of
from commands.words import nearest, readable
from commands.world import World
from storage.model import Acceptance, App, Owner
from storage.names import clean_name, name_fault, name_key

#: Longest texts, in characters, by field.
_LONGEST = {"purpose": 500, "built_with": 100, "live_url": 500, "repository": 500, "name": 300}
BACKUP_IS_OWNER = "The backup must be somebody else than the owner; whoever registers it owns it where nobody is named."
#: A name or an address; an underscore is not allowed in names of hosts, and yet stands in many inside a network.
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?|[0-9a-f:]+(%\w+)?")
#: What no address holds as it is (RFC 3986), and what would end the link that is made of it.
_NOT_IN_ADDRESSES = re.compile(r"[\s<>|\"\\^`{}\x00-\x20\x7f]")
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, checked: the *fields* of storage.model.App, and who is to be asked (ids, None: nobody)."""

    fields: Mapping[str, Any]
    owner: str | None
    backup: str | None

    def put_in(self, app: App) -> App:
        """Return *app* with what was answered."""
        return replace(app, **self.fields)


async def read_answers(
    given: Mapping[str, str], world: World, *, owner_else: str | None = None, only: Collection[str] = ()
) -> Answers:
    """
    Return what *given* says; raises InvalidForm with a sentence for each field that is wrong.

    *owner_else* owns the app where *given* names nobody. Where *only* names fields, faults of others are let be.
    """
    faults: dict[str, str] = {}
    given = {name: _text(name, value, faults) for name, value in given.items()}
    fields: dict[str, Any] = {name: given.get(name, "") for name in ("purpose", "live_url", "built_with")}
    fields |= _named(given, faults)
    fields["repository"] = _repository(given.get("repository", ""), world, faults)
    fields["data"] = _word("data", DataClass, given, faults)
    fields["audience"] = _word("audience", Audience, given, faults)
    fields["exposure"] = _word("exposure", Exposure, given, faults)
    fields["wanted"] = _word("wanted", Placement, given, faults) or Placement.PRODUCTION
    fields["channel"] = await _channel(given.get("channel", ""), world, faults)
    fields["escalates_to"] = await _escalates_to(given.get("escalates_to", ""), world, faults)
    _check_live_url(given.get("live_url", ""), faults)
    owner = await _person("owner", given, world, faults)
    backup = await _person("backup", given, world, faults)
    if backup is not None and backup == (owner if given.get("owner") else owner_else):
        faults.setdefault("backup", BACKUP_IS_OWNER)
    if only:
        faults = {name: fault for name, fault in faults.items() if name in only}
    if faults:
        raise InvalidForm(faults)
    return Answers(fields, owner, backup)


def answers_of(app: App, owners: tuple[Owner, ...]) -> dict[str, str]:
    """Return the fields of the form as they are for *app* now; whoever declined is not named again by saving it."""
    known = (
        *("name", "repository", "purpose", "live_url", "built_with"),
        *("data", "audience", "exposure", "wanted", "channel"),
    )
    fields = {name: str(getattr(app, name) or "") for name in known}
    fields["escalates_to"] = escalates_to.parse(app.escalates_to).written if app.escalates_to else ""
    return fields | {one.role.value: one.person for one in owners if one.acceptance is not Acceptance.DECLINED}


def _text(name: str, value: str, faults: dict[str, str]) -> str:
    try:
        return readable(value, _LONGEST.get(name, 300), "This")
    except Refused as refused:
        faults[name] = str(refused)
        return ""


def _named(given: Mapping[str, str], faults: dict[str, str]) -> dict[str, str]:
    name = clean_name(given.get("name", ""))
    fault = name_fault(name)
    if fault:
        faults.setdefault("name", fault)
    return {"name": name, "key": name_key(name)}


def _repository(text: str, world: World, faults: dict[str, str]) -> str:
    if not text.strip():
        faults.setdefault("repository", "Where is its code? Give the https:// address of its repository.")
        return ""
    try:
        target = target_of(text, world)
    except CheckError as error:
        faults.setdefault("repository", str(error))
        return ""
    return target.name if target.folder is None else str(target.folder)


def _word(name: str, kind: type[Word], given: Mapping[str, str], faults: dict[str, str]) -> Word | None:
    text = given.get(name, "").lower()
    if not text or text in set(kind):
        return kind(text) if text else None
    near = nearest(text, list(kind))
    faults.setdefault(name, f"“{text}” is not one of {', '.join(kind)}." + (f" Did you mean {near}?" if near else ""))
    return None


async def _channel(text: str, world: World, faults: dict[str, str]) -> str | None:
    if not text:
        return None
    found = await world.directory.find_channel(text)
    if found is None:
        faults["channel"] = (
            f"I see no channel {await with_names(world, text)}. If it is private, type /invite @Groundcrew there first."
        )
    return found


async def _escalates_to(text: str, world: World, faults: dict[str, str]) -> str:
    if not text:
        return ""
    found = await escalates_to.read(text, world)
    if isinstance(found, str):
        faults.setdefault("escalates_to", found)
        return ""
    return found.kept


async def _person(name: str, given: Mapping[str, str], world: World, faults: dict[str, str]) -> str | None:
    text = given.get(name, "")
    if not text:
        return None
    person = await world.directory.find_person(text)
    if person is None:
        text = await with_names(world, text)
        faults[name] = f"I cannot find {text} here: pick the person from the list, or write @ and their name."
    elif unfit(person):
        faults[name] = f"@{person.handle or person.name} {unfit(person)}: name somebody else."
    return person.id if person else None


def _check_live_url(text: str, faults: dict[str, str]) -> None:
    if not text:
        return
    try:
        url = urlsplit(text)
        right = url.scheme in {"http", "https"} and _HOST.fullmatch(url.hostname or "") and url.port != 0
        secret = "@" in url.netloc
    except ValueError:  # also for a port above 65535
        right, secret = None, False
    if secret:
        faults.setdefault("live_url", "Do not put a password in the address; it is now in Slack's history: change it.")
    elif not right or _NOT_IN_ADDRESSES.search(text):
        faults.setdefault("live_url", "Only http and https addresses, such as https://billing.example.com.")
    elif not faults.get("live_url"):
        try:
            # At any port, and inside the network: it may be shown and never be probed.
            never = never_asked(parse_site(text.partition("#")[0], range(1, 65536)))
        except CheckError as error:
            faults["live_url"] = str(error)
        else:
            if never:
                faults["live_url"] = f"{never} Leave it empty until the app has an address of its own."
