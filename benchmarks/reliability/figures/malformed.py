"""Malformed requests of Slack's and GitHub's, thousands of them, and then a good command."""

from __future__ import annotations

import argparse
import asyncio
import io
import random
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, product

import aiohttp

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import Rig, rig, until
from benchmarks.reliability.signed_load import SECRET, free_port, signed
from benchmarks.reliability.slack import TEAM
from benchmarks.reliability.spoiled import spoiled
from tests.bot.malformed import (
    GITHUB,
    SLACK,
    UNSIGNED_BODIES,
    command,
    malformed,
    no_http,
    odd,
    pushes,
    unasked,
    unended,
    unsigned,
)
from tests.bot.signed import FORM, JSON, interaction
from tests.bot.signed import signed as headers_of

_PUSH_SECRET = "the-secret-of-the-webhook"  # noqa: S105 - of a bot that lives for minutes
_AT_ONCE, _SPOILED, _UNENDED_EVERY = 24, 100, 20
_SLOW_S = 60.0
_FAULT, _CLOSED = 500, 0
#: With a character that ids of people do not have: those may stand in the log.
#: With a character that ids of people do not have: those may stand in the log.
_MARK = re.compile(r"mk-\d{7}", re.IGNORECASE)
Sent = tuple[str, str, bytes, Mapping[str, str], int]  # what it is, path, body, headers, status; 0: any below 500


@dataclass(slots=True)
class _Door:
    """Sends to the bot that listens on *port*, and counts the answers by status."""

    session: aiohttp.ClientSession
    port: int
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)  # by what was sent: answers of another status
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def send(self, sent: Sent) -> None:
        """Send one request as it is."""
        what, path, body, headers, expected = sent
        async with self._turn:
            address = f"http://127.0.0.1:{self.port}{path}"
            bare = ["User-Agent", "Content-Type"]
            asked = self.session.post(address, data=io.BytesIO(body), headers=headers, skip_auto_headers=bare)
            try:
                async with asked as answer:
                    await answer.read()
                    status = answer.status
            except aiohttp.ClientError:
                status = _CLOSED
        self._count(what, status, expected)

    async def send_raw(self, what: str, sent: bytes, expected: int) -> None:
        """Send bytes, and read the status of what comes back."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(sent)
            async with asyncio.timeout(_SLOW_S):
                line = await reader.readline()
        except (OSError, TimeoutError):
            line = b""
        finally:
            writer.transport.abort()
        words = line.split()
        self._count(what, int(words[1]) if len(words) > 1 else _CLOSED, expected)

    def _count(self, what: str, status: int, expected: int) -> None:
        self.statuses[status] += 1
        if status != expected and (expected or status >= _FAULT or status == _CLOSED):
            self.wrong[f"{what}: {status}"] += 1


async def run(options: argparse.Namespace) -> Outcome:
    """Send every malformed request so many times, and search the bot's log for any of them."""
    numbers = count(1)
    choice = random.Random(options.seed)  # noqa: S311 - no secret is made
    async with rig(options.seed, 1) as made, aiohttp.ClientSession() as session:
        port = free_port()
        listens = {"SLACK_APP_TOKEN": "", "GROUNDCREW_LISTEN": f"127.0.0.1:{port}"}
        secrets = {"SLACK_SIGNING_SECRET": SECRET, "GROUNDCREW_GITHUB_WEBHOOK_SECRET": _PUSH_SECRET}
        bot = await made.start(made.settings(**listens, **secrets))
        bot.log = deque(bot.log)  # all of it
        door = _Door(session, port)
        slow: list[asyncio.Task[None]] = []
        for number in range(options.rounds):
            marks = (f"mk-{each:07}" for each in numbers)
            await asyncio.gather(*(door.send(one) for one in _requests(marks, choice)))
            await asyncio.gather(*(door.send_raw(what, one, 400) for what, one in no_http(next(marks)).items()))
            if number % _UNENDED_EVERY == 0:
                again = (door.send_raw(what, one, 408) for what, one in unended(next(marks)).items())
                slow += map(asyncio.create_task, again)
        await asyncio.gather(*slow)
        done = await made.drained(_SLOW_S * 5)
        answers = await _good_command(made, session, port)
        running = bot.is_running
        await bot.end()
        log = list(bot.log)
    return _outcome(door, log, options.rounds, answers=answers and running and done)


