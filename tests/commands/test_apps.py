"""/apps: lists, searches and cards."""

from pathlib import Path

import pytest

from bot.views import home
from commands.command import Refused
from commands.news import AppList, Card
from storage.names import RESERVED
from tests.commands.repository import OPEN_ROUTE, Repository
from tests.world import ANN, BO, CY, Town


def names(listed: AppList) -> list[str]:
    """Give the names in a list."""
    return [row.app.name for row in listed.rows]


async def test_lists_show_what_their_word_says(town: Town, repository: Repository, tmp_path: Path) -> None:
    """Mine, all, unowned, failing; without a word mine."""
    repository.commit("app.py", OPEN_ROUTE)
    sound = Repository(tmp_path / "sound")
    await town.ask(ANN, "register-app", f"billing-bot {repository} --backup @bo")
    await town.ask(CY, "register-app", f"tea-bot {sound} @bo --purpose 'Makes tea' --place nowhere")
    await town.tick()
    assert names(await town.ask(ANN, "apps", "")) == ["billing-bot"]
    assert names(await town.ask(BO, "apps", "mine")) == ["billing-bot", "tea-bot"]
    assert names(await town.ask(BO, "apps", "ALL")) == ["billing-bot", "tea-bot"]
    assert names(await town.ask(BO, "apps", "ａｌｌ")) == ["billing-bot", "tea-bot"]
    assert names(await town.ask(BO, "apps", "unowned")) == ["tea-bot"]
    assert names(await town.ask(BO, "apps", "failing")) == ["billing-bot"]
    assert names(await town.ask(BO, "apps", "makes")) == ["tea-bot"]
    (row,) = (await town.ask(ANN, "apps", "mine")).rows
    assert (row.owner, row.accepted, row.open_pages) == (ANN, True, 0)
    assert row.verdict is not None


async def test_an_exact_name_wins_over_a_search(town: Town, repository: Repository) -> None:
    """Where one name is part of another, the card of the one that was named is shown."""
    await town.ask(ANN, "register-app", f"billing {repository}")
    await town.ask(ANN, "register-app", f"billing-bot {repository}")
    card = await town.ask(BO, "apps", "BILLING")
    assert isinstance(card, Card)
    assert card.app.name == "billing"
    assert names(await town.ask(BO, "apps", "billin")) == ["billing", "billing-bot"]


@pytest.mark.parametrize("word", sorted(RESERVED))
async def test_every_word_of_apps_is_answered_and_is_no_name(town: Town, repository: Repository, word: str) -> None:
    """What the command understands, no app can be called."""
    with pytest.raises(Refused, match="is a word of /apps"):
        await town.ask(ANN, "register-app", f"{word} {repository}")
    if word == "help":
        with pytest.raises(Refused, match="exact name shows its card, and wins"):
            await town.ask(ANN, "apps", word)
    else:
        listed = await town.ask(ANN, "apps", word)
        assert (listed.rows, bool(listed.hint)) == ((), True)


async def test_an_unknown_word_gets_what_comes_close(town: Town, repository: Repository) -> None:
    """Names and the command's own words."""
    await town.ask(ANN, "register-app", f"billing-bot {repository}")
    for text, close in (("biling-bot", "billing-bot"), ("failling", "failing"), ("--all", "all")):
        with pytest.raises(Refused, match="No app matches") as caught:
            await town.ask(BO, "apps", text)
        assert close in caught.value.did_you_mean


async def test_a_long_list_says_how_long_it_is(town: Town, repository: Repository) -> None:
    """Twenty are shown, and among them whatever somebody is paged for; the Home tab says the same."""
    for number in range(22):
        await town.ask(ANN, "register-app", f"app-{number:02} {repository}")
    await town.ask(BO, "page-owner", "app-21 it is down")
    listed = await town.ask(BO, "apps", "all")
    assert (len(listed.rows), listed.total) == (20, 22)
    assert names(listed)[:3] == ["app-21", "app-00", "app-01"]
    assert "The first 20 of 22" in str(home.view(listed, ()))
    assert "The first 20 of 22" in listed.hint


async def test_an_empty_registry_says_how_to_begin(town: Town, repository: Repository) -> None:
    """Where there is no app, no list says that every app is well."""
    for word in ("unowned", "failing", "mine"):
        assert "No app is registered yet" in (await town.ask(ANN, "apps", word)).hint
    await town.ask(ANN, "register-app", f"billing-bot {repository}")
    assert (await town.ask(ANN, "apps", "unowned")).hint == "Every app has an owner who accepted it."
