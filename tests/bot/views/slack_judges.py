"""What judges a view: Slack's limits as the local workspace keeps them, the SDK's own, and that no mark is foreign."""

import re
from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.views.block_kit import Form, Json, Post
from workspace.blocks import check_blocks, check_view

#: The marks that our views make; everything else between < and > came from outside.
_OURS = re.compile(
    r"<(?:@U0[A-Z]+|#C0[A-Z]+|!date\^\d+\^\{date_short_pretty\} at \{time\}\|[^<>|]*|https://[^<>|\s]+)>"
)


def faults(shown: Post | Form) -> list[str]:
    """Everything that Slack would refuse of *shown*, and every mark in it that we did not make."""
    blocks = list(shown.blocks) if isinstance(shown, Post) else shown.view["blocks"]
    if isinstance(shown, Post):
        check_blocks(blocks, "message")  # raises with the faults
        assert shown.text.strip(), "a message needs a text for notifications"
    else:
        check_view(shown.view, "modal")
        View(**shown.view).validate_json()
    for block in Block.parse_all(blocks):
        block.validate_json()
    texts = [text["text"] for text in _mrkdwn(blocks)]
    if isinstance(shown, Post):
        texts.append(shown.text)
    return [text for text in texts if "<" in _OURS.sub("", text) or ">" in _OURS.sub("", text)]


def _mrkdwn(tree: Any) -> Iterator[Json]:
    if isinstance(tree, list | tuple):
        for one in tree:
            yield from _mrkdwn(one)
    elif isinstance(tree, dict):
        if tree.get("type") == "mrkdwn":
            yield tree
        for one in tree.values():
            yield from _mrkdwn(one)


def urls(tree: Any) -> Iterator[str]:
    """Every address that something in *tree* links to."""
    if isinstance(tree, list | tuple):
        for one in tree:
            yield from urls(one)
    elif isinstance(tree, dict):
        if "url" in tree:
            yield str(tree["url"])
        for one in tree.values():
            yield from urls(one)
