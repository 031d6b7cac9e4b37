"""Slack over HTTP: what is not signed, not fresh or malformed goes no further; what is signed has its effect once."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio

from bot import intake, work
from storage import audit
from tests.bot.signed import (
    FORM,
    JSON,
    OLD_SECRET,
    SECRET,
    USER,
    Listening,
    event,
    interaction,
    listening_bot,
    press,
    signed,
    typed,
)
from tests.commands.repository import Repository
from tests.left_over import undone
from tests.world import ANN, CY, Town

BODY = f"command=%2Fapps&user_id={CY}&team_id=T1&trigger_id=1&text=all".encode()


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Listening]:
    """Give a bot that listens."""
    async with listening_bot(town) as listening:
        yield listening


async def rows(bot: Listening) -> int:
    """How many rows wait in the inbox."""
    async with bot.town.world.database.read() as transaction:
        return len(await undone(transaction))


async def test_what_is_too_long_packed_or_slow_is_refused(bot: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    """413 for more than 1 MiB, with and without its length; 415 for what is packed; 408 for what does not end."""
    body = b"text=" + b"x" * 1024 * 1024
    assert (await bot.send(body))[0] == 413

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    headers = {"Content-Type": FORM, **signed(b"x" * 2_000_000)}
    async with bot.session.post(f"{bot.address}/slack/events", data=parts(), headers=headers) as answer:
        assert answer.status == 413
    assert (await bot.post(BODY, {**signed(BODY), "Content-Encoding": "gzip"}))[0] == 415
    monkeypatch.setattr("bot.request_body.PATIENCE_S", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", bot.port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n")
    assert b" 408 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_slacks_question_about_the_address_is_answered(bot: Listening) -> None:
    """The challenge comes back, where it is signed."""
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()
    assert await bot.send(body, JSON) == (200, "3eZbrw1aB")
    assert (await bot.post(body, {}, JSON))[0] == 401


async def test_what_is_signed_has_its_effect_and_its_answer(bot: Listening, repository: Repository) -> None:
    """A command, a press and a form go all the way through Bolt; both secrets hold while Slack changes over."""
    body = typed(bot.slack, "register-app", f"billing {repository}", by=ANN)
    assert await bot.post(body, signed(body, OLD_SECRET)) == (200, "")
    await bot.settle()
    assert any("billing is registered" in text for text in bot.answers())
    url = f"{bot.slack.address}/api/answer"
    assert (await bot.send(press(actions=[{"action_id": "gone", "value": "x"}], response_url=url)))[0] == 200
    await bot.settle()
    assert "do not know that button" in bot.answers()[-1]
    values = {"name": {"x": {"type": "plain_text_input", "value": "a b"}}}
    view = {"id": "V1", "type": "modal", "callback_id": "register-app", "state": {"values": values}}
    form = {"type": "view_submission", "user": USER, "team": {"id": "T1"}, "trigger_id": "3", "view": view}
    status, answer = await bot.send(interaction(form))
    assert status == 200
    assert json.loads(answer)["response_action"] == "errors"


async def test_a_replay_and_fifty_retries_have_one_effect(bot: Listening, repository: Repository) -> None:
    """The same bytes again, Slack's retries with signatures of their own, all at once: 200 each, and one page."""
    await bot.send(typed(bot.slack, "register-app", f"billing {repository}", by=ANN, trigger="0"))
    await bot.settle()
    page = typed(bot.slack, "page-owner", "billing it is down")
    replayed = signed(page)
    now = time.time()
    retries = [signed(page, at=now - number) for number in range(50)]
    found = await asyncio.gather(*(bot.post(page, headers) for headers in [replayed] * 50 + retries))
    assert {status for status, _ in found} == {200}
    await bot.settle()
    assert len([text for text in bot.answers() if "it is down" in text]) == 1
    assert (await bot.post(page, replayed))[0] == 200
    await bot.settle()
    assert len([text for text in bot.answers() if "it is down" in text]) == 1


async def test_an_event_is_kept_before_it_is_acknowledged_and_done_once(bot: Listening) -> None:
    """Slack's four deliveries of an event draw the Home tab once; one that we have no use for is kept and ignored."""
    for _ in range(4):
        assert (await bot.send(event(), JSON))[0] == 200
    await bot.settle()
    assert len(bot.slack.sent("views.publish")) == 1
    assert (await bot.send(event(event_id="Ev2", event={"type": "team_join"}), JSON))[0] == 200
    assert await rows(bot) == 0


