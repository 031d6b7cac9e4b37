"""The views that are open on people's screens: at most three on top of each other."""

import secrets

from workspace import limits, people
from workspace.state import Workspace
from workspace.wire import Json, Refusal

_KEPT = ("type", "title", "submit", "close", "blocks", "private_metadata", "callback_id", "external_id")


def make_view(workspace: Workspace, given: Json, *, below: Json | None = None, opened_in: str = "") -> Json:
    """Make the view object that the bot and the page receive.

    *given* is a checked view, *below* the view it is pushed upon, *opened_in* the channel the person was in.
    """
    view_id = "V" + secrets.token_hex(5).upper()
    view: Json = {
        "id": view_id,
        "team_id": people.TEAM_ID,
        "app_id": people.APP_ID,
        "bot_id": people.BOT_ID,
        "app_installed_team_id": people.TEAM_ID,
        "root_view_id": below["root_view_id"] if below else view_id,
        "previous_view_id": below["id"] if below else None,
        "opened_in": opened_in or (below or {}).get("opened_in", ""),
    }
    return change_view(workspace, view, given)


def change_view(workspace: Workspace, view: Json, given: Json) -> Json:
    """Copy *view* with the content of *given*, which has been checked, and a new hash."""
    content = {name: given.get(name) for name in _KEPT}
    content |= {name: content[name] or "" for name in ("private_metadata", "callback_id", "external_id")}
    return {
        **view,
        **content,
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "state": {"values": {}},
        "hash": f"{int(workspace.clock())}.{secrets.token_hex(4)}",
    }


def stack(workspace: Workspace, person: str) -> list[Json]:
    """List the views open for *person*, the last one on top."""
    return workspace.modals.get(person, [])


def set_stack(workspace: Workspace, person: str, views: list[Json]) -> None:
    """Replace what is open for *person*, and show it."""
    workspace.modals[person] = views
    workspace.feed.tell({"type": "modal", "views": views}, person=person)


def push(workspace: Workspace, person: str, view: Json) -> None:
    """Put *view* on top; raises Refusal("push_limit_reached") above three."""
    views = stack(workspace, person)
    if len(views) >= limits.VIEW_STACK:
        raise Refusal("push_limit_reached")
    set_stack(workspace, person, [*views, view])


def replace(workspace: Workspace, person: str, view: Json) -> None:
    """Show *view* in place of the one with the same id."""
    set_stack(workspace, person, [view if one["id"] == view["id"] else one for one in stack(workspace, person)])


def drop(workspace: Workspace, person: str, view_id: str) -> None:
    """Close one view, wherever it stands; the ones below it show again."""
    set_stack(workspace, person, [one for one in stack(workspace, person) if one["id"] != view_id])


def find(workspace: Workspace, *, view_id: str = "", external_id: str = "") -> tuple[str, Json]:
    """Find an open view and whose screen it is on; raises Refusal("not_found")."""
    for person, views in workspace.modals.items():
        for view in views:
            if view_id == view["id"] or (external_id and external_id == view["external_id"]):
                return person, view
    raise Refusal("not_found")
