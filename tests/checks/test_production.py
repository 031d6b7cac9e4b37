"""The whole way to production: a sound app, known advisories, and a code host that tells of reviews and CI."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from checks.check import all_checks
from checks.engine import Engine, Limits
from checks.evaluate import answer
from checks.example import facts_of
from checks.facts.delivery.code_host import CodeHost
from checks.gather.advisories_update import build
from checks.gather.live import Live
from checks.gather.target import parse_target
from checks.model import Audience, Context, DataClass, Outcome, Placement, Report
from checks.policy import load
from checks.runner import check_repository
from checks.verdict import judge
from tests.checking import result_of
from tests.checks.test_planted import EXAMPLES, results
from tests.code_host import code_host
from tests.github_api import API, REPOSITORY, Api, check_run, well_run
from tests.live_site import NET, sound_app, sound_site
from tests.repositories import Commit, git, repository

CONTEXT = Context(DataClass.PERSONAL, Audience.CUSTOMERS, owner_accepted=True)
SOUND = EXAMPLES / "sound-notes"
FILES = {path.relative_to(SOUND).as_posix(): path.read_text() for path in SOUND.rglob("*") if path.is_file()}
WELL_RUN = CodeHost(1, branch_protected=True, ci_passed=True, ci_ran=2, ci_workflows=2, recent=20, approved=20)


@pytest.mark.parametrize(
    ("host", "placement", "held"),
    [
        (WELL_RUN, Placement.PRODUCTION, []),
        (replace(WELL_RUN, required_reviews=0), Placement.PRODUCTION, []),
        (replace(WELL_RUN, required_reviews=None), Placement.PRODUCTION, []),
        (replace(WELL_RUN, required_reviews=0, approved=3), Placement.ISOLATED, ["no-review"]),
        (replace(WELL_RUN, ci_passed=False, ci_failed=("test",)), Placement.ISOLATED, ["no-ci"]),
        (CodeHost(reviews_untold="x", ci_untold="x"), Placement.ISOLATED, ["no-ci", "no-review"]),
        (CodeHost(reviews_untold="x", ci_untold="x", asked=False), Placement.ISOLATED, ["no-ci", "no-review"]),
    ],
    ids=["well run", "no rule", "rule not shown", "no reviews", "CI failed", "refused", "not asked"],
)
def test_what_the_code_host_tells_opens_production(host: CodeHost, placement: Placement, held: list[str]) -> None:
    """A sound app may go to production once the code host tells of approvals and of CI that passed, and not before."""
    facts = facts_of(FILES, {"code_host": host, **sound_site()})
    asked = [answer(check, facts) for check in all_checks() if check.id in {"no-ci", "no-review"}]
    others = [result for check, result in results("sound-notes").items() if check not in {"no-ci", "no-review"}]
    verdict = judge([*others, *asked], CONTEXT, load())
    assert verdict.placement is placement
    assert sorted(cap.check for cap in verdict.held_back) == held


@pytest.fixture
async def engine(tmp_path: Path) -> Engine:
    """Give an engine that knows the examples' advisories."""
    home = tmp_path / "home"
    await build([str(EXAMPLES / "advisories")], home)
    return Engine(home, allow_cidrs=("127.0.0.0/8", "::1/128"), limits=Limits(answer_s=5, fetch_s=20))


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    """Give a code host with the sound app in five commits, and the API about it."""
    async with code_host(tmp_path) as host:
        history = [Commit(f"Change {number} (#{number + 1})", {"notes.txt": f"{number}\n"}) for number in range(4)]
        bare = repository(host.folder / REPOSITORY, FILES, history=history)
        api = well_run(host, git("rev-list", "main", folder=bare).split())
        host.answer = api.answer
        yield api


async def checked(engine: Engine, api: Api, *, with_token: bool = True) -> Report:
    """Return the report on the app at *api*, whose token *engine* gets."""
    host = api.host
    known = replace(
        engine,
        hosts=(host.host,),
        ca_file=host.certificate,
        token="github_pat_1",
        token_host=host.host,
        github_api=f"https://{host.host}{API}",
    )
    target = parse_target(host.url(REPOSITORY), known.hosts, local=False)
    key = host.certificate.with_suffix(".key")
    async with sound_app(host.certificate, key) as port:
        live = Live(f"https://localhost:{port}/", network=NET)
        known = replace(known, probe_ports=(443, port))
        return await check_repository(target, CONTEXT, known, lambda _: None, with_token=with_token, live=live)


async def test_a_sound_app_reaches_production(engine: Engine, api: Api) -> None:
    """From its address alone, a sound and well-run app is placed in production with nothing that holds it back."""
    report = await checked(engine, api)
    assert (report.verdict.placement, report.verdict.held_back) == (Placement.PRODUCTION, ())
    unseen = {result.check for result in report.results if result.outcome is Outcome.NOT_CHECKED}
    assert unseen == {"open-route-live", "unmaintained-package"}  # neither was switched on; they hold nothing back
    assert not [one for result in report.results for one in result.findings if one.blocking]
    assert len([request for request in api.asked if request.path.endswith("/check-runs")]) == 1


async def test_a_red_pipeline_is_told_with_its_name(engine: Engine, api: Api) -> None:
    """When CI failed on the newest revision the app is held back, and the check that failed is named."""
    runs = {"total_count": 1, "check_runs": [check_run("unit tests", "failure")]}
    api.answers[f"/commits/{api.revision}/check-runs"] = runs
    report = await checked(engine, api)
    assert report.verdict.placement is Placement.ISOLATED
    assert result_of(report, "no-ci").findings[0].message == "CI failed on this revision: unit tests"


async def test_without_leave_to_use_the_token_nobody_is_asked(engine: Engine, api: Api) -> None:
    """A check that may not use the token leaves the app isolated, asks no API, and says what to do."""
    report = await checked(engine, api, with_token=False)
    assert report.verdict.placement is Placement.ISOLATED
    assert not api.asked
    review = result_of(report, "no-review")
    assert review.outcome is Outcome.NOT_CHECKED
    assert "once an admin has let the bot" in (review.reason or "")
