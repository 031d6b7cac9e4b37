"""The listener: how the bot is, GitHub's pushes, and clients that are slow, silent or one too many."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot import listener
from bot.lead import Lead
from bot.metrics import REGISTRY
from bot.request_body import Room
from storage import apps
from tests.bot.malformed import GITHUB, Headers, no_http, pushes, unended
from tests.bot.signed import JSON, Listening, listening_bot, typed
from tests.left_over import undone
from tests.storage.sample import an_app
from tests.world import Town

MARK = "a-word-of-the-body"
ADDRESS = "https://github.com/Acme/Billing"


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Listening]:
    """Give a bot that listens, in which Billing is registered, looked at in an hour."""
    async with town.world.database.write() as transaction:
        await apps.add(transaction, an_app(repository="https://github.com/acme/billing", report_id=None))
        await apps.watch(transaction, an_app().id, town.clock.now().replace(hour=10))
    async with listening_bot(town) as listening:
        yield listening


async def get(bot: Listening, path: str) -> tuple[int, Any]:
    """Ask how the bot is."""
    async with bot.session.get(bot.address + path) as answer:
        assert "Server" not in answer.headers
        return answer.status, await answer.json()


def pushed(address: str = ADDRESS, **more: Any) -> dict[str, Any]:
    """The payload of a push."""
    return {"ref": "refs/heads/main", "repository": {"html_url": address, "full_name": "Acme/Billing"}, **more}


async def is_due(bot: Listening) -> bool:
    """Whether Billing is looked at now."""
    await bot.settle()
    async with bot.town.world.database.read() as transaction:
        return (await apps.watch_of(transaction, an_app().id)).due_at == bot.town.clock.now()


def counted(outcome: str) -> float:
    """How many requests had this outcome."""
    return REGISTRY.get_sample_value("groundcrew_webhook_total", {"outcome": outcome}) or 0.0


async def test_healthz_tells_what_does_not_work(bot: Listening) -> None:
    """A sentence for each part that does not; 503 only for what a restart could mend, which Slack's absence is not."""
    assert await get(bot, "/healthz") == (200, {"status": "good", "faults": {}})
    bot.health.bad("slack", "Slack no longer accepts the token.")
    assert await get(bot, "/healthz") == (
        200,
        {"status": "degraded", "faults": {"slack": "Slack no longer accepts the token."}},
    )
    for part in ("sender", "clock"):
        bot.health.bad(part, "It stands still.")
        status, said = await get(bot, "/healthz")
        assert (status, said["status"]) == (503, "bad")
        bot.health.bad("registry", "it takes no writes: the disk is full")
        assert (await get(bot, "/healthz"))[0] == 200, "nothing can be sent while the registry is away"
        bot.health.good("registry")
        bot.health.good(part)
    assert (await get(bot, "/healthz"))[0] == 200


async def test_readyz_asks_the_registry_the_ears_and_for_a_lead(bot: Listening) -> None:
    """Ready is who hears Slack, reaches the registry, and knows that somebody leads."""
    status, said = await get(bot, "/readyz")
    assert (status, said["status"], [*said["faults"]]) == (503, "bad", ["lead"])
    lead = Lead(bot.town.world.database, bot.town.clock, "p1")
    await lead.look()
    assert (await get(bot, "/readyz"))[0] == 200
    bot.hears[0] = False
    assert [*(await get(bot, "/readyz"))[1]["faults"]] == ["ears"]
    bot.hears[0] = True
    await bot.town.world.database.close()
    await lead.give_up()
    assert [*(await get(bot, "/readyz"))[1]["faults"]] == ["lead"]


