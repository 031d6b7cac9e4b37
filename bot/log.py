"""
The log: one handler for everybody's loggers, which redacts, and says which request a line belongs to.

A line is JSON (one object) or text. What is bound here stands in every line that is written meanwhile, by whatever
library: `with log.bound(request_id="..."):`. Payloads are never logged; the loggers that would are told not to.
"""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Any, Literal, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from bot.redact import Redactor

Form = Literal["json", "text"]
_PLAIN = (str, int, float, bool, type(None))


def set_up(level: str, redactor: Redactor, form: Form | None = None, stream: TextIO | None = None) -> None:
    """
    Have everything logged from *level* on written to the error stream, without any secret.

    *form* None: text on a terminal, one JSON object a line elsewhere.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(redactor, form or ("text" if stream.isatty() else "json")))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Slack's libraries log whole payloads at INFO and DEBUG, and Bolt those of badly signed requests.
    for name, least in (("slack_sdk", logging.WARNING), ("slack_bolt", logging.ERROR), ("alembic", logging.WARNING)):
        logging.getLogger(name).setLevel(max(least, root.level))
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.WARNING)
    # DBOS logs the arguments of jobs at DEBUG, and writes to a handler of its own unless it finds one.
    for name in ("aiosqlite", "aiohttp.access", "dbos"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    dbos = logging.getLogger("dbos")
    dbos.handlers, dbos.propagate = [handler], False


def formatter(redactor: Redactor, form: Form) -> logging.Formatter:
    """Return what makes a line of any record, whichever library wrote it."""

    def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: redactor.tree(value if isinstance(value, _PLAIN) else str(value)) for key, value in event.items()}

    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    write: Processor = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _text
    then: list[Processor] = [
        ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        redact,
        write,
    ]
    return ProcessorFormatter(foreign_pre_chain=first, processors=then)


def _text(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """Return `time LEVEL logger: what happened [name=value ...]`, and a traceback below it."""
    line = f"{event.pop('at')} {event.pop('level').upper()} {event.pop('logger')}: {event.pop('event')}"
    trace = event.pop("exception", "")
    more = " ".join(f"{key}={value}" for key, value in sorted(event.items()))
    return line + (f" [{more}]" if more else "") + (f"\n{trace}" if trace else "")


def new_request_id() -> str:
    """Make an id by which what came in can be followed through the log and the rows that it caused."""
    return secrets.token_hex(6)


def bound(**values: str) -> AbstractContextManager[None]:
    """
    Have *values* stand in every line that is logged inside the block, also by tasks that are started in it.

    An empty one changes nothing.
    """
    return structlog.contextvars.bound_contextvars(**{name: value for name, value in values.items() if value})


def request_id() -> str:
    """Return the id of the request that is being worked on, or an empty text."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
