"""The live checks from end to end: a real worker asks a real app on loopback through its parent."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from checks.engine import Engine
from checks.gather.live import Live
from checks.model import Context, Outcome, Placement, Report
from checks.runner import Target, check_repository
from tests.checking import result_of
from tests.code_host import CodeHost, code_host
from tests.live_site import NET

LIVE = frozenset(
    {
        *("exposed-file", "tls-expiry", "missing-security-headers", "debug-page-live", "secret-in-bundle"),
        "open-route-live",
    }
)
KEY = "sk-" + "proj-Zk4wN9xLp2RkZ7nWc5JdHs9YbFg4Ua6EoNi1XtBqVy0"
PAGE = '<!doctype html><script type="module" src="/assets/index-C4f3aB12.js"></script><div id="root"></div>'
CODE = (
    "from flask import Flask, abort, jsonify, session\napp = Flask(__name__)\n@app.get('/invoices')\ndef invoices():\n"
    "    if 'user' not in session:\n        abort(401)\n    return jsonify(Invoice.query.all())\n"
    "@app.get('/invoices/reset')\ndef reset():\n    if 'user' not in session:\n        abort(401)\n"
    "    db.drop_all()\n    return ''\n"
)


@dataclass
class App:
    """A live app: what it answers by path, else *otherwise*; and an engine that may ask it."""

    host: CodeHost
    engine: Engine
    folder: Path
    answers: dict[str, web.Response] = field(default_factory=dict)
    otherwise: str | None = None

    @property
    def url(self) -> str:
        """Where it runs."""
        return f"https://localhost:{self.host.port}/"

    async def respond(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer as the app does."""
        found = self.answers.get(request.path)
        if found is not None:
            return web.Response(status=found.status, headers=found.headers, body=found.body)
        if self.otherwise is None:
            return web.Response(status=404, text="Not Found")
        return web.Response(text=self.otherwise, content_type="text/html")

    async def checked(self, live: Live | None) -> Report:
        """Return the report of the live checks."""
        target = Target("app", folder=self.folder)
        return await check_repository(target, Context(), self.engine, lambda _: None, only=LIVE, live=live)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """Give an app of one page that serves its page and nothing else."""
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "app.py").write_text(CODE)
    async with code_host(tmp_path) as host:
        engine = Engine(tmp_path / "home", ca_file=host.certificate, probe_ports=(80, 443, host.port))
        made = App(host, engine, folder)
        host.answer = made.respond
        made.answers["/"] = web.Response(text=PAGE, content_type="text/html")
        made.answers["/assets/index-C4f3aB12.js"] = web.Response(text="let a=1;", content_type="text/javascript")
        yield made


def outcomes(report: Report) -> Mapping[str, Outcome]:
    """Return what became of each live check."""
    return {check: result_of(report, check).outcome for check in LIVE}


async def test_a_flawed_app_is_seen_as_it_runs(app: App) -> None:
    """A served .env, a key in a script, a debug page, a route that lost its guard: all found, and no value told."""
    app.answers |= {
        "/.env": web.Response(text=f"OPENAI_API_KEY={KEY}\n"),
        "/assets/index-C4f3aB12.js": web.Response(text=f'let k="{KEY}";'),
        "/console": web.Response(text="<title>Console // Werkzeug Debugger</title>"),
        "/invoices": web.json_response([{"id": 1, "name": "hunter2"}]),
    }
    report = await app.checked(Live(app.url, asks_routes=True, network=NET))
    said = {check: [one.message for one in result_of(report, check).findings] for check in LIVE}
    assert said["exposed-file"] == [
        f"Anyone can fetch {app.url}.env: it is settings of the environment, with an OpenAI API key in it"
    ]
    assert said["secret-in-bundle"][0].startswith("An OpenAI API key stands in /assets/index-C4f3aB12.js")
    assert "Werkzeug" in said["debug-page-live"][0]
    assert said["tls-expiry"] == []
    assert said["open-route-live"][0].startswith("GET /invoices answers without a login")
    assert {finding.blocking for finding in result_of(report, "missing-security-headers").findings} == {False}
    assert report.verdict.placement is Placement.NOWHERE
    whole = msgspec.json.encode(report).decode()
    assert KEY not in whole
    assert "hunter2" not in whole
    assert "/invoices/reset" not in {request.path for request in app.host.seen}
    assert all(request.method == "GET" for request in app.host.seen)


async def test_an_app_of_one_page_that_answers_everything_leaks_nothing(app: App) -> None:
    """Every path is answered with the page: no file is exposed, no route is open, and nothing counts as unseen."""
    app.otherwise = PAGE
    report = await app.checked(Live(app.url, asks_routes=True, network=NET))
    assert outcomes(report) == {
        "exposed-file": Outcome.PASSED,
        "tls-expiry": Outcome.PASSED,
        "missing-security-headers": Outcome.FAILED,  # with advice alone
        "debug-page-live": Outcome.PASSED,
        "secret-in-bundle": Outcome.PASSED,
        "open-route-live": Outcome.NOT_CHECKED,
    }
    reason = result_of(report, "open-route-live").reason or ""
    assert reason == "asking might change data, so these were not: GET /invoices/reset"


async def test_without_an_address_it_is_said_once(app: App) -> None:
    """Nothing is asked, the app is isolated at best by that, and each check gives the same reason."""
    report = await app.checked(None)
    assert set(outcomes(report).values()) == {Outcome.NOT_CHECKED}
    assert {result_of(report, check).allows for check in LIVE} == {Placement.ISOLATED, Placement.PRODUCTION}
    assert len({result_of(report, check).reason for check in LIVE}) == 1
    assert not app.host.seen


@pytest.mark.parametrize(
    ("live", "said"),
    [
        (Live("https://localhost:1/", network=NET), "Port 1 is not probed"),
        (Live("http://169.254.169.254/"), "never probed"),
        (Live("https://billing.example/", "an admin has not allowed it yet"), "an admin has not allowed it yet"),
    ],
)
async def test_an_address_that_is_not_looked_at_counts_in_full(app: App, live: Live, said: str) -> None:
    """What cannot be seen is as bad as the worst that might be there."""
    report = await app.checked(live)
    assert set(outcomes(report).values()) == {Outcome.NOT_CHECKED}
    assert all(said in (result_of(report, check).reason or "") for check in LIVE)
    assert result_of(report, "exposed-file").allows is Placement.NOWHERE
    assert not app.host.seen
