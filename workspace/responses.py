"""What the bot sends back outside the Web API: the answer to a slash command, and posts to a response URL."""

import json

from aiohttp import web

from workspace import chat, messages, rooms
from workspace.response_urls import Source
from workspace.state import Workspace
from workspace.wire import Json, Refusal, flag, text


def respond(workspace: Workspace, source: Source, answer: Json) -> None:
    """Show *answer* to the person, or to the channel where it says ``in_channel``; it may replace its source.

    Raises Refusal as chat.postMessage does.
    """
    where = rooms.room(source.channel)
    original = workspace.store.get(source.channel, source.message) if source.message else None
    if flag(answer, "delete_original"):
        if original is not None:
            messages.remove(workspace, original)
        return
    words, checked = chat.written(answer)
    if flag(answer, "replace_original") and original is not None:
        messages.edit(workspace, original, words or None, checked or None, None)
        return
    public = answer.get("response_type") == "in_channel"
    body = messages.content(words, checked)
    visible_to = "" if public else source.person
    messages.post(workspace, where, body, thread=text(answer, "thread_ts"), visible_to=visible_to)


async def handle(workspace: Workspace, request: web.Request) -> web.Response:
    """Take one POST to a response URL."""
    try:
        answer = json.loads(await request.read())
    except ValueError:
        return web.Response(status=400, text="invalid_payload")
    if not isinstance(answer, dict):
        return web.Response(status=400, text="invalid_payload")
    try:
        source = workspace.response_urls.use(request.match_info["token"])
    except Refusal as refusal:
        return web.Response(status=404, text=refusal.error)
    try:
        respond(workspace, source, answer)
    except Refusal as refusal:
        return web.json_response(refusal.body(), status=400)
    return web.Response(text="ok")
