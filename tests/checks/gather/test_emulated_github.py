"""A GitHub that keeps state is asked over https on loopback: what happened there is what is told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from checks.engine import Engine
from checks.facts.delivery.code_host import CodeHost as Told
from checks.gather.address import Address
from checks.gather.answers import Subject, answer
from tests.code_host import CodeHost
from tests.emulated_github import API, REPOSITORY, Emulated, emulated, installed
from tests.requirements_of_machine import lacking

ONE_APPROVAL = {
    "required_status_checks": None,
    "enforce_admins": True,
    "required_pull_request_reviews": {"required_approving_review_count": 1},
    "restrictions": None,
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the service installed; without a package registry the tests are skipped with why."""
    folder = tmp_path_factory.mktemp("emulate")
    why = installed(folder)
    if why:
        lacking("npm", f"npm cannot install the service that plays GitHub: {why}")
    return folder


@pytest.fixture
async def github(package: Path, host: CodeHost) -> AsyncIterator[Emulated]:
    """Give the running service, which the code host's https passes on to."""
    async with emulated(package) as running:
        host.answer = running.answer
        yield running


async def told(engine: Engine, host: CodeHost, revision: str) -> Told:
    """Return what is told about *revision* to ann."""
    known = replace(engine, token="token-of-ann", token_host=host.host, github_api=f"https://{host.host}{API}")
    subject = Subject(known, Address(host.host, REPOSITORY), revision, with_token=True)
    return msgspec.json.decode(await answer(subject, "code_host", b"null"), type=Told)


async def test_protection_and_reviews_are_told_as_they_come_to_be(
    github: Emulated, engine: Engine, host: CodeHost
) -> None:
    """First nothing is protected and nobody approved; then a rule is made, and changes are approved one by one."""
    bare = await told(engine, host, await github.newest())
    assert (bare.required_reviews, bare.branch_protected, bare.recent, bare.approved) == (0, False, 1, 0)
    await github.change(1, approved=False)
    await github.ask("PUT", "/branches/main/protection", ONE_APPROVAL)
    await github.change(2, approved=True)
    await github.change(3, approved=True)
    found = await told(engine, host, await github.newest())
    assert (found.required_reviews, found.branch_protected, found.reviews_untold) == (1, True, "")
    assert (found.recent, found.approved) == (4, 2)


@pytest.mark.parametrize(
    ("runs", "says"),
    [
        ({}, (None, 0, ())),
        ({"test": "success", "lint": "success"}, (True, 2, ())),
        ({"test": "failure", "lint": "success"}, (False, 2, ("test",))),
    ],
)
async def test_what_ran_is_told(
    runs: dict[str, str],
    says: tuple[bool | None, int, tuple[str, ...]],
    github: Emulated,
    engine: Engine,
    host: CodeHost,
) -> None:
    """The checks of the revision itself decide whether CI passed; where none ran nothing passed."""
    revision = await github.newest()
    for name, conclusion in runs.items():
        run = {"name": name, "head_sha": revision, "status": "completed", "conclusion": conclusion}
        await github.ask("POST", "/check-runs", run)
    found = await told(engine, host, revision)
    assert (found.ci_passed, found.ci_ran, found.ci_failed) == says


async def test_a_run_that_is_under_way_is_no_pass(github: Emulated, engine: Engine, host: CodeHost) -> None:
    """What still runs may fail."""
    revision = await github.newest()
    await github.ask("POST", "/check-runs", {"name": "slow", "head_sha": revision, "status": "in_progress"})
    found = await told(engine, host, revision)
    assert (found.ci_passed, found.ci_untold) == (None, "CI still runs (slow): check again when it is done")
