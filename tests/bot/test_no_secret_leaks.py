"""No value of a secret setting and no token reaches a sink: the log, Slack, the registry, or what a person is told."""

import asyncio
import html
import io
import json
import logging
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot import log
from bot.answers import Answers
from bot.dispatch import Dispatch
from bot.redact import Redactor
from bot.setting_names import SECRET_NAMES
from bot.settings_load import WrongSettings, load
from bot.slack import Slack
from bot.trouble import Later
from bot.views.block_kit import Post
from storage.model import Standing
from storage.tables import metadata
from tests.bot.slack_server import Answer, slack_server
from tests.bot.test_dispatch import TEAM, submitted, typed
from tests.bot.test_redact import CREDENTIALS
from tests.world import ANN, CY, EVE, town

#: What a secret can be: a line of 12 characters or more, with one at its beginning that no sentence of ours holds.
_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z"))
VALUES = st.text(_LETTERS, min_size=12, max_size=60).map(lambda text: f"¤{text}")
ONE_OF = VALUES | st.sampled_from([one for one in CREDENTIALS if "\n" not in one])


@given(value=ONE_OF, form=st.sampled_from(["json", "text"]))
def test_no_log_line_holds_one(value: str, form: log.Form) -> None:
    """Not in the words, an argument, a bound value, an exception, its representation, or an address with it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log.formatter(Redactor([value]), form))
    logger = logging.getLogger("made-up-for-secrets")
    logger.handlers = [handler]
    with log.bound(request_id=value):
        logger.warning("words %s", value)
        logger.warning("a tree %s", {"key": [value]})
        logger.warning("at https://pager.example/%s?x=1", value)
        logger.error("failed: %r", value, exc_info=ValueError(value))
    written = stream.getvalue()
    assert value not in written
    assert json.dumps(value, ensure_ascii=False)[1:-1] not in written


@settings(max_examples=15)
@given(value=ONE_OF)
def test_no_call_of_slack_holds_one(value: str) -> None:
    """Whatever the method, wherever it stands in the arguments; and no trouble of Slack's says it."""
    asyncio.run(_every_call(value))


async def _every_call(value: str) -> None:
    view = {"type": "modal", "blocks": [{"text": {"text": f"x{value}"}}], "private_metadata": value}
    said = Post(f"it is {value}", ({"type": "section", "text": {"type": "mrkdwn", "text": value}},))
    async with slack_server() as (server, plain):
        slack = Slack(plain.client, Redactor([value]), f"{server.address}/api/")
        await slack.post("C1", said, token="t1")
        await slack.edit(Standing("C1", "1.0"), said)
        await slack.open_view("1", view)
        await slack.push_view("1", view)
        await slack.publish_home("U1", view)
        await slack.respond(f"{server.address}/api/answer", said)
        await slack.read("users.lookupByEmail", email=f"{value}@acme.example")
        await slack.call("conversations.open", users=value)
        server.script["chat.postMessage"].append(Answer(f"<html>{value}</html>", status=502))
        with pytest.raises(Later) as caught:
            await slack.post("C1", said)
        assert value not in f"{caught.value!r}{caught.value}"
        assert len(server.calls) == 9
        assert value not in json.dumps(server.calls, ensure_ascii=False)
        assert "U1" in json.dumps(server.calls)


@settings(max_examples=5)
@given(value=ONE_OF)
def test_no_row_and_no_answer_holds_one_that_was_typed(value: str) -> None:
    """Not the inbox, the outbox, the audit log or any other table, no answer, no fault in a form, and no log line."""
    asyncio.run(_everything_typed(value))


async def _everything_typed(value: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with town(Path(folder)) as place, slack_server() as (server, plain):
            slack = Slack(plain.client, Redactor([value]), f"{server.address}/api/")
            dispatch = Dispatch(place.world, Answers(place.world, slack), Redactor([value]), TEAM, "Acme")
            acknowledged: list[Any] = []

            async def ack(*words: Any, **answer: Any) -> None:
                acknowledged.append((words, answer))

            address = "https://github.com/acme/billing"
            for number, (by, order, text) in enumerate(
                (
                    (ANN, "register-app", f"billing {address}"),
                    (CY, "page-owner", f"billing the key {value} does not work"),
                    (CY, "page-owner", value),
                    (CY, "page-owner", f"billing as Slack writes it: {html.escape(value, quote=False)}"),
                    (CY, "check-app", f"https://me:{value}@github.com/acme/x"),
                    (CY, "check-app", value),
                    (CY, "apps", value),
                    (CY, "apps", f"using {value}"),
                    (ANN, "on-call", f"{value} set @ann"),
                    (EVE, "apps", value),
                )
            ):
                front: Any = type("Front", (), {"server": server})
                await dispatch.take(typed(front, order, text, by=by, trigger=str(number)), ack)
            fields = {"name": value[:40], "repository": f"https://{value}@github.com/a/b", "purpose": value}
            await dispatch.take_form(submitted("register-app", fields), ack)
            fields = {"name": "other", "repository": f"{address}2", "purpose": f"uses {value}", "live_url": value}
            await dispatch.take_form(submitted("register-app", fields), ack)
            await asyncio.gather(*dispatch.work._tasks)
            await place.deliver()
            async with place.world.database.read() as transaction:
                rows = [
                    dict(row)
                    for table in metadata.sorted_tables
                    for row in (await transaction.connection.execute(select(table))).mappings()
                ]
            assert len([row for row in rows if "previous" in row]) > 2
            for sink in (rows, server.calls, acknowledged, place.chat):
                assert value not in repr(sink)
                assert repr(value)[1:-1] not in repr(sink)


@given(value=VALUES, name=st.sampled_from(SECRET_NAMES))
def test_no_refusal_of_a_setting_holds_it(value: str, name: str) -> None:
    """Whichever secret is set to it, and whatever is wrong with that."""
    try:
        shown = repr(load({name: value, "SLACK_API_URL": "https://slack.example/api/"}))
    except WrongSettings as wrong:
        shown = str(wrong)
    assert value not in shown
