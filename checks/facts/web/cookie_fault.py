"""What can be wrong with a cookie that keeps people signed in, and which names such cookies bear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from checks.facts.secrets.names import words_of
from checks.facts.word_set import word_set


class Fault(StrEnum):
    """What is wrong; the value completes a sentence about the cookie."""

    READABLE = "scripts on the page can read it (no httpOnly), so one injected script takes over the account"
    PLAIN = "it is sent over unencrypted connections too (secure is switched off)"
    UNENCRYPTED = "nothing keeps it to encrypted connections (secure is not set)"
    ANY_SITE = "other sites' requests carry it (sameSite is 'none')"
    SCRIPT = "it is set by a script, so every other script on the page can read it"
    STORAGE = "it lies in the browser's storage, where every script on the page can read it"


@dataclass(frozen=True, slots=True)
class CookieFault:
    """
    One cookie, or one entry of the browser's storage: *line* from 1, *name* as the code calls it, what is wrong.

    *sure* where its name or its kind says that it keeps somebody signed in.
    """

    line: int
    name: str
    faults: tuple[str, ...]  # values of Fault
    shape: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Attributes:
    """What code says of one cookie: True, False, or None where it says nothing or nothing that could be read."""

    http_only: bool | None
    secure: bool | None
    same_site: str = ""
    stated: frozenset[str] = frozenset()  # which of httpOnly and secure are there at all


_LOGIN = word_set(
    """
    session sess sid token jwt auth access refresh remember bearer authorization sessionid authtoken accesstoken
    refreshtoken idtoken ssid credential credentials
    """
)
_PERHAPS = word_set("user userid uid login logged loggedin admin account role member authenticated isadmin password")
_OTHER = word_set(
    """
    csrf xsrf csrftoken xsrftoken state nonce pkce verifier theme locale lang language consent sidebar tour banner
    callback redirect return url next tab view preference preferences device analytics tracking cart currency flash
    expiry expires expired count type public invite
    """
)
_ATTEMPT = word_set("registration signup attempt flow pending challenge transaction onboarding reset")
_SIGNING_IN = re.compile(r"log_?in_?session", re.IGNORECASE)
_KEEPS = word_set("token jwt bearer accesstoken authtoken refreshtoken idtoken sessiontoken")


def signs_in(name: str) -> bool | None:
    """Return whether a cookie called *name* keeps somebody signed in; None where it may."""
    words = {word.lower() for word in words_of(name)} | {re.sub(r"[^a-z]", "", name.lower())}
    if words & _OTHER:
        return False
    if words & _LOGIN:
        # What keeps an attempt to sign in or to register together signs nobody in.
        return None if words & _ATTEMPT or _SIGNING_IN.search(name) else True
    return None if words & _PERHAPS else False


def is_token(name: str) -> bool:
    """Whether an entry of the browser's storage called *name* is what the app signs people in with."""
    words = {word.lower() for word in words_of(name)} | {re.sub(r"[^a-z]", "", name.lower())}
    return bool(words & _KEEPS) and not words & _OTHER and "tokens" not in words


def faults_of(one: Attributes, *, readable: bool, plain: bool) -> tuple[Fault, ...]:
    """Return what is wrong with a cookie; *readable* and *plain* say what holds where code says nothing."""
    found: list[Fault] = []
    if one.http_only is False or (readable and "httpOnly" not in one.stated):
        found.append(Fault.READABLE)
    if one.secure is False:
        found.append(Fault.PLAIN)
    elif plain and "secure" not in one.stated:
        found.append(Fault.UNENCRYPTED)
    if one.same_site == "none":
        found.append(Fault.ANY_SITE)
    return tuple(found)
