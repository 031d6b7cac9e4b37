"""
The clock's order to learn the e-mail addresses of those who may be paged, while Slack can be asked for them.

Only where e-mail is a second route. Each is learned anew every day, a few at a time; whoever may not be paged any more
is forgotten.
"""

from __future__ import annotations

from datetime import timedelta

from commands.command import Command, Request
from commands.people import clock_only, unfit
from commands.steady_directory import steady
from commands.world import World
from storage import addresses, on_call

_FRESH = timedelta(days=1)
_AT_ONCE = 20  # Slack lets a bot ask for about a hundred people a minute


async def run(request: Request, world: World) -> None:
    """Ask for those of whom nothing was learned for a day; where Slack does not answer, that is left for later."""
    clock_only(request)
    if "email" not in world.house.second_routes:
        return
    now = world.clock.now()
    async with world.database.read() as transaction:
        on_rotas = {
            one for schedule in await on_call.all_of(transaction) if schedule.rota for one in schedule.rota.people
        }
        people = await addresses.unlearned(transaction, on_rotas, now - _FRESH, _AT_ONCE)
    world, directory = steady(world)
    found = {one: await world.directory.person(one) for one in people}
    async with world.database.write() as transaction:
        for one, person in found.items() if not directory.is_away else ():
            email = "" if person is None or unfit(person) else person.email
            await addresses.keep(transaction, one, email, now)
        await addresses.forget_others(transaction, on_rotas)


command = Command("learn-addresses", run)
