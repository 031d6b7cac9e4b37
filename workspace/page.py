"""What the page, and tests that act as a person, can ask for: one snapshot, and one address for every act.

Every act is a POST of JSON to ``/local/NAME`` with ``person`` (an id or a handle); the answer is JSON too, and a
mistake is ``{"error": "..."}`` with the status 400.
"""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from workspace import clicks, messages, people, rooms, slash, speech, submissions
from workspace.payloads import event
from workspace.people import PEOPLE, Person
from workspace.rooms import Room
from workspace.state import Workspace
from workspace.users import as_user
from workspace.wire import Json, Refusal, flag, needed, text

_Act = Callable[[Workspace, Person, Json], Awaitable[Json]]


def snapshot(workspace: Workspace, person: Person) -> Json:
    """Give everything the page shows to *person*."""
    inside = rooms.rooms_of(workspace, person.id)
    return {
        "type": "state",
        "team": people.TEAM_NAME,
        "you": person.id,
        "bot": {"user": people.BOT_USER, "name": people.BOT_NAME, "connections": workspace.bot.count},
        "people": [_face(workspace, one) for one in PEOPLE],
        "groups": [{"id": one.id, "handle": one.handle} for one in people.GROUPS],
        "rooms": [
            {**rooms.describe(workspace, one), "unread": rooms.unread(workspace, person.id, one)} for one in inside
        ],
        "messages": {one.id: messages.recent(workspace, one, person.id) for one in inside},
        "commands": [*workspace.commands, *slash.OWN],
        "offers": workspace.offers,
        "modal": workspace.modals.get(person.id, []),
        "home": workspace.store.home(person.id),
    }


async def act(workspace: Workspace, request: web.Request) -> web.Response:
    """Do what one POST to ``/local/NAME`` asks for."""
    try:
        return web.json_response(await _do(workspace, request.match_info["act"], await request.read()))
    except Refusal as refusal:
        return web.json_response({"error": " ".join((refusal.error, *refusal.details))}, status=400)
    except ValueError as error:
        return web.json_response({"error": f"invalid_arguments {error}"}, status=400)


async def _do(workspace: Workspace, name: str, sent: bytes) -> Json:
    body = json.loads(sent)
    if not isinstance(body, dict):
        raise Refusal("invalid_arguments", "The body must be a JSON object.")
    if name not in ACTS:
        raise Refusal("unknown_method", f"There is no act called {name}.")
    return await ACTS[name](workspace, who(text(body, "person")), body)


def who(named: str) -> Person:
    """Find the person who acts; raises Refusal("user_not_found")."""
    person = people.person(named)
    if person is None or person.is_bot:
        raise Refusal("user_not_found")
    return person


async def _command(workspace: Workspace, person: Person, body: Json) -> Json:
    where = _room(workspace, person, body)
    await slash.run(workspace, person, where, needed(body, "text"), thread=text(body, "thread"))
    return {}


async def _message(workspace: Workspace, person: Person, body: Json) -> Json:
    where = _room(workspace, person, body)
    if rooms.is_archived(workspace, where):
        raise Refusal("is_archived")
    kept = speech.say(workspace, person, where, needed(body, "text"), thread=text(body, "thread"))
    return {"ts": kept.ts}


async def _click(workspace: Workspace, person: Person, body: Json) -> Json:
    done = clicks.Click(
        needed(body, "block_id"),
        needed(body, "action_id"),
        where=_room(workspace, person, body) if body.get("channel") else None,
        ts=text(body, "ts"),
        view_id=text(body, "view"),
        choice=body.get("choice"),
        values=_values(body),
    )
    return {"trouble": await clicks.click(workspace, person, done)}


async def _submit(workspace: Workspace, person: Person, body: Json) -> Json:
    outcome = await submissions.submit(workspace, person, needed(body, "view"), _values(body))
    return {"errors": outcome.errors, "trouble": outcome.trouble}


