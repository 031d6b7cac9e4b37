"""Unread marks: who is waited for, and until when."""

from pathlib import Path

import pytest

from tests.workspace.in_process import PushedClock
from workspace import chat, rooms
from workspace.messages import remove
from workspace.page import snapshot, who
from workspace.speech import say
from workspace.state import Workspace
from workspace.wire import Json

CALLS: list[Json] = [
    {"text": "<@U0ANN> look"},
    {"text": "<!subteam^S0PLATFORM> look"},
    {"text": "<!here> look"},
    {
        "text": "look",
        "blocks": [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0ANN"}]}],
            }
        ],
    },
]

EXPECTED = [[1, 0, 0, 0, 0], [0, 1, 1, 0, 0], [1, 1, 1, 1, 1], [1, 0, 0, 0, 0]]  # ann, bo, eve, max, gus


def waiting(workspace: Workspace) -> list[int]:
    """Count what waits for each person."""
    return [one["attention"] for one in snapshot(workspace, who("ann"))["people"]]


@pytest.mark.parametrize(("call", "expected"), list(zip(CALLS, EXPECTED, strict=True)))
def test_only_those_who_are_called_are_waited_for(tmp_path: Path, call: Json, expected: list[int]) -> None:
    """A mention counts the same whether it is counted as it comes, or from the file after a restart."""
    before = Workspace(tmp_path, clock=PushedClock())
    assert waiting(before) == [0, 0, 0, 0, 0]
    chat.post_message(before, {"channel": "apps", **call})
    assert waiting(before) == expected
    before.store.close()
    after = Workspace(tmp_path, clock=PushedClock())
    assert waiting(after) == expected
    after.store.close()


def test_reading_and_deleting_end_the_wait(tmp_path: Path) -> None:
    """Direct messages wait until they are read or deleted; one's own and edits do not count."""
    workspace = Workspace(tmp_path, clock=PushedClock())
    direct = rooms.room("U0BO")
    first = chat.post_message(workspace, {"channel": "U0BO", "text": "one"})
    chat.post_message(workspace, {"channel": "U0BO", "text": "two"})
    assert rooms.unread(workspace, "U0BO", direct) == {"messages": 2, "mentions": 2}
    chat.update(workspace, {"channel": direct.id, "ts": first["ts"], "text": "<@U0BO> changed"})
    assert rooms.unread(workspace, "U0BO", direct) == {"messages": 2, "mentions": 2}
    rooms.mark_read(workspace, "U0BO", direct, first["ts"])
    assert rooms.unread(workspace, "U0BO", direct) == {"messages": 1, "mentions": 1}
    last = workspace.store.roots(direct.id)[-1]
    remove(workspace, last)
    assert rooms.attention(workspace, "U0BO") == 0
    workspace.store.close()


async def test_ones_own_words_do_not_wait(tmp_path: Path) -> None:
    """What a person writes counts for the others in the channel, and not for the one who wrote it."""
    workspace = Workspace(tmp_path, clock=PushedClock())
    apps = rooms.room("apps")
    say(workspace, who("ann"), apps, "@bo and @max, look")
    assert [rooms.unread(workspace, one, apps)["mentions"] for one in ("U0ANN", "U0BO", "U0MAX", "U0GUS")] == [
        0,
        1,
        1,
        0,
    ]
    assert rooms.unread(workspace, "U0ANN", apps)["messages"] == 0
    await workspace.close()
