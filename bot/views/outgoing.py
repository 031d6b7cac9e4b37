"""What the sender adds to a message: that it may be a repetition, or for whom it was meant."""

from __future__ import annotations

from bot.views import limits
from bot.views.block_kit import Post, context
from bot.views.text import channel, esc, person
from storage.model import Destination

_REPEAT = "(repeat) Slack did not tell me whether this arrived the first time."


def repeated(post: Post) -> Post:
    """Say that *post* may stand there already."""
    return _noted(post, f"(repeat) {post.text}", _REPEAT)


def diverted(post: Post, to: Destination, why: str) -> Post:
    """Say for whom *post* was, and *why* it stands here."""
    meant = person(to.person) if to.person else channel(to.channel or "")
    note = f"This was for {meant}, but {esc(why)}."
    return _noted(post, f"{note}\n{post.text}", note)


def without_blocks(post: Post) -> Post:
    """Return *post* as plain text."""
    return Post(post.text, ())


def _noted(post: Post, text: str, note: str) -> Post:
    if not post.blocks:
        return Post(text, ())
    blocks = post.blocks
    if len(blocks) >= limits.MESSAGE_BLOCKS:  # the last may hold the buttons
        blocks = (*blocks[: limits.MESSAGE_BLOCKS - 2], blocks[-1])
    return Post(text, (context(note), *blocks))
