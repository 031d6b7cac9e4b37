"""The conversations.* family of the Web API: https://docs.slack.dev/reference/methods?family=conversations."""

from workspace import messages, people, rooms
from workspace.people import BOT_USER, TEAM_ID
from workspace.rooms import Room
from workspace.state import Workspace
from workspace.store import Kept
from workspace.wire import Json, Refusal, flag, needed, page, text


def as_channel(workspace: Workspace, where: Room) -> Json:
    """Describe a conversation as Slack does."""
    if where.is_direct:
        return {"id": where.id, "created": people.CREATED, "is_im": True, "user": where.person, "is_archived": False}
    purpose = next(one.purpose for one in people.CHANNELS if one.id == where.id)
    inside = rooms.members(workspace, where)
    return {
        "id": where.id,
        "name": where.name,
        "name_normalized": where.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": False,
        "is_general": where.name == "general",
        "is_archived": rooms.is_archived(workspace, where),
        "is_member": BOT_USER in inside,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "created": people.CREATED,
        "creator": "U0EVE",
        "context_team_id": TEAM_ID,
        "num_members": len(inside),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": purpose, "creator": "U0EVE", "last_set": people.CREATED},
    }


def open_direct(workspace: Workspace, args: Json) -> Json:
    """Open the direct conversation with one person."""
    if args.get("channel"):
        where = rooms.room(needed(args, "channel"))
    else:
        wanted = needed(args, "users").split(",")
        if len(wanted) != 1:
            raise Refusal("method_not_supported", "[ERROR] this workspace has no group conversations")
        person = people.person(wanted[0])
        if person is None:
            raise Refusal("user_not_found")
        if rooms.is_deactivated(workspace, person.id):
            raise Refusal("user_disabled")
        if person.is_bot:
            raise Refusal("cannot_dm_bot")
        where = rooms.room(person.id)
    whole = as_channel(workspace, where)
    return {"channel": whole if flag(args, "return_im") else {"id": where.id}}


def list_all(workspace: Workspace, args: Json) -> Json:
    """List public channels, and direct conversations where ``types`` asks for them."""
    types = (text(args, "types") or "public_channel").split(",")
    found = [one for one in rooms.every_room() if ("im" if one.is_direct else "public_channel") in types]
    if flag(args, "exclude_archived"):
        found = [one for one in found if not rooms.is_archived(workspace, one)]
    cut, cursor = page([as_channel(workspace, one) for one in found], args, otherwise=100)
    return {"channels": cut, "response_metadata": {"next_cursor": cursor}}


def info(workspace: Workspace, args: Json) -> Json:
    """Describe one conversation."""
    return {"channel": as_channel(workspace, rooms.room(needed(args, "channel")))}


def list_members(workspace: Workspace, args: Json) -> Json:
    """List who is inside."""
    inside = rooms.members(workspace, rooms.room(needed(args, "channel")))
    cut, cursor = page([{"id": one} for one in inside], args, otherwise=100)
    return {"members": [one["id"] for one in cut], "response_metadata": {"next_cursor": cursor}}


def join(workspace: Workspace, args: Json) -> Json:
    """Let the bot walk into a public channel."""
    where = rooms.room(needed(args, "channel"))
    if where.is_direct:
        raise Refusal("method_not_supported_for_channel_type")
    if rooms.is_archived(workspace, where):
        raise Refusal("is_archived")
    rooms.set_bot_inside(workspace, where, inside=True)
    return {"channel": as_channel(workspace, where)}


def history(workspace: Workspace, args: Json) -> Json:
    """List the messages outside threads, the newest first; what only one person sees is not among them."""
    where = rooms.readable(workspace, needed(args, "channel"))
    return _listed(workspace, args, workspace.store.roots(where.id)[::-1])


def replies(workspace: Workspace, args: Json) -> Json:
    """List a thread, its root first."""
    where = rooms.readable(workspace, needed(args, "channel"))
    root = messages.thread_root(workspace, where, needed(args, "ts"))
    return _listed(workspace, args, [root, *workspace.store.replies(where.id, root.ts)])


def _listed(workspace: Workspace, args: Json, kept: list[Kept]) -> Json:
    oldest, latest = text(args, "oldest") or "0", text(args, "latest") or "9" * 20
    edges = flag(args, "inclusive")
    fits = [one for one in kept if oldest < one.ts < latest or (edges and one.ts in {oldest, latest})]
    found = [messages.as_sent(workspace, one) for one in fits]
    if not flag(args, "include_all_metadata"):
        found = [{name: value for name, value in one.items() if name != "metadata"} for one in found]
    cut, cursor = page(found, args, otherwise=100)
    return {"messages": cut, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


METHODS = {
    "conversations.open": open_direct,
    "conversations.list": list_all,
    "conversations.info": info,
    "conversations.members": list_members,
    "conversations.join": join,
    "conversations.history": history,
    "conversations.replies": replies,
}
