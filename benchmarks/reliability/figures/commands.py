"""Kills between the acknowledgement of a command and its work."""

from __future__ import annotations

import argparse
import asyncio
import random

from benchmarks.reliability.bots import BotProcess
from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.registry import promised
from benchmarks.reliability.rig import Rig, rig, until

_EACH = 6  # commands that are under way at each kill
#: A page, a list, and what is refused: each says something to whoever typed it.
_KINDS = (("/page-owner", "{app} {mark}"), ("/apps", "all"), ("/page-owner", "no-such-app it is {mark}"))


async def run(options: argparse.Namespace) -> Outcome:
    """Type some commands at once, kill the bot when it has acknowledged the first, and start it again."""
    choice = random.Random(options.seed)  # noqa: S311 - no secret is made
    typed: dict[str, str] = {}
    async with rig(options.seed, 20) as made:
        bot = await made.start(made.settings())
        for number in range(options.kills):
            acknowledged = await _type_and_kill(made, bot, number, choice)
            typed |= acknowledged
            bot = await made.start(made.settings())
        await until(lambda: all(_heard(made, person) for person in typed), 180)
        await made.drained()
        unheard = [person for person in typed if not _heard(made, person)]
        pages = [one.what for one in await promised(made.url)]
        unmade = [mark for mark in typed.values() if mark and sum(mark in what for what in pages) != 1]
        counted = await made.tally()
    figures = {
        "commands acknowledged": len(typed),
        "without an answer": unheard[:5],
        "without their effect": unmade[:5],
    }
    told = (
        f"{len(typed):,} commands acknowledged: {len(unheard)} without an answer, {len(unmade)} without their effect, "
        f"{len(counted.doubled) + counted.doubled_others} messages doubled"
    )
    holds = not (unheard or unmade or counted.doubled or counted.doubled_others) and bool(typed)
    return Outcome(told, holds, figures)


def _heard(made: Rig, person: str) -> bool:
    return any(one.channel == f"D{person[1:]}" for one in made.slack.messages)


async def _type_and_kill(made: Rig, bot: BotProcess, number: int, choice: random.Random) -> dict[str, str]:
    """Return who was acknowledged, with the mark of the page that they made, if one."""
    tasks = {}
    for each in range(_EACH):
        command, text = choice.choice(_KINDS)
        person, mark = f"UT{number:05}X{each}", f"trouble-{number * _EACH + each:06}"
        app = made.apps[choice.randrange(len(made.apps))].name
        makes = mark if "{app}" in text else ""
        typing = made.crowd.type(person, command, text.format(app=app, mark=mark))
        tasks[asyncio.create_task(typing)] = (person, makes)
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.sleep(choice.random() * 0.02)
    await bot.kill()
    await asyncio.wait(tasks)
    return dict(who for task, who in tasks.items() if task.result())


figure = Figure(
    "commands",
    "{kills} kill -9 within 20 ms of the acknowledgement of a command, six commands under way",
    "each acknowledged command has its effect once, and an answer",
    run,
    {"kills": 200},
)
