"""
Every malformed request that the listener is tried with: Slack's, GitHub's, and what is no HTTP at all.

Each list is made for a *mark*, a word that stands in the body wherever one can, so that a log can be searched for it.
The tests send them to a bot in their own process, benchmarks/reliability to one that runs as its users run it.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from tests.bot.signed import FORM, JSON, PUSH_SECRET, SECRET, TEAM, USER, event, interaction, press, signed
from tests.world import CY

NESTED = b"[" * 100_000
SLACK, GITHUB = "/slack/events", "/github/webhook"
Headers = Mapping[str, str]


def command(mark: str) -> bytes:
    """A command that nobody has, with *mark* in it."""
    return f"command=%2F{mark}&user_id={USER['id']}&team_id={TEAM}&trigger_id={mark}&text={mark}".encode()


def unsigned(body: bytes, secret: str = SECRET) -> dict[str, Headers]:
    """The headers that do not show that Slack, whose secret is *secret*, sent *body*: each is refused with 401."""

    def changed(**headers: str) -> Headers:
        return {**signed(body, secret), **{name.replace("_", "-"): value for name, value in headers.items()}}

    return {
        "no signature": {},
        "only a timestamp": {"X-Slack-Request-Timestamp": "1790000000"},
        "another secret": signed(body, "somebody else's"),
        "another body": signed(body + b"x", secret),
        "an old one": signed(body, secret, time.time() - 86_400),
        "one of the future": signed(body, secret, time.time() + 86_400),
        "a timestamp that is a word": changed(X_Slack_Request_Timestamp="abc"),
        "a timestamp of 400 digits": changed(X_Slack_Request_Timestamp="1" * 400),
        "a timestamp that is no number": changed(X_Slack_Request_Timestamp="nan"),
        "a negative timestamp": changed(X_Slack_Request_Timestamp="-179000000"),
        "digits of another script": changed(X_Slack_Request_Timestamp="١٧٩٠٠٠٠٠٠٠"),
        "a signature that is not ASCII": changed(X_Slack_Signature="v0=é"),
        "an empty signature": changed(X_Slack_Signature=""),
        "the signature alone": {"X-Slack-Signature": signed(body, secret)["X-Slack-Signature"]},
    }


UNSIGNED_BODIES = (b"ssl_check=1&token=x", b"\xff\xfe", b"[]", b"null", b"7", NESTED, b"payload=x", b"")


def malformed(mark: str) -> dict[str, tuple[str, bytes]]:
    """What Slack signed and never sends, by what is wrong: its type and its body. Each is refused with 400."""
    word, action = mark.encode(), {"action_id": mark, "block_id": mark, "value": mark}
    form = {"type": "view_submission", "user": USER, "team": {"id": TEAM}}
    view = {"id": "V1", "type": "modal", "callback_id": "register-app", "private_metadata": mark}
    home = {"type": "app_home_opened", "tab": "home"}
    return {
        "not UTF-8 as JSON": (JSON, b"\xff\xfe" + word),
        "not UTF-8 as a form": (FORM, b"command=\xff\xfe&text=" + word),
        "not UTF-8 in a field": (FORM, b"command=%ff%fe&user_id=U1&text=" + word),
        "half a pair in a field": (FORM, command(mark) + b"&response_url=%ed%a0%80"),
        "a JSON list": (JSON, b'["%b"]' % word),
        "a JSON text": (JSON, b'"%b"' % word),
        "a JSON null": (JSON, b"null"),
        "a JSON number": (JSON, b"7"),
        "a number of 5,000 digits": (JSON, b"7" * 5000),
        "100,000 brackets": (JSON, NESTED + word),
        "100,000 brackets in a payload": (FORM, b"payload=" + NESTED + word),
        "objects 20,000 deep": (JSON, b'{"event":' * 20_000 + word),
        "nothing": (FORM, b""),
        "nothing as JSON": (JSON, b""),
        "a payload that is no JSON": (FORM, b"payload=%7B" + word),
        "a payload that is a list": (FORM, interaction([mark])),
        "a payload that is a text": (FORM, interaction(mark)),
        "an event that is a list": (JSON, event(event=[mark])),
        "an event without a type": (JSON, event(event={"text": mark})),
        "an event whose type is a list": (JSON, event(event={"type": [mark]})),
        "a home of a list": (JSON, event(event=home | {"user": [mark]})),
        "a home of half a pair": (JSON, event(event=home | {"user": f"{mark}\ud800"})),
        "a home of nobody": (JSON, event(event=home | {"user": "", "mark": mark})),
        "a user whose id is a sentence": (FORM, press(user={"id": f"everybody {mark}"})),
        "a user whose id does not end": (FORM, press(user={"id": mark * 500})),
        "a command of a sentence": (FORM, command(mark).replace(b"user_id=", b"user_id=everybody+%b+" % word)),
        "an event without an id": (JSON, event(event_id=None, mark=mark)),
        "no actions": (FORM, press(actions=[], mark=mark)),
        "actions that are none": (FORM, press(actions=None, mark=mark)),
        "actions that are texts": (FORM, press(actions=[mark])),
        "an action whose id is a number": (FORM, press(actions=[action | {"action_id": 7}])),
        "a user that is a text": (FORM, press(user=mark)),
        "a user without an id": (FORM, press(user={"name": mark})),
        "a team that is a list": (FORM, press(team=[mark])),
        "a channel that is a list": (FORM, press(channel=[mark])),
        "a press without a trigger": (FORM, press(trigger_id=None, actions=[action])),
        "a form without a view": (FORM, interaction(form | {"mark": mark})),
        "a form whose values are a list": (FORM, interaction(form | {"view": view | {"state": {"values": [mark]}}})),
        "a form whose state is a text": (FORM, interaction(form | {"view": view | {"state": mark}})),
        "a type that is a list": (FORM, interaction({"type": [mark]})),
        "a command without a user": (FORM, command(mark).replace(b"user_id", b"user")),
        "a challenge that is a list": (JSON, json.dumps({"type": "url_verification", "challenge": [mark]}).encode()),
        "a thousand fields": (FORM, b"&".join(b"a%d=%b" % (number, word) for number in range(1000))),
    }  # fmt: skip


def unasked(mark: str) -> tuple[dict[str, Any], ...]:
    """Payloads of kinds that we do not offer: they are no fault of ours, and have no effect."""
    view = {"id": "V1", "type": "modal", "callback_id": mark}
    return (
        {"type": "shortcut", "callback_id": mark, "user": USER, "trigger_id": "1"},
        {"type": "message_action", "callback_id": mark, "user": USER, "trigger_id": "1"},
        {"type": "block_suggestion", "action_id": mark, "user": USER},
        {"type": mark, "user": USER},
        {"type": "interactive_message", "actions": [], "user": USER, "callback_id": mark},
        {"type": "view_closed", "user": USER, "team": {"id": TEAM}, "view": view},
        {"type": "event_callback", "event_id": "E1", "event": {"type": mark}, "team_id": TEAM, "authorizations": [1]},
    )


def odd(mark: str, by: str = CY, team: str = TEAM) -> dict[str, tuple[str, bytes]]:
    """What is shaped as of *by* in *team* and means nothing, or nothing good: each is acknowledged or refused."""

    def button(order: str, value: Any, **more: Any) -> tuple[str, bytes]:
        action = {"type": "button", "action_id": order, "block_id": mark, "value": value}
        return FORM, press(
            actions=[action], trigger_id=f"{mark}.{order}", **{"user": {"id": by, "team_id": team}} | more
        )

    def typed(order: str, text: str, more: str = "") -> tuple[str, bytes]:
        person = f"user_id={by}&team_id={team}&channel_id=CGENERAL&response_url={more}"
        return FORM, f"command=%2F{order}&text={quote(text)}&trigger_id={mark}.{order}&{person}".encode()

    return {
        "a button of no page": button("acknowledge-page", mark),
        "a button of no app": button("accept-app", f"{mark}:owner"),
        "a button of no order": button(mark, mark),
        "a button whose value is a list": button("resolve-page", [mark]),
        "a button whose value is half a pair": button("resolve-page", f"{mark}\ud800"),
        "somebody of another workspace": button("accept-app", f"{mark}:owner", user={"id": "U2", "team_id": "T2"}),
        "somebody who is a list": (FORM, press(user={"id": "", "name": [mark]})),
        "a text of 4,000 characters": typed("register-app", mark + "x" * 4000),
        "a text with a NUL": typed("page-owner", f"no-such-app {mark}\0"),
        "a text of mentions": typed("page-owner", f"<!channel> <@U1> {mark}"),
        "a quote that is not closed": typed("register-app", f'app "{mark}'),
        "an answer to somewhere else": typed("apps", mark, f"http://127.0.0.1:1/{mark}"),
        "an answer to no address": typed("apps", mark, quote(f"x:{mark}\n")),
        "a tab that is a list": (JSON, event(event_id=mark, event={"type": "app_home_opened", "tab": [mark]})),
        "half a pair in an event": (JSON, event(event_id=f"{mark}\ud800")),
        "half a pair as a team": (JSON, event(event_id=mark, team_id=f"{mark}\ud800")),
    }  # fmt: skip


def pushed(mark: str, address: str, **more: Any) -> bytes:
    """A push to the repository at *address*."""
    return json.dumps({"ref": f"refs/heads/{mark}", "repository": {"html_url": address}, **more}).encode()


def _push_signed(body: bytes, mark: str, secret: str, **more: str) -> Headers:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    about = {"X-GitHub-Event": "push", "X-GitHub-Delivery": mark, "X-Hub-Signature-256": f"sha256={digest}"}
    return about | {"Content-Type": JSON} | {name.replace("_", "-"): value for name, value in more.items()}


def pushes(mark: str, address: str, secret: str = PUSH_SECRET) -> dict[str, tuple[bytes, Headers, int]]:
    """
    GitHub's deliveries of pushes to *address*, by what is wrong: body, headers, and the status of the answer.

    The last one is sent twice, and the second answer is meant; it and the one before are no more than odd.
    """

    def good(body: bytes, **more: str) -> tuple[bytes, Headers]:
        return body, _push_signed(body, mark, secret, **more)

    def repository(value: Any) -> tuple[bytes, Headers]:
        return good(json.dumps({"repository": value, "mark": mark}).encode())

    one, word = pushed(mark, address), mark.encode()
    sha1 = "sha1=" + hmac.new(secret.encode(), one, hashlib.sha1).hexdigest()
    about = {"X-GitHub-Event": "push", "X-GitHub-Delivery": mark, "Content-Type": JSON}
    commits = [{"id": f"{number:040}", "message": mark} for number in range(10_000)]
    many = {"ref": f"refs/heads/--{mark}", "commits": commits}
    signatures = {
        "not signed": {},
        "SHA-1 alone": {"X-Hub-Signature": sha1},
        "SHA-1 in the place of SHA-256": {"X-Hub-Signature-256": sha1},
        "a wrong signature": {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        "an empty signature": {"X-Hub-Signature-256": ""},
        "a signature that is not ASCII": {"X-Hub-Signature-256": "sha256=é"},
    }
    return {what: (one, about | headers, 401) for what, headers in signatures.items()} | {
        "no JSON": (*good(word), 400),
        "100,000 brackets": (*good(NESTED + word), 400),
        "not UTF-8": (*good(b"\xff" + word), 400),
        "a list": (*good(b'["%b"]' % word), 400),
        "a repository that is a list": (*repository([mark]), 400),
        "a repository without an address": (*repository({"name": mark}), 400),
        "an address that is a number": (*repository({"html_url": 7}), 400),
        "a file's address": (*repository({"html_url": f"file:///{mark}"}), 400),
        "an address without end": (*repository({"html_url": f"https://{mark}" + "x" * 5000}), 400),
        "no delivery": (*good(one, X_GitHub_Delivery=""), 400),
        "a delivery without end": (*good(one, X_GitHub_Delivery="x" * 500), 400),
        "a delivery that is not ASCII": (*good(one, X_GitHub_Delivery="é"), 400),
        "plain text": (*good(one, Content_Type="text/plain"), 415),
        "a form": (*good(one, Content_Type=FORM), 415),
        "packed": (*good(one, Content_Encoding="gzip"), 415),
        "a mebibyte": (*good(pushed(mark, address, more="x" * 1024 * 1024)), 413),
        "10,000 commits of a branch like an option": (*good(pushed(mark, address, **many)), 202),
        "the same delivery again": (*good(one), 200),
    }  # fmt: skip


def no_http(mark: str) -> dict[str, bytes]:
    """What is sent to the listener and is no HTTP, or no HTTP of ours: each is refused with 400."""
    word = mark.encode()
    return {
        "a header without end": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + word * 2000 + b"\r\n\r\n",
        "a line without end": b"GET /" + word * 2000 + b" HTTP/1.1\r\n\r\n",
        "headers without number": b"GET /healthz HTTP/1.1\r\n"
        + b"".join(b"X-%d: %b\r\n" % (one, word) for one in range(200)) + b"\r\n",
        "another protocol": b"\x16\x03\x01 %b\r\n\r\n" % word,
        "a piece without a length": _HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n%b\r\n" % word,
    }  # fmt: skip


def unended(mark: str) -> dict[str, bytes]:
    """What is sent to the listener and does not end: each is refused with 408, after a while."""
    word = mark.encode()
    return {
        "pieces without end": _HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(word), word),
        "a body shorter than it says": _HEAD + b"Content-Length: 10000\r\n\r\n%b" % word,
    }


_HEAD = b"POST /github/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
