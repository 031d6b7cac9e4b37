"""A collector of OpenTelemetry's on loopback, which takes spans over HTTP and keeps them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Collector:
    """What an OpenTelemetry collector was sent."""

    address: str = ""
    bodies: list[bytes] = field(default_factory=list)

    @property
    def spans(self) -> list[Any]:
        """Every span."""
        sent = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        scopes = [scope for one in sent for resource in one.resource_spans for scope in resource.scope_spans]
        return [span for scope in scopes for span in scope.spans]


def about(span: Any) -> dict[str, str]:
    """What a span says about itself."""
    return {one.key: one.value.string_value for one in span.attributes}


@pytest_asyncio.fixture
async def collector() -> AsyncIterator[Collector]:
    """Give a collector on loopback that takes OTLP over HTTP."""
    made = Collector()

    async def take(request: web.Request) -> web.Response:
        made.bodies.append(await request.read())
        return web.Response(content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()
