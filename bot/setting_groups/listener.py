"""Where the bot can be asked how it is, and what others may send it."""

from __future__ import annotations

from pydantic import BaseModel, SecretStr

from bot import setting_kinds as kinds
from bot.setting_groups.declare import setting

#: Where the bot listens in Slack when nothing is set.
LISTEN = "127.0.0.1:8090"


class ListenerSettings(BaseModel):
    """The listener."""

    listen: kinds.Listen = setting(
        "GROUNDCREW_LISTEN",
        None,
        "address:port, or off",
        "Where the bot listens for /healthz, /readyz, /metrics, GitHub's pushes and, with SLACK_SIGNING_SECRET, Slack. "
        "It speaks plain HTTP: let a proxy end TLS, and pass /slack/events and /github/webhook alone.",
        unset=f"{LISTEN} in Slack; the local workspace has no listener",
    )
    github_webhook_secret: SecretStr | None = setting(
        "GROUNDCREW_GITHUB_WEBHOOK_SECRET",
        None,
        "text",
        "The secret with which GitHub signs its pushes to /github/webhook; a push has its app looked at within seconds "
        "rather than at the next turn.",
        where="openssl rand -hex 32; enter it in GitHub > Settings > Webhooks too, with content type application/json "
        "and the push event alone",
        unset="pushes are not taken",
    )
