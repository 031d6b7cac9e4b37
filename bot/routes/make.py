"""Makes the second routes that are set up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import aiohttp

from bot.redact import Redactor
from bot.route_addresses import mail_server, sender
from bot.routes.email import EmailRoute
from bot.routes.pagerduty import PagerDutyRoute
from bot.routes.route import Route
from bot.routes.webhook import WebhookRoute
from bot.settings import Settings
from commands.world import Directory
from storage.model import Message, Standing


@dataclass(frozen=True, slots=True)
class _Redacted:
    """A route that no secret goes through."""

    route: Route
    redactor: Redactor

    async def deliver(self, message: Message) -> Standing:
        """Deliver the message without any secret in it."""
        return await self.route.deliver(replace(message, news=self.redactor.tree(message.news)))


def make_routes(
    settings: Settings, session: aiohttp.ClientSession, directory: Directory | None = None
) -> dict[str, Route]:
    """
    Return the routes by name, as far as *settings* set them up; *directory* tells names where Slack answers.

    Secrets are taken out of whatever goes through them.
    """
    routes: dict[str, Route] = {}
    mail = email_route(settings, directory)
    if mail is not None:
        routes["email"] = mail
    url, secret = settings.page_webhook_url, settings.page_webhook_secret
    if url is not None and secret is not None:
        routes["webhook"] = WebhookRoute(session, url.get_secret_value(), secret.get_secret_value(), directory)
    duty = pagerduty_route(settings, session, directory)
    if duty is not None:
        routes["pagerduty"] = duty
    redactor = Redactor(settings.secrets())
    return {name: _Redacted(route, redactor) for name, route in routes.items()}


def email_route(settings: Settings, directory: Directory | None = None) -> EmailRoute | None:
    """Return the route e-mail, where it is set up."""
    if settings.smtp_url is None or settings.smtp_from is None:
        return None
    return EmailRoute(mail_server(settings.smtp_url.get_secret_value()), sender(settings.smtp_from), directory)


def pagerduty_route(
    settings: Settings, session: aiohttp.ClientSession, directory: Directory | None = None
) -> PagerDutyRoute | None:
    """Return the route PagerDuty, where it is set up."""
    key = settings.pagerduty_routing_key
    return PagerDutyRoute(session, key.get_secret_value(), settings.pagerduty_url, directory) if key else None
