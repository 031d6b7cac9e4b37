"""
The manifest with which the Slack app is created, made of what the code uses: commands, scopes, events.

https://docs.slack.dev/reference/app-manifest. manifest.yml in the checkout is this, and a test compares the two.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import yaml

from commands.command import all_commands

#: What the bot may do, and why. Those for groups and histories are asked for already, since every scope that is added
#: later means that somebody has to install the app again.
SCOPES = (
    "channels:read",  # whether the bot is in an app's channel
    "chat:write",  # cards, verdicts, pages
    "commands",  # the slash commands
    "im:write",  # ask and page people in direct messages
    "usergroups:read",  # a user group as a step of a page
    "users:read",  # names, and whether an owner's account still lives
    "users:read.email",  # the author of a commit as a person
)
OPTIONAL_SCOPES = (
    "groups:read",  # private channels
    "groups:history",
    "im:history",
    "channels:history",  # look whether a message arrived before sending it again
)
EVENTS = ("app_home_opened",)
#: Where the listener takes what Slack sends over HTTP.
PATH = "/slack/events"


def manifest(url: str = "") -> dict[str, Any]:
    """Return the manifest as data; with *url* for an app that Slack calls there over HTTP, else for Socket Mode."""
    called = {"url": f"{url}{PATH}"} if url else {}
    events = {"request_url": f"{url}{PATH}"} if url else {}
    commands = [
        {
            **called,
            "command": one.slash,
            "description": one.summary,
            "usage_hint": one.usage.removeprefix(one.slash).strip() or " ",
            "should_escape": True,  # people and channels arrive as ids
        }
        for one in sorted(all_commands().values(), key=lambda one: one.name)
        if one.slash
    ]
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "Groundcrew",
            "description": "Says where a vibe-coded app may run, and stays responsible for it.",
            "background_color": "#1f3a34",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Groundcrew", "always_online": True},
            "slash_commands": commands,
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)}},
        "settings": {
            "event_subscriptions": {**events, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **events},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def manifest_yml(url: str = "") -> str:
    """Return the text of manifest.yml, as `manifest` makes it."""
    return "# Made by `groundcrew manifest` from the code; a test fails when it is stale.\n" + yaml.safe_dump(
        manifest(url), sort_keys=False, allow_unicode=True, width=120
    )


def creation_link(url: str = "") -> str:
    """Return the address that opens Slack's page for a new app with the manifest filled in."""
    text = yaml.safe_dump(manifest(url), sort_keys=False, allow_unicode=True, width=1000)
    return f"https://api.slack.com/apps?new_app=1&manifest_yaml={quote(text)}"
