"""A bot that is killed between a page and its escalation goes on where it was, and once."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.bot.groundcrew_process import end, environment, free_port, local_workspace, start, until
from tests.commands.repository import Repository
from tests.workspace_client import Person


def pages(person: Person) -> list[str]:
    """The pages that stand in the person's direct conversation with the bot."""
    return [one.words for one in person.messages("bot") if "invoices are sent twice" in one.words]


async def until_marked(home: Path, place: str) -> None:
    """Wait until the registry knows that the page to *place* was sent; before that a crash would send it again."""
    query = "select count(*) from outbox where place = ? and kind = 'Paged' and sent_at is not null"
    async with asyncio.timeout(20):
        with closing(sqlite3.connect(f"file:{home}/registry.db?mode=ro", uri=True)) as registry:
            while not registry.execute(query, (place,)).fetchone()[0]:  # noqa: ASYNC110 - another process tells us nothing
                await asyncio.sleep(0.02)


async def test_a_page_survives_kill_9_and_escalates_once(tmp_path: Path, repository: Repository) -> None:
    """The owner is told, the bot dies, the next bot tells the backup: each exactly once, and nobody is forgotten."""
    home, port = tmp_path / "home", free_port()
    waits = {"GROUNDCREW_OWNER_WAIT": "3s", "GROUNDCREW_BACKUP_WAIT": "24h"}
    given = environment(home, GROUNDCREW_LOCAL_PORT=str(port), **waits)
    first = await start(given)
    await until(first, f"http://127.0.0.1:{port}/")
    async with local_workspace(home, port) as workspace:
        ann, bo, eve = [await workspace.person(name) for name in ("ann", "bo", "eve")]
        await ann.command(f"/register-app billing {repository} --backup @bo")
        await ann.wait_for(lambda message: "billing is registered" in message.words)
        await eve.command("/page-owner billing invoices are sent twice")
        await ann.wait_for(lambda message: message.channel == "D0ANN" and "Acknowledge" in message.buttons)
        for place in ("person:U0ANN", "person:U0EVE"):
            await until_marked(home, place)
        await end(first, signal.SIGKILL)
        assert pages(bo) == []

        second = await start(given)
        try:
            page = await bo.wait_for(lambda message: message.channel == "D0BO" and "Acknowledge" in message.buttons)
            await bo.click(page, "Acknowledge")
            for person in (ann, bo, eve):
                await person.wait_for(lambda message: "<@U0BO> is on it" in message.words)
                assert len(pages(person)) == 1, person.name
            assert not [one for one in eve.messages("reliability") if "asked for help" in one.words]
        finally:
            await end(second)
