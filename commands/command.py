"""
What an order is: a plain async function from (request, world) to news, and what is said about it in help.

One order is one file. A person (slash command, button, form), the clock or a webhook may give it; it imports no Slack.
Each module declares `command = Command("acknowledge-page", run, ...)`; the name is also the button's action id and the
form's callback id, so whatever comes in is dispatched by one table.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from commands.news import Said
from commands.world import World
from storage import audit

#: Who gives an order that the clock gives, in requests and in the audit log.
CLOCK = "clock"


_NAMED = 3  # people whom a refusal names


class Refused(Exception):  # noqa: N818 - it is an answer
    """
    The one exception whose words reach the person who asked: what is wrong and what to do, in plain words.

    *example* is what to type instead, ready to copy; *did_you_mean* are words that come close.
    """

    def __init__(self, text: str, *, example: str = "", did_you_mean: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.example = example
        self.did_you_mean = did_you_mean

    @property
    def said(self) -> Said:
        """The answer to show."""
        return Said(str(self), self.example, self.did_you_mean)


class InvalidForm(Refused):
    """A form with faults, shown in place: {field name: sentence}."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("\n".join(faults.values()))
        self.faults = dict(faults)


class Denied(Refused):
    """
    Somebody may not do what they asked for: *action* as the audit log names it, and its *subject* where there is one.

    Whoever gives orders gives them by `Command.give`, which writes it down, and names a few of those who may: *ask* are
    their ids in Slack.
    """

    def __init__(
        self, text: str, action: str, *, subject: str = "", example: str = "", ask: Sequence[str] = ()
    ) -> None:
        super().__init__(text, example=example)
        self.action = action
        self.subject = subject
        self.ask = tuple(ask)


@dataclass(frozen=True, slots=True)
class Request:
    """
    Who asks for what, from where.

    *person* is the payload's user, never a value in a button. *text* is what stands behind the command word. *fields*
    are a form's inputs or a button's value (under "id"), all opaque. *message* is the ts of the message that held the
    button. *once* names this very request, where it has a name: whoever died over it has it run again. *typed_at* is
    when it came in, where that is a while ago.
    """

    person: str
    text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    channel: str | None = None
    thread: str | None = None
    message: str | None = None
    once: str = ""
    typed_at: datetime | None = None

    def id_of(self, what: str) -> str:
        """Return an id for *what* the request makes: the same where it is run again, as after a crash."""
        if not self.once:
            return secrets.token_hex(8)
        return hashlib.sha256(f"{what}:{self.once}".encode(errors="replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Command:
    """
    An order. *slash* is its slash command where people type it; *usage*, *example* and *summary* are its help.

    *more* are sentences on what else it takes.
    """

    name: str
    run: Callable[[Request, World], Awaitable[Any]]
    slash: str | None = None
    usage: str = ""
    example: str = ""
    summary: str = ""
    more: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        """All that the command takes, a line each."""
        return "\n".join([f"{self.usage}: {self.summary}", *self.more])

    async def give(self, request: Request, world: World) -> Any:
        """Run the order; where whoever asks may not, that is written down, in a transaction of its own."""
        try:
            return await self.run(request, world)
        except Denied as denied:
            await write_down(denied, self.name, request, world)
            denied.args = (f"{denied}{await _whom_to_ask(denied, world)}",)
            raise


async def _whom_to_ask(denied: Denied, world: World) -> str:
    """Return a sentence with the first who may do what was *denied* and are still here; empty where none is known."""
    names: list[str] = []
    with suppress(Exception):  # names are a help: whatever keeps Slack from telling them does not change the answer
        for one in denied.ask:
            person = await world.directory.person(one)
            if person is not None and not (person.is_gone or person.is_guest or person.is_bot) and len(names) < _NAMED:
                names.append(f"@{person.handle or person.name}")
    if not names:
        return ""
    most = ", ".join(names[:-1])
    return f" You can ask {most} or {names[-1]}." if most else f" You can ask {names[-1]}."


async def write_down(denied: Denied, order: str, request: Request, world: World) -> None:
    """Write into the audit log that somebody asked for what they may not."""
    detail = {"order": order[:64], "id": request.fields.get("id", "")[:200], "channel": request.channel}
    who, what, now = request.person[:64], f"refused {denied.action}", world.clock.now()
    async with world.database.write() as transaction:
        await audit.write(transaction, now, who=who, what=what, subject=denied.subject, detail=detail)


@cache
def all_commands() -> Mapping[str, Command]:
    """Every order by name, found by walking the package."""
    package = importlib.import_module("commands")
    modules = [importlib.import_module(info.name) for info in pkgutil.iter_modules(package.__path__, "commands.")]
    found = [module.command for module in modules if isinstance(getattr(module, "command", None), Command)]
    return {command.name: command for command in found}
