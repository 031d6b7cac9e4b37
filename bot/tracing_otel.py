"""
The part of tracing that needs OpenTelemetry; loaded by bot/tracing.py alone, where traces are wanted.

All spans of one request share a trace, though they are made by several processes and hours apart: its id is made from
the request's id, which stands in the rows anyway.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    get_current_span,
    set_span_in_context,
)

from bot import log

_PATIENCE_MS = 5000


def begin() -> tuple[Callable[..., object], Callable[..., None], Callable[[], None]]:
    """Return what makes a span, what notes one that is over, and what ends tracing; OTEL_* variables set them."""
    # The provider is our own and not the global one, so that no library's spans, which hold statements, are sent.
    provider = TracerProvider(resource=Resource.create().merge(Resource({SERVICE_NAME: _service()})))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracer = provider.get_tracer("groundcrew")

    @contextmanager
    def span(name: str, **attributes: str) -> Iterator[None]:
        request = log.request_id()
        about = attributes | ({"groundcrew.request_id": request} if request else {})
        with tracer.start_as_current_span(
            name, _parent(request), attributes=about, record_exception=False, set_status_on_exception=False
        ) as one:
            try:
                yield
            except BaseException as error:
                # The kind alone: the text of an exception may hold what somebody wrote.
                one.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def past(name: str, since_ns: int, **attributes: str) -> None:
        request = log.request_id()
        about = attributes | ({"groundcrew.request_id": request} if request else {})
        tracer.start_span(name, _parent(request), attributes=about, start_time=since_ns).end()

    def end() -> None:
        provider.force_flush(_PATIENCE_MS)
        provider.shutdown()

    return span, past, end


def _parent(request: str) -> Context | None:
    """Return the trace that *request* is; None where a span is open already, or where there is no request."""
    if not request or get_current_span().get_span_context().is_valid:
        return None
    digest = hashlib.sha256(request.encode()).digest()
    trace, parent = int.from_bytes(digest[:16], "big"), int.from_bytes(digest[16:24], "big")
    context = SpanContext(trace, parent, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    return set_span_in_context(NonRecordingSpan(context))


def _service() -> str:
    named = Resource.create().attributes.get(SERVICE_NAME)
    return "groundcrew" if not named or str(named).startswith("unknown_service") else str(named)
