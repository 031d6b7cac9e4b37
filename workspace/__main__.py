"""Starts the workspace: ``python -I -m workspace --state FOLDER [--port 3000]``.

When it listens it prints one line, ``workspace ready http://127.0.0.1:PORT``.
"""

import argparse
import json
import socket
import sys
from pathlib import Path
from typing import Any

from aiohttp import web

from workspace.server import make_app
from workspace.state import Workspace

HOST = "127.0.0.1"


def main() -> int:
    """Run until it is stopped; gives the exit status, 1 with one sentence when it cannot start."""
    options = _options()
    try:
        commands = _list_in(options.commands, "command")
        offers = _list_in(options.offers, "label")
        listener = _listen(options.port)
        workspace = Workspace(options.state, commands=commands, offers=offers)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"The workspace cannot start: {error}\n")
        return 1
    workspace.address = f"http://{HOST}:{listener.getsockname()[1]}"

    def ready(_: object) -> None:
        sys.stdout.write(f"workspace ready {workspace.address}\n")
        sys.stdout.flush()

    web.run_app(make_app(workspace), sock=listener, print=ready, access_log=None, shutdown_timeout=1.0)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="workspace", description="A local stand-in for a Slack workspace.")
    parser.add_argument("--state", type=Path, required=True, metavar="FOLDER", help="where its messages are kept")
    parser.add_argument("--port", type=int, default=3000, help="on 127.0.0.1; 0 takes a free one (default 3000)")
    parser.add_argument("--commands", type=Path, metavar="FILE", help='JSON: [{"command", "usage", "description"}]')
    parser.add_argument("--offers", type=Path, metavar="FILE", help='JSON: [{"label", "command"}] to try first')
    return parser.parse_args()


def _list_in(path: Path | None, needs: str) -> list[dict[str, Any]]:
    """Read a JSON list of objects that all have the key *needs*; raises ValueError that names the file."""
    if path is None:
        return []
    try:
        given = json.loads(path.read_text("utf-8"))
    except ValueError:
        given = None
    if not isinstance(given, list) or not all(isinstance(one, dict) and one.get(needs) for one in given):
        message = f'{path} must be a JSON list of objects, each with "{needs}".'
        raise ValueError(message)
    return given


def _listen(port: int) -> socket.socket:
    """Take the port on loopback; raises OSError with a sentence that says what to do."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        message = (
            f"port {port} on {HOST} is taken or not allowed; stop what uses it, or choose another with --port "
            "(GROUNDCREW_LOCAL_PORT, where groundcrew starts this)."
        )
        raise OSError(message) from error
    return listener


if __name__ == "__main__":
    sys.exit(main())
