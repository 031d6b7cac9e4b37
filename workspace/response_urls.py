"""Response URLs: five uses within thirty minutes, as in Slack."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from workspace.limits import RESPONSE_URL_SECONDS, RESPONSE_URL_USES
from workspace.wire import Refusal


@dataclass(frozen=True, slots=True)
class Source:
    """What a response URL answers to: *person* in *channel*, and *message* (a ts) where a button was pressed."""

    person: str
    channel: str
    message: str = ""


class ResponseUrls:
    """The response URLs that were handed out. *clock* gives Unix seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._given: dict[str, tuple[Source, float]] = {}
        self._used: dict[str, int] = {}

    def issue(self, source: Source) -> str:
        """Make the last part of a response URL."""
        token = secrets.token_urlsafe(18)
        self._given[token] = (source, self._clock())
        return token

    def use(self, token: str) -> Source:
        """Count one use and give what it answers to.

        Raises Refusal: ``invalid_url`` for an unknown one, ``expired_url`` after thirty minutes, ``used_url``
        the sixth time.
        """
        if token not in self._given:
            raise Refusal("invalid_url")
        source, at = self._given[token]
        if self._clock() - at > RESPONSE_URL_SECONDS:
            raise Refusal("expired_url")
        self._used[token] = self._used.get(token, 0) + 1
        if self._used[token] > RESPONSE_URL_USES:
            raise Refusal("used_url")
        return source
