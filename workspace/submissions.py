"""Submitting and closing modals."""

from dataclasses import dataclass, field

from workspace import blocks, elements, modals
from workspace.clicks import state_values
from workspace.payloads import interaction, shown_view
from workspace.people import Person
from workspace.socket_mode import NotAcknowledgedError, NotConnectedError
from workspace.state import Workspace
from workspace.wire import Json, Refusal

_TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a submission came to: *errors* by block id are shown in place, *trouble* at the foot of the modal."""

    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""


async def submit(workspace: Workspace, person: Person, view_id: str, values: Json) -> Outcome:
    """Send the top view of *person* to the bot and do what its answer says.

    *values* are the contents by block id and action id. Raises Refusal("not_found") when the view is not open.
    """
    owner, view = modals.find(workspace, view_id=view_id)
    if owner != person.id:
        raise Refusal("not_found")
    state = state_values(view["blocks"], values, channel=view["opened_in"])
    errors = _problems(view, state)
    if errors:
        return Outcome(errors)
    payload = interaction("view_submission", person) | {
        "trigger_id": workspace.triggers.issue(person.id, view["opened_in"], view_id),
        "view": shown_view({**view, "state": {"values": state}}),
        "response_urls": [],
    }
    try:
        answer = await workspace.bot.deliver("interactive", payload, takes_answer=True)
        return _follow(workspace, person, view, answer)
    except NotConnectedError:
        return Outcome(trouble="The bot is not connected.")
    except NotAcknowledgedError:
        return Outcome(trouble=_TROUBLE)
    except Refusal as refusal:
        return Outcome(trouble=f"{_TROUBLE} ({refusal.error}: {' '.join(refusal.details)})")


async def close(workspace: Workspace, person: Person, view_id: str, *, everything: bool = False) -> None:
    """Close a view, and with *everything* the ones below it too; the bot is told where it asked to be."""
    owner, view = modals.find(workspace, view_id=view_id)
    if owner != person.id:
        raise Refusal("not_found")
    cleared = everything or view["clear_on_close"]
    if cleared:
        modals.set_stack(workspace, person.id, [])
    else:
        modals.drop(workspace, person.id, view_id)
    if view["notify_on_close"]:
        payload = interaction("view_closed", person) | {"view": shown_view(view), "is_cleared": cleared}
        try:
            await workspace.bot.deliver("interactive", payload, takes_answer=False)
        except (NotConnectedError, NotAcknowledgedError):
            return  # Slack does not tell anybody either: the view is gone from the screen


def _problems(view: Json, state: Json) -> dict[str, str]:
    found = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            wrong = elements.problem(block, state[block["block_id"]][block["element"]["action_id"]])
            if wrong:
                found[block["block_id"]] = wrong
    return found


def _follow(workspace: Workspace, person: Person, view: Json, answer: Json) -> Outcome:
    action = answer.get("response_action")
    if action == "errors":
        return Outcome(_known(view, answer.get("errors")))
    if action == "clear":
        modals.set_stack(workspace, person.id, [])
    elif action == "update":
        changed = modals.change_view(workspace, view, blocks.check_view(answer.get("view"), "modal"))
        modals.replace(workspace, person.id, changed)
    elif action == "push":
        given = blocks.check_view(answer.get("view"), "modal")
        modals.push(workspace, person.id, modals.make_view(workspace, given, below=view))
    else:
        modals.drop(workspace, person.id, view["id"])
    return Outcome()


def _known(view: Json, errors: object) -> dict[str, str]:
    """Keep the errors; Slack shows trouble where one names a block that is no input of the view."""
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise Refusal("invalid_errors", f"errors must name input blocks of the view, which are {sorted(inputs)}")
    return {str(block_id): str(message) for block_id, message in errors.items()}
