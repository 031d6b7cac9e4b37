"""Every malformed request of Slack's: refused with a status that says so, without a word of it in the log."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.bot.signed import FORM, JSON, USER, Listening, event, interaction, listening_bot, press, signed
from tests.left_over import undone
from tests.world import CY, Town

# Most are refused before any registry is asked.
pytestmark = pytest.mark.parametrize("registry_url", ["sqlite"], indirect=True)

MARK = "a-word-of-the-body"
BODY = f"command=%2F{MARK}&user_id={CY}&team_id=T1&trigger_id=1&text={MARK}".encode()
NESTED = b"[" * 100_000


@pytest_asyncio.fixture
async def bot(town: Town) -> AsyncIterator[Listening]:
    """Give a bot that listens."""
    async with listening_bot(town) as listening:
        yield listening


async def rows(bot: Listening) -> int:
    """How many rows wait in the inbox."""
    async with bot.town.world.database.read() as transaction:
        return len(await undone(transaction))


def changed(**headers: str) -> dict[str, str]:
    """Good headers for BODY, with some changed."""
    return {**signed(BODY), **{name.replace("_", "-"): value for name, value in headers.items()}}


UNSIGNED: dict[str, dict[str, str]] = {
    "no signature": {},
    "only a timestamp": {"X-Slack-Request-Timestamp": "1790000000"},
    "another secret": signed(BODY, "somebody else's"),
    "another body": signed(BODY + b"x"),
    "an old one": signed(BODY, at=time.time() - 86_400),
    "one of the future": signed(BODY, at=time.time() + 86_400),
    "a timestamp that is a word": changed(X_Slack_Request_Timestamp="abc"),
    "a timestamp of 400 digits": changed(X_Slack_Request_Timestamp="1" * 400),
    "a timestamp that is no number": changed(X_Slack_Request_Timestamp="nan"),
    "a negative timestamp": changed(X_Slack_Request_Timestamp="-179000000"),
    "digits of another script": changed(X_Slack_Request_Timestamp="١٧٩٠٠٠٠٠٠٠"),
    "a signature that is not ASCII": changed(X_Slack_Signature="v0=é"),
    "an empty signature": changed(X_Slack_Signature=""),
    "the signature alone": {"X-Slack-Signature": signed(BODY)["X-Slack-Signature"]},
}


@pytest.mark.parametrize("headers", UNSIGNED.values(), ids=UNSIGNED)
async def test_who_does_not_sign_is_refused(
    headers: dict[str, str], bot: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    """401, one line in the log, nothing of the body in it, and no row."""
    status, answer = await bot.post(BODY, headers)
    assert status == 401
    assert MARK not in answer + caplog.text
    assert len([record for record in caplog.records if "was refused" in record.message]) == 1
    assert await rows(bot) == 0


UNSIGNED_BODIES = [b"ssl_check=1&token=x", b"\xff\xfe", b"[]", b"null", b"7", NESTED, b"payload=x", b""]


@pytest.mark.parametrize("body", UNSIGNED_BODIES, ids=lambda body: repr(body[:12]))
@pytest.mark.parametrize("kind", [JSON, FORM, "text/plain"])
async def test_a_body_that_is_not_signed_is_not_looked_at(body: bytes, kind: str, bot: Listening) -> None:
    """Whatever it holds the answer is 401, also to Slack's own question about certificates."""
    assert (await bot.post(body, {}, kind))[0] == 401


MALFORMED: dict[str, tuple[str, bytes]] = {
    "not UTF-8 as JSON": (JSON, b"\xff\xfe"),
    "not UTF-8 as a form": (FORM, b"command=\xff\xfe&text=x"),
    "not UTF-8 in a field": (FORM, b"command=%ff%fe&user_id=U1"),
    "a JSON list": (JSON, b"[]"),
    "a JSON null": (JSON, b"null"),
    "a JSON number": (JSON, b"7"),
    "a number of 5,000 digits": (JSON, b"7" * 5000),
    "100,000 brackets": (JSON, NESTED),
    "100,000 brackets in a payload": (FORM, b"payload=" + NESTED),
    "objects 20,000 deep": (JSON, b'{"event":' * 20_000),
    "nothing": (FORM, b""),
    "nothing as JSON": (JSON, b""),
    "a payload that is no JSON": (FORM, b"payload=%7Bx"),
    "a payload that is a list": (FORM, interaction([])),
    "a payload that is a text": (FORM, interaction("x")),
    "an event that is a list": (JSON, event(event=[])),
    "an event without a type": (JSON, event(event={})),
    "an event whose type is a list": (JSON, event(event={"type": []})),
    "an event without an id": (JSON, event(event_id=None)),
    "no actions": (FORM, press(actions=[])),
    "actions that are none": (FORM, press(actions=None)),
    "actions that are texts": (FORM, press(actions=["x"])),
    "an action whose id is a number": (FORM, press(actions=[{"action_id": 7, "block_id": "b"}])),
    "a user that is a text": (FORM, press(user=CY)),
    "a user without an id": (FORM, press(user={})),
    "a team that is a list": (FORM, press(team=[1])),
    "a channel that is a list": (FORM, press(channel=[1])),
    "a press without a trigger": (FORM, press(trigger_id=None)),
    "a form without a view": (FORM, interaction({"type": "view_submission", "user": USER})),
    "a form whose values are a list": (FORM, interaction({"type": "view_submission", "user": USER, "team": {"id": "T1"},
        "view": {"id": "V1", "type": "modal", "callback_id": "register-app", "state": {"values": [1]}}})),
    "a form whose state is a text": (FORM, interaction({"type": "view_submission", "user": USER, "team": {"id": "T1"},
        "view": {"id": "V1", "type": "modal", "callback_id": "register-app", "state": "x"}})),
    "a type that is a list": (FORM, interaction({"type": []})),
    "a command without a user": (FORM, b"command=%2Fapps&trigger_id=1&team_id=T1"),
    "a challenge that is a list": (JSON, b'{"type": "url_verification", "challenge": []}'),
    "a thousand fields": (FORM, b"&".join(b"a%d=1" % number for number in range(1000))),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), MALFORMED.values(), ids=MALFORMED)
async def test_what_is_signed_and_malformed_is_refused(
    kind: str, body: bytes, bot: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    """400, no row, nothing of it in the log; and the same body unsigned is 401."""
    assert (await bot.send(body, kind))[0] == 400
    assert await rows(bot) == 0
    assert "Traceback" not in caplog.text
    assert (await bot.post(body, {}, kind))[0] == 401


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "shortcut", "callback_id": MARK, "user": USER, "trigger_id": "1"},
        {"type": "message_action", "callback_id": MARK, "user": USER, "trigger_id": "1"},
        {"type": "block_suggestion", "action_id": MARK, "user": USER},
        {"type": MARK, "user": USER},
        {"type": "interactive_message", "actions": [], "user": USER, "callback_id": MARK},
        {
            "type": "view_closed",
            "user": USER,
            "team": {"id": "T1"},
            "view": {"id": "V1", "type": "modal", "callback_id": "x"},
        },
        {"type": "event_callback", "event_id": "E1", "event": {"type": MARK}, "team_id": "T1", "authorizations": [1]},
    ],
    ids=lambda payload: str(payload["type"])[:20],
)
async def test_what_nobody_asked_for_is_ignored(
    payload: dict[str, Any], bot: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    """Kinds of payload that we do not offer are no fault of ours."""
    status, _ = await bot.send(interaction(payload))
    assert status < 500
    assert MARK not in caplog.text
    assert bot.slack.calls == []