async def test_metrics_are_there(bot: Listening) -> None:
    """What was taken in is counted, in Prometheus' form."""
    await bot.send(typed(bot.slack, "apps"))
    async with bot.session.get(f"{bot.address}/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert 'groundcrew_inbox_received_total{kind="slash"}' in await answer.text()


async def test_a_push_has_its_app_looked_at_now(bot: Listening) -> None:
    """In whatever case the address is written; the clock is woken, and nothing of the push is carried on."""
    nudges = bot.town.clock.nudges
    assert await bot.push(pushed()) == (202, "taken")
    assert await is_due(bot)
    assert bot.town.clock.nudges == nudges + 1


async def test_a_delivery_counts_once(bot: Listening) -> None:
    """Fifty times at once and again afterwards: one is taken, the others were already handled."""
    found = await asyncio.gather(*(bot.push(pushed()) for _ in range(50)))
    assert sorted(found) == [(200, "already handled")] * 49 + [(202, "taken")]
    assert await bot.push(pushed()) == (200, "already handled")
    assert await bot.push(pushed(), delivery="d-2") == (202, "taken")


async def test_what_is_none_of_ours_is_ignored_and_counted(bot: Listening) -> None:
    """A repository that nobody registered, another event, a ping: no app is looked at."""
    before = counted("github_unregistered"), counted("github_other_event")
    assert (await bot.push(pushed("https://github.com/acme/other")))[0] == 202
    assert (await bot.push(pushed("https://github.com/acme/other")))[0] == 200
    assert (await bot.push({"action": "opened"}, delivery="d-2", event="issues"))[0] == 202
    assert await bot.push({"zen": "x"}, delivery="d-3", event="ping") == (200, "pong")
    assert (counted("github_unregistered"), counted("github_other_event")) == (before[0] + 1, before[1] + 1)
    assert not await is_due(bot)


async def test_odd_pushes_are_pushes(bot: Listening) -> None:
    """Ten thousand commits, and a branch that looks like an option."""
    commits = [{"id": f"{number:040}", "message": "x"} for number in range(10_000)]
    assert await bot.push(pushed(ref="refs/heads/--x", commits=commits)) == (202, "taken")
    assert await is_due(bot)


PUSHES = pushes(MARK, ADDRESS)


@pytest.mark.parametrize(("body", "headers", "status"), PUSHES.values(), ids=PUSHES)
async def test_a_push_that_is_malformed_or_not_signed_changes_nothing(
    body: bytes, headers: Headers, status: int, bot: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    """Each has its own status, never a fault of ours, and there is no word of it in the log; an odd one is taken."""
    if status == 200:
        assert (await bot.post(body, headers, JSON, GITHUB))[0] == 202
    assert (await bot.post(body, headers, JSON, GITHUB))[0] == status
    assert "Traceback" not in caplog.text
    assert MARK not in caplog.text
    assert await is_due(bot) == (status < 400)
    async with bot.town.world.database.read() as transaction:
        assert await undone(transaction) == ()


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)  # the server lingers for a second
async def test_a_push_that_does_not_end_is_given_up(bot: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chunked body without its end, and one that is shorter than it says: 408."""
    monkeypatch.setattr("bot.request_body.PATIENCE_S", 0.05)
    for sent in unended(MARK).values():
        assert b" 408 " in (await bot.raw(sent)).splitlines()[0]


BEGUN = b"POST /github/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


async def beginning(bot: Listening, sent: int, length: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Begin to send a body of *length* that is not signed, after its headers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    writer.write(BEGUN % length)
    await asyncio.sleep(0.05)
    writer.write(b"x" * sent)
    return reader, writer


@pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)
async def test_bodies_that_are_being_read_have_a_bound_together(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too much is refused with 503, and let go; small ones come in meanwhile, and the room comes back."""
    room = Room(left=100_000)
    monkeypatch.setattr(listener, "Room", lambda: room)
    before = counted("no_room")
    async with listening_bot(town) as bot:
        held = [await beginning(bot, 50_000, 1_000_000) for _ in range(2)]
        async with asyncio.timeout(5):
            while room.left > 20_000:  # noqa: ASYNC110 - it is a value, and no event
                await asyncio.sleep(0.01)
        small, small_writer = await beginning(bot, 8000, 8000)
        assert b" 401 " in await small.readline(), "it was read, and its signature looked at"
        refused = (await bot.raw(BEGUN % 1_000_000 + b"x" * 50_000)).lower()
        assert b" 503 " in refused.splitlines()[0]
        assert b"connection: close" in refused
        for writer in (small_writer, *(one for _, one in held)):
            writer.close()
        async with asyncio.timeout(5):
            while room.left < 100_000:  # noqa: ASYNC110 - it is a value, and no event
                await asyncio.sleep(0.01)
        assert counted("no_room") == before + 1


async def test_what_is_no_http_is_refused_without_a_word_in_the_log(
    bot: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    """Headers without end, lines too long, and other protocols."""
    for sent in no_http(MARK).values():
        assert b" 400 " in (await bot.raw(sent)).splitlines()[0]
    assert MARK not in caplog.text
    assert (await get(bot, "/healthz"))[0] == 200


async def test_who_never_sends_a_request_is_let_go(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that stays silent, or dribbles its headers, is closed."""
    monkeypatch.setattr(listener, "_IDLE_S", 0.05)
    async with listening_bot(town) as bot:
        assert await bot.raw(b"") == b""
        assert await bot.raw(b"GET /healthz HTTP/1.1\r\nX: ") == b""


async def test_connections_are_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is closed at once; when another ends there is room again."""
    monkeypatch.setattr(listener, "_CONNECTIONS", 1)
    async with listening_bot(town) as bot:
        assert (await get(bot, "/healthz"))[0] == 200  # its connection is kept alive
        assert await bot.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") == b""
        assert (await get(bot, "/healthz"))[0] == 200


async def test_an_address_that_is_taken_is_said(bot: Listening) -> None:
    """The reason is the system's own."""
    with pytest.raises(listener.Taken, match="in use"):
        async with listener.listening("127.0.0.1", bot.port, []):
            pass


async def test_a_fault_of_ours_is_logged_without_the_request(
    bot: Listening, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """500, and the log says where, not what was sent."""

    async def fail(*_: Any) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(apps, "of_pushed", fail)
    assert (await bot.push(pushed()))[0] == 500
    assert "RuntimeError: a fault" in caplog.text
    assert "Billing" not in caplog.text
