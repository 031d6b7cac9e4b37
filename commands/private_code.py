"""
Whose code the bot may read with its own access: that of an app for which an admin has said so.

Whoever registers an app owns it by that; were the token used for every registered app, any colleague would read any
private repository by registering it. So a repository is read without the token, and the code host is asked nothing
with it, until an admin registers the app himself or answers the request that is posted for the admins.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from checks.gather.code_host_leave import NOT_LET
from checks.gather.git import Hidden
from checks.model import CheckError, Outcome, Verdict
from commands.cards import post_card
from commands.news import PrivateAsked
from commands.rights import responsible
from commands.targets import target_of
from commands.world import World
from storage import apps, audit, owners
from storage.database import Transaction
from storage.leave_requests import PrivateRequest, private_requests
from storage.model import App, Destination


def token_fits(repository: str, world: World) -> bool:
    """Whether the bot has a token that is for the host of *repository*."""
    engine = world.house.engine
    try:
        target = target_of(repository, world)
    except CheckError:
        return False
    return engine.token is not None and target.address is not None and target.address.host == engine.token_host


def sentence(error: CheckError, repository: str, world: World, *, with_token: bool) -> str:
    """Return the words of *error*, which met a look at *repository*, and whom it helps to ask."""
    if with_token or not isinstance(error, Hidden) or not token_fits(repository, world):
        return str(error)
    return (
        f"{error.host} says this repository is private or does not exist. I read private code only for registered "
        "apps, once an admin has let me."
    )


def may_ask(app: App, verdict: Verdict, world: World) -> bool:
    """Whether nothing but sight holds *app* back, and an admin's leave to use the token would give more of it."""
    held = verdict.held_back
    unseen = all(one.outcome is Outcome.NOT_CHECKED for one in held) and any(NOT_LET in one.reason for one in held)
    return unseen and not app.reads_private and token_fits(app.repository, world)


async def ask_admins(transaction: Transaction, world: World, app: App, asked_by: str | None = None) -> str | None:
    """Have the admins asked for leave, unless they are; return the channel where, None where no leave would help."""
    await apps.lock(transaction, app.id)
    now = await apps.get(transaction, app.id)
    assert now is not None
    if now.reads_private or now.repository != app.repository or not token_fits(app.repository, world):
        return None
    if await private_requests.open_of(transaction, app.id) is None:
        at = world.clock.now()
        request = PrivateRequest(secrets.token_hex(8), app.id, app.repository, at, asked_by)
        await private_requests.add(transaction, request)
        await audit.write(
            transaction, at, who=asked_by or "check", what="ask private", subject=app.id, detail={"request": request.id}
        )
        await show_request(transaction, world, now, request)
        await post_card(transaction, world, app.id)
    return world.house.reliability_channel


async def withdraw(transaction: Transaction, world: World, app: App) -> None:
    """Close the open request of *app*, which is to get another repository."""
    request, now = await private_requests.open_of(transaction, app.id), world.clock.now()
    if request is not None and await private_requests.answer(transaction, request.id, None, now):
        await show_request(transaction, world, app, replace(request, answered_at=now))


async def show_request(transaction: Transaction, world: World, app: App, request: PrivateRequest) -> None:
    """Have the request, or its answer, stand where the admins are asked."""
    news = PrivateAsked(request, app, responsible(await owners.of_app(transaction, app.id)))
    to = Destination(channel=world.house.reliability_channel)
    await world.messenger.post(transaction, to, news, key=f"private:{request.id}")
