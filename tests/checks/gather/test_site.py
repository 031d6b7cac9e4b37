"""What a live app tells over real http and https on loopback, and that no answer of it hurts."""

import asyncio
import ipaddress
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from checks.addresses import Machine
from checks.engine import Engine
from checks.fact import Missing
from checks.facts.site.replies import Front, Wanted
from checks.gather import site_connection
from checks.gather.answers import answer
from checks.gather.live import Live, Network
from tests.checks.gather.site_subject import front, pages, subject_of
from tests.code_host import CodeHost
from tests.live_site import LOOPBACK, NET, ended_certificate, raw_site, refused, sound_app


def serving(host: CodeHost, answers: dict[str, web.Response]) -> None:
    """Have *host* give these answers by path, and 404 to everything else."""

    async def respond(request: web.BaseRequest) -> web.StreamResponse:
        found = answers.get(request.path, web.Response(status=404, text="no"))
        return web.Response(status=found.status, headers=found.headers, body=found.body)

    host.answer = respond


def moved(to: str) -> web.Response:
    """Return an answer that sends on."""
    return web.Response(status=302, headers={"Location": to})


async def test_the_front_door_is_told(host: CodeHost, engine: Engine) -> None:
    """Page, headers that matter, certificate, the answer to nothing; no cookie is told, and nothing but GET is sent."""
    page = web.Response(text="<html>", headers={"X-Frame-Options": "DENY", "Set-Cookie": "sid=hunter2", "X-Other": "1"})
    serving(host, {"/app/": page})
    subject = subject_of(engine, f"https://localhost:{host.port}/app/?token=hunter2#x", host.port)
    told = await front(subject)
    assert (told.untold, told.base, told.folder) == ("", f"https://localhost:{host.port}", "/app/")
    assert (told.page.status, told.page.body, told.missing.status) == (200, b"<html>", 404)
    assert told.page.headers["x-frame-options"] == "DENY"
    assert "hunter2" not in str(told.page.headers)
    assert told.missing.path.startswith("/app/gc-")
    assert told.certificate is not None
    assert (told.certificate.fault, told.certificate.days_left) == ("", 29)
    assert {request.method for request in host.seen} == {"GET"}
    agents = {request.headers["User-Agent"] for request in host.seen}
    assert agents == {"Groundcrew (readiness check of a registered app)"}
    assert not any("Cookie" in request.headers or "Authorization" in request.headers for request in host.seen)


async def test_without_an_address_or_a_leave_nobody_is_asked(host: CodeHost, engine: Engine) -> None:
    """No address is no fault; an address that may not be asked says why."""
    assert await front(subject_of(engine, "", host.port)) == Front()
    waits = Live(f"https://localhost:{host.port}/", "an admin has to allow it", network=NET)
    told = await front(subject_of(engine, "", host.port, waits))
    assert (told.given, told.untold) == (waits.url, "an admin has to allow it")
    with pytest.raises(Missing, match="may not be asked"):
        await pages(subject_of(engine, "", host.port, waits), "/x", base=waits.url)
    assert not host.seen


async def test_a_bad_certificate_is_an_answer_and_not_a_crash(host: CodeHost, engine: Engine, tmp_path: Path) -> None:
    """Self-signed, for another host, ended: each is told, and the page is still looked at."""
    serving(host, {"/": web.Response(text="here")})
    url = f"https://localhost:{host.port}/"
    strangers = replace(engine, ca_file=None)
    other = f"https://other.example:{host.port}/"
    for known, address, fault in ((strangers, url, "self-signed"), (engine, other, "for another host")):
        told = await front(subject_of(known, address, host.port))
        assert told.certificate is not None
        assert (told.certificate.fault, told.page.body) == (fault, b"here")
    certificate, key = ended_certificate(tmp_path)
    async with sound_app(certificate, key) as port:
        told = await front(subject_of(replace(engine, ca_file=certificate), f"https://localhost:{port}/", port))
        assert told.certificate is not None
        assert told.certificate.fault == "expired"
        assert b"Please sign in" in told.page.body


async def test_redirects_are_followed_within_the_host_alone(host: CodeHost, engine: Engine) -> None:
    """A few of them, each looked at anew; another host is named and never asked."""
    away = "https://login.example/start"
    serving(host, {"/": moved("/home"), "/home": web.Response(text="home"), "/out": moved(away)})
    url = f"https://localhost:{host.port}"
    told = await front(subject_of(engine, url, host.port))
    assert (told.page.path, told.page.body, told.elsewhere) == ("/home", b"home", "")
    told = await front(subject_of(engine, f"{url}/out", host.port))
    assert (told.page.status, told.elsewhere, told.base) == (302, "login.example", url)


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/", "Stopped at redirect 6."),
        ("http://169.254.169.254/latest/", "That address belongs to the machine's own cloud service: never probed."),
        ("http://[::ffff:a9fe:a9fe]/", "That address belongs to the machine's own cloud service: never probed."),
        ("//2130706433/", "not a plain host name or address"),
        ("ftp://localhost/", "Only http and https"),
        ("http://localhost:22/", "Port 22 is not probed"),
        ("http://10.0.0.7/", "10.0.0.7 is a private address."),
    ],
)
async def test_a_redirect_that_leads_nowhere_good_is_not_followed(
    host: CodeHost, engine: Engine, location: str, said: str
) -> None:
    """It is read as strictly as what people type, and what is wrong with it is said."""
    serving(host, {"/": moved(location)})
    told = await front(subject_of(engine, f"https://localhost:{host.port}/", host.port))
    assert said in told.untold
    assert len(host.seen) <= 6


