"""Addresses that are a key themselves: private calendar feeds, webhooks, signed links, keys in a query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import re2

from checks.facts.secrets.assigned_secrets import Assigned, Strength
from checks.facts.secrets.values import Look, is_random, look_of

_REST = r"[^\s\"'`<>]*"

#: What an address is called -> whether its form alone is enough, and its forms, as their vendors document them.
_FORMS: dict[str, tuple[Strength, tuple[str, ...]]] = {
    "private address of a calendar": (
        Strength.LIKELY,
        (
            rf"airbnb\.[a-z.]{{2,6}}/calendar/ical/[\w-]{{4,40}}\.ics\?{_REST}\b[st]=[\w%-]{{16,}}",
            rf"booking\.com/{_REST}(?:ical|export){_REST}[?&]t=[\w-]{{16,}}",
            r"(?:vrbo|homeaway|abritel|fewo-direkt|stayz)\.[\w.]{2,8}/icalendar/[0-9a-f]{16,}\.ics",
            rf"calendar\.google\.com/calendar/ical/{_REST}/private-[0-9a-f]{{16,}}/",
            r"outlook\.(?:live|office|office365)\.com/owa/calendar/[\w@.-]{8,120}/[\w-]{16,}/",
        ),
    ),
    "private address of a feed": (
        Strength.POSSIBLE,
        (
            rf"://{_REST}\.ics\?{_REST}\b(?:token|key|secret|auth|[st])=[\w-]{{16,}}",
            r"\bwebcal://[\w.-]{3,80}/[^\s\"'`<>]{0,80}[\w-]{20,}",
        ),
    ),
    "address of a webhook, which acts for whoever calls it,": (
        Strength.LIKELY,
        (
            r"webhook\.office\.com/webhookb2/[\w@-]{30,}/IncomingWebhook/\w{20,}",
            rf"logic\.azure\.com(?::\d{{2,5}})?/workflows/{_REST}[?&]sig=[\w%-]{{20,}}",
            rf"chat\.googleapis\.com/v1/spaces/[\w-]{{6,}}/messages\?{_REST}token=[\w%-]{{20,}}",
            r"maker\.ifttt\.com/trigger/\w{1,60}/(?:json/)?with/key/[\w-]{20,}",
            r"open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/[\w-]{30,}",
            r"oapi\.dingtalk\.com/robot/send\?access_token=[0-9a-f]{40,}",
            r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[\w-]{30,}",
            r"[\w-]{2,60}\.bitrix24\.[a-z.]{2,6}/rest/\d{1,9}/[a-z0-9]{12,}",
            r"api\.render\.com/deploy/srv-\w{10,}\?key=[\w-]{8,}",
            r"api\.vercel\.com/v1/integrations/deploy/\w{10,}/\w{8,}",
            r"api\.netlify\.com/build_hooks/[0-9a-f]{16,}",
        ),
    ),
    "address of a webhook, which anybody who has it can call,": (
        Strength.POSSIBLE,
        (
            r"hooks\.zapier\.com/hooks/(?:standard|catch)/\d{4,}/\w{5,}",
            r"hook\.(?:[a-z]{2}\d\.)?(?:make|integromat)\.com/[a-z0-9]{20,}",
            r"://[\w.-]{3,80}/webhook(?:-test)?/[0-9a-f]{8}-[0-9a-f-]{27}",
            r"\b[a-z0-9]{12,}\.m\.pipedream\.net",
            r"script\.google\.com/macros/s/[\w-]{40,}/exec",
        ),
    ),
    "signed address, which opens a file for whoever has it,": (
        Strength.POSSIBLE,
        (
            rf"://{_REST}[?&]X-(?:Amz|Goog)-Signature=[0-9a-f]{{40,}}",
            rf"\.core\.windows\.net/{_REST}[?&]sig=[\w%+/=-]{{30,}}",
            rf"/storage/v1/object/sign/{_REST}token=eyJ[\w.-]{{30,}}",
        ),
    ),
}
_QUERY = re2.compile(
    rf"(?i)://(?P<before>{_REST}?)[?&](?P<name>api_?key|access_?token|auth_?token|app_?id|app_?key|client_?secret|secret|token|key)"
    r"=(?P<value>[\w.~-]{16,200})"
)
_SURE = re.compile(r"api_?key|client_?secret|auth_?token|app_?key", re.IGNORECASE)
# Keys of maps, pictures and search are made to be seen, and so are files that are shared by their address.
_SEEN = re.compile(
    r"map|tile|jawg|stadia|thunderforest|algolia|firebasestorage|googleapis\.com/(?:v0/b|css)|fonts|giphy|tenor|cdn|recaptcha"
    r"|analytics|sentry|typekit|youtube|posthog|segment|localhost|127\.0|example\.",
    re.IGNORECASE,
)


@cache
def _compiled() -> tuple[tuple[str, Strength, re2._Regexp], ...]:
    return tuple(
        (what, strength, re2.compile("|".join(f"(?:{form})" for form in forms)))
        for what, (strength, forms) in _FORMS.items()
    )


def capabilities_in(text: str) -> Iterator[Assigned]:
    """Yield the addresses in *text* that open something for whoever has them."""
    if "://" not in text and "/hooks/" not in text and "webhook" not in text:
        return
    for what, strength, pattern in _compiled():
        for match in pattern.finditer(text):
            if len(set(match.group())) > 10 and not _is_made_up(match.group()):  # noqa: PLR2004 - no address is so monotonous
                yield Assigned(match.start(), what, strength, match.group())
    at = _QUERY.groupindex
    for match in _QUERY.finditer(text):
        before, name, value = (match.group(at[group]) for group in ("before", "name", "value"))
        if look_of(value) is not Look.STRONG or not is_random(value) or value.startswith(("pk.", "pk_")):
            continue
        sure = _SURE.fullmatch(name) is not None and _SEEN.search(before) is None
        yield Assigned(
            match.start(at["value"]), "key in an address", Strength.LIKELY if sure else Strength.POSSIBLE, value
        )


_MADE_UP = re.compile(r"your|x{5,}|example|placeholder|\.\.\.|0{8,}|1234567890|abcdefgh|123abc|abc123", re.IGNORECASE)


def _is_made_up(address: str) -> bool:
    return _MADE_UP.search(address) is not None
