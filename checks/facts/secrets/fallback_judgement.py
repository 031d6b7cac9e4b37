"""Whether a literal that stands where a secret belongs would be used as one, and how much harm that does."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from checks.facts.secrets.assigned_secrets import Strength
from checks.facts.secrets.credential_files import urls_in
from checks.facts.secrets.names import Sort, names_signing, sort_of, words_of
from checks.facts.secrets.values import Look, look_of
from checks.facts.word_set import word_set


@dataclass(frozen=True, slots=True)
class Fallback:
    """
    One literal used as a secret: *line* from 1, *what* and *how* in words (see checks.secrets.fallback_secret).

    *shape* is a hash of the names around it. *blocking* is False where it is used in development only, or where
    somebody else's server would have to accept it. *same_value* is the keyed digest of checks.same_value.
    """

    line: int
    what: str
    how: str
    shape: str
    blocking: bool = True
    same_value: str | None = None


# Words of a name that say the secret opens this app itself, so that any literal does harm.
_OWN = word_set(
    """
    admin internal master cron root owner superuser
    """
)
# Words that do not say whose a key is.
_GENERAL = word_set(
    """
    api key token auth access app server service secret my the x
    """
)
# Words of a name that say whose server has to accept the secret: a weak default opens nothing by itself.
_THEIRS = word_set(
    """
    db database postgres postgresql pg mysql mariadb mongo mongodb redis smtp mail email imap rabbitmq amqp
    minio s3 elastic neo4j clickhouse dbpass dbpassword dbpasswd pgpassword
    influx mssql sql ftp sftp ldap proxy kafka mqtt
    """
)
_VENDORS = word_set(
    """
    openai anthropic claude gemini google groq mistral cohere huggingface hf replicate stripe paypal twilio
    sendgrid resend mailgun slack discord telegram github gitlab aws azure gcp supabase firebase clerk auth0
    cloudinary cloudflare vercel netlify pinecone weaviate qdrant langchain langsmith tavily serper serpapi
    elevenlabs deepgram assemblyai openrouter deepseek perplexity xai notion airtable hubspot shopify razorpay
    paystack mapbox maps weather news tmdb algolia sentry posthog datadog newrelic bunny pusher ably twitter x
    facebook instagram linkedin spotify youtube vapid plaid square coinbase binance alchemy infura etherscan
    moralis
    """
)


_TRIALS = frozenset({"test", "testing", "e2e", "playwright", "cypress"})  # whose accounts are made for a trial
_TEMPLATE = re.compile(r"\$\{|\{\{|^<[^<>]+>$|^%\w+%$|^\$\w+$|^\$\(")
_ABSENT = re.compile(
    r"^(?:yes|no|omit|include|same-origin|true|false|on|off|none|null|nil|n/?a|"
    r"undefined|unset|missing|not[ _-]?\w+|no[ _-]\w+|unknown|empty|absent|too \w+|[\W_]+)$",
    re.IGNORECASE,
)


def judge(name: str, value: str) -> tuple[str, Strength] | None:
    """Return what *value* is as the fallback for *name*, and how sure the harm is; None where it is no secret."""
    if _ABSENT.match(value) or (sort_of(value) and value.isupper()):
        return None  # words that say that nothing is there; the name of another variable
    for found in urls_in(value):
        return found.what, found.strength
    sort, look, words = sort_of(name), look_of(value), set(words_of(name))
    if sort is Sort.SIGNING and not words.isdisjoint(_VENDORS):
        sort = Sort.TOKEN  # STRIPE_SECRET_KEY signs nothing here
    if sort is Sort.SIGNING and not names_signing(name, value):
        return None
    if sort is None or not any(char.isalnum() for char in value) or _TEMPLATE.search(value):
        return None
    look = Look.STRONG if look is Look.REFERENCE else look  # a literal is none, whatever it looks like
    strength = _strength(sort, look, value, words)
    return None if strength is None else (sort.value, strength)


def _strength(sort: Sort, look: Look, value: str, words: set[str]) -> Strength | None:  # noqa: PLR0911 - rules in order
    sentence = value.count(" ") > 2 and not words & {"secret", "salt", "pepper"}  # noqa: PLR2004 - words of a message
    if sentence or sort is Sort.KEY:
        return Strength.POSSIBLE if sort is Sort.KEY and words & {"salt", "pepper"} else None
    if sort is Sort.SIGNING:
        return Strength.LIKELY
    if sort is Sort.PASSWORD:
        mild = look is not Look.STRONG and not words.isdisjoint(_THEIRS | _TRIALS)
        return Strength.POSSIBLE if mild or look is Look.WORDS else Strength.LIKELY
    if look is Look.STRONG and len(value) >= 12:  # noqa: PLR2004 - shorter ones are names of things
        return Strength.LIKELY if words.isdisjoint(_VENDORS) or len(value) >= 20 else Strength.POSSIBLE  # noqa: PLR2004
    if not words.isdisjoint(_OWN):
        return Strength.LIKELY
    if look is Look.PLACEHOLDER and not words <= _GENERAL:
        return None  # nobody else's server takes "your-key"
    return Strength.POSSIBLE


def is_for_another(name: str) -> bool:
    """Whether *name* says that another server, such as a database, has to accept the secret."""
    return not _THEIRS.isdisjoint(words_of(name))


def shape_of(*names: str) -> str:
    """Return a hash of the names that a finding stands between; there is no value in it."""
    return hashlib.sha256("\0".join(names).encode("utf-8", "replace")).hexdigest()[:16]


_DEVELOPMENT = re.compile(
    r"NODE_ENV|APP_ENV|FLASK_ENV|ENVIRONMENT|\bENV\b|production|development|\bprod\b|\bdev\b|is_?dev|is_?prod|is_?test|__DEV__|DEBUG|TESTING|pytest",
    re.IGNORECASE,
)


def speaks_of_environment(condition: str) -> bool:
    """Whether *condition* asks where the program runs."""
    return _DEVELOPMENT.search(condition) is not None
