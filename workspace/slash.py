"""Slash commands: the bot's, and the two of Slack itself that let the bot into a channel and out of it."""

from workspace import messages, people, responses, rooms
from workspace.payloads import command, event
from workspace.people import BOT_USER, Person
from workspace.response_urls import Source
from workspace.rooms import Room
from workspace.socket_mode import NotAcknowledgedError, NotConnectedError
from workspace.speech import command_text
from workspace.state import Workspace
from workspace.wire import Refusal

OWN = (
    {"command": "/invite", "usage": "@groundcrew", "description": "Let the bot into this channel"},
    {"command": "/remove", "usage": "@groundcrew", "description": "Take the bot out of this channel"},
)


async def run(workspace: Workspace, person: Person, where: Room, typed: str, *, thread: str = "") -> None:
    """Hand a slash command to the bot and show what it answers, or why it did not."""
    name, _, words = typed.strip().partition(" ")
    if name in {one["command"] for one in OWN}:
        _move_bot(workspace, person, where, name, words.strip())
        return
    trouble = _refused(workspace, name, thread)
    source = Source(person.id, where.id)
    if not trouble:
        payload = command(person, name, command_text(words.strip()))
        payload |= {"channel_id": where.id, "channel_name": where.name}
        payload |= {"trigger_id": workspace.triggers.issue(person.id, where.id)}
        payload |= {"response_url": workspace.response_url(source)}
        try:
            answer = await workspace.bot.deliver("slash_commands", payload, takes_answer=True)
            if answer.get("text") or answer.get("blocks"):
                responses.respond(workspace, source, answer)
        except NotConnectedError:
            trouble = f"{name} failed: the bot is not connected"
        except NotAcknowledgedError:
            trouble = f'{name} failed with the error "operation_timeout"'
        except Refusal as refusal:
            trouble = f'{name} failed with the error "{refusal.error}" {" ".join(refusal.details)}'
    if trouble:
        messages.notice(workspace, where, person.id, trouble.strip(), thread=thread)


def _refused(workspace: Workspace, name: str, thread: str) -> str:
    if thread:
        return f"{name} is not supported in threads. Sorry!"
    if workspace.commands and name not in {str(one["command"]) for one in workspace.commands}:
        return f"{name} is not a valid command. Type / to see the commands there are."
    return ""


def _move_bot(workspace: Workspace, person: Person, where: Room, name: str, words: str) -> None:
    if where.is_direct or people.person(words.casefold()) != people.BOT:
        messages.notice(workspace, where, person.id, f"Type {name} @groundcrew in a channel.")
        return
    coming = name == "/invite"
    if (BOT_USER in rooms.members(workspace, where)) == coming:
        state = "already here" if coming else "not here"
        messages.notice(workspace, where, person.id, f"{people.BOT_NAME} is {state}.")
        return
    rooms.set_bot_inside(workspace, where, inside=coming)
    done = "was added to" if coming else "was removed from"
    messages.notice(workspace, where, person.id, f"{people.BOT_NAME} {done} #{where.name}.")
    if not coming:
        workspace.bot.announce(event(workspace, {"type": "channel_left", "channel": where.id}))
