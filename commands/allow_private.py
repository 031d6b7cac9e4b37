"""[Let me read it]: an admin lets the bot use its own access to an app's repository. Exactly one of them wins."""

from __future__ import annotations

from dataclasses import replace

from commands.cards import post_card
from commands.command import Command, Request
from commands.leave import still_asked, too_late
from commands.news import Said
from commands.private_code import show_request
from commands.rights import Action, Over, member, require
from commands.start_check import promise_for_app, start
from commands.world import World
from storage import apps, audit
from storage.leave_requests import private_requests


async def run(request: Request, world: World) -> Said:
    """Keep the leave and check the app with it; raises Refused for whoever is no admin or comes second."""
    person = await member(request, world, Action.ALLOW_PRIVATE)
    async with world.database.read() as transaction:
        shown = await private_requests.get(transaction, request.fields.get("id", ""))
    asked = still_asked(shown)
    require(person, Action.ALLOW_PRIVATE, world, Over(subject=asked.app_id))
    now = world.clock.now()
    async with world.database.write() as transaction:
        # The leave is for the repository that the request shows; whoever changes it closes the request under this lock.
        await apps.lock(transaction, asked.app_id)
        app = await apps.get(transaction, asked.app_id)
        assert app is not None
        is_shown = app.repository == asked.repository
        won = is_shown and await private_requests.answer(transaction, asked.id, person.id, now)
        current = await private_requests.get(transaction, asked.id)
        assert current is not None
        if won:
            await apps.change(transaction, app.id, reads_private=True)
            app = replace(app, reads_private=True)
            detail = {"request": asked.id, "repository": asked.repository}
            await audit.write(transaction, now, who=person.id, what="allow private", subject=app.id, detail=detail)
            await show_request(transaction, world, app, current)
            await post_card(transaction, world, app.id)
            there = replace(request, channel=app.thread_channel or app.channel, thread=None)
            promise = await promise_for_app(transaction, world, app, there)
    if not won:
        raise await too_late(current, world, about="repository")
    await start(world, promise)
    return Said(f"Thank you. I am checking {app.name} with it; the verdict comes in its thread.")


command = Command("allow-private", run)
