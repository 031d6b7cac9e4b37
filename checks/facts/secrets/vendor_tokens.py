r"""
Tokens that name their vendor: detect-secrets' own detectors and ours for the AI era, all on a linear regex engine.

detect-secrets is used as a library. Its detectors run on `re`, where one line can take minutes (`api_key` and 2,000
blanks: over 25 s in one of them), so each pattern is compiled anew with RE2. Four detectors whose patterns RE2 refuses
and that are the slow ones (IBM Cloud IAM, IBM COS, Cloudant, SoftLayer) are left out; GitLab's patterns stand here in a
form that RE2 takes. Its keyword and entropy detectors are replaced by assigned_secrets, which knows more of the
place. Our own forms stand in token_forms.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from functools import cache, cached_property

import re2
from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector

from checks.facts.secrets.token_forms import FORMS

_STOCK = (
    AWSKeyDetector,
    AzureStorageKeyDetector,
    DiscordBotTokenDetector,
    GitHubTokenDetector,
    MailchimpDetector,
    NpmDetector,
    OpenAIDetector,
    PypiTokenDetector,
    SendGridDetector,
    SlackDetector,
    SquareOAuthDetector,
    StripeDetector,
)

#: Found by form, and no harm by themselves: a test account's keys.
HARMLESS = frozenset({"Clerk or Stripe test key", "Twilio API key"})

_INSIDE = re.compile(r"[A-Za-z0-9+/]{40}\s*\Z|;base64,[A-Za-z0-9+/]*\Z")  # a piece of a picture or a font
_PLACEHOLDER = re.compile(
    r"example|x{4,}|your|placeholder|changeme|replace|dummy|\*{3}|\.{3}|0{8,}|1234567890|0123456789|abcdefgh|deadbeef|"
    r"1234abcd|(?:abc123){2}|fake|sample",
    re.IGNORECASE,
)


class VendorToken(RegexBasedDetector):
    """A kind of token on detect-secrets' plugin API; *secret_type* is what people call it."""

    secret_type = "token"  # noqa: S105 - the name of a kind

    def __init__(self, secret_type: str, forms: tuple[str, ...]) -> None:
        self.secret_type = secret_type
        self.forms = forms

    @cached_property
    def denylist(self) -> tuple[re2._Regexp, ...]:
        """The forms as RE2 has them; detect-secrets' own search goes through these."""
        return tuple(re2.compile(form) for form in self.forms)


@cache
def detectors() -> tuple[VendorToken, ...]:
    """All detectors: ours first, whose names are the more exact, then detect-secrets' own."""
    stock = []
    for detector in _STOCK:
        forms = (("(?i)" if pattern.flags & re.IGNORECASE else "") + pattern.pattern for pattern in detector.denylist)
        stock.append(VendorToken(detector.secret_type, tuple(forms)))
    return tuple(VendorToken(name, forms) for name, forms in FORMS.items()) + tuple(stock)


@cache
def _anything() -> re2._Regexp:
    """One pattern that matches wherever any detector does, so that most of a text is passed over once, in one go."""
    options = re2.Options()
    options.max_mem = 16 << 20  # the automaton of a hundred patterns; with 256 MiB it takes 37 and is no faster
    return re2.compile("|".join(f"(?:{form})" for each in detectors() for form in each.forms), options)


def tokens_in(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (offset in *text*, what it is, the value) of each vendor's token; placeholders are passed over."""
    for match in _anything().finditer(text):
        around = match.group()
        for detector in detectors():
            value = next(iter(detector.analyze_string(around)), None)
            if value:
                inside = _INSIDE.search(text, max(0, match.start() - 60), match.start())
                if not inside and not _PLACEHOLDER.search(value) and len(set(value)) > 8:  # noqa: PLR2004 - no token is so monotonous
                    yield match.start(), detector.secret_type, value
                break


_JWT = re2.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}")


def jwts_in(text: str) -> Iterator[tuple[int, str, dict[str, object]]]:
    """Yield (offset, value, its claims) of each JSON web token whose payload can be read."""
    if ".eyJ" not in text:
        return
    for match in _JWT.finditer(text):
        payload = match.group().split(".")[1]
        try:
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except (ValueError, binascii.Error, RecursionError):
            continue
        if isinstance(claims, dict):
            yield match.start(), match.group(), claims
