"""Which names mean a secret: the words of a variable, key or setting, judged by themselves."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

import re2

from checks.facts.word_set import word_set


class Sort(StrEnum):
    """What kind of secret a name promises; the value is how a message calls it."""

    PASSWORD = "password"  # noqa: S105 - a word for people
    SIGNING = "signing key"
    TOKEN = "access key or token"  # noqa: S105 - a word for people
    KEY = "key"  # "key", "salt", "auth" alone: a secret only where the value looks like one


#: A superset of all names that `sort_of` answers, for regular expressions that look for places worth judging.
HINT = (
    r"(?:pass|(?:admin|secret|master|owner)_?(?:code|pin)|pwd|passwd|secret|token|key|cred|salt|auth|passwort|senha|mdp"
    r"|contrase|bearer|pepper|hmac)"
)

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_MOST = 120  # characters of a name that are looked at

# Words that say where or how, not what: dropped from the end before the last word is judged.
_TRAILERS = word_set(
    """
    dev development prod production staging stage live test testing local default value val string str text
    plain raw env base64 b64 old new backup current var const literal hardcoded
    """
)
# A name with one of these anywhere is meant for everybody to see, or speaks about secrets without being one.
_PUBLIC = word_set(
    """
    public publishable anon pub recaptcha captcha turnstile sitekey site foreign primary sort
    partition cache query translation i18n locale keyboard keycode hotkey shortcut regex pattern placeholder
    label hint error errors msg message messages allow enable enabled require required skip title tooltip
    warning idempotency measurement vapidpublic dsn
    """
)
# Prefixes by which build tools copy a variable into the browser's bundle.
_BUNDLED = re.compile(r"^(?:NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC|PUBLIC|GATSBY|VUE_APP)_")

# A code that opens something is a password by another name.
_CODES = frozenset({"admin code", "secret code", "master code", "owner code", "admin pin", "master pin", "secret pin"})
_PASSWORD_ENDS = ("password", "passwd", "passphrase", "passwort")
_PASSWORDS = word_set(
    """
    password passwd pwd passphrase passcode passwort senha contrasena contrasenia mdp passw pword userpass
    dbpass adminpass adminpassword dbpassword rootpassword userpassword mypassword pgpassword sshpass
    rpcpassword
    """
)
_TOKENS = word_set(
    """
    apikey accesskey secretkey authtoken accesstoken apitoken authkey apisecret clientsecret token tokens
    credential credentials bearer privatekey
    """
)
_SIGNING_PAIRS = frozenset(
    each.replace("_", " ")
    for each in word_set(
        """
        secret_key jwt_key session_key signing_key encryption_key hmac_key cookie_key master_key token_key
        sign_key crypto_key cipher_key aes_key fernet_key flask_key django_key app_key auth_secret
        jwt_secret session_secret cookie_secret app_secret nextauth_secret refresh_secret token_secret
        or_key signing_secret encryption_secret server_secret password_salt password_pepper key_base jwt_salt
        csrf_secret
        """
    )
)
_SIGNING = word_set(
    """
    secret secretkey jwtsecret sessionsecret cookiesecret appsecret jwtkey authsecret nextauthsecret
    """
)
_TOKEN_PAIRS = frozenset(
    each.replace("_", " ")
    for each in word_set(
        """
        api_key access_key auth_key service_key account_key role_key license_key api_secret client_secret
        webhook_secret consumer_secret oauth_secret private_key deploy_key subscription_key admin_key
        api_token access_token auth_token bot_token refresh_token bearer_token storage_key stripe_key
        openai_key anthropic_key gemini_key groq_key supabase_key
        """
    )
)
_NOT_TOKENS = frozenset(
    each.replace("_", " ")
    for each in word_set(
        """
        storage local_storage cookie header param query session_storage async_storage field column next page
        continuation max min total num design theme color css syntax prev cancel cancellation abort stop eos
        bos pad mask input output completion prompt invalid special start end lock react row item map object csrf xsrf
        data config feature event
        """
    )
)


def words_of(name: str) -> list[str]:
    """Return the words of *name* in small letters, whether it is written snake_case, kebab-case or camelCase."""
    return [word.lower() for word in _WORDS.findall(name[:_MOST])]


@lru_cache(maxsize=4096)
def sort_of(name: str) -> Sort | None:  # noqa: PLR0911, C901 - one answer a rule reads best in order
    """
    Return what kind of secret the name *name* promises, or None where it promises none.

    The last word decides (`password_field` is a field, `DB_PASSWORD` a password), after words like "dev" and "value"
    and digits are taken off the end.
    """
    words = words_of(_BUNDLED.sub("", name))
    while len(words) > 1 and (words[-1] in _TRAILERS or words[-1].isdigit()):
        words.pop()
    if not words or not _PUBLIC.isdisjoint(words):
        return None
    last, pair = words[-1], " ".join(words[-2:])
    bundled = _BUNDLED.match(name) is not None
    if last.endswith(_PASSWORD_ENDS) or last in _PASSWORDS:
        return Sort.PASSWORD
    if pair in _CODES:
        return Sort.PASSWORD
    if last in {"pass", "pw"} and (len(words) > 1 or name.lower() in {"pass", "pw"}):
        return Sort.PASSWORD
    if bundled and "secret" not in last:
        return None  # a build-time setting that everybody gets; a vendor's secret token is found by its form
    if len(words) > 2 and words[-3:-1] == ["access", "key"]:  # noqa: PLR2004 - two words before the last
        return None  # access_key_id
    if pair in _TOKEN_PAIRS and not (pair == "storage key" and "account" not in words):
        return Sort.TOKEN
    if pair in _SIGNING_PAIRS or last in _SIGNING:
        return Sort.TOKEN if "access" in words else Sort.SIGNING
    if last in _TOKENS:
        return None if words[-2:-1] and words[-2] in _NOT_TOKENS else Sort.TOKEN
    if last in {"key", "salt", "auth", "pepper", "authorization"}:
        return None if words[-2:-1] and words[-2] in _NOT_TOKENS else Sort.KEY
    return None


_SURE = word_set(
    """
    secret jwt sign signing encryption encrypt hmac crypto cipher aes fernet django flask salt
    """
)


def names_signing(name: str, value: str) -> bool:
    """
    Whether *value*, written for *name*, can be a signing key, and is not the name of one.

    `SESSION_KEY = "user_session"` names an entry in a browser's storage; `JWT_SECRET = "user_session"` signs with it.
    """
    plain_name, plain_value = (re.sub(r"[\W_]", "", each).lower() for each in (name, value))
    if plain_value == plain_name or (plain_name.endswith(plain_value) and value.isupper()):
        return False
    words = words_of(name)
    if len(words) == 1 and words[0] == "secret":
        return not value.istitle()
    return not _SURE.isdisjoint(words) or any(word.endswith("secret") for word in words) or any(map(str.isdigit, value))


_ACCOUNT = re.compile(
    r"(?:^|_)(?:SUPER_?USER|ADMIN|ROOT)_PASSWORD$|_INITDB_ROOT_PASSWORD$|^KC_BOOTSTRAP_ADMIN_PASSWORD$"
)


def makes_account(name: str) -> bool:
    """Whether *name* is that of a variable which a program makes its first account with (DJANGO_SUPERUSER_PASSWORD)."""
    return _ACCOUNT.search(name) is not None


def is_public(name: str) -> bool:
    """Whether *name* says that its value is for everybody: by a bundler's prefix, or a word such as "publishable"."""
    return _BUNDLED.match(name) is not None or not _PUBLIC.isdisjoint(words_of(name))


#: Passes over a text in which no name can be a secret's.
HINT_IN_TEXT = re2.compile(rf"(?i){HINT}|cookie|jwt|crypt|cipher|sign|://[^\s/]*:[^\s/]*@")
