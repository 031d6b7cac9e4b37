"""Answers the questions that facts put to the parent: one function a topic."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from checks.engine import Engine
from checks.fact import Missing

Answerer = Callable[[Engine, bytes], Awaitable[bytes]]  # raises Missing

ANSWERERS: Mapping[str, Answerer] = {}


async def answer(engine: Engine, topic: str, question: bytes) -> bytes:
    """Return the answer to *question* as JSON; raises Missing where there is none."""
    answerer = ANSWERERS.get(topic)
    if answerer is None:
        raise Missing(f"nothing here answers questions about {topic}")
    return await answerer(engine, question)
