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
    COOKIES = "all cookies of a request, with the session's in them"
    SESSION_ID = "the id of a visitor's session, which lets its reader act as that visitor,"
    SESSION = "a visitor's whole session"
    ADDRESS = "a database address, with its password"
    LINK = "an address with a key or token in it"
    ANSWER = "the whole answer to a login, with its tokens"
    ACCOUNT = "the whole credentials of an account"
    RECORD = "a whole record with a password, key or token in it"
    MAIL = "a whole mail, with the link or code that lets somebody in,"
    SHOWN = "a password that stands here"


#: Calls that write to a log or to the console.
LOGGERS = re.compile(
    r"^(?:print|pprint|pp|pprint\.pprint|sys\.std(?:out|err)\.write|process\.std(?:out|err)\.write)$"
    r"|^console\.(?:log|error|warn|info|debug|table|dir|trace)$"
    r"|(?:^|\.)_?(?:logging|logger|log|LOG|LOGGER|Logger|winston|pino)\.(?:debug|info|warn|warning|error|exception|critical|fatal|log|trace|success|verbose)$"
    r"|^log(?:Step|Info|Debug|Error|Warn|Message)$"
)
#: Calls that hand on what they get, so that it is written all the same.
HANDS_ON = re.compile(
    r"^(?:str|repr|dict|list|String|JSON\.stringify|json\.dumps|util\.inspect|inspect|pformat|pprint\.pformat|Object\.fromEntries)$"
    r"|\.(?:format|toString|join|strip|trim|decode|dict|model_dump|get_json|to_dict|json|text|getValue|get_secret_value|entries)$"
)
_WHOLE_ENVIRONMENT = re.compile(r"^(?:process\.env|os\.environ|import\.meta\.env|Deno\.env\.toObject\(\))$")
_HEADERS = re.compile(r"^(?:self\.)?(?:req|request|ctx\.request|ctx\.req|c\.req|event)\.(?:headers|rawHeaders|META)$")
# All cookies, and with them the one of the session: in one header, or each by its name.
_COOKIES = re.compile(
    r"^(?:self\.)?(?:req|request|ctx|ctx\.request|ctx\.req|c\.req|event)\."
    r"(?:headers(?:\.[cC]ookie|\[.[Cc]ookie.\]|\.get\(.[Cc]ookie.(?:, ?[^()]{0,10})?\))"
    r"|cookies|signedCookies|COOKIES)$"
    r"|^cookie_?[hH]eader$"
)
# What a session is known by: whoever reads it is that visitor.
_SESSION_ID = re.compile(
    r"^(?:self\.)?(?:req|request|ctx|c\.req)\.(?:sessionI[Dd]|session\.(?:id|sid|session_key))$|^session\.sid$"
    r"|(?:req|request)\.(?:cookies|COOKIES)(?:\.(?:sid|session|session_?[iI]d|\w{0,20}[tT]oken)|(?:\.get\(|\[).(?:sid|session|session_?id|sessionid|connect\.sid|\w{0,20}token).[\])])$"
)
_SESSION = re.compile(
    r"^(?:req|request|ctx|c\.req)\.session$|^document\.cookie$|^st\.session_state$"
    r"|^(?:e|err|error)\.config$"  # axios puts the request with its headers there
)
_BODY = re.compile(
    r"^(?:(?:req|request|ctx\.request|ctx\.req)\.(?:body|form|json|data|values)|request\.get_json\(.*\)|(?:form|login|credential|signup|register)_?[dD]ata|credentials|creds|body|formValues)$"
)
_CARD = re.compile(r"^(?:card_?number|card_?num|cvv2?|cvc|credit_?card(?:_?number)?|cc_?number|pan)$", re.IGNORECASE)
_PERSON = re.compile(r"^(?:ssn|social_?security(?:_?number)?)$", re.IGNORECASE)
_CODE = re.compile(
    r"^(?:otp|otp_?code|(?:e?mail|sms|phone)?_?(?:verification|confirmation)_?code|reset_?code|one_?time_?code"
    r"|(?:login|sign_?in)_?code|(?:mfa|2fa|two_?factor)_?code|reset_?token|magic_?link|reset_?(?:link|url))$",
    re.IGNORECASE,
)
# What a message calls a code or an address whose name alone says too little; another code may say how something ended.
_CODE_NAME = re.compile(r"^(?:\w+\.)?(?:code|pin)$|^(?:auth|access|security)_?code$", re.IGNORECASE)
_CODE_SAID = re.compile(
    r"[\"'`][^\"'`]{0,80}\b(?:verification|confirmation|log-?in|sign-?in|one[- ]time|otp|2fa|mfa|reset|security"
    r"|e-?mail|sms)[ _-](?:pass)?code\b",
    re.IGNORECASE,
)
_SENDS_CODE = re.compile(r"otp|verif|2fa|mfa|two_?factor|one_?time", re.IGNORECASE)
_ENDED = re.compile(r"^(?:e|err|error|ex|exc|res|resp|response|status|process|result|data|exit\w*)\.", re.IGNORECASE)
_LINK_NAME = re.compile(
    r"^(?:\w+\.)?(?:link|url|href)$"
    r"|(?:verif\w{1,8}|activation|confirm\w{0,6}|invit\w{1,6})_?(?:link|url)$",
    re.IGNORECASE,
)
_LINK_SAID = re.compile(
    r"(?:password|reset|verif\w{1,8}|magic|invit\w{1,6}|confirm\w{0,6}|activation|one[- ]time|log-?in)"
    r"[ _-]?(?:link|url)",
    re.IGNORECASE,
)
# Routes and functions that are handed the keys of another service.
_CONNECTS = re.compile(
    r"integration|credential|api[_-]?keys?\b|connections?\b|connectors?\b|smtp|secrets?\b", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"(?:^|_|supabase|neon)(?:database|db|postgres(?:ql)?|pg|mongo(?:db)?|mysql|redis|connection|conn|direct)_?(?:url|uri|dsn)$"
    r"|(?:^|_|db|database)conn(?:ection)?_?str(?:ing)?$",
    re.IGNORECASE,
)
_AUTHORIZATION = re.compile(r"^(?:auth|authorization|bearer)_?header$", re.IGNORECASE)
# A session as a sign-in library hands it out, with its tokens; Python's are mostly a database's.
_SIGNED_IN = re.compile(
    r"^(?:(?:data|response\.data|result\.data|supabaseSession|auth)\??\.)?(?:session|currentSession|authSession|userSession|newSession"
    r"|initialSession|activeSession|refreshedSession)$"
)
_ACCOUNT = re.compile(
    r"^(?:st\.secrets(?:\[[^\]]*\])?|service_?account(?:_?info|_?key|_?json)?|(?:creds?|credentials?)_(?:dict|info|json)"
    r"|secrets|allSecrets|oauth_?tokens?|token_?(?:data|response|info|json))$",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"^(?:data|res|resp|response|result|authData|authResponse|json|payload)(?:\.(?:data|json\(\)))?$")
