"""Pages of other sites cannot reach the workspace, under whatever name."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from tests.workspace.in_process import PushedClock, served
from tests.workspace_client import WorkspaceClient

REFUSED = [
    {"Host": "evil.example"},
    {"Host": "evil.example:3000"},
    {"Host": "127.0.0.1"},
    {"Host": "127.0.0.1:1"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
]


@pytest_asyncio.fixture
async def workspace(tmp_path: Path) -> AsyncIterator[WorkspaceClient]:
    """Give a client of a workspace in this process."""
    async with served(tmp_path, PushedClock(), patience=1) as inside, WorkspaceClient(inside.address) as client:
        yield client


@pytest.mark.parametrize("headers", REFUSED, ids=str)
@pytest.mark.parametrize(
    "path", ["/local/state?person=ann", "/api/auth.test", "/local/live?person=ann", "/static/app.js"]
)
async def test_a_foreign_request_is_refused(workspace: WorkspaceClient, path: str, headers: dict[str, str]) -> None:
    """A request whose Host or Origin is not the workspace's own gets 403 and a sentence."""
    async with aiohttp.ClientSession() as session, session.get(workspace.address + path, headers=headers) as response:
        assert response.status == 403
        assert (await response.text()).startswith("This workspace")


async def test_a_foreign_page_cannot_act(workspace: WorkspaceClient) -> None:
    """A form of another site cannot type a command."""
    headers = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
    body = b'{"person": "ann", "channel": "general", "text": "gotcha"}'
    url = f"{workspace.address}/local/message"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
        assert response.status == 403
    assert (await workspace.person("ann")).messages() == []


async def test_its_own_page_comes_in(workspace: WorkspaceClient) -> None:
    """Both names of loopback work, a link from elsewhere opens the page, and nothing may be loaded from elsewhere."""
    by_name = workspace.address.replace("127.0.0.1", "localhost")
    async with aiohttp.ClientSession() as session:
        for address in (workspace.address, by_name):
            headers = {"Origin": address, "Host": address.removeprefix("http://"), "Sec-Fetch-Site": "same-origin"}
            async with session.get(f"{workspace.address}/local/state?person=ann", headers=headers) as response:
                assert (await response.json())["you"] == "U0ANN"
        following = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        async with session.get(workspace.address, headers=following) as response:
            assert response.status == 200
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("act", "body", "expected"),
    [
        ("message", '{"person": "nobody", "channel": "general", "text": "x"}', "user_not_found"),
        ("message", '{"person": "gus", "channel": "reliability", "text": "x"}', "channel_not_found"),
        ("message", '{"person": "ann", "channel": "D0BO", "text": "x"}', "channel_not_found"),
        ("message", '{"person": "ann", "channel": "general"}', "missing required field: text"),
        (
            "click",
            '{"person": "ann", "channel": "general", "ts": "1.1", "block_id": "a", "action_id": "b"}',
            "message_not",
        ),
        ("submit", '{"person": "ann", "view": "V1"}', "not_found"),
        ("deactivate", '{"person": "ann", "subject": "bo"}', "not_admin"),
        ("fly", '{"person": "ann"}', "no act called fly"),
        ("message", "[]", "JSON object"),
        ("message", "{", "invalid_arguments"),
    ],
)
async def test_a_mistake_is_named(workspace: WorkspaceClient, act: str, body: str, expected: str) -> None:
    """An act that cannot be done is refused with words, never with a stack trace."""
    url = f"{workspace.address}/local/{act}"
    async with aiohttp.ClientSession() as session, session.post(url, data=body) as response:
        assert response.status == 400
        assert expected in (await response.json())["error"]
