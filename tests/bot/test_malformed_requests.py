"""Every malformed request of Slack's: refused with a status that says so, without a word of it in the log."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.bot.malformed import UNSIGNED_BODIES, Headers, command, malformed, odd, unasked, unsigned
from tests.bot.signed import FORM, JSON, Listening, interaction, listening_bot
from tests.left_over import undone
from tests.world import Town

# Most are refused before any registry is asked.
pytestmark = pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)

MARK = "a-word-of-the-body"
BODY = command(MARK)
UNSIGNED, MALFORMED, ODD = unsigned(BODY), malformed(MARK), odd(MARK)


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Listening]:
    """Give a bot that listens."""
    async with listening_bot(town) as listening:
        yield listening


async def rows(bot: Listening) -> int:
    """How many rows wait in the inbox."""
    async with bot.town.world.database.read() as transaction:
        return len(await undone(transaction))


@pytest.mark.parametrize("headers", UNSIGNED.values(), ids=UNSIGNED)
async def test_who_does_not_sign_is_refused(headers: Headers, bot: Listening, caplog: pytest.LogCaptureFixture) -> None:
    """401, one line in the log, nothing of the body in it, and no row."""
    status, answer = await bot.post(BODY, headers)
    assert status == 401
    assert MARK not in answer + caplog.text
    assert len([record for record in caplog.records if "was refused" in record.message]) == 1
    assert await rows(bot) == 0


@pytest.mark.parametrize("body", UNSIGNED_BODIES, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("kind", [JSON, FORM, "text/plain"])
async def test_a_body_that_is_not_signed_is_not_looked_at(body: bytes, kind: str, bot: Listening) -> None:
    """Whatever it holds the answer is 401, also to Slack's own question about certificates."""
    assert (await bot.post(body, {}, kind))[0] == 401


@pytest.mark.parametrize(("kind", "body"), MALFORMED.values(), ids=MALFORMED)
async def test_what_is_signed_and_malformed_is_refused(
    kind: str, body: bytes, bot: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    """400, no row, nothing of it in the log; and the same body unsigned is 401."""
    assert (await bot.send(body, kind))[0] == 400
    assert await rows(bot) == 0
    assert "Traceback" not in caplog.text
    assert MARK not in caplog.text
    assert (await bot.post(body, {}, kind))[0] == 401


@pytest.mark.parametrize(("kind", "body"), ODD.values(), ids=ODD)
async def test_what_is_shaped_and_means_nothing_good_is_no_fault_of_ours(
    kind: str, body: bytes, bot: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    """Acknowledged or refused, and nothing of it in the log, also once it is worked off."""
    assert (await bot.send(body, kind))[0] < 500
    await bot.settle()
    assert "Traceback" not in caplog.text
    assert MARK not in caplog.text
    assert (await bot.post(body, {}, kind))[0] == 401


@pytest.mark.parametrize("payload", unasked(MARK), ids=lambda payload: str(payload["type"])[:20])
async def test_what_nobody_asked_for_is_ignored(
    payload: dict[str, Any], bot: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    """Kinds of payload that we do not offer are no fault of ours."""
    status, _ = await bot.send(interaction(payload))
    assert status < 500
    assert MARK not in caplog.text
    assert bot.slack.calls == []
