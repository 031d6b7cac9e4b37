"""The words by which calls that write logs, and the values that must not be written, are known."""

from __future__ import annotations

import re
from enum import StrEnum

from checks.facts.secrets.names import Sort, is_public, sort_of, words_of
from checks.facts.word_set import word_set


class Leak(StrEnum):
    """What is written to the log; the value is how a message calls it."""

    PASSWORD = "a password"  # noqa: S105 - words for people
    TOKEN = "an access key or token"  # noqa: S105 - words for people
    SIGNING = "a signing key"
    HASH = "a password hash"
    CODE = "a one-time code"
    CARD = "a card's number or security code"
    PERSON = "a social security number"
    ENVIRONMENT = "the whole environment, with every secret in it"
    BODY = "the whole request of a login, with the password in it"
    HEADERS = "all request headers, with cookies and tokens in them"
    SESSION = "a visitor's whole session"
    ADDRESS = "a database address, with its password"


#: Calls that write to a log or to the console.
LOGGERS = re.compile(
    r"^(?:print|pprint|pp|pprint\.pprint|sys\.std(?:out|err)\.write|process\.std(?:out|err)\.write)$"
    r"|^console\.(?:log|error|warn|info|debug|table|dir|trace)$"
    r"|(?:^|\.)_?(?:logging|logger|log|LOG|LOGGER|winston|pino)\.(?:debug|info|warn|warning|error|exception|critical|fatal|log|trace|success|verbose)$"
)
#: Calls that hand on what they get, so that it is written all the same.
HANDS_ON = re.compile(
    r"^(?:str|repr|dict|list|String|JSON\.stringify|json\.dumps|util\.inspect|inspect|pformat|pprint\.pformat|Object\.fromEntries)$"
    r"|\.(?:format|toString|join|strip|trim|decode|dict|model_dump|get_json|to_dict|json|text|getValue|get_secret_value)$"
)
_WHOLE_ENVIRONMENT = re.compile(r"^(?:process\.env|os\.environ|import\.meta\.env|Deno\.env\.toObject\(\))$")
_HEADERS = re.compile(r"^(?:req|request|ctx\.request|ctx\.req|c\.req|event)\.headers$")
_SESSION = re.compile(r"^(?:req|request|ctx|c\.req)\.session$")
_BODY = re.compile(
    r"^(?:(?:req|request|ctx\.request|ctx\.req)\.(?:body|form|json|data|values)|request\.get_json\(.*\)|(?:form|login|credential|signup|register)_?[dD]ata|credentials|creds|body|formValues)$"
)
_CARD = re.compile(r"^(?:card_?number|card_?num|cvv2?|cvc|credit_?card(?:_?number)?|cc_?number|pan)$", re.IGNORECASE)
_PERSON = re.compile(r"^(?:ssn|social_?security(?:_?number)?)$", re.IGNORECASE)
_CODE = re.compile(
    r"^(?:otp|otp_?code|verification_?code|reset_?code|one_?time_?code|login_?code|mfa_?code|reset_?token|magic_?link|reset_?(?:link|url))$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"^(?:database|db|postgres|pg|mongo(?:db)?|mysql|redis|sqlalchemy_database)_?(?:url|uri|dsn)$|^connection_?string$",
    re.IGNORECASE,
)
_SAFE = word_set(
    """
    masked mask redacted hidden preview prefix suffix short truncated sanitized obfuscated safe length len count
    exists present has is have num n max min total total usage used cost price per type index idx id name field
    set valid show should need needs require requires missing new_tokens strength status state expires expiry
    error errors visible must can did was will force change changed update updated
    """
)
# Whose or what for a token is: with none of these it may count pages or words, or be a word of a language model.
_TOKEN_OF = word_set(
    """
    access auth api bearer refresh jwt bot session secret login private role service github openai anthropic
    reset csrf id user users data response res result body credentials account
    """
)
_SIGNING = word_set("secret jwt signing encryption master hmac cookie")
_HASHED = word_set(
    """
    hash hashed encrypted digest crypt
    """
)
#: Words of routes, functions and paths that deal with passwords and payments.
LOGIN = re.compile(
    r"log_?in|sign_?in|sign_?up|register(?!_?rout|ing|ed)|create_?user|add_?user|password|credential|checkout|card\b|/auth\b",
    re.IGNORECASE,
)


def leak_of(expression: str, within: str) -> tuple[Leak, bool] | None:  # noqa: PLR0911 - one answer a rule reads best in order
    """
    Return what writing the value of *expression* gives away, and whether that is sure; None where that is nothing.

    *within* is the text that says where the call stands: the names of functions and routes around it.
    """
    expression = expression.strip()
    if _WHOLE_ENVIRONMENT.match(expression):
        return Leak.ENVIRONMENT, True
    if _HEADERS.match(expression):
        return Leak.HEADERS, True
    if _SESSION.match(expression):
        return Leak.SESSION, False
    if _BODY.match(expression):
        return Leak.BODY, LOGIN.search(within) is not None
    names = re.findall(r"[A-Za-z_$][\w$]*(?:-[A-Za-z]+)*", expression)
    while len(names) > 1 and names[-1] in {"value", "current", "data", "text"}:
        names.pop()
    name = names[-1] if names else ""
    for pattern, leak in ((_CARD, Leak.CARD), (_PERSON, Leak.PERSON), (_CODE, Leak.CODE)):
        if pattern.match(name):
            return leak, True
    words = set(words_of(name))
    if not words.isdisjoint(_SAFE) or is_public(name):
        return None
    if _ADDRESS.match(name):
        return Leak.ADDRESS, False
    holder = set(words_of(names[-2])) if len(names) > 1 else set()
    return _by_sort(name, words, holder)


def _by_sort(name: str, words: set[str], holder: set[str]) -> tuple[Leak, bool] | None:  # noqa: PLR0911 - as above
    sort = sort_of(name)
    if sort is None or words & {"salt", "tokens"} or (name == "pass" and not holder):
        return None  # a "pass" alone counts rounds
    if not words.isdisjoint(_HASHED):
        return Leak.HASH, False
    match sort:
        case Sort.PASSWORD:
            return Leak.PASSWORD, True
        case Sort.SIGNING:
            return (Leak.SIGNING, True) if words & _SIGNING else None  # a session's key is its name
        case Sort.TOKEN:
            if words & _TOKEN_OF or words <= {"token", "credentials", "apikey"}:
                return Leak.TOKEN, words != {"token"} or not holder.isdisjoint(_TOKEN_OF)
            return None  # a sync token, a page token
        case Sort.KEY:
            return (Leak.TOKEN, True) if "authorization" in words else None
