"""Which variables a build copies into the browser's code, and which of those names promise a server's secret."""

from __future__ import annotations

import re
from enum import StrEnum

from checks.facts.word_set import word_set


class Holds(StrEnum):
    """What a name says that its value opens; the value is how a message calls it."""

    DATABASE = "the key that passes every rule of the database"
    MONEY = "a key that spends your money"
    SECRET = "a secret of the server"  # noqa: S105 - words for people
    MAYBE = "a key"


#: Prefixes by which build tools copy a variable into the bundle.
PREFIX = r"(?:NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|GATSBY|VUE_APP|PUBLIC)"
_PREFIX = re.compile(rf"^{PREFIX}_")
_TRAILER = re.compile(r"(_(?:PROD|PRODUCTION|LIVE|DEV|STAGING|V?\d+))+$")
_WORD = re.compile(r"[A-Z]+|\d+")

# Meant to be seen, whatever else the name says.
_PUBLIC = word_set(
    """
    ANON PUBLISHABLE PUBLIC SITE SITEKEY RECAPTCHA HCAPTCHA CAPTCHA TURNSTILE MAPS MAP MAPBOX MAPTILER GOOGLEMAPS
    FIREBASE POSTHOG SENTRY DSN CLERK ALGOLIA TYPESENSE VAPID ANALYTICS GA GTM PIXEL MIXPANEL AMPLITUDE SEGMENT
    HOTJAR INTERCOM CRISP TAWK EMAILJS WEB WEBFORMS FORMSPREE CLIENTID MEASUREMENT APP PROJECT PUSHER ABLY
    LIVEBLOCKS UPLOADCARE IMAGEKIT ONESIGNAL PAYSTACK RAZORPAY FLUTTERWAVE PADDLE PAYPAL ADSENSE LOGROCKET
    SUPABASE BUGSNAG DATADOG STATSIG LAUNCHDARKLY GROWTHBOOK WALLETCONNECT ALCHEMY INFURA THIRDWEB PRIVY
    """
)
_PAID = word_set(
    """
    OPENAI ANTHROPIC CLAUDE GEMINI GROQ MISTRAL COHERE DEEPSEEK PERPLEXITY OPENROUTER HUGGINGFACE HF REPLICATE
    ELEVENLABS TOGETHER FIREWORKS XAI GROK CHATGPT GPT LLM AI STABILITY DEEPGRAM ASSEMBLYAI SENDGRID RESEND MAILGUN
    TWILIO POSTMARK BREVO SENDINBLUE MAILJET TAVILY SERPAPI SERPER PINECONE RUNWAY FAL HEYGEN RETELL DALLE
    WHISPER BEDROCK VERTEX
    """
)
_KEYS = frozenset({"KEY", "TOKEN", "SECRET", "APIKEY", "PASSWORD", "PASS", "PASSWD", "PWD", "CREDENTIALS"})
_SECRETS = frozenset({"SECRET", "PASSWORD", "PASSWD", "PWD", "PASSPHRASE"})
_DATABASES = re.compile(r"(^|_)(DATABASE|DB|MONGO|MONGODB|POSTGRES|REDIS|NEON)(_\w+)?_?(URL|URI|PASSWORD|DSN)$")
_SERVICE = re.compile(r"SERVICE_?(ROLE|KEY|ACCOUNT)|SUPABASE_SECRET|SUPABASE_ADMIN|SUPABASE_ROLE")
_NOT = re.compile(
    r"(^|_)(MIN|MAX)_|^(USE|ENABLE|SHOW|HIDE|HAS|IS)_|_USE_"
    r"|_(ID|LENGTH|URL|ENDPOINT|MODEL|NAME|ENABLED|HINT|EXPIR\w*|PREFIX|HEADER|PATH|MODE|LIMIT|TIMEOUT|TTL)$"
)


def holds(name: str) -> Holds | None:  # noqa: PLR0911 - one answer a rule reads best in order
    """
    Return what variable *name* holds by its words, its bundler's prefix left out; None where it may be seen.

    A word for the public (ANON, PUBLISHABLE) excuses a key, never a name that says SECRET or SERVICE_ROLE.
    """
    plain = _PREFIX.sub("", name)
    words = frozenset(_WORD.findall(plain))
    last = _TRAILER.sub("", plain).rpartition("_")[2]
    if _SERVICE.search(plain):
        return Holds.DATABASE
    if _DATABASES.search(plain) and "FIREBASE" not in words:
        return Holds.SECRET
    if _NOT.search(plain) or last not in _KEYS:
        return None
    if {"DEMO", "TEST", "EXAMPLE"} & words:
        return Holds.MAYBE
    if last in _SECRETS or "PRIVATE" in words or ("SECRET" in words and last in {"KEY", "TOKEN"}):
        return Holds.SECRET
    if _PUBLIC & words:
        return None
    return Holds.MONEY if _PAID & words else Holds.SECRET if "ADMIN" in words else Holds.MAYBE
