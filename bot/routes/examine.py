"""What `groundcrew doctor` says of the second routes: which are set up, and whether the mail server takes the login."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from bot.diagnosis import Finding, State
from bot.routes.make import email_route
from bot.settings import Settings
from bot.trouble import SlackTrouble


async def routes(settings: Settings) -> AsyncIterator[Finding]:
    """Yield how each second route stands; nothing is sent, which `groundcrew try-route` is for."""
    mail = email_route(settings)
    if mail is not None:
        try:
            await mail.try_out()
        except SlackTrouble as trouble:
            yield Finding(State.FAIL, "email", f"{trouble}: see GROUNDCREW_SMTP_URL")
        else:
            login = " and takes the login" if mail.server.user else "; nobody logs in"
            yield Finding(State.OK, "email", f"{mail.server.host} answers{login}")
    if settings.page_webhook_url is not None:
        host = urlsplit(settings.page_webhook_url.get_secret_value()).hostname
        yield Finding(State.OK, "webhook", f"set up for {host}: groundcrew try-route webhook sends a test")
    if settings.pagerduty_routing_key is not None:
        host = urlsplit(settings.pagerduty_url).hostname
        yield Finding(State.OK, "pagerduty", f"set up for {host}: groundcrew try-route pagerduty sends a test")
    if mail is None and settings.page_webhook_url is None and settings.pagerduty_routing_key is None:
        words = "none is set, so nobody can be paged while Slack is away: docs/paging.md"
        yield Finding(State.WARN, "second routes", words)
