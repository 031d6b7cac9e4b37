"""Regressions: told once in the app's thread, edited in place, closed there; and what can no longer be seen."""

from datetime import timedelta
from pathlib import Path

from checks.engine import Limits
from commands.news import Card, Checked, CheckRefused, Regressed, Said
from storage import apps
from tests.commands.repository import OPEN_ROUTE, SOUND, Repository
from tests.world import ANN, APPS, CY, Town

OTHER_ROUTE = OPEN_ROUTE.replace("refund", "delete_all").replace("healthz", "ready")


async def registered(town: Town, repository: Repository) -> str:
    """Register billing-bot of Ann and have its first check done; give its id."""
    repository.commit("app.py", SOUND)
    answer = await town.ask(ANN, "register-app", f"billing-bot {repository} --channel #apps")
    await town.tick()
    return str(answer.card.app.id)


async def test_a_regression_is_told_once_edited_and_closed(town: Town, repository: Repository) -> None:
    """The story of design.md: a push breaks it, another one too, both are mended; one message says all of it."""
    await registered(town, repository)
    assert town.said(Regressed) == []

    broken = repository.commit("app.py", OPEN_ROUTE)
    await town.push(minutes=20)
    (message,) = [one for one in town.chat if isinstance(one.news, Regressed)]
    assert (message.place, message.thread is not None) == (APPS, True)
    news = message.news
    assert (news.owner, news.revision, news.closed_at) == (ANN, broken, None)
    assert len(news.new) == 1
    assert "open-route: POST /refund" in news.new[0]
    assert "app.py:11" in news.new[0]
    assert len(town.said(Checked, APPS)) == 1, "a check of the clock says no verdict of its own"

    said = len(town.chat)
    await town.push(days=1)
    await town.ask(CY, "check-app", "billing-bot")
    await town.tick()
    assert message.news == news, "an identical re-check says nothing"
    assert len(town.chat) == said + 1, "but the verdict that somebody asked for"

    repository.commit("more.py", OTHER_ROUTE)
    await town.push(minutes=20)
    assert len(message.news.new) == 2
    assert message.news.since == news.since

    repository.commit("app.py", SOUND)
    await town.push(minutes=20)
    assert (len(message.news.new), len(message.news.gone)) == (1, 1)
    assert message.news.closed_at is None

    repository.commit("more.py", "")
    await town.push(minutes=20)
    assert (len(message.news.new), len(message.news.gone)) == (0, 2)
    assert message.news.closed_at == town.clock.now()
    assert len([one for one in town.chat if isinstance(one.news, Regressed)]) == 1

    repository.commit("app.py", OPEN_ROUTE)
    await town.push(minutes=20)
    assert len([one for one in town.chat if isinstance(one.news, Regressed)]) == 2, "a later one is a new story"


async def test_what_was_wrong_from_the_start_is_no_regression(town: Town, repository: Repository) -> None:
    """A first report has nothing before it."""
    repository.commit("app.py", OPEN_ROUTE)
    await town.ask(ANN, "register-app", f"billing-bot {repository} --channel #apps")
    await town.tick()
    repository.commit("README.md", "# Billing, still\n")
    await town.push(minutes=20)
    assert town.said(Regressed) == []


async def test_a_finding_that_can_no_longer_be_seen_still_stands(town: Town, repository: Repository) -> None:
    """Hiding a fault does not close its regression, and the loss of sight of others is told in it."""
    await registered(town, repository)
    repository.commit("app.py", OPEN_ROUTE)
    await town.push(minutes=20)
    town.limit(Limits(tree=1))
    repository.commit("app.py", OPEN_ROUTE + "\n# changed\n")
    await town.push(minutes=20)
    (news,) = town.said(Regressed)
    assert len(news.new) == 1
    assert news.closed_at is None


async def test_loss_of_sight_is_announced_and_ends_when_it_can_be_seen_again(
    town: Town, repository: Repository
) -> None:
    """PASSED to NOT_CHECKED: told as lost, with no new finding, and closed when it is back."""
    await registered(town, repository)
    town.limit(Limits(tree=1))
    repository.commit("new.py", "value = 1\n")
    await town.push(minutes=20)
    (news,) = town.said(Regressed)
    assert news.new == ()
    assert any("can no longer be looked at" in sentence for sentence in news.lost)
    town.limit(Limits())
    repository.commit("new.py", "value = 2\n")
    await town.push(minutes=20)
    (news,) = town.said(Regressed)
    assert (news.new, news.lost) == ((), ())
    assert news.closed_at is not None


async def test_a_repository_out_of_reach_is_told_once_and_when_it_is_back(
    town: Town, repository: Repository, tmp_path: Path
) -> None:
    """Not every ten minutes; the message says in place that it can be read again."""
    await registered(town, repository)
    repository.folder.rename(tmp_path / "away")
    for _ in range(5):
        await town.push(minutes=10)
    (message,) = [one for one in town.chat if isinstance(one.news, CheckRefused)]
    assert message.thread is not None
    assert message.before == []
    (tmp_path / "away").rename(repository.folder)
    await town.push(minutes=20)
    assert isinstance(message.news, Said)
    assert "can be read again. It could not since" in message.news.text
    assert town.said(Regressed) == []


async def test_code_that_was_never_seen_is_not_called_unchecked(
    town: Town, repository: Repository, tmp_path: Path
) -> None:
    """Card and list say since when, the thread why, once; no last look is spoken of where there was none."""
    await town.ask(ANN, "register-app", f"billing-bot {repository} --channel #apps")
    repository.folder.rename(tmp_path / "away")
    await town.tick()
    since = town.clock.now()
    for _ in range(3):
        await town.push(minutes=10)
    (refused,) = [one.news for one in town.chat if isinstance(one.news, CheckRefused) and one.thread is not None]
    assert "last look" not in refused.reason
    assert town.said(Card)[-1].unseen_since == since
    (row,) = (await town.ask(ANN, "apps")).rows
    assert row.unseen_since == since
    (tmp_path / "away").rename(repository.folder)
    await town.push(hours=1)
    assert town.said(Card)[-1].unseen_since is None
    assert town.said(Card)[-1].last is not None


async def test_every_app_has_its_own_turn_and_is_checked_daily(town: Town, repository: Repository) -> None:
    """Turns are spread over the period, stay where they are, and an unchanged app is checked once a day."""
    app_id = await registered(town, repository)
    first = town.said(Card)[-1].last
    async with town.world.database.read() as transaction:
        due = (await apps.watch_of(transaction, app_id)).due_at
    assert timedelta(0) <= due - town.clock.now() < town.world.house.look_every
    await town.push(hours=23)
    assert town.said(Card)[-1].last == first
    await town.push(hours=2)
    last = town.said(Card)[-1].last
    assert first is not None
    assert last is not None
    assert last.report_id != first.report_id
