"""The log: one handler, which redacts, and other people's loggers told to keep payloads to themselves."""

from __future__ import annotations

import logging
import sys

from bot.redact import RedactingFormatter, Redactor


def set_up(level: str, redactor: Redactor) -> None:
    """Have everything logged from *level* on written to the error stream, without any secret."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(redactor))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Slack's libraries log whole payloads at INFO and DEBUG, and Bolt those of badly signed requests.
    for name, least in (("slack_sdk", logging.WARNING), ("slack_bolt", logging.ERROR), ("alembic", logging.WARNING)):
        logging.getLogger(name).setLevel(max(least, root.level))
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.WARNING)
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)
