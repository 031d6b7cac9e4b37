"""Answers the questions that facts put to the parent: one function a topic."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from checks.engine import Engine
from checks.fact import Missing
from checks.gather import advisories

Answerer = Callable[[Engine, bytes], Awaitable[bytes]]  # raises Missing


async def _advisories(engine: Engine, question: bytes) -> bytes:
    return await advisories.answer(engine.home, question)


ANSWERERS: Mapping[str, Answerer] = {"advisories": _advisories}


async def answer(engine: Engine, topic: str, question: bytes) -> bytes:
    """Return the answer to *question* as JSON; raises Missing where there is none."""
    answerer = ANSWERERS.get(topic)
    if answerer is None:
        raise Missing(f"nothing here answers questions about {topic}")
    return await answerer(engine, question)
