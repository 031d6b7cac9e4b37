"""The envelopes' content: who did what, in the words Slack uses for it."""

import secrets

from workspace.people import APP_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, Person
from workspace.state import Workspace
from workspace.wire import Json

_VERIFICATION = "local-workspace"  # the legacy token field, which nobody should look at


def interaction(kind: str, person: Person) -> Json:
    """Begin the payload of a button or a view."""
    return {
        "type": kind,
        "token": _VERIFICATION,
        "api_app_id": APP_ID,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM_ID},
    }


def command(person: Person, name: str, words: str) -> Json:
    """Begin the payload of a slash command."""
    return {
        "token": _VERIFICATION,
        "api_app_id": APP_ID,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "is_enterprise_install": "false",
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": words,
    }


def event(workspace: Workspace, body: Json) -> Json:
    """Wrap an event of the Events API."""
    stamp = f"{workspace.clock():.6f}"
    return {
        "token": _VERIFICATION,
        "type": "event_callback",
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": {"event_ts": stamp, **body},
        "event_id": "Ev" + secrets.token_hex(5).upper(),
        "event_time": int(workspace.clock()),
        "is_ext_shared_channel": False,
        "context_team_id": TEAM_ID,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }


def shown_view(view: Json) -> Json:
    """Give a view as payloads carry it, without what only this workspace needs."""
    return {name: value for name, value in view.items() if name != "opened_in"}
