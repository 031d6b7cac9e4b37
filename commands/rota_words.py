"""Reads a rota as people write it: `@ann @bo weekly Mon 09:00 Europe/Berlin`, and maybe `from 2026-12-07`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.command import Refused
from commands.moment_words import read_time, read_weekday, read_zone
from commands.people import unfit
from commands.world import Person, World
from storage.on_call_model import Rota

EXAMPLE = "/on-call Nights set @ann @bo weekly Mon 09:00 Europe/Berlin"
_WEEKLY = "weekly"
_MOST = 50  # people
_WORDS = 3  # weekday, time, zone


async def read_rota(words: Sequence[str], world: World) -> Rota:
    """Return the rota that *words* mean; its first person's first week is the one that runs. Raises Refused."""
    low = [word.lower() for word in words]
    if _WEEKLY not in low:
        raise Refused(
            "When is it handed over? Write it behind the people: weekly Mon 09:00 Europe/Berlin.", example=EXAMPLE
        )
    at = low.index(_WEEKLY)
    when, begin = list(words[at + 1 :]), None
    if "from" in low[at:]:
        cut = low.index("from", at) - at - 1
        when, begin = when[:cut], _date(when[cut + 1 :])
    if len(when) == _WORDS + 1 and when[2].lower() in {"am", "pm"}:
        when = [when[0], when[1] + when[2], when[3]]
    if len(when) != _WORDS:
        raise Refused("After “weekly” come a weekday, a time and a time zone, and nothing else.", example=EXAMPLE)
    weekday, handover, zone = read_weekday(when[0]), read_time(when[1]), read_zone(when[2])
    people = await read_people(words[:at], world)
    local = world.clock.now().astimezone(ZoneInfo(zone))
    return Rota(people, weekday, handover, zone, _since(begin, weekday, local, handover))


async def read_people(words: Sequence[str], world: World) -> tuple[str, ...]:
    """Return the Slack ids of the people that *words* name, in order; raises Refused."""
    names = [name for word in words for name in word.split(",") if name]
    if not names:
        raise Refused("Who takes turns? Name the people in order.", example=EXAMPLE)
    if len(names) > _MOST:
        raise Refused(f"A rota has at most {_MOST} people.")
    return tuple([(await read_person(name, world)).id for name in names])


async def read_person(text: str, world: World) -> Person:
    """Return whom *text* names, who can be on call; raises Refused."""
    person = await world.directory.find_person(text)
    if person is None:
        raise Refused(f"I know nobody here called “{text[:80]}”. Name them with @, or by their e-mail address.")
    why = unfit(person)
    if why:
        raise Refused(f"{person.name or text[:80]} {why}, so they cannot be on call.")
    return person


def _since(begin: date | None, weekday: int, local: datetime, at: time) -> date:
    """Return the day of the handover at which the week of *begin* began, or the one that runs."""
    day = begin or local.date()
    back = (day.weekday() - weekday) % 7
    if begin is None and back == 0 and local.time() < at:
        back = 7
    return day - timedelta(days=back)


def _date(words: Sequence[str]) -> date:
    try:
        return date.fromisoformat(" ".join(words))
    except ValueError:
        raise Refused(
            "“from” needs the day on which the first person begins, like 2026-12-07.", example=EXAMPLE
        ) from None
