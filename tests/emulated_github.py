"""
GitHub as the npm package `emulate` plays it, behind our https stand-in: stateful, with real sockets.

What it lacks is answered in the shape that GitHub's own answers have: the rules of a branch (rulesets), the pull
requests of a commit, and commit statuses. Its check runs name no app, so no run counts there as a workflow's; it takes
any token for its first person's, and shows the protection of a branch to everybody who may write.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.requirements_of_machine import needs

VERSION = "0.12.2"
API = "/api/v3"
REPOSITORY = "ann/app"
_SEED = {
    "tokens": {
        name: {"login": name.removeprefix("token-of-"), "scopes": ["repo"]} for name in ("token-of-ann", "token-of-bo")
    },
    "github": {
        "users": [{"login": "ann"}, {"login": "bo"}],
        "repos": [{"owner": "ann", "name": "app", "private": True, "auto_init": True}],
    },
}
_START = """
import { createEmulator } from "emulate";
const [port, seed] = process.argv.slice(2);
const github = await createEmulator({ service: "github", port: Number(port), seed: JSON.parse(seed) });
console.log("ready");
"""
_LACKS = re.compile(r"/rules/branches/|/commits/(?P<commit>[0-9a-f]+)/(?P<what>pulls|status)$")


def installed(folder: Path) -> str:
    """Install the package into *folder* and return what npm says against it, empty where it is there."""
    command = [needs("npm"), "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run([*command, f"emulate@{VERSION}"], check=False, capture_output=True, text=True, timeout=120)
    (folder / "start.mjs").write_text(_START)
    return "" if done.returncode == 0 else done.stderr[-300:]


@dataclass
class Emulated:
    """The running service at *address*; its clients are people of *REPOSITORY*."""

    address: str
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None, who: str = "ann") -> Any:
        """Return the answer to what *who* asks about the repository; it must succeed."""
        headers = {"Authorization": f"Bearer token-of-{who}"}
        url = f"{self.address}/repos/{REPOSITORY}{path}"
        async with self.session.request(method, url, json=body, headers=headers) as response:
            assert response.status < 300, (method, path, await response.text())
            return await response.json() if response.status != 204 else None

    async def newest(self) -> str:
        """Return the newest commit of the main branch."""
        return str((await self.ask("GET", "/commits"))[0]["sha"])

    async def change(self, number: int, *, approved: bool) -> None:
        """Bring one change by a pull request of ann's, which bo approves or not."""
        ref = {"ref": f"refs/heads/change-{number}", "sha": await self.newest()}
        await self.ask("POST", "/git/refs", ref)
        file = {"message": f"Change {number}", "content": "eCA9IDEK", "branch": f"change-{number}"}
        await self.ask("PUT", f"/contents/file_{number}.py", file)
        pull = await self.ask(
            "POST", "/pulls", {"title": f"Change {number}", "head": f"change-{number}", "base": "main"}
        )
        if approved:
            await self.ask("POST", f"/pulls/{pull['number']}/reviews", {"event": "APPROVE"}, who="bo")
        await self.ask("PUT", f"/pulls/{pull['number']}/merge", {})

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Pass *request* on, or answer as GitHub does what the service lacks."""
        path = request.path.removeprefix(f"{API}/repos/{REPOSITORY}")
        lacking = _LACKS.search(path)
        if lacking and lacking["what"] == "pulls":
            pulls = await self.ask("GET", "/pulls?state=closed&per_page=100")
            return web.json_response([pull for pull in pulls if pull["merge_commit_sha"] == lacking["commit"]])
        if lacking:
            return web.json_response({"state": "pending", "total_count": 0, "statuses": []} if lacking["what"] else [])
        headers = {"Authorization": request.headers["Authorization"]}
        url = f"{self.address}{request.path_qs.removeprefix(API)}"
        async with self.session.get(url, headers=headers) as response:
            return web.Response(status=response.status, body=await response.read(), content_type="application/json")


@asynccontextmanager
async def emulated(folder: Path) -> AsyncIterator[Emulated]:
    """Run the service that is installed in *folder*, with a repository of ann's in which bo may write."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [needs("node"), str(folder / "start.mjs"), str(port), json.dumps(_SEED)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=folder)
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"ready\n"
        async with aiohttp.ClientSession() as session:
            running = Emulated(f"http://127.0.0.1:{port}", session)
            await running.ask("PUT", "/collaborators/bo", {"permission": "push"})
            yield running
    finally:
        process.kill()
        await process.communicate()
