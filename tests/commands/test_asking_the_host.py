"""What only the code host's API tells, such as reviews, is asked with the bot's token: once an admin has let it."""

from dataclasses import replace
from pathlib import Path

from checks.check import all_checks
from checks.engine import Engine
from checks.gather.advisories_update import build
from checks.model import Placement
from commands.news import Checked, PrivateAsked
from tests.checks.test_planted import EXAMPLES
from tests.checks.test_production import FILES
from tests.code_host import code_host
from tests.github_api import API, REPOSITORY, well_run
from tests.repositories import Commit, git, repository
from tests.world import ANN, APPS, CY, DEE, RELIABILITY
from tests.world import town as a_town


async def test_a_sound_app_is_seen_by_an_admins_leave(tmp_path: Path) -> None:
    """Its verdict offers to ask an admin; asked once, and let, nothing is unseen but where the app runs."""
    await build([str(EXAMPLES / "advisories")], tmp_path / "home")
    async with code_host(tmp_path) as host, a_town(tmp_path, local_folders=()) as town:
        history = [Commit(f"Change {number} (#{number + 1})", {"notes.txt": f"{number}\n"}) for number in range(4)]
        bare = repository(host.folder / REPOSITORY, FILES, history=history)
        api = well_run(host, git("rev-list", "main", folder=bare).split())
        host.answer = api.answer
        engine = Engine(
            tmp_path / "home",
            hosts=(host.host,),
            token="github_pat_made_up_for_this_test",
            token_host=host.host,
            github_api=f"https://{host.host}{API}",
            ca_file=host.certificate,
            allow_cidrs=("127.0.0.0/8", "::1/128"),
        )
        town.world = replace(town.world, house=replace(town.world.house, engine=engine))
        asked = f"sound-notes {host.url(REPOSITORY)} --channel #apps --data personal --audience customers"
        app = (await town.ask(ANN, "register-app", asked)).card.app
        await town.tick()
        (verdict,) = town.said(Checked, APPS)
        assert (verdict.report.verdict.placement, verdict.may_ask) == (Placement.ISOLATED, True)
        assert not api.asked
        assert not town.said(PrivateAsked)

        for person in (CY, ANN):
            said = await town.ask(person, "ask-private", id=app.id)
            assert said.text.startswith("The admins are asked in #reliability.")
        await town.deliver()
        (request,) = town.said(PrivateAsked, RELIABILITY)
        assert request.request.asked_by == CY
        await town.ask(DEE, "allow-private", id=request.request.id, at=RELIABILITY)
        await town.tick()
        assert api.asked
        last = town.said(Checked, APPS)[-1]
        assert (last.may_ask, last.hide_findings) == (False, False)
        held = {held.check for held in last.report.verdict.held_back}
        live = [check for check in all_checks() if check.family == "live"]
        assert held == {check.id for check in live if check.allows is not Placement.PRODUCTION}
