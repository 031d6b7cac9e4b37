"""What is said and what came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

#: The address of a destination where a route leads to one place for the whole house.
SET = "set"


@dataclass(frozen=True, slots=True)
class Destination:
    """
    Where a message goes: a person (direct message), a channel, a thread in it, or the thread of an app.

    With *app_id* it is the app's thread, wherever its root stands when the message is sent. With *is_root* besides it
    is that root itself, the app's card, sent to *channel*. *route* is empty for Slack, else the name of a second route
    (email, webhook, pagerduty), and *address* where it goes there.
    """

    person: str | None = None
    channel: str | None = None
    thread: str | None = None
    app_id: str | None = None
    is_root: bool = False
    route: str = ""
    address: str = ""

    @property
    def place(self) -> str:
        """One word that is equal where a message with the same key is an edit of the other."""
        if self.route:
            return f"{self.route}:{self.address}"
        if self.app_id:
            return f"{'root' if self.is_root else 'app'}:{self.app_id}"
        if self.person:
            return f"person:{self.person}"
        return f"channel:{self.channel}:{self.thread or ''}"


@dataclass(frozen=True, slots=True)
class Standing:
    """
    A message as it stands in Slack: its channel and ts.

    Of one that is to be posted it is where it goes: the channel, and the ts of the thread or an empty text.
    """

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Message:
    """
    One row of the outbox, as its sender gets it.

    *key* names the message: with *stands* it edits the one that stands there under the same key, else it is new. *kind*
    names the type of news in *news* (JSON). *to* names a person or a channel (and thread); an app's thread is resolved
    already. *token* is opaque and the same at every attempt, so that a sender in doubt can look for it.

    *tried_at* is when it was handed over last, where nobody knows whether it arrived. *diverted* says why it goes to
    the reliability channel instead. *told* is the entry (page, number) of a page's log that it delivers.
    """

    id: int
    token: str
    key: str
    to: Destination
    kind: str
    news: dict[str, Any]
    urgent: bool
    made_at: datetime
    due_at: datetime
    attempts: int = 0  # earlier ones, which failed or of which nobody knows
    stands: Standing | None = None
    held_by: str = ""
    tried_at: datetime | None = None
    diverted: str = ""
    told: tuple[str, int] | None = None
    request_id: str = ""

    @property
    def died_over(self) -> bool:
        """Whether whoever tried it died over it: an end that was written down would have put it off (*due_at*)."""
        return self.tried_at is not None and self.tried_at >= self.due_at


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    One thing that came in and was kept before it was acknowledged; *id* is its sender's own id for it.

    *held_by* is the process that works it off, *attempts* counts how often one took it over from another.
    """

    id: str
    kind: str
    body: dict[str, Any]
    received_at: datetime
    attempts: int = 0
    done_at: datetime | None = None
    held_by: str | None = None
