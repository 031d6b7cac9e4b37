"""The manifest asks for what the code uses, and the link carries the whole of it."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from bot.__main__ import main
from bot.manifest import OPTIONAL_SCOPES, SCOPES, creation_link, manifest, manifest_yml
from commands.command import all_commands

BOT = Path(__file__).resolve().parents[2] / "bot"
#: Method -> the scope that it needs (https://docs.slack.dev/reference/methods); views.* and auth.test need none.
NEEDED = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "conversations.info": "channels:read",
    "conversations.list": "channels:read",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
}
WITHOUT = {"views.open", "views.push", "views.publish", "auth.test"}


def test_every_method_that_is_called_has_its_scope() -> None:
    """No call fails for a scope that the manifest did not ask for."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in BOT.rglob("*.py"))
    called = set(re.findall(r'"((?:chat|conversations|users|views|auth|usergroups)\.[a-zA-Z.]+)"', text))
    assert called >= {"chat.postMessage", "views.open", "users.info"}
    needed = {NEEDED[method] for method in called - WITHOUT}
    assert needed - set(SCOPES) == {"channels:history"}  # without which a message that may stand is marked as repeated
    assert "channels:history" in OPTIONAL_SCOPES
    assert not set(SCOPES) & set(OPTIONAL_SCOPES)


def test_every_slash_command_is_in_it() -> None:
    """What people can type is what the orders say; Slack's own limits on it are kept."""
    listed = {one["command"]: one for one in manifest()["features"]["slash_commands"]}
    assert set(listed) == {one.slash for one in all_commands().values() if one.slash}
    assert 0 < len(listed) <= 5
    for one in listed.values():
        assert one["should_escape"] is True
        assert len(one["command"]) <= 32
        assert 0 < len(one["description"]) <= 2000
        assert 0 < len(one["usage_hint"]) <= 1000


def test_slack_over_http_is_told_where_to() -> None:
    """With an address every command, click and event goes to the door of the listener, and no socket is asked for."""
    made = manifest("https://bot.acme.example")
    door = "https://bot.acme.example/slack/events"
    assert {one["url"] for one in made["features"]["slash_commands"]} == {door}
    settings = made["settings"]
    assert settings["event_subscriptions"]["request_url"] == settings["interactivity"]["request_url"] == door
    assert settings["socket_mode_enabled"] is False
    assert "request_url" not in str(manifest())


def test_the_link_carries_the_whole_manifest() -> None:
    """Whoever follows it needs to fill in nothing."""
    query = parse_qs(urlsplit(creation_link()).query)
    assert yaml.safe_load(query["manifest_yaml"][0]) == manifest() == yaml.safe_load(manifest_yml())
    assert len(creation_link()) < 8000


def test_the_command_prints_both(capsys: pytest.CaptureFixture[str]) -> None:
    """`groundcrew manifest > manifest.yml` keeps the manifest alone; the link is beside it."""
    assert main(["manifest"]) == 0
    printed = capsys.readouterr()
    assert printed.out == manifest_yml()
    assert creation_link() in printed.err
