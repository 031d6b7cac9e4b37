"""The worker can reach nothing: no network, no files but its program, no environment; tried from inside."""

import subprocess
import sys
from pathlib import Path

import pytest

from checks.sandbox import Level, sandbox_level, worker_command
from tests.requirements_of_machine import needs

REACH = """
import os, socket, sys
from checks import child, landlock
child.limit()
if "--landlock" in sys.argv:
    landlock.confine()
reached = [name for name in os.environ if name != "LC_CTYPE" and name != "PWD"]
for path in {paths!r}:
    try:
        open(path, "rb").read(1)
        reached.append(path)
    except OSError:
        pass
try:
    os.open({canary!r}, os.O_WRONLY | os.O_CREAT)
except OSError:
    pass
try:
    socket.create_connection(("127.0.0.1", {port}), timeout=2)
    reached.append("the network")
except OSError:
    pass
print(reached)
"""


@pytest.mark.parametrize("level", [Level.BUBBLEWRAP, Level.LANDLOCK])
def test_the_worker_reaches_no_file_no_network_and_no_environment(level: Level, tmp_path: Path) -> None:
    """Code that runs in the worker finds no secret of this machine, no open port and no place to write."""
    if level is Level.BUBBLEWRAP:
        needs("bubblewrap")
    secret = tmp_path / "token"
    secret.write_text("x")
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        paths = [str(secret), str(Path(__file__)), "/etc/passwd", "/proc/self/environ", "/proc/1/environ"]
        command = worker_command(level)
        at = command.index("-m")
        command[at : at + 3] = ["-c", REACH.format(paths=paths, port=port, canary=str(tmp_path / "canary"))]
        done = subprocess.run(command, env={}, cwd="/", capture_output=True, text=True, check=False)
        server.communicate("\n")
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
    assert not (tmp_path / "canary").exists()


def test_the_level_of_this_machine_is_told() -> None:
    """Where bubblewrap works it is used, and the level says so."""
    needs("bubblewrap")
    assert sandbox_level() is Level.BUBBLEWRAP


@pytest.mark.parametrize("level", list(Level))
def test_the_worker_is_a_python_apart(level: Level) -> None:
    """At every level the worker is this Python, isolated from folders and variables around it."""
    command = worker_command(level)
    start = command.index(sys.executable)
    assert command[start : start + 5] == [sys.executable, "-I", "-m", "checks.child", "checks.worker"]
