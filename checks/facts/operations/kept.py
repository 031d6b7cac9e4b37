"""One thing that an app keeps in its own process or on its own disk, and the words that name such things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from checks.facts.word_set import word_set


class What(StrEnum):
    """What is kept."""

    SQLITE = "sqlite"
    SQLITE_DEFAULT = "sqlite-default"  # unless a variable names another database
    FILE = "file"  # records in a file
    UPLOADS = "uploads"
    LOGIN = "login"  # who is signed in, in one variable for all
    STORAGE = "storage"  # all of the app's data, in a class that says so
    RECORDS = "records"  # users, orders and the like in a variable
    SESSIONS = "sessions"
    LIMITS = "limits"  # how often somebody has called


DATABASES = (What.SQLITE.value, What.SQLITE_DEFAULT.value)


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing: *line* from 1, *what* a value of What, *name* as the code calls it."""

    line: int
    what: str
    name: str


_RECORDS = word_set(
    """
    users user sessions session orders order tasks task todos todo items products messages posts comments db database
    storage store tokens carts cart rooms conversations history bookings reservations tickets notes events customers
    invoices payments accounts otps codes jobs submissions results patients employees records data feedback votes games
    players chats threads subscriptions uploads documents leads contacts
    """
)
_NOT = word_set(
    """
    cache cached handlers listeners locks lock registry routes schema config settings default defaults mock sample
    connections clients sockets subscribers websockets metrics stats timers timeouts intervals pending inflight
    instances modules plugins map by columns fields types labels names constants errors warnings imports
    """
)
_LIMITS = word_set("rate limit limits limiter attempts throttle requests hits ratelimit counter counts")


def what_is(name: str, words: list[str]) -> What | None:
    """Return what a variable called *name*, of these *words*, keeps; None where that is nothing to lose."""
    found = set(words)
    if name.isupper() and len(found) > 1 and not found & _LIMITS:
        return None  # a table of constants
    if found & {"rate", "limit", "limits", "limiter", "attempts", "throttle", "ratelimit"}:
        return What.LIMITS
    if found & _NOT or not found & _RECORDS:
        return None
    return What.SESSIONS if found & {"session", "sessions", "tokens", "otps"} else What.RECORDS


#: Variables that hold who is signed in.
LOGIN = (
    r"current_?user(?:_?(?:id|name|role|email))?|logged_?in(?:_?user)?|is_?logged_?in|is_?authenticated"
    r"|authenticated(?:_?user)?"
    r"|active_?user|session_?user|is_?admin"
)
LOGIN_NAME = re.compile(rf"^(?:{LOGIN})$", re.IGNORECASE)


def line_at(text: str, position: int) -> int:
    """Return the line of *position* in *text*, from 1."""
    return text.count("\n", 0, position) + 1