async def test_a_name_that_changes_its_mind_reaches_nobody(engine: Engine) -> None:
    """The machine that was checked is the one that is asked, whatever the name leads to the next time."""
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))

    answers: list[Machine] = [ipaddress.ip_address("192.0.2.1"), LOOPBACK]

    async def look_up(_host: str, _port: int) -> tuple[Machine, ...]:
        return (answers.pop(0) if len(answers) > 1 else answers[0],)

    def open_but_here(address: Machine, _cidrs: object) -> str:
        return "inside" if address == LOOPBACK else ""

    async with raw_site(talk) as port:
        rebinding = Network(look_up, open_but_here, 0)
        url = f"http://rebind.example:{port}/"
        wanted = msgspec.json.encode(Wanted(f"http://rebind.example:{port}", ("/.env",), 1024))
        subject = subject_of(engine, url, port, Live(url, network=rebinding))
        made = site_connection.guarded((ipaddress.ip_address("192.0.2.1"),))
        with pytest.raises(OSError, match="was not checked"):
            made((2, 1, 6, "", ("127.0.0.1", port)))
        answers[:] = [LOOPBACK]
        assert "inside" in (await front(subject)).untold
        with pytest.raises(Missing, match="inside"):
            await answer(subject, "site_pages", wanted)
    assert not asked


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("https://other.example", ("/",), 1024),
        Wanted("", ("x",), 1024),
        Wanted("", ("/a b",), 1024),
        Wanted("", ("/a\r\nHost: evil",), 1024),
        Wanted("", tuple(f"/{number}" for number in range(81)), 1024),
        Wanted("", ("/",), 1 << 30),
    ],
)
async def test_a_worker_gone_bad_has_nobody_else_asked(host: CodeHost, engine: Engine, wanted: Wanted) -> None:
    """Another host, a path that breaks the request, too many or too much: refused before anything is sent."""
    base = f"https://localhost:{host.port}"
    meant = f"{wanted.base}:{host.port}" if wanted.base else base
    subject = subject_of(engine, base, host.port)
    with pytest.raises(Missing, match="goes beyond it"):
        await answer(subject, "site_pages", msgspec.json.encode(replace(wanted, base=meant)))
    assert not host.seen


async def test_one_check_asks_only_so_often(host: CodeHost, engine: Engine) -> None:
    """What a check may ask is counted over all of its questions."""
    serving(host, {})
    base = f"https://localhost:{host.port}"
    subject = subject_of(engine, base, host.port, Live(base, network=NET, left=3))
    replies = await pages(subject, "/a", "/b", "/c", "/d", base=base)
    assert [one.status for one in replies] == [404, 404, 404, 0]
    assert replies[-1].trouble == "one check asks no more of it"
    assert len(host.seen) == 3


async def test_routes_are_asked_only_where_the_owner_lets_them_be(host: CodeHost, engine: Engine) -> None:
    """The worker cannot have them asked by itself."""
    serving(host, {"/api/me": web.Response(text="{}")})
    base = f"https://localhost:{host.port}"
    subject = subject_of(engine, base, host.port)
    with pytest.raises(Missing, match="has not let its routes be asked"):
        await pages(subject, "/api/me", base=base, topic="site_routes")
    assert not host.seen
    subject = subject_of(engine, base, host.port, Live(base, asks_routes=True, network=NET))
    (reply,) = await pages(subject, "/api/me", base=base, topic="site_routes")
    assert reply.status == 200


async def test_a_proxy_of_the_environment_is_not_used(
    host: CodeHost, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be asked in place of the machine that was checked."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    serving(host, {"/": web.Response(text="direct")})
    assert (await front(subject_of(engine, f"https://localhost:{host.port}/", host.port))).page.body == b"direct"


def test_the_guard_of_tests_opens_one_address_only() -> None:
    """What tests may ask beyond the product is this machine's usual address."""
    assert not refused(LOOPBACK, ())
    assert refused(ipaddress.ip_address("127.0.0.2"), ())
    assert refused(ipaddress.ip_address("169.254.169.254"), ())
