"""`groundcrew run`: it starts with nothing set, refuses with a reason, ends cleanly, and leaves its workspace."""

import os
import socket
import stat
from pathlib import Path

from tests.bot.groundcrew_process import end, end_workspace, environment, free_port, local_workspace, start, until


async def refused(**given: str) -> str:
    """What a start prints that is refused."""
    process = await start(given)
    printed, _ = await process.communicate()
    assert process.returncode == 1
    return printed.decode()


async def test_it_starts_with_nothing_set_and_ends_cleanly(tmp_path: Path) -> None:
    """It says where to look and how to connect Slack; SIGTERM ends it well; its files are its owner's alone."""
    home, port = tmp_path / "home", free_port()
    process = await start(environment(home, GROUNDCREW_LOCAL_PORT=str(port)))
    printed = await until(process, "start again.")
    assert f"http://127.0.0.1:{port}/" in printed
    assert "groundcrew manifest" in printed
    async with local_workspace(home, port) as workspace:
        ann = await workspace.person("ann")
        await ann.command("/apps all")
        await ann.wait_for(lambda message: "No app is registered yet" in message.words)
        assert "goes on with at the next start" in await end(process)
        assert process.returncode == 0
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert stat.S_IMODE((home / "registry.db").stat().st_mode) == 0o600

        again = await start(environment(home, GROUNDCREW_LOCAL_PORT=str(port)))
        await until(again, f"http://127.0.0.1:{port}/")
        await ann.command("/apps nosuch")
        await ann.wait_for(lambda message: "No app matches" in message.words)
        await end(again)


async def test_two_bots_do_not_share_a_home(tmp_path: Path) -> None:
    """The second is refused, and told which process has the registry."""
    home, port = tmp_path / "home", free_port()
    given = environment(home, GROUNDCREW_LOCAL_PORT=str(port))
    first = await start(given)
    try:
        await until(first, f"http://127.0.0.1:{port}/")
        printed = await refused(**given)
        assert f"Another bot (process {first.pid})" in printed
    finally:
        await end(first)
        end_workspace(home)


async def test_two_homes_do_not_share_a_workspace(tmp_path: Path) -> None:
    """Else each command would go to one of two registries by chance: the second is refused, and told whose it is."""
    home, port = tmp_path / "home", free_port()
    first = await start(environment(home, GROUNDCREW_LOCAL_PORT=str(port)))
    try:
        await until(first, f"http://127.0.0.1:{port}/")
        printed = await refused(**environment(tmp_path / "other", GROUNDCREW_LOCAL_PORT=str(port)))
        assert f"Port {port} is used by the local workspace of another home ({home})" in printed
    finally:
        await end(first)
        end_workspace(home)


async def test_a_home_has_one_workspace(tmp_path: Path) -> None:
    """A start on another port is refused while the home's workspace runs, whose process is still the known one."""
    home, port = tmp_path / "home", free_port()
    first = await start(environment(home, GROUNDCREW_LOCAL_PORT=str(port)))
    try:
        await until(first, f"http://127.0.0.1:{port}/")
        known = (home / "workspace" / "pid").read_text()
        printed = await refused(**environment(home, GROUNDCREW_LOCAL_PORT=str(free_port())))
        assert f"process {known} keeps its messages in {home}/workspace already. End it (kill {known})" in printed
        assert (home / "workspace" / "pid").read_text() == known
    finally:
        await end(first)
        end_workspace(home)


async def test_every_wrong_setting_is_said_and_no_value(tmp_path: Path) -> None:
    """One sentence a setting, and nothing that was set."""
    wrong = {"SLACK_BOT_TOKEN": "xoxp-made-up-value", "GROUNDCREW_OWNER_WAIT": "soon", "GROUNDCREW_HOMES": "x"}
    printed = await refused(**environment(tmp_path, **wrong))
    for name in ("SLACK_BOT_TOKEN ", "SLACK_APP_TOKEN ", "GROUNDCREW_OWNER_WAIT ", "GROUNDCREW_HOMES "):
        assert f"- {name}" in printed
    assert "made-up-value" not in printed
    assert "Traceback" not in printed


async def test_a_policy_and_a_git_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    """Both end the start with their sentences, before any check fails over them."""
    written = tmp_path / "policy.toml"
    written.write_text("[places.moon]\n")
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text("#!/bin/sh\necho git version 2.39.2\n")
    git.chmod(0o755)
    given = environment(tmp_path / "home", GROUNDCREW_POLICY=str(written))
    printed = await refused(**given | {"PATH": f"{git.parent}:{given['PATH']}"})
    assert "git 2.39.2 has known holes; install git 2.43.7 or newer" in printed
    assert "- GROUNDCREW_POLICY cannot be used: " in printed
    assert "moon" in printed
    assert "Traceback" not in printed


async def test_a_registry_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """It says which file, and the command that mends it."""
    home, port = tmp_path / "home", free_port()
    home.mkdir()
    (home / "registry.db").touch()
    os.chmod(home / "registry.db", 0o644)  # noqa: PTH101 - the fault itself
    try:
        printed = await refused(**environment(home, GROUNDCREW_LOCAL_PORT=str(port)))
    finally:
        end_workspace(home)
    assert "chmod 600" in printed


async def test_a_home_that_takes_no_file_is_said(tmp_path: Path) -> None:
    """As on a full disk: a file of ours that cannot be written ends the start with one sentence."""
    home = tmp_path / "home"
    (home / "workspace" / "commands.json").mkdir(parents=True)
    printed = await refused(**environment(home, GROUNDCREW_LOCAL_PORT=str(free_port())))
    assert f"- The folder {home} cannot be written: Is a directory. Make room" in printed
    assert "Traceback" not in printed


async def test_a_taken_port_is_said(tmp_path: Path) -> None:
    """Something else on the port is not taken for the workspace."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        printed = await refused(**environment(tmp_path / "home", GROUNDCREW_LOCAL_PORT=str(port)))
    assert f"port {port} on 127.0.0.1 is taken" in printed


async def test_a_token_that_slack_refuses_is_said(tmp_path: Path) -> None:
    """A start with tokens that are not accepted ends with one sentence, without a traceback or the token."""
    home, port = tmp_path / "home", free_port()
    local = await start(environment(home, GROUNDCREW_LOCAL_PORT=str(port)))
    try:
        await until(local, f"http://127.0.0.1:{port}/")
        printed = await refused(
            **environment(
                tmp_path / "other",
                SLACK_BOT_TOKEN="xoxb-made-up-value",
                SLACK_APP_TOKEN="xapp-made-up-value",
                GROUNDCREW_RELIABILITY_CHANNEL="C1",
                SLACK_API_URL=f"http://127.0.0.1:{port}/api/",
            )
        )
    finally:
        await end(local)
        end_workspace(home)
    assert "Slack no longer accepts the token in SLACK_BOT_TOKEN" in printed
    assert "made-up-value" not in printed
    assert "Traceback" not in printed


async def test_slack_out_of_reach_is_said(tmp_path: Path) -> None:
    """After a machine's restart Slack may be away: the bot says so, waits for it, and ends when it is told to."""
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "GROUNDCREW_RELIABILITY_CHANNEL": "C1"}
    nobody = f"http://127.0.0.1:{free_port()}/api/"
    process = await start(environment(tmp_path / "home", SLACK_API_URL=nobody, **slack))
    printed = await until(process, "Slack cannot be reached")
    assert "I try again until it can" in printed
    assert "It had not started" in await end(process)
    assert process.returncode == 0