def _requests(marks: Iterator[str], choice: random.Random) -> Iterator[Sent]:
    """Yield the requests of one round; a body that is wrong is sent signed, and once more unsigned."""
    body = command(next(marks))
    for what, headers in unsigned(body, SECRET).items():
        yield what, SLACK, body, {**headers, "Content-Type": FORM}, 401
    for plain, kind in product(UNSIGNED_BODIES, (JSON, FORM, "text/plain")):
        yield "unsigned", SLACK, plain, {"Content-Type": kind}, 401
    for what, kind, body, expected in _bodies(marks, choice):
        yield what, SLACK, body, {**headers_of(body, SECRET), "Content-Type": kind}, expected
        yield f"{what}, unsigned", SLACK, body, {"Content-Type": kind}, 401
    mark = next(marks)
    for what, (body, given, status) in pushes(mark, f"https://github.com/acme/{mark}", _PUSH_SECRET).items():
        yield what, GITHUB, body, given, 0 if status < 400 else status  # noqa: PLR2004 - which comes first is chance


def _bodies(marks: Iterator[str], choice: random.Random) -> Iterator[tuple[str, str, bytes, int]]:
    """Yield what is wrong with each body, its type, itself, and the status it is due when it is signed."""
    for what, (kind, body) in malformed(next(marks)).items():
        yield what, kind, body, 400
    for payload in unasked(next(marks)):
        yield "unasked", FORM, interaction(payload), 0
    mark = next(marks)
    for what, (kind, body) in odd(mark, f"U{mark[3:]}", TEAM).items():
        yield what, kind, body, 0
    for _ in range(_SPOILED):
        yield "spoiled", *spoiled(next(marks), choice), 0


async def _good_command(made: Rig, session: aiohttp.ClientSession, port: int) -> bool:
    """Type a good command, and say whether it was acknowledged and answered."""
    head, _, body = signed(TEAM, "all").partition(b"\r\n\r\n")
    person = re.search(rb"user_id=(U\d+)", body)
    assert person is not None
    kept = ("X-Slack", "Content-Type")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line.startswith(kept))
    async with session.post(f"http://127.0.0.1:{port}{SLACK}", data=body, headers=headers) as answer:
        place = f"D{person[1].decode()[1:]}"
        return answer.status < 300 and await until(  # noqa: PLR2004 - HTTP's own
            lambda: any(one.channel == place for one in made.slack.messages), 30
        )


def _outcome(door: _Door, log: list[str], rounds: int, *, answers: bool) -> Outcome:
    sent = door.statuses.total()
    faults = sum(number for status, number in door.statuses.items() if status >= _FAULT)
    held = sorted({mark for line in log for mark in _MARK.findall(line)})
    traced = sum("Traceback" in line for line in log)
    by_status = ", ".join(f"{number:,} times {status}" for status, number in sorted(door.statuses.items()))
    told = (
        f"{sent:,} requests in {rounds} rounds: {by_status}; {faults} answers of 500 and more, "
        f"{sum(door.wrong.values())} of another status than is due; {len(held)} of them in the {len(log):,} lines "
        f"of the log, {traced} tracebacks; a good command after them was {'answered' if answers else 'not answered'}"
    )
    figures = {"wrong": dict(door.wrong.most_common(8)), "in the log": held[:5]}
    return Outcome(told, not (faults or door.wrong or held or traced) and answers, figures)


figure = Figure(
    "malformed",
    "every malformed, unsigned or odd request that the tests know, {rounds} times over HTTP, with 100 more in each "
    "round that were good and were spoiled at some place (drawn from the seed)",
    "each has the status that is due and never a 5xx; no word of a body is in the log; the bot goes on",
    run,
    {"rounds": 200},
)
