"""`groundcrew try-route` and the doctor: who sets a second route up sees it work before a night depends on it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.__main__ import main
from bot.diagnosis import State
from bot.routes.examine import routes
from bot.settings_load import load
from tests.bot.routes import mail
from tests.bot.routes.receiver import Receiver, receiver

KEY = "0123456789abcdef0123456789ABCDEF"
SECRET = "a-s3cret-that-is-long-enough-for-it"


@pytest_asyncio.fixture
async def taker() -> AsyncIterator[Receiver]:
    """Give somebody who is posted to."""
    async with receiver() as made:
        yield made


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have no setting of this machine, nor a proxy of its, in the way."""
    monkeypatch.setenv("GROUNDCREW_HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "127.0.0.1")


async def tried(*words: str) -> int:
    """Run the command beside the servers of the test."""
    return await asyncio.to_thread(main, ["try-route", *words])


async def test_a_mail_is_sent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It arrives, and the doctor says that the server answers and takes the login; a wrong password is said by both."""
    async with mail.mail_server(logins=True) as server:
        monkeypatch.setenv("GROUNDCREW_SMTP_FROM", "groundcrew@acme.example")
        right = f"smtp://{mail.USER}:s3cret%3Awith%40signs%2F@127.0.0.1:{server.port}"
        monkeypatch.setenv("GROUNDCREW_SMTP_URL", right)
        assert await tried("email", "ann@acme.example") == 0
        assert "took a test for ann@acme.example" in capsys.readouterr().out
        assert server.mails[0]["To"] == "ann@acme.example"
        environment = {"GROUNDCREW_SMTP_FROM": "groundcrew@acme.example", "GROUNDCREW_SMTP_URL": right}
        (found,) = [one async for one in routes(load(environment))]
        assert (found.state, found.words) == (State.OK, "127.0.0.1 answers and takes the login")

        wrong = right.replace("s3cret", "wr0ng-passw0rd")
        monkeypatch.setenv("GROUNDCREW_SMTP_URL", wrong)
        assert await tried("email", "ann@acme.example") == 1
        said = capsys.readouterr().err
        assert "does not accept the login" in said
        assert "wr0ng" not in said
        (found,) = [one async for one in routes(load(environment | {"GROUNDCREW_SMTP_URL": wrong}))]
        assert (found.state, "does not accept the login" in found.words) == (State.FAIL, True)


async def test_a_webhook_is_posted_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], taker: Receiver
) -> None:
    """A signed message comes; a refusal is said with its status, and nothing of the address is."""
    monkeypatch.setenv("GROUNDCREW_PAGE_WEBHOOK_URL", taker.url)
    monkeypatch.setenv("GROUNDCREW_PAGE_WEBHOOK_SECRET", SECRET)
    assert await tried("webhook") == 0
    (body,) = taker.bodies()
    assert (body["type"], "This is a test" in body["text"]) == ("message", True)
    assert body["delivery"] in capsys.readouterr().out
    taker.status = 404
    assert await tried("webhook") == 1
    taker.status = 503
    assert await tried("webhook") == 1
    said = capsys.readouterr().err
    assert "not taken: it refuses what I send (HTTP 404)" in said
    assert "A page would be tried again" in said
    assert "t0p-s3cret" not in said


async def test_pagerduty_is_triggered_and_resolved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], taker: Receiver
) -> None:
    """At once, so that nobody is woken for a test."""
    monkeypatch.setenv("GROUNDCREW_PAGERDUTY_ROUTING_KEY", KEY)
    monkeypatch.setenv("GROUNDCREW_PAGERDUTY_URL", taker.url)
    assert await tried("pagerduty") == 0
    first, second = taker.bodies()
    assert (first["event_action"], second["event_action"]) == ("trigger", "resolve")
    assert first["dedup_key"] == second["dedup_key"]
    assert first["dedup_key"] in capsys.readouterr().out


async def test_the_dead_mans_switch_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], unused_tcp_port: int
) -> None:
    """Once, as the bot asks it; what it does not take is said with its status, and its address never is."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=200 if len(asked) == 1 else 404)

    application = web.Application()
    application.router.add_get("/{secret}", answer)
    async with TestServer(application) as server:
        monkeypatch.setenv("GROUNDCREW_DEAD_MAN_URL", str(server.make_url("/t0p-s3cret")))
        assert await tried("dead-man") == 0
        assert asked == ["/t0p-s3cret"]
        assert await tried("dead-man") == 1
    monkeypatch.setenv("GROUNDCREW_DEAD_MAN_URL", f"http://127.0.0.1:{unused_tcp_port}/t0p-s3cret")
    assert await tried("dead-man") == 1
    told = capsys.readouterr()
    assert "it was asked, as the bot does" in told.out
    assert "it does not take that (HTTP 404)" in told.err
    assert "it could not be asked" in told.err
    assert "t0p-s3cret" not in told.out + told.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["email"], "groundcrew try-route email ADDRESS"),
        (["email", "ann@b\nBcc: x"], "groundcrew try-route email ADDRESS"),
        (["webhook", "https://x.example"], "groundcrew try-route webhook"),
        (["email", "ann@acme.example"], "GROUNDCREW_SMTP_URL and GROUNDCREW_SMTP_FROM"),
        (["webhook"], "GROUNDCREW_PAGE_WEBHOOK_URL and GROUNDCREW_PAGE_WEBHOOK_SECRET"),
        (["pagerduty"], "GROUNDCREW_PAGERDUTY_ROUTING_KEY"),
        (["dead-man"], "GROUNDCREW_DEAD_MAN_URL"),
    ],
)
async def test_what_is_missing_is_named(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The command's form, or the settings that a route needs."""
    assert await tried(*words) == 2
    assert said in capsys.readouterr().err


async def test_the_doctor_says_what_is_set_up() -> None:
    """Nothing set is a warning; what is set is named by its host, without its address."""
    (none,) = [one async for one in routes(load({}))]
    assert (none.state, none.what) == (State.WARN, "second routes")
    environment = {
        "GROUNDCREW_PAGE_WEBHOOK_URL": "https://pager.example/t0p-s3cret",
        "GROUNDCREW_PAGE_WEBHOOK_SECRET": SECRET,
        "GROUNDCREW_PAGERDUTY_ROUTING_KEY": KEY,
    }
    found = [one async for one in routes(load(environment))]
    assert [(one.state, one.what) for one in found] == [(State.OK, "webhook"), (State.OK, "pagerduty")]
    assert "pager.example" in found[0].words
    assert "t0p-s3cret" not in str(found)


async def test_a_mail_server_that_is_not_there_fails(unused_tcp_port: int) -> None:
    """The doctor says that no connection comes about, and to which port of which host."""
    environment = {
        "GROUNDCREW_SMTP_URL": f"smtp://127.0.0.1:{unused_tcp_port}",
        "GROUNDCREW_SMTP_FROM": "groundcrew@acme.example",
    }
    (found,) = [one async for one in routes(load(environment))]
    assert found.state is State.FAIL
    assert f"no connection to 127.0.0.1, port {unused_tcp_port}, comes about" in found.words
