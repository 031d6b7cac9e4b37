r"""
Tokens that name their vendor: detect-secrets' own detectors and ours for the AI era, all on a linear regex engine.

detect-secrets is used as a library. Its detectors run on `re`, where one line can take minutes (`api_key` and 2,000
blanks: over 25 s in one of them), so each pattern is compiled anew with RE2. Four detectors whose patterns RE2 refuses
and that are the slow ones (IBM Cloud IAM, IBM COS, Cloudant, SoftLayer) are left out; GitLab's patterns stand here in a
form that RE2 takes. Its keyword and entropy detectors are replaced by checks.facts.assigned_secrets, which knows more
of the place. Forms of tokens are the vendors' own, as they document them or as secret scanning partners publish them.
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

#: What a token is called -> its forms.
FORMS = {
    "Anthropic API key": (r"\bsk-ant-[a-z]+\d{2}-[\w-]{32,}",),
    "OpenAI API key": (r"\bsk-(?:proj|svcacct|admin|None)-[\w-]{32,}", r"\bsk-[A-Za-z0-9]{48}\b"),
    "OpenRouter API key": (r"\bsk-or-v1-[0-9a-f]{64}\b",),
    "API key of a model provider": (r"\bsk-[0-9a-f]{32}\b", r"\bsk_[0-9a-f]{48}\b"),
    "Supabase access token": (r"\bsbp_[0-9a-f]{40}\b", r"\bsb_secret_[\w-]{20,}"),
    "Google API key": (r"\bAIza[0-9A-Za-z_-]{35}\b", r"\bAIza[0-9A-Za-z_-]{35}"),
    "Google OAuth client secret": (r"\bGOCSPX-[\w-]{28}",),
    "Google access token": (r"\bya29\.[\w-]{40,}",),
    "Hugging Face token": (r"\bhf_[A-Za-z0-9]{34,40}\b",),
    "Groq API key": (r"\bgsk_[A-Za-z0-9]{40,}\b",),
    "xAI API key": (r"\bxai-[A-Za-z0-9]{60,}\b",),
    "Replicate token": (r"\br8_[A-Za-z0-9]{37,}\b",),
    "Perplexity API key": (r"\bpplx-[A-Za-z0-9]{40,}\b",),
    "Pinecone API key": (r"\bpcsk_\w{40,}",),
    "Tavily API key": (r"\btvly-(?:dev-|prod-)?[A-Za-z0-9]{28,}",),
    "LangSmith API key": (r"\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}\b",),
    "Langfuse secret key": (r"\bsk-lf-[0-9a-f]{8}-[0-9a-f-]{27}\b",),
    "Firecrawl API key": (r"\bfc-[0-9a-f]{32}\b",),
    "Fireworks API key": (r"\bfw_[A-Za-z0-9]{22,24}\b",),
    "Together API key": (r"\btgp_v1_[\w-]{40,}",),
    "Resend API key": (r"\bre_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,32}\b",),
    "Clerk or Stripe secret key": (r"\b[sr]k_live_[0-9A-Za-z]{24,}",),
    "Clerk or Stripe test key": (r"\b[sr]k_test_[0-9A-Za-z]{24,}",),
    "Stripe webhook secret": (r"\bwhsec_[A-Za-z0-9+/=]{32,}",),
    "Vercel token": (r"\bvercel_blob_rw_\w{30,}", r"\bvc[piark]_[A-Za-z0-9]{40,}\b"),
    "Databricks token": (r"\bdapi[0-9a-f]{32}(?:-\d)?\b",),
    "Neon password or key": (r"\bnpg_[A-Za-z0-9]{10,20}\b", r"\bnapi_[a-z0-9]{60,}\b"),
    "PlanetScale password or token": (r"\bpscale_(?:pw|tkn|oauth)_[\w.=-]{30,}",),
    "GitHub token": (r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}", r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    "GitLab token": (
        r"\b(?:glpat|gldt|glft|glsoat|glrt)-[\w-]{20,50}",
        r"\bGR1348941[\w-]{20,50}",
        r"\bglcbt-(?:[0-9a-fA-F]{2}_)?[\w-]{20,50}",
        r"\bglptt-[\w-]{40}|\bgloas-[\w-]{64}|\bglimt-[\w-]{25}",
    ),
    "npm token": (r"\bnpm_[A-Za-z0-9]{36}\b",),
    "Docker token": (r"\bdckr_(?:pat|oat)_[\w-]{27,}",),
    "RubyGems key": (r"\brubygems_[0-9a-f]{48}\b",),
    "Slack app token": (r"\bxapp-\d-[A-Z0-9]+-\d+-[a-z0-9]{40,}",),
    "Discord webhook": (r"discord(?:app)?\.com/api/webhooks/\d{15,}/[\w-]{60,}",),
    "Telegram bot token": (r"\b\d{8,10}:AA[0-9A-Za-z_-]{33}",),
    "Twilio API key": (r"\bSK[0-9a-f]{32}\b",),
    "Mailgun key": (r"\bkey-[0-9a-f]{32}\b",),
    "DigitalOcean token": (r"\bdo[opr]_v1_[0-9a-f]{64}\b",),
    "Shopify token": (r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b",),
    "Notion token": (r"\bntn_[A-Za-z0-9]{40,}\b", r"\bsecret_[A-Za-z0-9]{43}\b"),
    "Linear API key": (r"\blin_api_[A-Za-z0-9]{32,}\b",),
    "Airtable token": (r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b",),
    "Figma token": (r"\bfigd_[\w-]{36,}",),
    "Sentry token": (r"\bsntry[su]_[\w+/=.-]{40,}",),
    "Grafana token": (r"\bglsa_[A-Za-z0-9]{32}_[0-9a-f]{8}\b", r"\bglc_[A-Za-z0-9+/]{32,}={0,2}"),
    "New Relic key": (r"\bNRAK-[A-Z0-9]{27}\b",),
    "Heroku key": (r"\bHRKU-[\w-]{36,}",),
    "Doppler token": (r"\bdp\.(?:pt|st|ct|sa)\.[\w.-]{40,}",),
    "HashiCorp token": (r"\bhvs\.[\w-]{80,}", r"\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}"),
    "Artifactory key": (r"\bAKCp[A-Za-z0-9]{69}\b",),
    "Alibaba access key": (r"\bLTAI[A-Za-z0-9]{20}\b",),
    "Facebook access token": (r"\bEAA[A-Za-z0-9]{90,}",),
    "Firebase server key": (r"\bAAAA[\w-]{7}:[\w-]{140}",),
    "age secret key": (r"\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b",),
    "Square token": (r"\bsq0atp-[\w-]{22}", r"\bEAAA[\w-]{60}"),
}
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
    options.max_mem = 256 << 20  # the automaton of a hundred patterns; bounded, and made only as far as it is walked
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
    for match in _JWT.finditer(text):
        payload = match.group().split(".")[1]
        try:
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except (ValueError, binascii.Error, RecursionError):
            continue
        if isinstance(claims, dict):
            yield match.start(), match.group(), claims
