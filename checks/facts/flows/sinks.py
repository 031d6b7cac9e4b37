"""What a callee may act as, in either language."""

from __future__ import annotations

from functools import lru_cache

from checks.facts.flows.sink import Sink
from checks.facts.flows.sinks_javascript import JAVASCRIPT
from checks.facts.flows.sinks_python import PYTHON


@lru_cache(maxsize=4_096)
def sinks_for(callee: str, language: str) -> tuple[Sink, ...]:
    """Return what *callee* may act as; the same few names come again and again."""
    return tuple(sink for sink in (PYTHON if language == "python" else JAVASCRIPT) if sink.callee.search(callee))
