"""The people of the stand-in Slack: they type commands and press buttons, and press again where nothing happens."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field

from benchmarks.reliability.slack import TEAM, Arrival, Json, StandIn
from workspace.socket_mode import NotAcknowledgedError, NotConnectedError

_AGAIN_S = 0.5


@dataclass(slots=True)
class Crowd:
    """Everybody in *slack*. *twice_every*: each so-manieth command is delivered twice, as Slack may."""

    slack: StandIn
    twice_every: int = 0
    typed: int = 0
    acknowledged: int = 0
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _pressing: set[asyncio.Task[None]] = field(default_factory=set)

    async def type(self, person: str, command: str, text: str, channel: str = "CGENERAL") -> bool:
        """Type a command once; True where the bot acknowledged it, and by that took it on."""
        trigger = f"{next(self._numbers)}.command"
        payload = {"command": command, "text": text, "team_id": TEAM, "trigger_id": trigger, "response_url": ""}
        payload |= {"user_id": person, "user_name": person.lower(), "channel_id": channel, "channel_name": "somewhere"}
        self.typed += 1
        taken = await self._deliver("slash_commands", payload)
        if taken and self.twice_every and self.typed % self.twice_every == 0:
            await self._deliver("slash_commands", payload)
        self.acknowledged += taken
        return taken

    def press(self, person: str, order: str, value: str, message: Arrival) -> None:
        """Have *person* press the button *order* of *message* until the bot acknowledges it, in the background."""
        task = asyncio.create_task(self._press(person, order, value, message))
        self._pressing.add(task)
        task.add_done_callback(self._pressing.discard)

    async def _press(self, person: str, order: str, value: str, message: Arrival) -> None:
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        payload = {
            "type": "block_actions",
            "user": {"id": person, "name": person.lower(), "team_id": TEAM},
            "team": {"id": TEAM, "domain": "test"},
            "channel": {"id": message.channel, "name": "c"},
            "container": container,
            "message": {"ts": message.ts},
            "actions": [{"type": "button", "action_id": order, "block_id": "b", "value": value}],
        }
        while True:
            payload["trigger_id"] = f"{next(self._numbers)}.button"
            if await self._deliver("interactive", payload):
                return
            await asyncio.sleep(_AGAIN_S)

    async def go_home(self) -> None:
        """End whatever somebody still presses."""
        for task in list(self._pressing):
            task.cancel()
        await asyncio.gather(*self._pressing, return_exceptions=True)

    async def _deliver(self, kind: str, payload: Json) -> bool:
        try:
            await self.slack.bots.deliver(kind, payload, takes_answer=True)
        except (NotConnectedError, NotAcknowledgedError):
            return False
        return True
