"""Changes what is registered of an app; who may, and what has to be looked at anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from commands.app_form import BACKUP_IS_OWNER, Answers
from commands.command import InvalidForm, Refused
from commands.news import Said
from commands.ownership import ask, judge_again, withdraw_question
from commands.people import handle
from commands.private_code import withdraw
from commands.probe_leave import ask_admins_to_probe, withdraw_probe
from commands.rights import Action, Over, Part, approving, owner_is_gone, require
from commands.start_check import Promise, promise_for_app, start
from commands.world import Person, World
from storage import apps, audit, outbox, owners, regressions
from storage.database import Taken, Transaction
from storage.model import Acceptance, App, Destination, Owner, Role


async def change(world: World, person: Person, app_id: str, answers: Answers) -> Said:
    """Put *answers* in place of what is known of the app; raises Denied for whoever may not."""
    promise, approves, is_gone = None, *await stands_in(world, person, app_id)
    try:
        async with world.database.write() as transaction:
            await apps.lock(transaction, app_id)
            app = await apps.get(transaction, app_id)
            if app is None:
                raise Refused("There is no such app any more.")
            named = await owners.of_app(transaction, app_id)
            after = answers.put_in(app)
            for action in _needed(app, after, named, answers):
                require(person, action, world, Over(app, named, owner_is_gone=is_gone), also=approves)
            if after.repository != app.repository:
                # Whatever an admin allowed was for the repository he saw, also where an admin changes it now.
                after = replace(after, reads_private=False)
            if after.live_url != app.live_url:
                after = replace(after, probes_live=False, probes_routes=False)
            asked = await _change_people(transaction, world, after, named, (answers, person.id))
            promise = await _change_fields(transaction, world, app, after, person.id)
            await judge_again(transaction, world, app_id)
    except Taken:
        raise InvalidForm({"name": f"{answers.fields['name']} is taken by another app."}) from None
    if promise is not None:
        await start(world, promise)
    what = "Its new repository" if after.repository != app.repository else "What runs there"
    checking = f" {what} is being checked." if promise else ""
    names = " and ".join([await handle(world, one) for one in asked])
    asking = f" I have asked {names} to answer for it." if asked else ""
    return Said(f"{after.name} is changed.{asking}{checking}", f"/apps {after.name}")


async def stands_in(world: World, person: Person, app_id: str) -> tuple[frozenset[Part], bool]:
    """Return what *person* is besides where nobody owns the app, and whether its owner is gone: Slack is asked."""
    async with world.database.read() as transaction:
        app, named = await apps.get(transaction, app_id), await owners.of_app(transaction, app_id)
    over = Over(app, named, owner_is_gone=await owner_is_gone(named, world))
    return await approving(person, Action.TRANSFER, world, over), over.owner_is_gone


def _needed(app: App, after: App, named: Sequence[Owner], answers: Answers) -> set[Action]:
    """Return what somebody must be allowed to do who gives these *answers*; handing over is apart from the rest."""
    before = {one.role: one.person for one in named if one.acceptance is not Acceptance.DECLINED}
    needed = set()
    if answers.owner is not None and answers.owner != before.get(Role.OWNER):
        needed.add(Action.TRANSFER)
    if after != app or answers.backup != before.get(Role.BACKUP) or not needed:
        needed.add(Action.EDIT)
    return needed


async def _change_people(
    transaction: Transaction, world: World, app: App, named: Sequence[Owner], by: tuple[Answers, str]
) -> list[str]:
    """Name who is to answer for *app* now, and take back what is asked no more; return whom that asked."""
    answers, person = by
    standing = {one.role: one for one in named if one.acceptance is not Acceptance.DECLINED}
    before = {role: one.person for role, one in standing.items()}
    if answers.backup is not None and answers.backup == (answers.owner or before.get(Role.OWNER)):
        raise InvalidForm({"backup": BACKUP_IS_OWNER})
    asked = []
    for role, one in ((Role.OWNER, answers.owner), (Role.BACKUP, answers.backup)):
        if one is not None and one != before.get(role):
            await ask(transaction, world, app, role, person=one, asked_by=person)
            asked += [one] if one != person else []
        elif one is None and role is Role.BACKUP and role in before:
            await withdraw_question(transaction, world, app, standing[role], "nobody is the backup any more")
            await owners.remove(transaction, app.id, role)
    return asked


async def _change_fields(transaction: Transaction, world: World, app: App, after: App, person: str) -> Promise | None:
    """Keep the new fields; a new repository is checked, and its reports begin anew."""
    now = world.clock.now()
    fields = {name: getattr(after, name) for name in _FIELDS if getattr(after, name) != getattr(app, name)}
    if not fields:
        return None
    detail = {name: [str(getattr(app, name) or ""), str(value or "")] for name, value in fields.items()}
    await audit.write(transaction, now, who=person, what="change app", subject=app.id, detail=detail)
    if "channel" in fields:
        # The card gets a new root there; what was said before stays where it was said.
        root = Destination(channel=app.channel, app_id=app.id, is_root=True)
        await outbox.forget(transaction, f"card:{app.id}", root)
        fields |= {"thread": None, "thread_channel": None}
    if "repository" in fields:
        fields["report_id"] = None
        await withdraw(transaction, world, app)
        await apps.change_watch(transaction, app.id, revision=None, trouble="", trouble_since=None)
        regression = await regressions.open_of(transaction, app.id)
        if regression:
            await regressions.change(transaction, regression.id, regression.entries, now)
    if "live_url" in fields:
        await withdraw_probe(transaction, world, app)
    await apps.change(transaction, app.id, **fields)
    if "live_url" in fields:
        await ask_admins_to_probe(transaction, world, after, person)
    if not {"repository", "live_url"} & set(fields):
        return None
    return await promise_for_app(transaction, world, after, None)


_FIELDS = (
    *("name", "key", "repository", "purpose", "live_url", "built_with", "data", "audience", "wanted", "channel"),
    *("exposure", "escalates_to", "reads_private", "probes_live", "probes_routes"),
)
