"""How a person is reached where Slack does not reach them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, SecretStr

from bot import route_addresses as addresses
from bot import setting_kinds as kinds
from bot.setting_groups.declare import setting


def _checked(read: Callable[[str], object]) -> Callable[[Any], Any]:
    """Return what refuses a value, secret or not, that *read* raises ValueError for."""

    def check(value: SecretStr | str | None) -> SecretStr | str | None:
        if value is not None:
            read(value.get_secret_value() if isinstance(value, SecretStr) else value)
        return value

    return check


MailServer = Annotated[SecretStr | None, AfterValidator(_checked(addresses.mail_server))]
Sender = Annotated[str | None, AfterValidator(_checked(addresses.sender))]
SecretEndpoint = Annotated[SecretStr | None, AfterValidator(_checked(addresses.endpoint))]
RoutingKey = Annotated[SecretStr | None, AfterValidator(_checked(addresses.routing_key))]
Endpoint = Annotated[str, AfterValidator(_checked(addresses.endpoint))]


class RoutesSettings(BaseModel):
    """Second routes."""

    smtp_url: MailServer = setting(
        "GROUNDCREW_SMTP_URL",
        None,
        "address such as smtps://user:password@mail.example:465, or smtp://mail.example:587",
        "The mail server through which people are paged where Slack does not reach them; smtp:// demands STARTTLS, "
        "except on this machine.",
        where="your mail service's page on SMTP; write @ : / in a password as %40 %3A %2F; then try it: "
        "groundcrew try-route email ADDRESS",
        unset="nobody is paged by e-mail",
    )
    smtp_from: Sender = setting(
        "GROUNDCREW_SMTP_FROM",
        None,
        "mail address, or Name <address>",
        "Whom mails come from.",
        where="an address that your mail server lets this user send from",
        unset="needed with GROUNDCREW_SMTP_URL",
    )
    page_webhook_url: SecretEndpoint = setting(
        "GROUNDCREW_PAGE_WEBHOOK_URL",
        None,
        "https address (http to this machine alone)",
        "Where pages are posted as JSON where Slack does not reach somebody (docs/paging.md has its schema).",
        where="your own on-call system; then try it: groundcrew try-route webhook",
        unset="no webhook is told of pages",
    )
    page_webhook_secret: kinds.Key = setting(
        "GROUNDCREW_PAGE_WEBHOOK_SECRET",
        None,
        "text of 32 characters or more",
        "The key that the webhook's posts are signed with, so that its receiver knows that they are ours.",
        where="openssl rand -hex 32, the same at the receiver",
        unset="needed with GROUNDCREW_PAGE_WEBHOOK_URL",
    )
    pagerduty_routing_key: RoutingKey = setting(
        "GROUNDCREW_PAGERDUTY_ROUTING_KEY",
        None,
        "text of 32 letters and digits",
        "The integration key of the PagerDuty service that is told of pages where Slack does not reach somebody.",
        where="PagerDuty > Services > your service > Integrations > Add integration > Events API v2; then try it: "
        "groundcrew try-route pagerduty",
        unset="PagerDuty is not told",
    )
    pagerduty_url: Endpoint = setting(
        "GROUNDCREW_PAGERDUTY_URL",
        "https://events.pagerduty.com/v2/enqueue",
        "https address",
        "The address of PagerDuty's Events API.",
        where="leave it as it is, except in the EU service region: https://events.eu.pagerduty.com/v2/enqueue",
    )
