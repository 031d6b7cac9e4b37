"""Who may do what: every order by everybody. Who may does it; who may not changes nothing, and is written down."""

import asyncio
import contextlib
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from commands.app_form import answers_of
from commands.command import CLOCK, Denied, Refused, Request, all_commands
from commands.rights import RIGHTS, Action
from commands.world import Person
from storage import apps, audit, owners, reports
from storage.leave_requests import PrivateRequest, private_requests, probe_requests
from storage.model import AuditEntry
from storage.tables import metadata
from tests.commands.everybody import ADDRESS, EVERYBODY, FAY, GIL, GUS, HOUSE, OTTO, ROB, ROWS, Row
from tests.storage.sample import NOW, a_finding, a_report
from tests.world import ANN, APPS, BO, CY, DEE, EVE, SRE, Town, town


@dataclass
class Scene:
    """A town as it was prepared, and the ids of what stands in it."""

    town: Town
    ids: Mapping[str, str]

    async def act(self, row: Row, person: str) -> None:
        """Have *person* do what *row* says, where the button would stand for them."""
        fields = {name: value.format(**self.ids) for name, value in row.fields.items()}
        if row.form:
            async with self.town.world.database.read() as transaction:
                app = await apps.get(transaction, self.ids["billing"])
                assert app is not None
                fields = answers_of(app, await owners.of_app(transaction, app.id)) | fields | {"id": app.id}
        at = row.at or f"D{person}"
        await all_commands()[row.order].give(Request(person, row.text, fields, at), self.town.world)

    async def rows(self) -> dict[str, list[str]]:
        """Give everything in the registry but the audit log."""
        tables = [table for table in metadata.sorted_tables if table.name != "audit"]
        async with self.town.world.database.read() as transaction:
            return {
                table.name: sorted(map(repr, (await transaction.connection.execute(select(table))).all()))
                for table in tables
            }

    async def log(self) -> tuple[AuditEntry, ...]:
        """Give the audit log."""
        async with self.town.world.database.read() as transaction:
            return await audit.since(transaction, NOW)


def inhabit(place: Town) -> None:
    """Bring in those whom the other stories do not need."""
    for one in (
        Person(FAY, "Fay", "fay"),
        Person(GIL, "Gil", "gil"),
        Person(OTTO, "Otto", "otto", is_outsider=True),
        Person(GUS, "Gus", "gus", is_gone=True, is_admin=True),
        Person(ROB, "Rob", "rob", is_bot=True),
    ):
        place.people.people[one.id] = one
    place.people.groups = {SRE: (FAY,)}


