"""The process itself: how it starts, what it refuses, and what it still knows after a restart."""

import asyncio
import json
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace_fixture import BOT_TOKEN, running


async def test_threads_survive_a_restart(tmp_path: Path) -> None:
    """After a restart threads, private messages, homes and reading marks are as they were."""
    async with running(tmp_path) as workspace:
        slack = AsyncWebClient(BOT_TOKEN, base_url=f"{workspace.address}/api/")
        root = await slack.chat_postMessage(channel="apps", text="root")
        await slack.chat_postMessage(channel="apps", text="<@U0ANN> reply", thread_ts=root["ts"])
        await slack.chat_postEphemeral(channel="C0APPS", user="U0ANN", text="private")
        await slack.views_publish(user_id="U0ANN", view={"type": "home", "blocks": [{"type": "divider"}]})
        bo = await workspace.person("bo")
        await bo.say("hello", channel="apps")
    async with running(tmp_path) as workspace:
        ann, bo = await workspace.person("ann"), await workspace.person("bo")
        assert [one.text for one in ann.thread(ann.messages("apps")[0])] == ["root", "<@U0ANN> reply"]
        assert [one.text for one in ann.ephemerals()] == ["private"]
        assert bo.ephemerals() == []
        assert ann.home() is not None
        assert ann.attention["U0ANN"] == 1
        assert await bo.say("later", channel="apps") > root["ts"]


async def test_its_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    """The folder has mode 0700 and the file 0600."""
    folder = tmp_path / "deep" / "state"
    async with running(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}


def start(*options: str) -> subprocess.CompletedProcess[str]:
    """Start a workspace that is expected to stop at once."""
    line = [sys.executable, "-I", "-m", "workspace", *options]
    return subprocess.run(line, cwd="/", capture_output=True, text=True, check=False, timeout=30)


def test_a_damaged_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    """Where its file is not a database it says which, and what to do."""
    (tmp_path / "workspace.sqlite3").write_text("damaged " * 1000)
    done = start("--state", str(tmp_path), "--port", "0")
    assert done.returncode == 1
    assert done.stderr == (
        f"The workspace cannot start: its messages in {tmp_path}/workspace.sqlite3 cannot be used "
        "(file is not a database). Move the file away, and start again.\n"
    )


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    """Where the port is taken it exits with what to do, and without a stack trace."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start("--state", str(tmp_path), "--port", str(port))
    assert done.returncode == 1
    assert done.stderr == (
        f"The workspace cannot start: port {port} on 127.0.0.1 is taken or not allowed; "
        "stop what uses it, or choose another with --port "
        "(GROUNDCREW_LOCAL_PORT, where groundcrew starts this).\n"
    )


@pytest.mark.parametrize("content", ["{}", "[{}]", "[", '["x"]'])
def test_a_wrong_list_is_named(tmp_path: Path, content: str) -> None:
    """A list of commands that is none is refused by the name of its file."""
    path = tmp_path / "commands.json"
    path.write_text(content)
    done = start("--state", str(tmp_path), "--port", "0", "--commands", str(path))
    assert done.returncode == 1
    assert str(path) in done.stderr
    assert "Traceback" not in done.stderr


async def test_the_lists_reach_the_page(tmp_path: Path) -> None:
    """The page gets the commands and the offers, and a command that is not listed is refused."""
    commands, offers = tmp_path / "commands.json", tmp_path / "offers.json"
    commands.write_text(json.dumps([{"command": "/apps", "usage": "[all]", "description": "List apps"}]))
    offers.write_text(json.dumps([{"label": "List apps", "command": "/apps all"}]))
    async with running(tmp_path, "--commands", str(commands), "--offers", str(offers)) as workspace:
        ann = await workspace.person("ann")
        await ann.command("/app")
        await ann.wait_for(lambda m: m.text.startswith("/app is not a valid command."))
        await ann.command("/apps")
        await ann.wait_for(lambda m: m.text == "/apps failed: the bot is not connected")


async def test_it_stops_while_pages_are_open(tmp_path: Path) -> None:
    """Being asked to stop ends it although somebody still looks at the page."""
    line = [sys.executable, "-I", "-m", "workspace", "--state", str(tmp_path), "--port", "0"]
    process = await asyncio.create_subprocess_exec(*line, cwd="/", stdout=subprocess.PIPE)
    assert process.stdout is not None
    address = (await process.stdout.readline()).decode().split()[-1]
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    key = "GET /local/live?person=ann HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    key += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    writer.write(key.format(f"{host}:{port}").encode())
    assert b"101" in await reader.readline()
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 20) == 0
    writer.close()


BOT = """
import asyncio, sys, aiohttp
async def main():
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer xapp-local-workspace"}) as session:
        async with session.post(sys.argv[1] + "/api/apps.connections.open") as response:
            url = (await response.json())["url"]
        async with session.ws_connect(url) as socket:
            async for _ in socket:
                pass
asyncio.run(main())
"""


async def test_it_survives_the_bot(tmp_path: Path) -> None:
    """After kill -9 of the bot the workspace knows that nobody is there, and goes on."""
    async with running(tmp_path) as workspace:
        ann = await workspace.person("ann")
        bot = await asyncio.create_subprocess_exec(sys.executable, "-I", "-c", BOT, workspace.address, cwd="/")
        await ann.wait_for_bot(1)
        bot.kill()
        await bot.wait()
        await ann.wait_for_bot(0)
        await ann.command("/apps")
        await ann.wait_for(lambda m: m.text == "/apps failed: the bot is not connected")
