"""The metrics: a scrape says what the registry holds, or that it does not answer; no label comes from outside."""

import math
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics
from bot.health import Health
from bot.metrics_scrape import Scrape
from storage import check_line, check_requests, inbox, outbox, processes
from storage.figures import figures
from storage.model import CheckRequest, Destination, Incoming, Process
from tests.commands.repository import Repository
from tests.world import ANN, CY, MONDAY, Town
from tests.world import town as a_town

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(exposed: bytes) -> Samples:
    """Parse what a scrape got, as Prometheus does."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(exposed.decode())
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    """The value of one sample."""
    return samples[f"groundcrew_{name}", frozenset(labels.items())]


@pytest_asyncio.fixture
async def town(tmp_path: Path, registry_url: str) -> AsyncIterator[Town]:
    """Give a town, on each engine."""
    async with a_town(tmp_path, url=registry_url) as made:
        yield made


async def test_a_scrape_tells_what_waits_and_how_late_it_is(town: Town, tmp_path: Path) -> None:
    """What came in, what is to be said, pages and checks, counted and timed by the registry's own clock."""
    database = town.world.database
    async with database.write() as transaction:
        await inbox.keep(transaction, [Incoming("i1", "slash", {}, MONDAY)], {}, MONDAY)
        for number, urgent in enumerate((False, False, True)):
            to = Destination(person=ANN)
            await outbox.add(transaction, to, "Said", {"text": "x"}, key=f"k{number}", now=MONDAY, urgent=urgent)
        await check_requests.add(transaction, CheckRequest("c1", "https://x.example/a", CY, MONDAY))
    await town.ask(ANN, "register-app", f"billing-bot {Repository(tmp_path / 'billing')} --channel #apps")
    await town.ask(CY, "page-owner", "billing-bot it is down")
    town.clock.time += timedelta(seconds=90)
    exposed, kind = await Scrape(town.world, Health()).answer()
    assert kind.startswith("text/plain")
    samples = read(exposed)
    assert value(samples, "registry_up") == 1
    assert value(samples, "inbox_waiting") == 1
    assert value(samples, "inbox_oldest_seconds") == 90
    assert value(samples, "outbox_waiting", urgent="no") >= 2
    assert value(samples, "outbox_waiting", urgent="yes") >= 1
    assert value(samples, "outbox_oldest_due_seconds") == 90
    assert value(samples, "pages_open", state="triggered") == 1
    assert value(samples, "pages_open", state="acknowledged") == 0
    assert value(samples, "page_oldest_due_seconds") == 90
    assert value(samples, "checks_waiting") == 2
    assert value(samples, "checks_running") == 0
    assert samples["process_open_fds", frozenset()] > 0


async def test_each_step_of_a_page_is_counted(town: Town, tmp_path: Path) -> None:
    """The first, and the next when nobody answers; not the edits of what stands."""

    def counted() -> float:
        return metrics.REGISTRY.get_sample_value("groundcrew_escalations_total") or 0

    await town.ask(ANN, "register-app", f"billing-bot {Repository(tmp_path / 'billing')} --channel #apps")
    before = counted()
    await town.ask(CY, "page-owner", "billing-bot it is down")
    await town.tick()
    assert counted() == before + 1
    await town.push(minutes=6)
    assert counted() == before + 2


async def test_a_check_runs_while_its_process_lives(town: Town) -> None:
    """However far a clock is ahead of the end of its hold; once the process has ended it waits."""
    async with town.world.database.write() as transaction:
        await processes.start(transaction, Process("p1", "worker", "here", 1, "1", MONDAY, MONDAY))
        await check_requests.add(transaction, CheckRequest("c1", "https://x.example/a", CY, MONDAY))
        await check_line.claim_next(transaction, "p1", MONDAY, MONDAY)
        found = await figures(transaction, MONDAY + timedelta(hours=1))
        assert (found.checks_waiting, found.checks_running) == (0, 1)
        await processes.stop(transaction, "p1", MONDAY)
        found = await figures(transaction, MONDAY - timedelta(hours=1))
        assert (found.checks_waiting, found.checks_running) == (1, 0)


async def test_nothing_late_is_zero(town: Town) -> None:
    """An empty registry, and one with work that is not due yet, is late by nothing."""
    async with town.world.database.read() as transaction:
        found = await figures(transaction, MONDAY)
    assert (found.inbox_oldest_s, found.outbox_oldest_due_s, found.page_oldest_due_s) == (0, 0, 0)


async def test_a_registry_that_does_not_answer_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """No old figure stands as if it were new: they are NaN, and registry_up is 0."""
    async with a_town(tmp_path) as town:
        await Scrape(town.world, Health()).answer()
    Path(town.world.database.url.database or "").unlink()  # noqa: ASYNC240 - a test's own folder
    samples = read((await Scrape(town.world, Health()).answer())[0])
    await town.world.database.close()
    assert value(samples, "registry_up") == 0
    assert math.isnan(value(samples, "inbox_waiting"))
    assert not [name for name, _ in samples if name in {"groundcrew_outbox_waiting", "groundcrew_pages_open"}]
    assert "did not answer a scrape" in caplog.text


async def test_faults_of_parts_come_and_go(town: Town) -> None:
    """A part that says that it does not work is a series of its own, until it works."""
    health = Health()
    scrape = Scrape(town.world, health)
    health.bad("slack", "the token is revoked")
    assert value(read((await scrape.answer())[0]), "fault", part="slack") == 1
    health.good("slack")
    assert ("groundcrew_fault", frozenset({("part", "slack")})) not in read((await scrape.answer())[0])


async def test_scrapes_in_a_row_ask_the_registry_once(town: Town) -> None:
    """Within a few seconds the figures of the last one are told again."""
    scrape = Scrape(town.world, Health())
    await scrape.answer()
    async with town.world.database.write() as transaction:
        await inbox.keep(transaction, [Incoming("i1", "slash", {}, MONDAY)], {}, MONDAY)
    assert value(read((await scrape.answer())[0]), "inbox_waiting") == 0
    assert value(read((await Scrape(town.world, Health()).answer())[0]), "inbox_waiting") == 1


def test_no_label_comes_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """An order that is none of ours, an error that is no word, and one word too many share one label."""
    assert metrics.order_label("check-app") == "check-app"
    assert metrics.order_label('x",y="z') == "unknown"
    monkeypatch.setattr(metrics, "_errors", set())
    assert metrics.error_label("channel_not_found") == "channel_not_found"
    assert metrics.error_label("HTTP 500 <html>") == "other"
    labels = {metrics.error_label(f"error_{number}") for number in range(500)}
    assert "other" in labels
    assert len(labels) <= 80


def test_every_metric_says_what_it_is_for() -> None:
    """Each has a name with our prefix or is the process's own, and a help text."""
    for family in text_string_to_metric_families(metrics.exposition()[0].decode()):
        assert family.name.startswith(("groundcrew_", "process_")), family.name
        assert family.documentation
