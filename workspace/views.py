"""The views.* family of the Web API: https://docs.slack.dev/reference/methods?family=views."""

from typing import Any

from workspace import blocks, modals, people
from workspace.payloads import shown_view
from workspace.state import Workspace
from workspace.wire import Json, Refusal, needed, text


def open_view(workspace: Workspace, args: Json) -> Json:
    """Open a modal for the person whose trigger id this is."""
    trigger = workspace.triggers.use(needed(args, "trigger_id"))
    given = blocks.check_view(args.get("view"), "modal")
    _refuse_taken(workspace, given)
    view = modals.make_view(workspace, given, opened_in=trigger.channel)
    modals.set_stack(workspace, trigger.person, [view])
    return {"view": shown_view(view)}


def push_view(workspace: Workspace, args: Json) -> Json:
    """Put a view on top of the modal that the trigger id comes from."""
    trigger = workspace.triggers.use(needed(args, "trigger_id"))
    given = blocks.check_view(args.get("view"), "modal")
    open_now = modals.stack(workspace, trigger.person)
    if not open_now or not trigger.view:
        raise Refusal("not_found")
    _refuse_taken(workspace, given)
    view = modals.make_view(workspace, given, below=open_now[-1])
    modals.push(workspace, trigger.person, view)
    return {"view": shown_view(view)}


def update_view(workspace: Workspace, args: Json) -> Json:
    """Change an open modal; a ``hash`` that is not the newest is refused, which guards races."""
    given = args.get("view")
    home = isinstance(given, dict) and given.get("type") == "home"
    checked = blocks.check_view(given, "home" if home else "modal")
    wanted, hash_ = text(args, "view_id"), text(args, "hash")
    if home:
        owner = next((one.id for one in people.PEOPLE if (workspace.store.home(one.id) or {}).get("id") == wanted), "")
        if not owner:
            raise Refusal("not_found")
        return {"view": _publish(workspace, owner, checked, hash_)}
    person, view = modals.find(workspace, view_id=wanted, external_id=text(args, "external_id"))
    if hash_ and hash_ != view["hash"]:
        raise Refusal("hash_conflict")
    changed = modals.change_view(workspace, view, checked)
    modals.replace(workspace, person, changed)
    return {"view": shown_view(changed)}


def publish_view(workspace: Workspace, args: Json) -> Json:
    """Set the App Home of one person."""
    person = people.person(needed(args, "user_id"))
    if person is None:
        raise Refusal("user_not_found")
    checked = blocks.check_view(args.get("view"), "home")
    return {"view": _publish(workspace, person.id, checked, text(args, "hash"))}


def _publish(workspace: Workspace, person: str, given: Json, hash_: str) -> Json:
    before = workspace.store.home(person)
    if hash_ and before is not None and hash_ != before["hash"]:
        raise Refusal("hash_conflict")
    view = modals.make_view(workspace, given) if before is None else modals.change_view(workspace, before, given)
    workspace.store.put_home(person, view)
    workspace.feed.tell({"type": "home", "view": view}, person=person)
    return shown_view(view)


def _refuse_taken(workspace: Workspace, view: dict[str, Any]) -> None:
    wanted = view.get("external_id")
    if wanted and any(one["external_id"] == wanted for views in workspace.modals.values() for one in views):
        raise Refusal("duplicate_external_id")


METHODS = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}
