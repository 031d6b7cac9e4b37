"""No token that names something in a repository comes into the registry or a message."""

from pathlib import Path

import msgspec

from tests import token_names
from tests.world import ANN, Town
from tests.world import town as a_town


async def test_no_row_and_no_message_holds_a_token_of_the_repository(tmp_path: Path) -> None:
    """Findings, reports and the outbox of a registered app hold its routes, packages and files masked: every byte."""
    async with a_town(tmp_path) as town:
        await _look_at_every_byte(town, tmp_path)


async def _look_at_every_byte(town: Town, tmp_path: Path) -> None:
    folder = token_names.folder_of_them(tmp_path / "app")
    await town.ask(ANN, "register-app", f"tgroute {folder} --channel #apps")
    await town.tick()
    await town.ask(ANN, "check-app", "tgroute")
    await town.tick()
    assert len(town.verdicts()) > 1
    said = b"\n".join(msgspec.json.encode(one.news) for one in town.chat)
    rows = token_names.bytes_below(tmp_path, beside=folder)
    assert any(b"/telegram/***" in row for row in rows)
    for token in token_names.TOKENS:
        assert token[10:].encode() not in said
        assert not any(token[10:].encode() in row for row in rows)
