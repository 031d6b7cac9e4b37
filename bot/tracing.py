"""
Traces where somebody wants them: spans from what comes in to the message that goes out, by OpenTelemetry.

They are sent where OTEL_EXPORTER_OTLP_ENDPOINT (or ..._TRACES_ENDPOINT) says, if the extra `tracing` is installed;
otherwise nothing of it is even loaded. A span names an order, a kind of news or a stage, and never what somebody wrote.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

_log = logging.getLogger(__name__)
#: https://opentelemetry.io/docs/specs/otel/protocol/exporter
ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")

Span = Callable[..., AbstractContextManager[None]]


def _nothing(_name: str, **_attributes: str) -> AbstractContextManager[None]:
    return nullcontext()


class _Untraced:
    """What is done where nobody wants traces: nothing."""

    span: Span = staticmethod(_nothing)
    past: Callable[..., None] = staticmethod(lambda _name, _since_ns, **_attributes: None)
    end: Callable[[], None] = staticmethod(lambda: None)


class _Tracing(_Untraced):
    """How spans are made in this process, and how what was not sent yet is sent at the end."""


def set_up(environment: Mapping[str, str]) -> bool:
    """Begin to trace where *environment* says where to; return whether it does."""
    if not any(environment.get(name) for name in ENDPOINTS) or environment.get("OTEL_SDK_DISABLED") == "true":
        return False
    try:
        made = importlib.import_module("bot.tracing_otel")
    except ModuleNotFoundError as error:
        _log.error("no traces: %s is not installed. Install groundcrew-bot[tracing].", error.name)
        return False
    _Tracing.span, _Tracing.past, _Tracing.end = made.begin()
    return True


def is_on() -> bool:
    """Whether anybody wants traces; where not, what costs time on the way in is left out."""
    return _Tracing.span is not _nothing


def span(name: str, **attributes: str) -> AbstractContextManager[None]:
    """Have the block be a span called *name*, in the trace of the request that is bound in the log."""
    return _Tracing.span(name, **attributes)


def past(name: str, since_ns: int, **attributes: str) -> None:
    """Note a span called *name* that began at *since_ns*, in nanoseconds since 1970, and ends now."""
    _Tracing.past(name, since_ns, **attributes)


def end() -> None:
    """Send what was not sent yet, and trace no more."""
    last, nothing = _Tracing.end, _Untraced
    _Tracing.span, _Tracing.past, _Tracing.end = nothing.span, nothing.past, nothing.end
    last()
