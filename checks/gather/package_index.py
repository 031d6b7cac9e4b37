"""
Answers what the package indexes say of names, and keeps their words with the date.

The index is the operator's word: it may be anywhere, but where it redirects to is not followed. A name of which nobody
answers comes back with the reason; it is never taken for one that exists, nor for one that does not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from checks.engine import MACHINE, Engine
from checks.fact import Missing
from checks.facts.packages.index_answer import Asked, IndexAnswer, Known, Unanswered
from checks.facts.packages.packages import NPM, PYPI
from checks.gather import index_address, index_cache
from checks.gather.answers import Subject, loaded
from checks.masking import is_token

_MOST_ASKED = 150  # names that nobody answered lately, in one check; the next check asks for the next ones


async def answer(subject: Subject, question: bytes) -> bytes:
    """Return the IndexAnswer, as JSON, to *question*, a JSON list of Asked; raises Missing with the reason."""
    engine = subject.engine
    try:
        asked = msgspec.json.decode(question, type=tuple[Asked, ...])
    except msgspec.DecodeError:
        raise Missing("the question about packages could not be understood") from None
    at = datetime.now(UTC)
    known: list[Known] = []
    unanswered: list[Unanswered] = []
    for ecosystem, setting, machine in (
        (PYPI, engine.pypi_index, index_address.of_pip),
        (NPM, engine.npm_registry, index_address.of_npm),
    ):
        named = [one for one in asked if one.ecosystem == ecosystem]
        wanted = [one for one in named if not is_token(one.name)]
        unanswered += (
            Unanswered(one.ecosystem, one.name, "it looks like a token, and is told to nobody")
            for one in named
            if one not in wanted
        )
        if not wanted:
            continue
        try:
            address = await _address(setting, machine)
        except Missing as why:
            unanswered += (Unanswered(one.ecosystem, one.name, str(why)) for one in wanted)
            continue
        found, open_ = await _of_index(engine, ecosystem, address, wanted, at)
        known += found
        unanswered += open_
    return msgspec.json.encode(IndexAnswer(at, tuple(known), tuple(unanswered)))


async def _address(setting: str | None, machine: Callable[[], Awaitable[str]]) -> str:
    if setting is None:
        raise Missing("the package index is not asked here")
    return await machine() if setting == MACHINE else setting


async def _of_index(
    engine: Engine, ecosystem: str, address: str, wanted: Sequence[Asked], at: datetime
) -> tuple[list[Known], list[Unanswered]]:
    host = urlsplit(address).netloc.rpartition("@")[2]
    known = await asyncio.to_thread(index_cache.find, engine.home, host, wanted, at)
    fresh = [one for one in wanted if (one.ecosystem, one.name) not in known]
    unanswered = [
        Unanswered(one.ecosystem, one.name, f"only {_MOST_ASKED} names are asked for in one check")
        for one in fresh[_MOST_ASKED:]
    ]
    if not fresh:
        return list(known.values()), unanswered
    asking = await loaded("checks.gather.index_asking")
    answers, open_ = await asking.ask(ecosystem, address, fresh[:_MOST_ASKED], engine.ca_file)
    await asyncio.to_thread(index_cache.keep, engine.home, host, answers, at)
    return [*known.values(), *(one for _, one in answers)], [*unanswered, *open_]
