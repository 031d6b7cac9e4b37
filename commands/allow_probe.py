"""[Let me look at it]: an admin lets the bot look at an app where it runs. Exactly one of them wins."""

from __future__ import annotations

from dataclasses import replace

from commands.cards import post_card
from commands.command import Command, Request
from commands.leave import still_asked, too_late
from commands.news import Said
from commands.probe_leave import show_probe_request
from commands.probe_rights import host_of
from commands.rights import Action, Over, member, require
from commands.start_check import promise_for_app, start
from commands.world import World
from storage import apps, audit
from storage.leave_requests import probe_requests


async def run(request: Request, world: World) -> Said:
    """Keep the leave and check the app with it; raises Refused for whoever is no admin or comes second."""
    person = await member(request, world, Action.ALLOW_PROBE)
    async with world.database.read() as transaction:
        shown = await probe_requests.get(transaction, request.fields.get("id", ""))
    asked = still_asked(shown)
    require(person, Action.ALLOW_PROBE, world, Over(subject=asked.app_id))
    now = world.clock.now()
    async with world.database.write() as transaction:
        # The leave is for the address that the request shows; whoever changes it closes the request under this lock.
        await apps.lock(transaction, asked.app_id)
        app = await apps.get(transaction, asked.app_id)
        assert app is not None
        is_shown = app.live_url == asked.live_url
        won = is_shown and await probe_requests.answer(transaction, asked.id, person.id, now)
        current = await probe_requests.get(transaction, asked.id)
        assert current is not None
        if won:
            await apps.change(transaction, app.id, probes_live=True)
            app = replace(app, probes_live=True)
            detail = {"request": asked.id, "live_url": asked.live_url}
            await audit.write(transaction, now, who=person.id, what="allow probe", subject=app.id, detail=detail)
            await show_probe_request(transaction, world, app, current)
            await post_card(transaction, world, app.id)
            there = replace(request, channel=app.thread_channel or app.channel, thread=None)
            promise = await promise_for_app(transaction, world, app, there)
    if not won:
        raise await too_late(current, world, about="address")
    await start(world, promise)
    return Said(f"Thank you. I am looking at {host_of(asked.live_url)} now; the verdict comes in {app.name}'s thread.")


command = Command("allow-probe", run)
