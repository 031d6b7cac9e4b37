"""Servers that answer badly, on purpose or not: one sentence, in time, and memory does not follow them."""

import asyncio
import gzip
import resource

import pytest

from checks.engine import Engine
from checks.gather import site_connection
from tests.checks.gather.site_subject import front, pages, subject_of
from tests.live_site import Talk, raw_site

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


async def _drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_OK + b"\r\n")
    while True:
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _endless_headers(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-A: " + b"a" * 4000 + b"\r\n")
        await writer.drain()


async def _endless_line(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-A: ")
    while True:
        writer.write(b"a" * 65536)
        await writer.drain()


async def _old(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"<html>HTTP/0.9 knows no headers</html>")
    await writer.drain()


async def _gone(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def _endless_body(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_OK + b"\r\n")
    while True:
        writer.write(b"a" * 65536)
        await writer.drain()


_BOMB = gzip.compress(bytes(200 * 1024 * 1024), 9)


async def _bomb(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_BOMB) + _BOMB)
    await writer.drain()
    await asyncio.sleep(30)


@pytest.mark.parametrize(
    ("talk", "said"),
    [
        (_silent, "Answer slower than 1 s: stopped"),
        (_endless_headers, "it does not answer in HTTP/1"),
        (_endless_line, "it does not answer in HTTP/1"),
        (_old, "it does not answer in HTTP/1"),
        (_gone, "it closed the connection without an answer"),
    ],
)
async def test_what_is_no_answer_is_said(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, talk: Talk, said: str
) -> None:
    """Whatever a server does in place of an answer, there is one sentence, and it comes in time."""
    monkeypatch.setattr(site_connection, "SECONDS", 1.0)
    async with raw_site(talk) as port:
        told = await front(subject_of(engine, f"http://hostile.example:{port}/", port))
    assert told.untold == f"http://hostile.example:{port} was asked, and {said}"


@pytest.mark.parametrize(
    ("talk", "said"),
    [
        (_drip, "Answer slower than 1 s: stopped"),
        (_endless_body, "Answer larger than 1 MiB: stopped"),
        (_bomb, "Answer larger than 1 MiB: stopped"),
    ],
)
async def test_an_answer_without_end_is_stopped(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, talk: Talk, said: str
) -> None:
    """A bomb, a drip, a flood: what came is kept up to its limit, and memory does not follow it."""
    monkeypatch.setattr(site_connection, "SECONDS", 1.0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with raw_site(talk) as port:
        told = await front(subject_of(engine, f"http://hostile.example:{port}/", port))
    assert told.page.cut == said
    assert len(told.page.body) <= 1024 * 1024
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024  # KiB


async def test_one_slow_path_does_not_hold_up_the_others(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are answered, and the slow one says so."""
    monkeypatch.setattr(site_connection, "SECONDS", 1.0)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/slow" not in head:
            writer.write(_OK + b"Content-Length: 2\r\nConnection: close\r\n\r\nok")
            await writer.drain()
        await reader.read()

    async with raw_site(talk) as port:
        slow, *others = await pages(subject_of(engine, f"http://a.example:{port}/", port), "/slow", "/a", "/b")
    assert slow.trouble == "Answer slower than 1 s: stopped"
    assert [one.body for one in others] == [b"ok", b"ok"]