async def _prepare(folder: Path) -> dict[str, str]:
    async with town(folder, **HOUSE) as place:
        inhabit(place)
        words = f"billing-bot {ADDRESS}/billing-bot @ann --backup @bo --live-url https://billing.acme.example/"
        billing = (await place.ask(ANN, "register-app", words)).card.app.id
        await place.ask(BO, "accept-app", id=f"{billing}:backup")
        words = f"shop {ADDRESS}/shop @cy --backup @gil --live-url https://shop.invalid/"
        shop = (await place.ask(CY, "register-app", words)).card.app.id
        page = (await place.ask(CY, "page-owner", "billing-bot it is down")).page.id
        await place.ask(DEE, "on-call", "web set @ann @bo weekly Mon 09:00 Europe/Berlin")
        await all_commands()["escalate-pages"].run(Request(CLOCK), place.world)
        async with place.world.database.write() as transaction:
            finding = a_finding()
            await reports.save(transaction, "private", billing, a_report(finding), is_private=True)
            await reports.save(transaction, "open", shop, a_report(finding), is_private=False)
            asked = PrivateRequest("asked", shop, f"{ADDRESS}/shop", NOW, CY)
            await private_requests.add(transaction, asked)
            probe = await probe_requests.open_of(transaction, shop)
        assert probe is not None
        return {"billing": billing, "shop": shop, "page": page, "probe": probe.id}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Give the registry in which everybody tries, and its ids."""
    folder = tmp_path_factory.mktemp("prepared")
    return folder / "registry.db", asyncio.run(_prepare(folder))


def copy_to(folder: Path, registry: Path) -> None:
    """Copy the prepared registry into a new folder."""
    folder.mkdir()
    shutil.copy(registry, folder / "registry.db")


async def in_scene(
    prepared: tuple[Path, dict[str, str]], folder: Path, play: Callable[[Scene], Any], *, owner_gone: bool = False
) -> None:
    """Play in a copy of the prepared registry."""
    copy_to(folder, prepared[0])
    async with town(folder, **HOUSE) as place:
        inhabit(place)
        if owner_gone:
            place.people.deactivate(ANN)
        await play(Scene(place, prepared[1]))


@pytest.mark.parametrize("row", ROWS, ids=[row.says for row in ROWS])
async def test_who_may_does_it_and_who_may_not_changes_nothing(
    prepared: tuple[Path, dict[str, str]], tmp_path: Path, row: Row
) -> None:
    """Every part by the table; a refusal is in the audit log with who it was, and the words say who may."""
    may = row.may - {"owner"} if row.owner_gone else row.may

    async def refused(scene: Scene) -> None:
        before = await scene.rows()
        for part in EVERYBODY.keys() - may:
            logged = len(await scene.log())
            with pytest.raises(Denied) as caught:
                await scene.act(row, EVERYBODY[part])
            assert str(caught.value)
            (entry,) = (await scene.log())[logged:]
            assert entry.who == EVERYBODY[part]
            assert entry.what.startswith("refused ")
            assert entry.detail["order"] == row.order
            assert await scene.rows() == before, part

    async def done(scene: Scene) -> None:
        before, logged = await scene.rows(), len(await scene.log())
        with contextlib.nullcontext() if row.changes else contextlib.suppress(Refused):  # there is nothing to do
            await scene.act(row, EVERYBODY[part])
        assert (await scene.rows() != before) or not row.changes, part
        assert not any(entry.what.startswith("refused") for entry in (await scene.log())[logged:]), part

    await in_scene(prepared, tmp_path / "refused", refused, owner_gone=row.owner_gone)
    for part in may:
        await in_scene(prepared, tmp_path / part, done, owner_gone=row.owner_gone)


async def test_every_order_is_refused_to_guests_or_is_the_clocks(
    prepared: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    """No order forgets to ask for a right: a guest gets nothing of any, and that is written down."""

    async def play(scene: Scene) -> None:
        before = await scene.rows()
        for number, order in enumerate(all_commands().values(), len(await scene.log())):
            with pytest.raises(Denied):
                await order.give(Request(EVE, "billing-bot", {"id": scene.ids["page"]}, APPS), scene.town.world)
            assert (await scene.log())[number].detail["order"] == order.name
        assert await scene.rows() == before

    await in_scene(prepared, tmp_path / "scene", play)


async def test_every_order_is_in_the_table_or_the_clocks_alone(
    prepared: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    """An order that is new needs a row above, or not even an admin may give it."""

    async def play(scene: Scene) -> None:
        for name in all_commands().keys() - {row.order for row in ROWS}:
            with pytest.raises(Denied, match="not something a person can ask for"):
                await scene.town.ask(DEE, name, id=scene.ids["page"])

    await in_scene(prepared, tmp_path / "scene", play)


def test_every_right_is_asked_for_by_some_order() -> None:
    """The table says nothing of what nobody can do."""
    folder = Path(__file__).resolve().parents[2] / "commands"
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py") if path.name != "rights.py")
    asked = set(re.findall(r"Action\.([A-Z_]+)", text))
    assert asked == {action.name for action in Action} == {action.name for action in RIGHTS}


async def test_another_persons_button_does_nothing_in_other_hands(
    prepared: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    """The same value, replayed by somebody else, is refused; from whom it was made for it still works."""

    async def play(scene: Scene) -> None:
        accept = next(row for row in ROWS if row.says == "accept")
        for part in ("member", "admin"):
            with pytest.raises(Denied, match="only they can say so"):
                await scene.act(accept, EVERYBODY[part])
        await scene.act(accept, GIL)

    await in_scene(prepared, tmp_path / "scene", play)


async def test_who_leaves_the_group_is_no_approver_any_more(
    prepared: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    """The group is asked at the moment of the click; without the setting nobody is one."""

    async def play(scene: Scene) -> None:
        read = next(row for row in ROWS if row.says == "read private findings")
        await scene.act(read, FAY)
        scene.town.people.groups = {SRE: ()}
        with pytest.raises(Denied, match="approvers and admins"):
            await scene.act(read, FAY)
        scene.town.people.groups = {SRE: (FAY,)}
        scene.town.world = replace(scene.town.world, house=replace(scene.town.world.house, approvers=""))
        with pytest.raises(Denied):
            await scene.act(read, FAY)

    await in_scene(prepared, tmp_path / "scene", play)
