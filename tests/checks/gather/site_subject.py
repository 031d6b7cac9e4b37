"""A live app as the subject of a check, and what it answers to the worker's questions."""

from dataclasses import replace

import msgspec

from checks.engine import Engine
from checks.facts.site.replies import Front, Reply, Wanted
from checks.gather.answers import Subject, answer
from checks.gather.live import Live
from tests.live_site import NET


def subject_of(engine: Engine, url: str, port: int, live: Live | None = None) -> Subject:
    """Return a subject whose live app is at *url*, at a port that an admin opened."""
    made = live or Live(url, network=NET)
    return Subject(replace(engine, probe_ports=(80, 443, port)), None, None, live=made)


async def front(subject: Subject) -> Front:
    """Return what the front door tells."""
    return msgspec.json.decode(await answer(subject, "site", b"null"), type=Front)


async def pages(subject: Subject, *paths: str, base: str = "", topic: str = "site_pages") -> list[Reply]:
    """Return the replies to *paths*."""
    wanted = Wanted(base or (await front(subject)).base, paths, 1024 * 1024)
    return msgspec.json.decode(await answer(subject, topic, msgspec.json.encode(wanted)), type=list[Reply])
