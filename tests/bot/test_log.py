"""The log: one object or one line of text a record, whoever wrote it, without secrets, and with the request's id."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot import log
from bot.redact import REMOVED, Redactor

SECRET = "xoxb-" + "0123456789-made-up"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Give what is written, and put the loggers back as they were."""
    quieted = ("slack_sdk", "slack_bolt", "slack_bolt.RequestVerification", "alembic", "aiosqlite", "aiohttp.access")
    names = ("", "dbos", *quieted)
    loggers = [logging.getLogger(name) for name in names]
    before = [(one.handlers, one.level, one.propagate) for one in loggers]
    yield io.StringIO()
    for one, (handlers, level, propagate) in zip(loggers, before, strict=True):
        one.handlers, one.level, one.propagate = handlers, level, propagate


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Read what was written, one object a line."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_record_is_one_object(written: io.StringIO) -> None:
    """Level, logger, time and words stand under names of their own; a line break in the words breaks no line."""
    log.set_up("INFO", Redactor(), "json", written)
    logging.getLogger("bot.sender").warning("a %s could not be sent\nas it is", "Paged")
    (line,) = lines(written)
    assert line.pop("at").endswith("Z")
    assert line == {"level": "warning", "logger": "bot.sender", "event": "a Paged could not be sent\nas it is"}


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_log_line_and_its_traceback_are_redacted(written: io.StringIO, form: log.Form) -> None:
    """Neither the message, nor its arguments, nor what is bound, nor the text of an exception holds the value."""
    log.set_up("INFO", Redactor([SECRET]), form, written)
    with log.bound(request_id=f"r-{SECRET}"):
        try:
            int(SECRET)
        except ValueError:
            logging.getLogger("made-up").exception("it failed with %s", SECRET)
    assert SECRET not in written.getvalue()
    assert written.getvalue().count(REMOVED) == 3
    assert "ValueError" in written.getvalue()


def test_a_secret_that_json_would_write_otherwise_is_redacted(written: io.StringIO) -> None:
    """A value with quotes and line breaks is taken out before it is written as JSON."""
    value = 'a"quoted"\nvalue\\here'
    log.set_up("INFO", Redactor([value]), "json", written)
    logging.getLogger("made-up").info("it is %s", value)
    assert lines(written)[0]["event"] == f"it is {REMOVED}"


def test_text_is_the_default_on_a_terminal_alone(written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads along reads text; a file or a collector gets JSON."""
    log.set_up("INFO", Redactor(), None, written)
    logging.getLogger("made-up").info("to a file")
    monkeypatch.setattr(written, "isatty", lambda: True)
    log.set_up("INFO", Redactor(), None, written)
    logging.getLogger("made-up").info("to a terminal")
    to_file, to_terminal = written.getvalue().splitlines()
    assert json.loads(to_file)["event"] == "to a file"
    assert to_terminal.endswith("INFO made-up: to a terminal")


async def test_tasks_carry_the_id_of_their_request(written: io.StringIO) -> None:
    """Of two requests at the same time each task logs its own id, and nothing is left when both are over."""
    log.set_up("INFO", Redactor(), "json", written)

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        logging.getLogger("made-up").info("%d", number)

    async def request(number: int) -> None:
        with log.bound(request_id=f"r{number}"):
            await asyncio.create_task(work(number))

    await asyncio.gather(request(1), request(2))
    assert {line["event"]: line["request_id"] for line in lines(written)} == {"1": "r1", "2": "r2"}
    assert log.request_id() == ""


def test_libraries_that_would_log_payloads_do_not(written: io.StringIO) -> None:
    """Even at DEBUG neither Slack's libraries nor the database's nor the jobs' write what they were given."""
    log.set_up("DEBUG", Redactor(), "json", written)
    for name in ("slack_sdk.web", "slack_bolt.AsyncApp", "slack_bolt.RequestVerification", "aiosqlite", "dbos"):
        logging.getLogger(name).info("the payload")
    assert written.getvalue() == ""
    logging.getLogger("dbos").error("a job failed")
    assert [line["logger"] for line in lines(written)] == ["dbos"]
