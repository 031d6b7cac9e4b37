"""Acts as people of the local workspace, so that tests stand at the other end of the bot.

    async with WorkspaceClient(address) as workspace:
        ann = await workspace.person("ann")
        await ann.command("/apps all")
        answer = await ann.wait_for(lambda message: "no apps yet" in message.words)
        await ann.click(answer, "Register one")
        errors = await ann.submit(await ann.wait_for_modal(), {"Name": "notes"})

It asks over the same addresses as the page does, and learns of changes from the same feed.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.workspace_message import Json, Message, by_label, element

_PATIENCE = 20.0  # seconds until a wait gives up; what is waited for comes in milliseconds when all is well


class Person:
    """One person of the workspace, with a page open. Made by ``WorkspaceClient.person``."""

    def __init__(self, client: "WorkspaceClient", name: str) -> None:
        self._client = client
        self.name = name
        self.id = ""
        self._rooms: dict[str, str] = {}
        self._seen: dict[tuple[str, str], Message] = {}
        self._views: list[Json] = []
        self._home: Json | None = None
        self._changed = asyncio.Condition()
        self.attention: dict[str, int] = {}
        self.connections = 0

    # What the person does

    async def command(self, text: str, channel: str = "general") -> None:
        """Type a slash command; returns when the bot has acknowledged it or Slack has given up on it."""
        await self._act("command", channel=channel, text=text)

    async def say(self, text: str, channel: str = "general", *, thread: str = "") -> str:
        """Write a message, and give its ts."""
        return str((await self._act("message", channel=channel, text=text, thread=thread))["ts"])

    async def click(self, on: Message | Json, button: str, choice: Any = None, *, values: Json | None = None) -> str:
        """Use the element of a message or a view whose text, placeholder or action id is *button*.

        *choice* is what to pick in a select: an option's value, a person's id, or a list. *values* are the contents
        of inputs beside it, by label. Gives an empty text, or what the person sees when the bot does not answer.
        """
        holder = on.body if isinstance(on, Message) else on
        block, used = element(holder, button)
        place = {"channel": on.channel, "ts": on.ts} if isinstance(on, Message) else {"view": on["id"]}
        ids = {"block_id": block["block_id"], "action_id": used["action_id"]}
        given = by_label(holder, values or {})
        return str((await self._act("click", **place, **ids, choice=choice, values=given))["trouble"])

    async def submit(self, view: Json, values: Json | None = None) -> dict[str, str]:
        """Submit a modal; *values* are by label, what is left out keeps its initial value.

        Gives the errors by label, empty when the bot took it; raises AssertionError when the modal shows trouble.
        """
        done = await self._act("submit", view=view["id"], values=by_label(view, values or {}))
        assert not done["trouble"], done["trouble"]
        labels = {block["block_id"]: block["label"]["text"] for block in view["blocks"] if block["type"] == "input"}
        return {labels[block_id]: words for block_id, words in done["errors"].items()}

    async def close(self, view: Json) -> None:
        """Close a modal without submitting it."""
        await self._act("close", view=view["id"])

    async def open_home(self, tab: str = "home") -> None:
        """Open the bot's Home tab, or its ``messages`` tab."""
        await self._act("home", tab=tab)

    async def delete(self, message: Message) -> None:
        """Delete a message; an admin may delete any."""
        await self._act("delete", channel=message.channel, ts=message.ts)

    async def deactivate(self, subject: str, *, deleted: bool = True) -> None:
        """Close the account of *subject*, as an admin."""
        await self._act("deactivate", subject=subject, deleted=deleted)

    async def archive(self, channel: str, *, archived: bool = True) -> None:
        """Archive a channel, as an admin."""
        await self._act("archive", channel=channel, archived=archived)

    # What the person sees

    def messages(self, channel: str = "general") -> list[Message]:
        """List the messages of a channel outside threads, oldest first; ``bot`` is the direct conversation."""
        return [one for one in self._all() if one.channel == self._room(channel) and not one.is_reply]

    def thread(self, root: Message) -> list[Message]:
        """List the thread of *root*, root first."""
        ours = (one for one in self._all() if one.channel == root.channel)
        return [one for one in ours if root.ts in {one.ts, one.thread}]

    def ephemerals(self) -> list[Message]:
        """List what only this person sees, oldest first."""
        return [one for one in self._all() if one.is_ephemeral]

    def modal(self) -> Json | None:
        """Give the view on top, or None."""
        return self._views[-1] if self._views else None

    def home(self) -> Json | None:
        """Give the App Home, or None when the bot has published none."""
        return self._home

    async def wait_for(self, fits: Callable[[Message], bool], within: float = _PATIENCE) -> Message:
        """Wait for a message that *fits*, and give the newest such; one that is already there counts too."""
        found = await self._until(lambda: next((one for one in reversed(self._all()) if fits(one)), None), within)
        assert isinstance(found, Message), f"{self.name} saw none such, but:\n" + "\n".join(
            f"[{one.channel} {one.ts}] {one.words}" for one in self._all()
        )
        return found

    async def wait_for_modal(self, fits: Callable[[Json], bool] = bool, within: float = _PATIENCE) -> Json:
        """Wait until the view on top *fits*, by default until any is open."""
        found = await self._until(lambda: self._views[-1] if self._views and fits(self._views[-1]) else None, within)
        assert isinstance(found, dict), f"{self.name} has no such modal open, but: {self._views}"
        return found

    async def wait_for_no_modal(self, within: float = _PATIENCE) -> None:
        """Wait until no view is open."""
        assert await self._until(lambda: not self._views, within), f"{self.name} still sees {self._views}"

    async def wait_for_home(self, fits: Callable[[Json], bool] = bool, within: float = _PATIENCE) -> Json:
        """Wait until the App Home *fits*, by default until there is one."""
        found = await self._until(lambda: self._home if self._home and fits(self._home) else None, within)
        assert isinstance(found, dict), f"{self.name} has no such home, but: {self._home}"
        return found

    async def wait_for_bot(self, connections: int = 1, within: float = _PATIENCE) -> None:
        """Wait until the bot has so many Socket Mode connections, 0 after it died."""
        there = await self._until(lambda: self.connections == connections, within)
        assert there, f"the bot has {self.connections} connections"

    # How the person learns of it

    async def listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Follow the feed until it ends."""
        async with socket:
            async for message in socket:
                async with self._changed:
                    self._learn(message.json())
                    self._changed.notify_all()

    async def arrived(self) -> None:
        """Wait for the first snapshot."""
        assert await self._until(lambda: self.id, _PATIENCE), "the workspace sent no snapshot"

    def _learn(self, change: Json) -> None:
        kind = change["type"]
        if kind == "state":
            self.id = change["you"]
            self._rooms = {room["name"]: room["id"] for room in change["rooms"]}
            self._views, self._home = change["modal"], change["home"]
            self.connections = change["bot"]["connections"]
            self.attention = {one["id"]: one["attention"] for one in change["people"]}
            for channel, bodies in change["messages"].items():
                self._seen |= {(channel, body["ts"]): Message(channel, body) for body in bodies}
        elif kind == "message":
            message = Message(change["channel"], change["message"])
            self._seen[message.channel, message.ts] = message
        elif kind == "gone":
            self._seen.pop((change["channel"], change["ts"]), None)
        elif kind == "modal":
            self._views = change["views"]
        elif kind == "home":
            self._home = change["view"]
        elif kind == "bot":
            self.connections = change["connections"]
        elif kind == "attention":
            self.attention[change["person"]] = change["count"]

    async def _until(self, look: Callable[[], Any], within: float) -> Any:
        try:
            async with asyncio.timeout(within), self._changed:
                return await self._changed.wait_for(look) and look()
        except TimeoutError:
            return None

    async def _act(self, act: str, **body: Any) -> Json:
        return await self._client.post(act, {"person": self.name, **body})

    def _all(self) -> list[Message]:
        return sorted(self._seen.values(), key=lambda one: one.ts)

    def _room(self, named: str) -> str:
        wanted = "directmessage" if named == "bot" else named.removeprefix("#")
        return self._rooms.get(wanted, named)


class WorkspaceClient:
    """A connection to the workspace at *address*, used as an async context manager."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._session = aiohttp.ClientSession(address)
        self._listening: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)
        await self._session.close()

    async def person(self, name: str) -> Person:
        """Open a page as *name*, such as ``ann``."""
        one = Person(self, name)
        socket = await self._session.ws_connect("/local/live", params={"person": name}, max_msg_size=0)
        self._listening.append(asyncio.create_task(one.listen(socket)))
        await one.arrived()
        return one

    async def post(self, act: str, body: Json) -> Json:
        """Do one act; raises AssertionError with the workspace's own words when it refuses."""
        async with self._session.post(f"/local/{act}", json=body) as response:
            done: Json = await response.json()
        assert "error" not in done, done["error"]
        return done
