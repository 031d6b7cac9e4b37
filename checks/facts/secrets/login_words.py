"""The words by which code that lets somebody in is known: names of codes and cookies, calls that make users."""

from __future__ import annotations

import re

import re2

from checks.facts.secrets.names import Sort, sort_of
from checks.facts.secrets.values import Look, look_of
from checks.facts.word_set import word_set

#: Passes over a text in which nothing lets anybody in.
HINT = re2.compile(
    r"(?i)pass|pwd|cookie|localStorage|sessionStorage|token|secret|api_?key|_?code\b|\bpin\b|users?\b|admin|account|otp|hash|crypt|headers?\b"
)

#: Calls that turn a password into its hash; a literal there is a password that somebody knows.
HASHERS = re.compile(
    r"(?:generate_password_hash|hash_?password|get_?password_?hash|set_?password|make_password|pwd_context\.hash|hashpw"
    r"|bcrypt\.(?:hash|hashSync)|bcryptjs\.(?:hash|hashSync)|argon2\.hash|encrypt_password)$",
    re.IGNORECASE,
)
#: Imports of libraries whose plain `hash` is for passwords.
HASHING_MODULES = re.compile(
    r"[\"'](?:bcrypt(?:js)?|bcrypt-ts|argon2|@node-rs/(?:bcrypt|argon2))[\"']|\bPasswordHasher\b"
)
#: Calls that make users.
MAKERS = re.compile(
    r"(?:create_?(?:super_?|admin_?)?user|sign_?up|add_?user|register_?user|(?:^|\.)(?:User|Admin|Account|AdminUser|UserCreate|Employee|Member|Student)"
    r"|(?:users?|admins?|accounts?)\.(?:create|insert|insertOne|insertMany|upsert|save|createMany)|createUser|signUp|admin\.createUser"
    r"|insert_one|insert|values)$",
    re.IGNORECASE,
)
#: Names of lists of users.
LISTS = re.compile(
    r"users$|accounts$|credentials$|logins$|passwords$|admins$|members$|employees$|staff$|users_?db$",
    re.IGNORECASE,
)
#: Keys that say that the password beside them is for another server.
OTHER_SERVERS = frozenset(
    {"host", "hostname", "database", "db", "port", "server", "service", "dbname", "connectionstring", "url", "dialect"}
)
#: A password that is called by what it opens elsewhere: smtpPassword, wifi_password.
ELSEWHERE = re.compile(
    r"^(?:smtp|mail|imap|s?ftp|ssh|db|database|redis|proxy|wifi|router|scheme|provider|service|gateway|broker"
    r"|bank|supplier|vendor)_?(?:server_?)?pass",
    re.IGNORECASE,
)

#: Entries in the browser's storage that say who is signed in.
STORED = re.compile(r"admin|is_?auth|authenticated|logged_?in|is_?log|user_?role", re.IGNORECASE)
COOKIE_NAME = re.compile(r"admin|auth|logged|login|is_?user|access|role|session|token", re.IGNORECASE)
FROM_BROWSER = re.compile(r"(?:local|session)Storage\.getItem|(?:local|session)Storage\.\w+")
FROM_REQUEST = re.compile(
    r"\b(?:req|request|headers?|query|body|params|args|form|searchParams|input|payload|data|credentials)\b",
    re.IGNORECASE,
)
_COOKIES = re.compile(r"cookies?\b", re.IGNORECASE)
_CODE = re.compile(
    r"(?:admin|access|invite|invitation|secret|master|teacher|unlock|staff|owner|security|auth|gate|site|vip)_?(?:code|pin|key|phrase)$"
    r"|^pin$|_pin$|Pin$|passcode$|(?:^|_)otp$|Otp$|OTP$|(?:verification|one_?time|sms|otp|login)_?code$",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"(?:auth|admin|api|access|session|bearer|secret|internal)_?(?:token|key|header)$|^authorization$", re.IGNORECASE
)
# Comparing with one of these asks whether something is there or which kind of field it is.
_STATES = word_set(
    """
    text hidden string str required optional bearer basic oauth jwt token key email username user login none
    null nil true false yes no on off auto undefined object number boolean function any unknown enabled disabled
    always never default invalid valid weak strong medium missing empty error success changed reset forgot
    confirm current new old same match mismatch expired active inactive ldap oidc saml sso oauth2 google github
    facebook apple microsoft
    """
)


_SHORTEST, _LONGEST = 3, 100  # characters of a password that somebody writes into code
_NOTHING = frozenset({"undefined", "null", "none", "false", "0"})


def opens(value: str) -> bool:
    """Whether the literal *value* can be somebody's password, and not the name of a field, a state, or a sentence."""
    look = look_of(value)
    if look in {Look.EMPTY, Look.REFERENCE} or value.lower() in _STATES or not any(map(str.isalnum, value)):
        return False
    if not _SHORTEST <= len(value) <= _LONGEST:
        return False
    return look is not Look.WORDS or (re.fullmatch(r"[\w@.!-]+", value) is not None and "." not in value)


def chosen(value: str) -> bool:
    """Whether the literal *value* is a password that somebody chose, and not the name of who keeps the real one."""
    return opens(value) and look_of(value) is not Look.WORDS  # password: "managed_by_auth"


def opens_as(name: str, source: str, value: str) -> str | None:  # noqa: PLR0911 - one answer a rule reads best in order
    """
    Return the way (a name of literal_logins.Way) in which comparing *name* with *value* lets somebody in.

    *source* is the text of what is compared, which tells a cookie and a request from a local variable.
    """
    if _COOKIES.search(source) and COOKIE_NAME.search(source) and "theme" not in source:
        return "COOKIE" if value and " " not in value and value.lower() not in _NOTHING else None
    if FROM_BROWSER.search(source) and STORED.search(source):
        return "BROWSER" if value and value != "false" else None
    if not opens(value):
        return None
    if sort_of(name) is Sort.PASSWORD:
        return "COMPARED"
    if _CODE.search(name) and (any(map(str.isdigit, value)) or value.isupper()):
        return "CODE"
    asked = FROM_REQUEST.search(source) is not None
    if asked and sort_of(name) is Sort.SIGNING:
        return "CODE"
    header = re.search(r"headers?\W.*(?:key|token|auth|secret|admin)", source, re.IGNORECASE) is not None
    if (_TOKEN.search(name) or header) and len(value) >= 6 and (asked or look_of(value) is Look.STRONG):  # noqa: PLR2004
        return "CODE" if not re.match(r"(?i)(?:bearer|basic|token) ?$|^application/|^text/", value) else None
    return None
