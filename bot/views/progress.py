"""A check that has begun, how far it is, or why it could not be made."""

from __future__ import annotations

from bot.views.block_kit import Post, actions, button, context, post, section
from bot.views.text import channel, esc, ordinal, roughly, when, with_channels
from commands.news import CheckProgress, CheckRefused, CheckStarted

_STAGES = {
    "fetching": "fetching the code",
    "reading": "reading the code",
    "checking": "checking",
    "history": "reading the history",
    "judging": "judging where it may run",
}
_BAR = 10


def started(news: CheckStarted) -> Post:
    """Tell who asked where the answer will stand, in words that stay true: this answer cannot be edited later."""
    begun = f":mag: You asked for a check of *{esc(news.name)}*, {when(news.request.asked_at)}."
    said = f"{begun} The verdict comes {with_channels(news.where)}."
    if news.place:
        about = f", about {roughly(news.wait)} from its turn" if news.wait else ""
        said += f" Others wait too: it was {ordinal(news.place)} in line then{about}."
    return post(f"You asked for a check of {news.name}.", [section(said)])


def view(news: CheckProgress) -> Post:
    """Show how far it is."""
    stage = _STAGES.get(news.stage, esc(news.stage))
    of = f" {news.done} of {news.total}" if news.total else ""
    blocks = [section(f":hourglass_flowing_sand: *{esc(news.name)}*: {stage}{of}")]
    if news.total:
        full = min(_BAR, round(_BAR * news.done / news.total))
        blocks.append(context("▰" * full + "▱" * (_BAR - full)))
    return post(f"Checking {news.name}: {stage}{of}", blocks)


def refused(news: CheckRefused) -> Post:
    """Say why a check could not be made."""
    again = actions(button("Check again", "check-again", news.app.id)) if news.app else None
    lines = [f":warning: *{esc(news.name)} could not be checked.*", esc(news.reason, 1000)]
    if news.asked_in:
        lines.append(f"If it is private, an admin has to let me read it: I have asked in {channel(news.asked_in)}.")
    if news.mend:
        lines.append(f"To give another address: `{esc(news.mend)}`")
    return post(f"{news.name} could not be checked: {news.reason}", [section(*lines), again])
