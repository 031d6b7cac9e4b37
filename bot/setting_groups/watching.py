"""How somebody outside notices that the bot does not work."""

from __future__ import annotations

from pydantic import BaseModel

from bot import setting_kinds as kinds
from bot.setting_groups.declare import setting
from bot.setting_groups.routes import SecretEndpoint


class WatchingSettings(BaseModel):
    """Watching the bot."""

    dead_man_url: SecretEndpoint = setting(
        "GROUNDCREW_DEAD_MAN_URL",
        None,
        "https address",
        "The address of a dead man's switch, which is asked (GET) only while every promise is kept: it alarms somebody "
        "when that stops. Whoever knows the address can keep it silent.",
        where="a service outside your own network that alarms when it is not asked for some minutes",
        unset="nobody outside notices when the bot stands still",
    )
    dead_man_every: kinds.Duration = setting(
        "GROUNDCREW_DEAD_MAN_EVERY",
        "1m",
        "duration",
        "How often the dead man's switch is asked; have it alarm after twice that.",
    )
