"""The checks against the example apps: every planted fault is found, and nothing else fails."""

import json
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from checks.check import all_checks
from checks.evaluate import answer
from checks.example import facts_of
from checks.facts.delivery.workflow_audit import WorkflowAudit
from checks.facts.packages.advisory import ECOSYSTEMS, Answer
from checks.facts.packages.index_answer import IndexAnswer
from checks.facts.packages.osv import trimmed
from checks.facts.secrets import history_secrets
from checks.model import Audience, Context, DataClass, Outcome, Placement, Result, Verdict
from checks.policy import load
from checks.verdict import judge
from tests.live_site import sound_site

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PLANTED = tomllib.loads((EXAMPLES / "planted.toml").read_text())
CONTEXT = Context(DataClass.INTERNAL, Audience.COMPANY, Placement.PRODUCTION, owner_accepted=True)


@cache
def results(app: str) -> dict[str, Result]:
    """What every check answers on the example *app*, by its id."""
    root = EXAMPLES / app
    files = {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}
    records = [trimmed(json.loads(path.read_text())) for path in sorted((EXAMPLES / "advisories").glob("*.json"))]
    given = {
        "advisories": Answer("examples", None, ECOSYSTEMS, tuple(records)),
        "package_index": IndexAnswer(datetime(2026, 11, 1, tzinfo=UTC)),
        "workflow_audit": WorkflowAudit(()),
        history_secrets.TOPIC: history_secrets.HistorySecrets((), (), ""),
        **sound_site(),
    }
    facts = facts_of(files, given)
    return {check.id: answer(check, facts) for check in all_checks()}


def verdict(app: str) -> Verdict:
    """Where the example *app* may run, for colleagues with internal data."""
    return judge(list(results(app).values()), CONTEXT, load())


@pytest.mark.parametrize(
    ("app", "check", "path", "line"),
    [
        (app, fault["check"], fault.get("path"), fault.get("line"))
        for app, planted in PLANTED.items()
        for fault in planted["faults"]
    ],
)
def test_a_planted_fault_is_found(app: str, check: str, path: str | None, line: int | None) -> None:
    """The check finds the fault at its line."""
    found = results(app)[check]
    assert (path, line) in [(finding.path, finding.line) for finding in found.findings], found


@pytest.mark.parametrize("app", PLANTED)
def test_nothing_else_fails(app: str) -> None:
    """No check fails for another reason than a planted fault."""
    failed = {check for check, result in results(app).items() if result.outcome is Outcome.FAILED}
    assert failed == {fault["check"] for fault in PLANTED[app]["faults"]}


@pytest.mark.parametrize("app", ["refund-desk", "team-lunch"])
def test_a_live_key_keeps_an_app_nowhere(app: str) -> None:
    """Both flawed apps hold a live key, so they may run nowhere, and the first step names its line."""
    judged = verdict(app)
    assert judged.placement is Placement.NOWHERE
    secret = next(fault for fault in PLANTED[app]["faults"] if fault["check"] == "hardcoded-secret")
    assert f"{secret['path']}:{secret['line']}" in judged.way_up[0]


def test_the_sound_app_lacks_only_what_the_code_host_knows() -> None:
    """From its files alone the sound app is isolated, held back by nothing but what could not be looked at."""
    judged = verdict("sound-notes")
    assert judged.placement is Placement.ISOLATED
    assert {(held.check, held.outcome) for held in judged.held_back} == {
        ("no-ci", Outcome.NOT_CHECKED),
        ("no-review", Outcome.NOT_CHECKED),
    }


def test_every_example_folder_is_listed() -> None:
    """Each app under examples/ has its list of planted faults, and each list its app."""
    apps = {path.name for path in EXAMPLES.iterdir() if path.is_dir()} - {"advisories", "own-check"}
    assert apps == set(PLANTED)
