"""
Answers the questions that facts put to the parent: one function a topic.

What needs an HTTP client is loaded when it is first asked: that alone takes as long as a whole check of a small folder.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec

from checks.engine import Engine
from checks.fact import Missing
from checks.facts.delivery.code_host import CodeHost
from checks.gather import advisories
from checks.gather.address import Address
from checks.gather.code_host_leave import why_not_asked
from checks.gather.live import ROUTES_UNASKED, Live


@dataclass(frozen=True, slots=True)
class Subject:
    """
    What is being checked: a *revision* (None: a plain folder) of the repository at *address* (None: on this machine).

    The engine's token may be sent only where *with_token* is true. *live* is where it runs and what may be asked there.
    """

    engine: Engine
    address: Address | None
    revision: str | None
    with_token: bool = False
    live: Live = field(default_factory=Live)


Answerer = Callable[[Subject, bytes], Awaitable[bytes]]  # raises Missing

#: topic -> the module whose `answer`, or the function named behind it, is its Answerer, loaded when first asked
LATE: Mapping[str, str] = {
    "code_host": "checks.gather.code_host",
    "workflow_audit": "checks.gather.workflow_audit",
    "package_index": "checks.gather.package_index",
    "site": "checks.gather.site:answer_front",
    "site_files": "checks.gather.site:answer_pages",
    "site_pages": "checks.gather.site:answer_pages",
    "site_scripts": "checks.gather.site:answer_pages",
    "site_routes": "checks.gather.site:answer_routes",
}
#: What is answered about a live app where nobody gave its address: then nothing that would ask it is loaded.
_NO_ADDRESS: Mapping[str, bytes] = {"site": b"{}", **dict.fromkeys(("site_files", "site_pages", "site_scripts"), b"[]")}


#: topic -> the program that answers it, from the question alone
_SETTLED: Mapping[str, str] = {"workflow_audit": "zizmor"}


async def _advisories(subject: Subject, question: bytes) -> bytes:
    return await advisories.answer(subject.engine.home, question, subject.engine.advisories_max_age)


ANSWERERS: Mapping[str, Answerer] = {"advisories": _advisories}


def kept_as(topic: str, question: bytes) -> str | None:
    """Return the name under which the answer to *question* can be kept; None where it may be another tomorrow."""
    program = _SETTLED.get(topic)
    if program is None:
        return None
    own = Path(__file__).with_name(f"{topic}.py").read_bytes()
    digest = hashlib.sha256(b"\0".join((metadata.version(program).encode(), own, question)))
    return f"answer {topic} {digest.hexdigest()}"


async def loaded(module: str) -> Any:
    """Return *module*, loaded when it is first wanted, in a thread: the worker is answered meanwhile."""
    return await asyncio.to_thread(importlib.import_module, module)


async def answer(subject: Subject, topic: str, question: bytes) -> bytes:
    """Return the answer to *question*, asked about *subject*, as JSON; raises Missing where there is none."""
    if topic in _NO_ADDRESS and not subject.live.url:
        return _NO_ADDRESS[topic]
    if topic == "site_routes" and not subject.live.asks_routes:
        raise Missing(ROUTES_UNASKED)
    if topic == "code_host" and question == b"null":
        why = why_not_asked(subject.engine, subject.address, subject.revision, with_token=subject.with_token)
        if why:
            return msgspec.json.encode(CodeHost(reviews_untold=why, ci_untold=why, asked=False))
    answerer = ANSWERERS.get(topic)
    if answerer is None and topic in LATE:
        module, _, name = LATE[topic].partition(":")
        answerer = getattr(await loaded(module), name or "answer")
    if answerer is None:
        raise Missing(f"nothing here answers questions about {topic}")
    return await answerer(subject, question)
