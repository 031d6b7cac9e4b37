"""
Text that somebody else wrote, made safe to stand in a message; and the few marks we make ourselves.

Names of apps, paths, findings and sentences of people come from outside. Through `esc` none of them can mention
anybody, link anywhere, break a line or reorder what stands beside it (safety of Slack's markup:
https://docs.slack.dev/messaging/formatting-message-text#escaping).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "`": "'"}
_LOOK_ALIKES = {
    "*": "\N{ASTERISK OPERATOR}",
    "_": "\N{FULLWIDTH LOW LINE}",
    "~": "\N{TILDE OPERATOR}",
}
#: A mark of commands.people.mention.
MENTION = re.compile(r"<!person\^([UW][A-Z0-9]{2,20})>")
_MINUTES = 99  # beyond, hours are enough
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, bidi and zero width, surrogates, line separators


def clean(text: str, most: int = 300) -> str:
    r"""
    Return *text* on one line, with what cannot be seen written as `\u202e`, at most *most* characters.

    It is for the plain text of rich_text and plain_text objects; `esc` is for mrkdwn.
    """
    kept = "".join(_seen(letter) for letter in text[: most * 4])
    kept = re.sub(r"\s+", " ", kept).strip()
    return kept if len(kept) <= most else f"{kept[: most - 1]}…"


def esc(text: str, most: int = 300) -> str:
    """Return *text* for a mrkdwn object as `clean` does, without any of Slack's marks, at most *most* characters."""
    return _upright(_escaped(text, most))


def _upright(text: str) -> str:
    """Put look-alikes for the signs that make words bold, slanted or struck; within a word or alone they do not."""
    return re.sub(r"(?<![^\W_])[*_~](?!\s)|(?<!\s)[*_~](?![^\W_])", lambda found: _LOOK_ALIKES[found[0]], text)


def _escaped(text: str, most: int) -> str:
    kept = "".join(_MARKS.get(letter, letter) for letter in clean(text, most))
    if len(kept) <= most:
        return kept
    # Escaping made it longer; a cut must not fall inside an escape.
    return re.sub(r"&[a-z]*$", "", kept[: most - 1]) + "…"


def _seen(letter: str) -> str:
    if letter in "\n\r\t":
        return " "
    return f"\\u{ord(letter):04x}" if unicodedata.category(letter) in _UNSEEN else letter


def with_channels(text: str, most: int = 300) -> str:
    """
    Return a sentence of ours for mrkdwn, as `esc` does, in which a channel may be named as `<#C123>`.

    What commands.words.as_code has marked in it is set as code.
    """
    said = re.sub(r"&lt;#([CGD][A-Z0-9]{2,20})&gt;", r"<#\1>", esc(text, most))
    return re.sub(r"&lt;!code\^(.{1,200}?)&gt;", r"`\1`", said)


def with_marks(text: str, most: int = 300) -> str:
    """
    Return a sentence of ours for mrkdwn, as `esc` does, in which there may be marks for times and people.

    They are those of commands.moments.for_reader and commands.people.mention.
    """
    said = re.sub(
        r"&lt;!date\^(\d{1,11})&gt;", lambda found: when(datetime.fromtimestamp(int(found[1]), UTC)), esc(text, most)
    )
    return re.sub(r"&lt;!person\^([UW][A-Z0-9]{2,20})&gt;", r"<@\1>", said)


def plain_marks(text: str, names: Mapping[str, str], most: int = 300) -> str:
    """Return such a sentence as plain text, with *names* of people by Slack's id, and "somebody" for others."""
    said = re.sub(
        r"<!date\^(\d{1,11})>", lambda found: plain_when(datetime.fromtimestamp(int(found[1]), UTC)), clean(text, most)
    )
    said = MENTION.sub(lambda found: names.get(found[1], "somebody"), said)
    return said[:1].upper() + said[1:]


def person(person_id: str) -> str:
    """Mention a person by id; an id that is none is shown as text."""
    return f"<@{person_id}>" if re.fullmatch(r"[UW][A-Z0-9]{2,20}", person_id) else esc(person_id)


def channel(channel_id: str) -> str:
    """Link a channel by id; an id that is none is shown as text."""
    return f"<#{channel_id}>" if re.fullmatch(r"[CGD][A-Z0-9]{2,20}", channel_id) else esc(channel_id)


def when(moment: datetime) -> str:
    """Write a moment that each reader sees in their own time zone."""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} at {{time}}|{plain_when(moment)}>"


def plain_when(moment: datetime) -> str:
    """Write a moment in UTC, where no reader's time zone is known."""
    return moment.astimezone(UTC).strftime("%d %b %Y, %H:%M UTC").lstrip("0")


def count(number: int, thing: str, things: str = "") -> str:
    """Write `1 finding`, `3 findings`; *things* where adding an s is not the plural."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def ordinal(number: int) -> str:
    """Write `1st`, `2nd`, `3rd`, `11th`."""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def roughly(time: timedelta) -> str:
    """Write a length of time as people estimate it: `a minute`, `4 minutes`, `2 hours`; never less than a minute."""
    minutes = max(1, round(time / timedelta(minutes=1)))
    if minutes == 1:
        return "a minute"
    return f"{minutes} minutes" if minutes <= _MINUTES else count(round(minutes / 60), "hour")


def linked(text: str, most: int = 1000) -> str:
    """Return a text of the team's own policy for mrkdwn, in which https addresses can be clicked."""
    parts = re.split(r"(https://[^\s<>|()]*[^\s<>|().,;:!?])", _escaped(text, most))
    return "".join(f"<{part}>" if number % 2 else _upright(part) for number, part in enumerate(parts))
