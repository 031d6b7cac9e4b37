"""Runs a check on one of its examples, in memory: the same facts and judgement, without git and without a worker."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from checks.check import Check, Example
from checks.evaluate import Facts, ask
from checks.fact import Collector, Entry, Listing, Missing, Source, Unreadable, all_sources, needed
from checks.model import Result


def run_example(check: Check, example: Example) -> Result:
    """
    Return what *check* answers on *example*; questions to the parent are answered from its *given*, by topic.

    An exception in the check is raised here, where its author reads it.
    """
    return ask(check, facts_of(example.files, example.given or {}, needed(check.wants).values()))


def facts_of(
    files: Mapping[str, str],
    given: Mapping[str, object] | None = None,
    sources: Iterable[Source] | None = None,
    unread: frozenset[str] = frozenset(),
) -> Facts:
    """
    Return the facts of *files*, {path: text}; *given* holds by topic what the parent would bring or answer.

    Only *sources* (default: all) are collected. *unread* are paths that nobody could read.
    """
    known = {topic: msgspec.json.encode(value) for topic, value in (given or {}).items()}

    def from_given(topic: str, _question: bytes) -> bytes:
        if topic not in known:
            raise Missing(f"{topic} was not gathered")
        return known[topic]

    entries = tuple(
        Entry(path, hashlib.sha256(text.encode()).hexdigest()[:40], len(text.encode())) for path, text in files.items()
    )
    parts: dict[type, dict[str, Any]] = {}
    missing: dict[type, tuple[str, ...]] = {}
    for source in all_sources().values() if sources is None else sources:
        if isinstance(source, Collector):
            parts[source.fact] = {}
            wanted = {path: kind for path in files if (kind := source.kind_of(path)) is not None}
            why = {path: "was not read" for path in wanted if path in unread}
            for path, kind in wanted.items():
                try:
                    content = files[path].encode() if source.raw else files[path]
                    part = None if path in unread else source.read(content, kind)
                except Unreadable as reason:
                    part, why[path] = None, f"was not read: {reason}"
                if part is not None:
                    # Through the wire and back, as the worker's parts go: a part that cannot travel fails here.
                    wire = msgspec.msgpack.encode(part)
                    parts[source.fact][path] = msgspec.msgpack.decode(wire, type=source.part)
            missing[source.fact] = tuple(f"{path} {words}" for path, words in why.items())
    return Facts(parts, missing, {"listing": msgspec.json.encode(Listing(entries)), **known}, from_given)
