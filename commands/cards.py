"""An app's card: what it holds, and its place as the root of the app's thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks.model import Context, Verdict
from commands.news import Card, LastCheck
from commands.probe_rights import may_probe
from commands.world import World
from storage import apps, owners, pages, reports
from storage.database import Transaction
from storage.leave_requests import private_requests, probe_requests
from storage.model import Acceptance, App, Destination, Owner, Role


def context_of(app: App, named: Sequence[Owner]) -> Context:
    """Return what *app*'s verdict is judged in."""
    owned = accepted(named, Role.OWNER) is not None
    return Context(app.data, app.audience, app.wanted, owner_accepted=owned, exposure=app.exposure)


def accepted(named: Sequence[Owner], role: Role) -> str | None:
    """Return who accepted *role*, or None."""
    return next((one.person for one in named if one.role is role and one.acceptance is Acceptance.ACCEPTED), None)


def outline(verdict: Verdict) -> Verdict:
    """Return *verdict* without what it says of the code, for places where that may not be read."""
    words = "its findings are for those who answer for the app"
    held = tuple(replace(one, reason=words, unseen=()) for one in verdict.held_back)
    return replace(verdict, held_back=held, way_up=())


async def card_of(transaction: Transaction, world: World, app: App, trouble: str = "") -> Card:
    """Return the card of *app* as it stands now."""
    saved = await reports.last_of(transaction, app.id)
    last = None
    if saved is not None:
        report = saved.report
        verdict = outline(report.verdict) if saved.is_private else report.verdict
        last = LastCheck(saved.id, report.revision, report.checked_at, verdict)
    open_pages = (await pages.open_of(transaction, [app.id])).get(app.id, ())
    waits = await private_requests.open_of(transaction, app.id) is not None
    asked_in = world.house.reliability_channel if waits else None
    probe_waits = await probe_requests.open_of(transaction, app.id) is not None
    return Card(
        app,
        await owners.of_app(transaction, app.id),
        last,
        open_pages,
        trouble,
        asked_in,
        world.house.reliability_channel if probe_waits else None,
        may_probe(app, world),
        (await apps.out_of_sight(transaction, [app.id])).get(app.id),
    )


async def post_card(transaction: Transaction, world: World, app_id: str) -> Card:
    """Have the app's card say how things are now: in its channel, as the root of its thread."""
    app = await apps.get(transaction, app_id)
    assert app is not None
    card = await card_of(transaction, world, app)
    channel = app.thread_channel or app.channel or world.house.reliability_channel
    to = Destination(channel=channel, app_id=app.id, is_root=True)
    await world.messenger.post(transaction, to, card, key=f"card:{app.id}")
    return card


async def channel_trouble(world: World, app: App) -> str:
    """Return what keeps the bot from the app's channel, and the mend; empty where nothing does."""
    if app.channel is None or await world.directory.is_member(app.channel):
        return ""
    name = await world.directory.channel_name(app.channel)
    return f"I am not in {f'#{name}' if name else 'its channel'}: type /invite @Groundcrew there."