_ANSWERED = re.compile(
    r"[\"'`][^\"'`]{0,60}(?:log_?in|sign_?in|sign_?up|token|oauth|auth(?:entication)?)[ _-]?"
    r"(?:response|result|data|success\w*|exchange)",
    re.IGNORECASE,
)
_SECRETS = re.compile(
    r"^(?:\w+\.)?(?:secrets|credentials|tokens|apiKeys|api_keys|passwords)\[\w+\]$|^process\.env\[\w+\]$"
)
_NAMES = ((_CARD, Leak.CARD), (_PERSON, Leak.PERSON), (_CODE, Leak.CODE), (_AUTHORIZATION, Leak.TOKEN))
# What is a leak as a whole: its form, what it is, whether that is sure.
_WHOLES = (
    (_WHOLE_ENVIRONMENT, Leak.ENVIRONMENT, True),
    (_HEADERS, Leak.HEADERS, True),
    (_COOKIES, Leak.COOKIES, True),
    (_SESSION_ID, Leak.SESSION_ID, False),
    (_SESSION, Leak.SESSION, False),
    (_SIGNED_IN, Leak.SESSION, False),
    (_ACCOUNT, Leak.ACCOUNT, False),
    (_SECRETS, Leak.TOKEN, False),
)
_SAYS_SECRET = re.compile(
    r"[\"'`][^\"'`{$]{0,80}\b(?:api[ _-]?key|token|secret|password|private[ _-]?key|authorization|jwt|credential"
    r"|service[ _-]?role)",
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
# These make it likely only: some of them are meant to be sent around.
_LIKELY_TOKEN_OF = word_set(
    """
    verify verification webhook app page push fcm device invite invitation google gh slack discord telegram hf stripe
    twilio firebase personal oauth share unsubscribe magic confirm confirmation activation whatsapp meta facebook
    instagram notion airtable hubspot shopify zoom linkedin twitter spotify mapbox client server provider current
    saved stored existing my decoded raw encoded
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
    r"log_?in|sign_?in|sign_?up|register(?!\w{0,40}_?(?:rout|api|handler|endpoint)|ing|ed)|create_?user|add_?user|password|credential|checkout|card\b|/auth\b",
    re.IGNORECASE,
)


def leak_of(expression: str, within: str) -> tuple[Leak, bool] | None:  # noqa: PLR0911 - one answer a rule reads best in order
    """
    Return what writing the value of *expression* gives away, and whether that is sure; None where that is nothing.

    *within* is the text that says where the call stands: the names of functions and routes around it.
    """
    expression = expression.strip().replace("?.", ".")
    if _BODY.match(expression):
        sure = LOGIN.search(within) is not None
        handed = not sure and "." in expression and _CONNECTS.search(within)
        return (Leak.RECORD, False) if handed else (Leak.BODY, sure)
    said = _said(expression, within)
    if said is not None:
        return said
    if (whole := next((each for each in _WHOLES if each[0].match(expression)), None)) is not None:
        return whole[1:]
    if _ANSWER.match(expression) and _ANSWERED.search(within):
        return Leak.ANSWER, False
    names = re.findall(r"[A-Za-z_$][\w$]*(?:-[A-Za-z]+)*", expression)
    while len(names) > 1 and names[-1] in {"value", "current", "data", "text"}:
        names.pop()
    name = names[-1] if names else ""
    for pattern, leak in _NAMES:
        if pattern.match(name):
            return leak, True
    words = set(words_of(name))
    if not words.isdisjoint(_SAFE) or is_public(name):
        return None
    if _ADDRESS.match(name):
        return Leak.ADDRESS, False
    holder = set(words_of(names[-2])) if len(names) > 1 else set()
    return _by_sort(name, words, holder)


def _said(expression: str, within: str) -> tuple[Leak, bool] | None:
    """Return what the words around *expression* say of it: "Verification code: {code}", "Reset link: {url}"."""
    if _CODE_NAME.search(expression) and not _ENDED.match(expression) and _CODE_SAID.search(within):
        return Leak.CODE, True
    if _CODE_NAME.search(expression) and not _ENDED.match(expression) and _SENDS_CODE.search(within):
        return Leak.CODE, False
    if _LINK_NAME.search(expression) and _LINK_SAID.search(within):
        return Leak.LINK, False
    return None


def says_secret(message: str) -> bool:
    """Whether a call's text, *message*, says of what it writes that it is a secret."""
    return _SAYS_SECRET.search(message) is not None


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
            return (
                (Leak.TOKEN, False) if words & _LIKELY_TOKEN_OF and words != {"page", "token"} else None
            )  # a sync token
        case Sort.KEY:
            return (Leak.TOKEN, True) if "authorization" in words else None
