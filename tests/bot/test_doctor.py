"""`groundcrew doctor`: a line for each thing, ok or with its mend, and a status that a script can use."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.__main__ import main
from bot.diagnosis import State
from bot.examinations import _scopes, _time, examine
from bot.manifest import SCOPES
from bot.outside import github, indexes
from checks.engine import Engine
from tests.bot.groundcrew_process import environment
from tests.bot.running_bot import settings
from tests.code_host import code_host
from tests.postgres_roles import Roles
from tests.registries import make_tables
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
    assert lines["registry"] == (State.OK, f"{tmp_path}/home/registry.db is not there yet: the first start makes it")
    assert not (tmp_path / "home" / "registry.db").exists(), "what it made would be that of whoever asked"


async def test_a_registry_that_is_there_is_opened(tmp_path: Path) -> None:
    """It is named, and no file is left beside it."""
    (tmp_path / "registry.db").touch(0o600)
    lines = await found(tmp_path)
    assert lines["registry"] == (State.OK, f"{tmp_path}/registry.db can be opened and written")
    assert not (tmp_path / "registry.db.lock").exists()


async def test_a_registry_on_postgresql_is_tried_as_who_will_use_it(tmp_path: Path, roles: Roles) -> None:
    """That it answers is not enough: whoever may not use its tables hears whose they are, and what gives them over."""
    named = roles.database_of(roles.admin)
    registry = await found(tmp_path, GROUNDCREW_DATABASE_URL=roles.admin_at(named))
    assert registry["registry"] == (
        State.OK,
        f"{roles.server.folder}/{named} can be opened and written as {roles.admin}",
    )
    await asyncio.to_thread(make_tables, roles.admin_at(named))
    lines = await found(tmp_path, GROUNDCREW_DATABASE_URL=roles.crew_at(named))
    assert lines["registry"][0] is State.FAIL
    assert f"REASSIGN OWNED BY {roles.admin} TO {roles.crew}" in lines["registry"][1]


async def test_what_nobody_misses_by_day_is_said(tmp_path: Path) -> None:
    """The dead man's switch by its host alone, the key, and who decides; each with its setting where it lacks."""
    lines = await found(tmp_path)
    assert lines["dead man's switch"][0] is State.WARN
    assert "GROUNDCREW_DEAD_MAN_URL" in lines["dead man's switch"][1]
    assert lines["fingerprint key"][0] is State.WARN
    assert "GROUNDCREW_FINGERPRINT_KEY is not set" in lines["fingerprint key"][1]
    assert "GROUNDCREW_ADMINS" in lines["admins"][1]
    assert "GROUNDCREW_APPROVERS" in lines["approvers"][1]
    lines = await found(
        tmp_path,
        GROUNDCREW_DEAD_MAN_URL="https://switch.example/t0p-s3cret",
        GROUNDCREW_FINGERPRINT_KEY="a-made-up-key-of-32-characters-or-more",
        GROUNDCREW_ADMINS="U0ANN,U0BO",
        GROUNDCREW_APPROVERS="@sre",
    )
    assert lines["dead man's switch"][0] is lines["fingerprint key"][0] is State.OK
    assert "switch.example" in lines["dead man's switch"][1]
    assert "t0p-s3cret" not in str(lines)
    assert lines["admins"][1] == "2 beside those of the workspace"
    assert lines["approvers"][1] == "the user group @sre"


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


async def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """Without a token no app reaches production, and without an index invented packages are not seen: it says so."""
    lines = await found(tmp_path / "home", GROUNDCREW_PYPI_INDEX="https://localhost:1/simple")
    assert lines["github"][0] is State.WARN
    assert "GROUNDCREW_GITHUB_TOKEN is not set" in lines["github"][1]
    assert "no app can be placed in production" in lines["github"][1]
    assert lines["packages of PyPI"][0] is State.WARN
    assert "localhost" in lines["packages of PyPI"][1]
    assert lines["packages of npm"][0] is State.WARN
    assert "GROUNDCREW_NPM_REGISTRY is off" in lines["packages of npm"][1]


async def test_the_token_and_the_indexes_are_tried(tmp_path: Path) -> None:
    """A token that GitHub refuses fails, one that it takes does not; an index that answers is said to."""
    async with code_host(tmp_path) as host:

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            if "Authorization" not in request.headers:
                return web.json_response({"versions": ["1"], "files": []})
            good = request.headers["Authorization"] == "Bearer good"
            return web.json_response({"resources": {}}, status=200 if good else 401)

        host.answer = answer
        engine = Engine(
            tmp_path,
            token="good",
            github_api=host.url("api/v3"),
            ca_file=host.certificate,
            allow_cidrs=("127.0.0.0/8", "::1/128"),
            pypi_index=host.url("simple"),
        )
        assert (await github(engine)).state is State.OK
        refused = await github(replace(engine, token="made-up-value"))
        assert refused.state is State.FAIL
        assert refused.words == "GitHub does not accept the token: renew GROUNDCREW_GITHUB_TOKEN"
        assert (await github(replace(engine, github_api="https://localhost:1"))).state is State.WARN
        of_pypi, _ = [one async for one in indexes(engine)]
        assert of_pypi.words == "localhost answers"


def test_beside_a_wrong_setting_the_rest_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is wrong with one setting, the other lines still stand there, and no line says that it is fine."""
    for name in [name for name in os.environ if name.startswith(("GROUNDCREW_", "SLACK_"))]:
        monkeypatch.delenv(name)
    wrong = {
        "GROUNDCREW_DATABASE_URL": "mysql://root:made-up-value@db/x",
        "GROUNDCREW_LOOK_EVERY": "often",
        "GROUNDCREW_LOK_EVERY": "5m",
        "SLACK_BOT_TOKEN": "xoxp-made-up-value",
    }
    given = environment(tmp_path / "home", **wrong)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert main(["doctor"]) == 1
    told = capsys.readouterr().out
    assert all(f"FAIL  settings: {name} " in told for name in wrong)
    assert "GROUNDCREW_DATABASE_URL must begin with sqlite+aiosqlite:///" in told
    assert "ok    settings" not in told
    assert "ok    git" in told
    assert "slack:" not in told
    assert "made-up-value" not in told


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
        assert not (tmp_path / "home").exists()
        first = done.stdout.splitlines()[0]
        assert first.startswith(f"Settings of this command: home {tmp_path}/home, ")
        assert ("in Slack" in first) is bool(more)
        assert (f"registry {tmp_path}/home/registry.db" in first) is not bool(more)
        assert "made-up-value" not in done.stdout + done.stderr
