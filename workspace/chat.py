"""The chat.* family of the Web API: https://docs.slack.dev/reference/methods?family=chat."""

from typing import Any

from workspace import blocks, limits, messages, people, rooms
from workspace.people import BOT_USER
from workspace.state import Workspace
from workspace.store import Kept
from workspace.wire import Json, Refusal, needed, text


def written(args: Json, *, most: int | None = None) -> tuple[str, list[Json]]:
    """Read the text and the blocks of a message.

    Raises Refusal: ``no_text`` when there is neither, ``msg_too_long`` above *most* characters, ``invalid_blocks``.
    """
    words = text(args, "text") or text(args, "markdown_text")
    checked = blocks.check_blocks(args.get("blocks"), "message")
    if not words and not checked and not args.get("attachments"):
        raise Refusal("no_text")
    if most is not None and len(words) > most:
        raise Refusal("msg_too_long")
    return words, checked


def post_message(workspace: Workspace, args: Json) -> Json:
    """Post into a channel, a direct conversation or a thread."""
    where = rooms.writable(workspace, needed(args, "channel"))
    words, checked = written(args)
    body = messages.content(words, checked, _metadata(args.get("metadata")))
    kept = messages.post(workspace, where, body, thread=text(args, "thread_ts"))
    return {"channel": where.id, "ts": kept.ts, "message": kept.body}


def post_ephemeral(workspace: Workspace, args: Json) -> Json:
    """Post what only one person of the channel sees."""
    where = rooms.writable(workspace, needed(args, "channel"))
    person = people.person(needed(args, "user"))
    if person is None or person.is_bot:
        raise Refusal("user_not_found")
    if person.id not in rooms.members(workspace, where):
        raise Refusal("user_not_in_channel")
    words, checked = written(args, most=limits.EDIT_TEXT)
    body = messages.content(words, checked)
    kept = messages.post(workspace, where, body, thread=text(args, "thread_ts"), visible_to=person.id)
    return {"message_ts": kept.ts}


def update(workspace: Workspace, args: Json) -> Json:
    """Change a message of the bot; one that only one person saw cannot be found this way."""
    kept = _own(workspace, args, "cant_update_message")
    words, checked = written(args, most=limits.EDIT_TEXT)
    changed = messages.edit(
        workspace,
        kept,
        words if args.get("text") is not None or args.get("markdown_text") else None,
        checked if args.get("blocks") is not None else None,
        _metadata(args.get("metadata")),
    )
    return {"channel": kept.channel, "ts": kept.ts, "text": changed.body["text"], "message": changed.body}


def delete(workspace: Workspace, args: Json) -> Json:
    """Delete a message of the bot."""
    kept = _own(workspace, args, "cant_delete_message")
    messages.remove(workspace, kept)
    return {"channel": kept.channel, "ts": kept.ts}


def get_permalink(workspace: Workspace, args: Json) -> Json:
    """Give the address that opens a message, which the page understands."""
    where = rooms.readable(workspace, needed(args, "channel"))
    kept = workspace.store.get(where.id, needed(args, "message_ts"))
    if kept is None or kept.visible_to:
        raise Refusal("message_not_found")
    link = f"{workspace.address}/archives/{where.id}/p{kept.ts.replace('.', '')}"
    if kept.thread:
        link += f"?thread_ts={kept.thread}&cid={where.id}"
    return {"channel": where.id, "permalink": link}


def _own(workspace: Workspace, args: Json, error: str) -> Kept:
    where = rooms.room(needed(args, "channel"))
    kept = workspace.store.get(where.id, needed(args, "ts"))
    if kept is None or kept.visible_to or kept.body.get("subtype") == "tombstone":
        raise Refusal("message_not_found")
    if kept.body.get("user") != BOT_USER:
        raise Refusal(error)
    if rooms.is_archived(workspace, where):
        raise Refusal("is_archived")
    return kept


def _metadata(given: Any) -> Json | None:
    if given is None:
        return None
    if not isinstance(given, dict) or not given.get("event_type") or not isinstance(given.get("event_payload"), dict):
        raise Refusal("invalid_metadata_format", "[ERROR] metadata needs event_type and event_payload")
    return given


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
