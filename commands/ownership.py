"""Asking people to answer for an app, and what follows from their answers. Ownership is an act: they accept it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks import policy
from checks.verdict import judge
from commands.cards import context_of, post_card
from commands.command import Refused
from commands.news import Checked, OwnershipAsked
from commands.private_code import may_ask, show_request
from commands.world import World
from storage import apps, audit, outbox, owners, reports
from storage.database import Transaction
from storage.leave_requests import private_requests
from storage.model import Acceptance, App, Destination, Owner, Role


async def ask(transaction: Transaction, world: World, app: App, role: Role, *, person: str, asked_by: str) -> None:
    """Ask *person* to take on *role* of *app*, in place of whoever had it; whoever names himself accepts by that."""
    now = world.clock.now()
    before = next((one for one in await owners.of_app(transaction, app.id) if one.role is role), None)
    if before is not None and before.person != person:
        await withdraw_question(transaction, world, app, before, "somebody else was asked")
    answer = Acceptance.ACCEPTED if person == asked_by else Acceptance.ASKED
    owner = Owner(app.id, role, person, answer, asked_by, now, now if person == asked_by else None)
    await owners.name(transaction, owner)
    detail = {"role": role, "before": before.person if before else None, "after": person, "acceptance": answer}
    await audit.write(transaction, now, who=asked_by, what="name owner", subject=app.id, detail=detail)
    if person != asked_by:
        question = OwnershipAsked(app, role, person, asked_by)
        await world.messenger.post(transaction, Destination(person=person), question, key=_key(owner))


def has_other_role(named: Sequence[Owner], role: Role, person: str) -> bool:
    """Whether *person* has or is asked for the role beside *role*: a page would go to the same person twice."""
    held = (one for one in named if one.acceptance is not Acceptance.DECLINED)
    return any(one.role is not role and one.person == person for one in held)


async def withdraw_question(transaction: Transaction, world: World, app: App, owner: Owner, why: str) -> None:
    """Where *owner* has not answered yet, write into the message that asked them that it is not needed, and *why*."""
    if owner.acceptance is Acceptance.ASKED:
        await close_question(transaction, world, app, owner, f"No longer needed: {why}.")


async def close_question(transaction: Transaction, world: World, app: App, owner: Owner, answer: str) -> None:
    """Write *answer* into the message that asked *owner*."""
    asked = OwnershipAsked(app, owner.role, owner.person, owner.asked_by, answer)
    await world.messenger.post(transaction, Destination(person=owner.person), asked, key=_key(owner))


def _key(owner: Owner) -> str:
    return f"own:{owner.app_id}:{owner.role}:{int(owner.asked_at.timestamp())}"


async def asked_about(transaction: Transaction, value: str, *, lock: bool = False) -> tuple[App, Owner]:
    """
    Return the app and the question that a button's *value* (`<app id>:<role>`) means; raises Refused.

    With *lock* the transaction alone decides about the app.
    """
    app_id, _, role = value.partition(":")
    if lock:
        await apps.lock(transaction, app_id)
    app = await apps.get(transaction, app_id)
    owner = next((one for one in await owners.of_app(transaction, app_id) if one.role == role), None)
    if app is None or owner is None:
        raise Refused("Nobody is asked that any more.")
    return app, owner


async def judge_again(transaction: Transaction, world: World, app_id: str) -> None:
    """
    Judge the app's last report in what is known of the app now, without looking at its code again.

    Its card and, where it was said in the thread, the verdict say so in place.
    """
    app, saved = await apps.get(transaction, app_id), await reports.last_of(transaction, app_id)
    assert app is not None
    if saved is not None:
        context = context_of(app, await owners.of_app(transaction, app_id))
        verdict = judge(saved.report.results, context, policy.load(world.house.engine.policy))
        await reports.judge_again(transaction, saved, context, verdict)
        thread, key = Destination(app_id=app_id), f"check:{saved.id}"
        if await outbox.standing(transaction, key, thread):
            report = replace(saved.report, context=context, verdict=verdict)
            asks = may_ask(app, verdict, world)
            news = Checked(app.name, saved.id, report, app, hide_findings=saved.is_private, may_ask=asks)
            await world.messenger.post(transaction, thread, news, key=key)
    await post_card(transaction, world, app_id)
    waiting = await private_requests.open_of(transaction, app_id)
    if waiting is not None:
        await show_request(transaction, world, app, waiting)  # it names who would read the findings