async def _close(workspace: Workspace, person: Person, body: Json) -> Json:
    await submissions.close(workspace, person, needed(body, "view"), everything=flag(body, "everything"))
    return {}


async def _home(workspace: Workspace, person: Person, body: Json) -> Json:
    """Open the Home tab, or with ``tab: messages`` the direct conversation; the bot is told."""
    tab = text(body, "tab") or "home"
    opened: Json = {"type": "app_home_opened", "user": person.id, "tab": tab}
    opened["channel"] = people.direct_channel(person.id)
    view = workspace.store.home(person.id)
    if tab == "home" and view is not None:
        opened["view"] = view
    workspace.bot.announce(event(workspace, opened))
    return {}


async def _read(workspace: Workspace, person: Person, body: Json) -> Json:
    rooms.mark_read(workspace, person.id, _room(workspace, person, body), needed(body, "ts"))
    return {}


async def _thread(workspace: Workspace, person: Person, body: Json) -> Json:
    where = _room(workspace, person, body)
    root = messages.thread_root(workspace, where, needed(body, "ts"))
    found = [root, *workspace.store.replies(where.id, root.ts, person=person.id)]
    return {"messages": [messages.as_sent(workspace, one) for one in found]}


async def _delete(workspace: Workspace, person: Person, body: Json) -> Json:
    """Delete a message: one's own, or as an admin any."""
    where = _room(workspace, person, body)
    kept = workspace.store.get(where.id, needed(body, "ts"))
    if kept is None or kept.visible_to not in {"", person.id}:
        raise Refusal("message_not_found")
    if kept.body.get("user") != person.id and not person.is_admin and not kept.visible_to:
        raise Refusal("cant_delete_message")
    messages.remove(workspace, kept)
    return {}


async def _deactivate(workspace: Workspace, person: Person, body: Json) -> Json:
    """Close somebody's account, or with ``deleted: false`` open it again, as an admin."""
    subject = who(needed(body, "subject"))
    if not person.is_admin:
        raise Refusal("not_admin")
    workspace.store.put_fact(f"deactivated:{subject.id}", flag(body, "deleted", otherwise=True))
    workspace.bot.announce(event(workspace, {"type": "user_change", "user": as_user(workspace, subject)}))
    workspace.feed.tell({"type": "person", "person": _face(workspace, subject)})
    return {}


async def _archive(workspace: Workspace, person: Person, body: Json) -> Json:
    """Archive a channel, or with ``archived: false`` bring it back, as an admin."""
    where = _room(workspace, person, body)
    if not person.is_admin or where.is_direct:
        raise Refusal("not_admin")
    archived = flag(body, "archived", otherwise=True)
    workspace.store.put_fact(f"archived:{where.id}", archived)
    if archived:
        told = {"type": "channel_archive", "channel": where.id, "user": person.id}
        workspace.bot.announce(event(workspace, told))
    workspace.feed.tell({"type": "room", "room": rooms.describe(workspace, where)})
    return {}


def _values(body: Json) -> Json:
    values = body.get("values") or {}
    if not isinstance(values, dict) or not all(isinstance(one, dict) for one in values.values()):
        raise Refusal("invalid_arguments", "values must be by block id and action id")
    return values


def _room(workspace: Workspace, person: Person, body: Json) -> Room:
    named = needed(body, "channel")
    where = rooms.room(person.id if named == "bot" else named)
    if person.id not in rooms.members(workspace, where):
        raise Refusal("channel_not_found")
    return where


def _face(workspace: Workspace, person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "title": person.title,
        "deactivated": rooms.is_deactivated(workspace, person.id),
        "attention": rooms.attention(workspace, person.id),
    }


ACTS: dict[str, _Act] = {
    "command": _command,
    "message": _message,
    "click": _click,
    "submit": _submit,
    "close": _close,
    "home": _home,
    "read": _read,
    "thread": _thread,
    "delete": _delete,
    "deactivate": _deactivate,
    "archive": _archive,
}
