"""
Asks the app where it runs, within what its address, its owner and an approver allow.

Two topics: `answer_front` tells of the front door, `answer_pages` of paths that the worker names. The worker reads what
others wrote, so each of its questions is checked anew: another host, or more than one check may ask, is refused.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import ssl
from contextlib import AbstractAsyncContextManager
from urllib.parse import urljoin

import msgspec

from checks.addresses import Machine
from checks.fact import Missing
from checks.facts.site.replies import Certificate, Front, Reply, Wanted
from checks.gather.address import BadAddress
from checks.gather.answers import Subject
from checks.gather.certificate import certificate_of, trusting, unverified
from checks.gather.live import ROUTES_UNASKED, Live, machines_of
from checks.gather.site_address import SiteAddress, parse_site
from checks.gather.site_connection import Connection, MiB, connected

_MOST_REDIRECTS = 5
_MOST_PATHS = 80  # in one question
_LARGEST = 4 * MiB  # bytes of a script; the bundles of common builders are one file of two or three
_ALL = 16 * MiB  # bytes of one answer, which travels to the worker in one message
_SECONDS = 24.0  # one question; the parent lets go of an answer after 30
_PLAIN = 80  # the port of http
_PATH = re.compile(r"/[!-~]{0,2000}")  # nothing that could end the line of a request


async def answer_front(subject: Subject, question: bytes) -> bytes:
    """Return the Front of the live app, as JSON; there is one *question*, null."""
    if question != b"null":
        raise Missing("the question about the live app could not be understood")
    return msgspec.json.encode(await front_of(subject))


async def answer_pages(subject: Subject, question: bytes) -> bytes:
    """Return the Replies to the Wanted that *question* is, in their order, as JSON; raises Missing."""
    return msgspec.json.encode(await _replies(subject, question))


async def answer_routes(subject: Subject, question: bytes) -> bytes:
    """Return the same for routes of the app, only where its owner lets them be asked; raises Missing."""
    if not subject.live.asks_routes:
        raise Missing(ROUTES_UNASKED)
    return msgspec.json.encode(await _replies(subject, question))


async def front_of(subject: Subject) -> Front:
    """Return what the front door of the live app of *subject* tells; what keeps it from telling is said in it."""
    live = subject.live
    if not live.url:
        return Front()
    if live.forbidden:
        return Front(live.url, untold=live.forbidden)
    try:
        given = parse_site(live.url.partition("#")[0], subject.engine.probe_ports)
        front = await _followed(subject, given)
    except BadAddress as why:
        return Front(live.url, untold=f"The live address was not looked at. {why}")  # which may hold a password
    if front.page.trouble:
        return Front(live.url, untold=f"{front.base} was asked, and {front.page.trouble}")
    return front


async def _followed(subject: Subject, given: SiteAddress) -> Front:
    """Follow the redirects of *given* within its own host, and look at where they end; raises BadAddress."""
    site, certificate = given, None
    for _ in range(_MOST_REDIRECTS + 1):
        machines = await _machines(subject, site)
        certificate = await _certificate(subject, site, machines)
        async with _conversation(subject, site, machines, certificate) as connection:
            page = await _get(subject.live, connection, site.path)
            target = _target(subject, site, page)
            if target is not None:
                await _machines(subject, target)
                if target.is_of(site):
                    site = target
                    continue
            if page.trouble:
                return Front(subject.live.url, base=site.base, page=page)
            missing = await _get(subject.live, connection, f"{given.folder}gc-{secrets.token_hex(8)}")
        return Front(
            subject.live.url,
            base=site.base,
            folder=given.folder,
            page=page,
            elsewhere=target.host if target is not None else "",
            missing=missing,
            certificate=certificate,
            plain=await _plain(subject, site, machines),
            asks_routes=subject.live.asks_routes,
        )
    raise BadAddress(f"Stopped at redirect {_MOST_REDIRECTS + 1}.")


def _target(subject: Subject, site: SiteAddress, page: Reply) -> SiteAddress | None:
    """Return where *page* sends on to, read as strictly as what people type; raises BadAddress."""
    if not page.is_redirect:
        return None
    address = urljoin(site.base + site.path, page.headers["location"].strip()).partition("#")[0]
    return parse_site(address, subject.engine.probe_ports)


async def _machines(subject: Subject, site: SiteAddress) -> tuple[Machine, ...]:
    return await machines_of(site, subject.live.network, subject.engine.probe_cidrs)


async def _certificate(subject: Subject, site: SiteAddress, machines: tuple[Machine, ...]) -> Certificate | None:
    if site.scheme != "https":
        return None
    return await certificate_of(site, machines, _trusting(subject))


def _trusting(subject: Subject) -> ssl.SSLContext:
    try:
        return trusting(subject.engine.ca_file)
    except OSError:  # an ssl.SSLError is one, too
        raise BadAddress("GROUNDCREW_GIT_CA_FILE holds no certificates that can be read.") from None


def _conversation(
    subject: Subject, site: SiteAddress, machines: tuple[Machine, ...], seen: Certificate | None
) -> AbstractAsyncContextManager[Connection]:
    certificates = unverified() if seen is not None and seen.fault else _trusting(subject)
    return connected(site, machines, certificates, subject.live.network.pace_s)


async def _plain(subject: Subject, site: SiteAddress, machines: tuple[Machine, ...]) -> Reply | None:
    """Return what the host of *site* answers without TLS; None where that is not to be asked."""
    if site.base != f"https://{site.host}" or _PLAIN not in subject.engine.probe_ports:
        return None
    plain = SiteAddress("http", site.host, _PLAIN, "/")
    async with _conversation(subject, plain, machines, None) as connection:
        return await _get(subject.live, connection, plain.path)


async def _get(live: Live, connection: Connection, path: str, largest: int = MiB) -> Reply:
    if live.left <= 0:
        return Reply(path, trouble="one check asks no more of it")
    live.left -= 1
    return await connection.get(path, largest)


async def _replies(subject: Subject, question: bytes) -> list[Reply]:
    """Return what is answered to each path that *question* wants; raises Missing."""
    try:
        wanted = msgspec.json.decode(question, type=Wanted)
    except msgspec.MsgspecError:
        raise Missing("the question about the live app could not be understood") from None
    if not wanted.paths:
        return []
    try:
        site = _admitted(subject, wanted)
        machines = await _machines(subject, site)
        certificate = await _certificate(subject, site, machines)
        conversation = _conversation(subject, site, machines, certificate)
    except BadAddress as why:
        raise Missing(str(why)) from None
    async with conversation as connection:
        return _fitting(await _asked(subject.live, connection, wanted))


async def _asked(live: Live, connection: Connection, wanted: Wanted) -> list[Reply]:
    """Return the reply to each path, in their order; what did not come in time says so."""
    tasks = [asyncio.create_task(_get(live, connection, path, wanted.largest)) for path in wanted.paths]
    try:
        done, _ = await asyncio.wait(tasks, timeout=_SECONDS)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [
        task.result() if task in done else Reply(path, trouble="there was no time left to ask it")
        for task, path in zip(tasks, wanted.paths, strict=True)
    ]


def _admitted(subject: Subject, wanted: Wanted) -> SiteAddress:
    """Return the site that *wanted* means; raises BadAddress where it is not the app's own, or too much is wanted."""
    live = subject.live
    if not live.url or live.forbidden:
        raise BadAddress("The live app may not be asked.")
    site = parse_site(wanted.base, subject.engine.probe_ports)
    given = parse_site(live.url.partition("#")[0], subject.engine.probe_ports)
    paths = all(map(_PATH.fullmatch, wanted.paths))
    if not site.is_of(given) or not paths or len(wanted.paths) > _MOST_PATHS or not 0 < wanted.largest <= _LARGEST:
        raise BadAddress("The question about the live app goes beyond it.")
    return site


def _fitting(replies: list[Reply]) -> list[Reply]:
    """Return *replies*, the bodies that would make the message too large let go."""
    kept, size = [], 0
    for one in replies:
        size += len(one.body)
        kept.append(one if size <= _ALL else Reply(one.path, one.status, one.headers, cut="too much was sent in all"))
    return kept
