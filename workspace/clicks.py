"""Buttons and other elements that people use in messages, modals and the App Home."""

from dataclasses import dataclass, field
from typing import Any

from workspace import blocks, elements, messages, modals, rooms
from workspace.payloads import interaction, shown_view
from workspace.people import Person
from workspace.response_urls import Source
from workspace.rooms import Room
from workspace.socket_mode import NotAcknowledgedError, NotConnectedError
from workspace.state import Workspace
from workspace.store import Kept
from workspace.wire import Json, Refusal

_OF_BUTTON = ("text", "value", "style", "url")


@dataclass(frozen=True, slots=True)
class Click:
    """One use of one element.

    It stands in a message (*where* and *ts*) or in a view (*view_id*). *choice* is what was picked in an element
    that has choices; *values* are the contents of all inputs beside it, by block id and action id.
    """

    block_id: str
    action_id: str
    where: Room | None = None
    ts: str = ""
    view_id: str = ""
    choice: Any = None
    values: Json = field(default_factory=dict)


async def click(workspace: Workspace, person: Person, done: Click) -> str:
    """Tell the bot about a click; gives an empty text, or what the person sees when the bot does not answer.

    Raises Refusal("message_not_found" or "not_found") when the element is not on this person's screen.
    """
    if done.where is not None:
        payload = _in_message(workspace, person, done, done.where)
    else:
        payload = _in_view(workspace, person, done)
    try:
        await workspace.bot.deliver("interactive", payload, takes_answer=False)
    except NotConnectedError:
        return "The bot is not connected."
    except NotAcknowledgedError:
        return "operation_timeout: the bot did not answer in time. Try again."
    return ""


def state_values(view_blocks: list[Json], values: Json, *, channel: str = "") -> Json:
    """Collect ``state.values``: what *values* gives, and for the rest what the elements started with."""
    state: Json = {}
    for block in view_blocks:
        given = values.get(block["block_id"], {})
        for element in blocks.elements_of(block):
            if elements.has_answer(element):
                entry = elements.answer(element, given.get(element["action_id"], ...), channel=channel)
                state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return state


def _in_message(workspace: Workspace, person: Person, done: Click, where: Room) -> Json:
    kept = workspace.store.get(where.id, done.ts)
    inside = person.id in rooms.members(workspace, where)
    if kept is None or kept.visible_to not in {"", person.id} or not inside:
        raise Refusal("message_not_found")
    action = _action(workspace, kept.body.get("blocks", []), done)
    trigger_id = workspace.triggers.issue(person.id, where.id)
    payload = interaction("block_actions", person) | {
        "container": _container(kept),
        "trigger_id": trigger_id,
        "channel": {"id": where.id, "name": where.name},
        "state": {"values": state_values(kept.body.get("blocks", []), done.values)},
        "response_url": workspace.response_url(Source(person.id, where.id, kept.ts)),
        "actions": [action],
    }
    if not kept.visible_to:  # Slack leaves the message out where only one person sees it
        payload["message"] = messages.as_sent(workspace, kept)
    return payload


def _in_view(workspace: Workspace, person: Person, done: Click) -> Json:
    home = workspace.store.home(person.id)
    if home is not None and home["id"] == done.view_id:
        view = home
    else:
        owner, view = modals.find(workspace, view_id=done.view_id)
        if owner != person.id:
            raise Refusal("not_found")
    action = _action(workspace, view["blocks"], done)
    state = {"values": state_values(view["blocks"], done.values, channel=view.get("opened_in", ""))}
    return interaction("block_actions", person) | {
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": workspace.triggers.issue(person.id, view.get("opened_in", ""), view["id"]),
        "view": shown_view({**view, "state": state}),
        "actions": [action],
    }


def _container(kept: Kept) -> Json:
    container: Json = {"type": "message", "message_ts": kept.ts, "channel_id": kept.channel}
    container["is_ephemeral"] = bool(kept.visible_to)
    if kept.thread:
        container["thread_ts"] = kept.thread
    return container


def _action(workspace: Workspace, within: list[Json], done: Click) -> Json:
    for block in within:
        for element in blocks.elements_of(block):
            if block["block_id"] == done.block_id and element.get("action_id") == done.action_id:
                action: Json = {"action_id": done.action_id, "block_id": done.block_id, "type": element["type"]}
                action["action_ts"] = f"{workspace.clock():.6f}"
                if element["type"] == "button":
                    return action | {name: element[name] for name in _OF_BUTTON if name in element}
                return {**action, **elements.answer(element, done.choice)}
    raise Refusal("not_found", f"There is no element {done.action_id} in block {done.block_id} now.")
