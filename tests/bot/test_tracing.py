"""Traces: a real collector gets spans of one request in one trace; without its address nothing is loaded."""

import asyncio
import subprocess
import sys

import pytest

from bot import log, tracing
from tests.bot.span_collector import Collector, about, collector

__all__ = ["collector"]

SECRET = "xoxb-" + "0123456789-made-up"


async def test_spans_of_one_request_are_one_trace(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made apart, as by several processes, they share the trace of the request's id; a part hangs below its whole."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
    assert tracing.set_up({"OTEL_EXPORTER_OTLP_ENDPOINT": collector.address})
    with log.bound(request_id="r1"), tracing.span("take in", kind="slash"), tracing.span("keep"):
        pass
    with log.bound(request_id="r1"), tracing.span("send", route="slack"):
        pass
    with log.bound(request_id="r2"), pytest.raises(ValueError, match=SECRET), tracing.span("order"):
        raise ValueError(SECRET)
    with tracing.span("of the clock"):
        pass
    await asyncio.to_thread(tracing.end)
    spans = {one.name: one for one in collector.spans}
    assert set(spans) == {"take in", "keep", "send", "order", "of the clock"}
    assert spans["take in"].trace_id == spans["keep"].trace_id == spans["send"].trace_id
    assert len({spans[name].trace_id for name in ("send", "order", "of the clock")}) == 3
    assert spans["keep"].parent_span_id == spans["take in"].span_id
    assert about(spans["take in"]) == {"kind": "slash", "groundcrew.request_id": "r1"}
    assert spans["order"].status.message == "ValueError"
    assert not [body for body in collector.bodies if SECRET.encode() in body]


def test_without_an_address_nothing_is_loaded() -> None:
    """A span costs a call that does nothing, and OpenTelemetry is not imported."""
    code = (
        "import sys\nfrom bot import tracing\n"
        "assert not tracing.set_up({})\n"
        "with tracing.span('x', kind='y'): pass\n"
        "tracing.end()\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_the_extra_it_is_said(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot runs on, and the log says what to install."""
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    monkeypatch.delitem(sys.modules, "bot.tracing_otel", raising=False)
    assert not tracing.set_up({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"})
    assert "Install groundcrew-bot[tracing]" in caplog.text
