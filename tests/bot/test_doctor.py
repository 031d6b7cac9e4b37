"""`groundcrew doctor`: a line for each thing, ok or with its mend, and a status that a script can use."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from bot.examinations import State, _scopes, _time, examine
from bot.manifest import SCOPES
from tests.bot.groundcrew_process import environment
from tests.bot.running_bot import settings
from tests.workspace_client import WorkspaceClient


async def found(home: Path, **more: str) -> dict[str, tuple[State, str]]:
    """What the doctor finds, by the thing it is about."""
    return {one.what: (one.state, one.words) for one in await examine(settings(home, **more))}


async def test_a_fresh_machine_can_run_it(tmp_path: Path) -> None:
    """Without tokens and advisories there are warnings that name the mend, and nothing that fails."""
    lines = await found(tmp_path / "home")
    assert State.FAIL not in {state for state, _ in lines.values()}
    assert lines["advisories"][0] is State.WARN
    assert "groundcrew advisories update" in lines["advisories"][1]
    assert "local workspace" in lines["slack"][1]
    assert lines["registry"][0] is State.OK


async def test_what_keeps_it_from_its_work_fails(tmp_path: Path) -> None:
    """A policy that cannot be used and a registry that others can read are failures, with their mends."""
    policy = tmp_path / "policy.toml"
    policy.write_text("[places.moon]\n")
    home = tmp_path / "home"
    home.mkdir()
    (home / "registry.db").touch(0o644)
    (home / "registry.db").chmod(0o644)
    lines = await found(home, GROUNDCREW_POLICY=str(policy))
    assert lines["policy"][0] is State.FAIL
    assert "moon" in lines["policy"][1]
    assert lines["registry"][0] is State.FAIL
    assert "chmod 600" in lines["registry"][1]


async def test_slack_is_asked(tmp_path: Path, workspace: WorkspaceClient) -> None:
    """A token that is accepted, and one that is not, are told apart; the token is not printed."""
    slack = {"SLACK_APP_TOKEN": "xapp-1", "GROUNDCREW_RELIABILITY_CHANNEL": "C1"}
    api = f"{workspace.address}/api/"
    good = await found(tmp_path / "a", SLACK_BOT_TOKEN="xoxb-local-workspace", SLACK_API_URL=api, **slack)
    assert good["slack"][0] is State.OK
    assert good["clock"][0] is State.OK
    bad = await found(tmp_path / "b", SLACK_BOT_TOKEN="xoxb-made-up-value", SLACK_API_URL=api, **slack)
    assert bad["slack"][0] is State.FAIL
    assert "SLACK_BOT_TOKEN" in bad["slack"][1]
    assert "made-up-value" not in str(bad)


def test_a_missing_scope_and_a_wrong_clock_are_said() -> None:
    """The scopes that are missing are named, and so is by how much the clock is off."""
    assert _scopes(",".join(SCOPES)).state is State.OK
    lacking = _scopes(",".join(SCOPES[1:]))
    assert lacking.state is State.FAIL
    assert SCOPES[0] in lacking.words
    assert _time(format_datetime(datetime.now(UTC))).state is State.OK
    assert "off Slack's" in _time(format_datetime(datetime.now(UTC) - timedelta(minutes=2))).words
    assert _time("").state is State.WARN


def test_the_status_says_whether_it_would_start(tmp_path: Path) -> None:
    """0 where it would, 1 where a setting is wrong; the value of the setting is not printed."""
    for more, status in (({}, 0), ({"SLACK_BOT_TOKEN": "xoxp-made-up-value"}, 1)):
        done = subprocess.run(
            [sys.executable, "-I", "-m", "bot", "doctor"],
            cwd="/",
            env=environment(tmp_path / "home", **more),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout
        assert "made-up-value" not in done.stdout + done.stderr