async def test_another_workspace_is_refused_and_audited(bot: Listening) -> None:
    """A payload of another team, though it is signed, does nothing but be written down."""
    assert (await bot.send(typed(bot.slack, "apps", team="T2")))[0] == 200
    assert bot.slack.calls == []
    async with bot.town.world.database.read() as transaction:
        (entry,) = await audit.entries(transaction, "apps")
    assert (entry.who, entry.detail["team"]) == (CY, "T2")


async def test_odd_texts_are_answered_in_words(bot: Listening) -> None:
    """Four thousand characters, NUL and half a character in a command have a clear answer."""
    for number, text in enumerate(("x" * 4000, "billing \0", "billing \ufffd")):
        assert (await bot.send(typed(bot.slack, "check-app", text, trigger=f"odd{number}")))[0] == 200
    half = press(trigger_id="odd\ud800", actions=[{"action_id": "accept-app", "value": "\ud800"}],
                 response_url=f"{bot.slack.address}/api/answer")  # fmt: skip
    assert (await bot.send(half))[0] == 200
    await bot.settle()
    assert len(bot.answers()) == 4
    assert not [text for text in bot.answers() if "my fault" in text]


def lock(town: Town) -> sqlite3.Connection | psycopg.Connection:
    """Have another program write to the registry, and not let go."""
    url = town.world.database.url
    if url.get_backend_name() == "postgresql":
        server = psycopg.connect(url.set(drivername="postgresql").render_as_string())
        server.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
        return server
    file = sqlite3.connect(url.database or "", isolation_level=None)
    file.execute("BEGIN IMMEDIATE")
    return file


async def test_a_locked_registry_acknowledges_nothing(bot: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 and words to who typed it, where nothing was kept; once it is let go the same command is taken."""
    monkeypatch.setattr(intake, "_WAIT_S", 0.4)
    monkeypatch.setattr(intake, "_AGAIN_S", 0.01)
    other = lock(bot.town)
    body = typed(bot.slack, "apps", "all")
    found = await asyncio.gather(*(bot.send(body) for _ in range(3)), bot.send(event(), JSON))
    assert {status for status, _ in found} == {503}
    assert "registry" in bot.health.faults
    other.rollback()
    other.close()
    await bot.settle()
    assert set(bot.answers()) == {"I could not keep that, so I will not do it. Please try again in a minute."}
    assert await rows(bot) == 0
    assert (await bot.send(body))[0] == 200
    await bot.settle()
    assert "All apps: 0 apps" in bot.answers()
    assert bot.health.faults == {}


async def test_what_waits_for_a_locked_registry_is_kept_when_it_is_let_go(bot: Listening) -> None:
    """Within Slack's patience a lock costs only time: everything is acknowledged, kept and answered."""
    other = lock(bot.town)
    sent = [asyncio.create_task(bot.send(typed(bot.slack, "apps", "all", trigger=str(one)))) for one in range(40)]
    while len(bot.dispatch.intake._arrivals) < 40:  # noqa: ASYNC110 - nothing tells us
        await asyncio.sleep(0.01)
    assert not any(one.done() for one in sent)
    other.rollback()
    other.close()
    assert {status for status, _ in await asyncio.gather(*sent)} == {200}
    await bot.settle()
    assert len(bot.answers()) == 40


async def test_a_backlog_is_bounded_and_said_in_words(bot: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too much waits, a command is answered that it was not taken, and an event is to come again."""
    monkeypatch.setattr(work, "_MOST", 0)
    status, answer = await bot.send(typed(bot.slack, "apps"))
    assert status == 200
    assert "too much to do just now" in answer
    url = f"{bot.slack.address}/api/answer"
    assert await bot.send(press(response_url=url)) == (200, "")
    await bot.settle()
    assert "too much to do just now" in bot.answers()[-1]
    view = {"id": "V1", "type": "modal", "callback_id": "register-app", "state": {"values": {}}}
    form = {"type": "view_submission", "user": USER, "team": {"id": "T1"}, "trigger_id": "3", "view": view}
    assert "too much to do just now" in (await bot.send(interaction(form)))[1]
    assert (await bot.send(event(), JSON))[0] == 503
    assert await rows(bot) == 0


async def test_another_method_or_path_is_not_there(bot: Listening) -> None:
    """Only what the table of routes names is answered, and nobody is told which software answers."""
    async with bot.session.get(f"{bot.address}/slack/events") as answer:
        assert (answer.status, "Server" in answer.headers) == (405, False)
    assert (await bot.post(BODY, signed(BODY), path="/slack/events/x"))[0] == 404
    assert SECRET not in str(bot.slack.calls)
