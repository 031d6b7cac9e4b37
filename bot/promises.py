"""What `groundcrew doctor` says of settings that nothing refuses a start for, and that somebody misses one night."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.diagnosis import Finding, State
from bot.settings import Settings


def dead_man(settings: Settings) -> Finding:
    """Say whether anybody outside notices that the bot is silent."""
    what = "dead man's switch"
    if settings.dead_man_url is None:
        words = "none is set, so nobody learns that the bot is silent: GROUNDCREW_DEAD_MAN_URL"
        return Finding(State.WARN, what, words)
    host = urlsplit(settings.dead_man_url.get_secret_value()).hostname
    return Finding(State.OK, what, f"set up at {host}: groundcrew try-route dead-man asks it once")


def fingerprints(settings: Settings) -> Finding:
    """Say whether a secret is recognised again in another place, without being kept."""
    if settings.fingerprint_key is None:
        words = "GROUNDCREW_FINGERPRINT_KEY is not set: nobody sees that one secret stands in two places"
        return Finding(State.WARN, "fingerprint key", words)
    return Finding(State.OK, "fingerprint key", "it is set")


def people(settings: Settings) -> Iterator[Finding]:
    """Say who may decide beside the admins of the workspace."""
    number = len(settings.admins)
    words = f"{number} beside those of the workspace" if number else "those of the workspace alone; GROUNDCREW_ADMINS"
    yield Finding(State.OK, "admins", words)
    words = (
        f"the user group {settings.approvers}" if settings.approvers else "nobody; GROUNDCREW_APPROVERS names a group"
    )
    yield Finding(State.OK, "approvers", words)
