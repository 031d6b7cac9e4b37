"""Asks the admins whether the bot may look at an app where it runs, and shows the request as it stands."""

from __future__ import annotations

import secrets
from dataclasses import replace

from commands.cards import post_card
from commands.news import ProbeAsked
from commands.probe_rights import needs_leave
from commands.rights import responsible
from commands.world import World
from storage import audit, owners
from storage.database import Transaction
from storage.leave_requests import ProbeRequest, probe_requests
from storage.model import App, Destination


async def ask_admins_to_probe(
    transaction: Transaction, world: World, app: App, asked_by: str | None = None
) -> str | None:
    """Have the admins asked for leave, unless they are; return the channel where, None where none is needed."""
    if not app.live_url or app.probes_live or not needs_leave(app.live_url, world):
        return None
    if await probe_requests.open_of(transaction, app.id) is None:
        at = world.clock.now()
        request = ProbeRequest(secrets.token_hex(8), app.id, app.live_url, at, asked_by)
        await probe_requests.add(transaction, request)
        detail = {"request": request.id, "live_url": app.live_url}
        await audit.write(transaction, at, who=asked_by or "check", what="ask probe", subject=app.id, detail=detail)
        await show_probe_request(transaction, world, app, request)
        await post_card(transaction, world, app.id)
    return world.house.reliability_channel


async def withdraw_probe(transaction: Transaction, world: World, app: App) -> None:
    """Close the open request of *app*, which is to get another address."""
    request, now = await probe_requests.open_of(transaction, app.id), world.clock.now()
    if request is not None and await probe_requests.answer(transaction, request.id, None, now):
        await show_probe_request(transaction, world, app, replace(request, answered_at=now))


async def show_probe_request(transaction: Transaction, world: World, app: App, request: ProbeRequest) -> None:
    """Have the request, or its answer, stand where the admins are asked."""
    news = ProbeAsked(request, app, responsible(await owners.of_app(transaction, app.id)))
    to = Destination(channel=world.house.reliability_channel)
    await world.messenger.post(transaction, to, news, key=f"probe:{request.id}")
