"""Whose tables are on PostgreSQL: what an admin makes belongs to the bot, and what does not is said with its mend."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from bot.durable import Durable
from storage.backup import back_up, restore
from storage.database import Database
from storage.errors import StorageError
from storage.migrate import migrate, newest_version, try_out, version_in
from storage.moving import move
from tests.postgres_roles import Roles


async def make(url: str) -> None:
    """Start on an empty database, as the bot does."""
    database = await Database.open(url)
    try:
        await migrate(database)
    finally:
        await database.close()


async def tried(url: str) -> str:
    """Try the registry at *url* out as the doctor does."""
    database = await Database.open(url)
    try:
        return await try_out(database)
    finally:
        await database.close()


async def moved_in(roles: Roles, target: str, folder: Path) -> None:
    """A registry that was a file."""
    del roles
    source = folder / "registry.db"
    await make(f"sqlite+aiosqlite:///{source}")
    await move(f"sqlite+aiosqlite:///{source}", target)


async def put_back(roles: Roles, target: str, folder: Path) -> None:
    """A backup of another database, which belonged to somebody else."""
    elsewhere = roles.admin_at(roles.database_of(roles.admin))
    await make(elsewhere)
    await back_up(elsewhere, folder / "kept")
    restore(target, folder / "kept")


async def started(roles: Roles, target: str, folder: Path, *, works: bool = True) -> None:
    """A first start, with the tables of the library for jobs."""
    del roles, folder
    await make(target)
    database = await Database.open(target)
    durable = Durable(database, "p1", works=works, checks_at_once=1)
    await asyncio.to_thread(durable.open, nothing)
    await asyncio.to_thread(durable.close)
    await database.close()


async def started_to_hear(roles: Roles, target: str, folder: Path) -> None:
    """A first start of the role `bot`, for which the library opens connections of its own."""
    await started(roles, target, folder, works=False)


def nothing(order: str, key: str) -> None:
    """What is to be done for *order* and *key*."""
    del order, key


@pytest.mark.parametrize("come", [moved_in, put_back, started, started_to_hear])
@pytest.mark.parametrize("how", ["superuser", "member"])
async def test_what_an_admin_makes_belongs_to_the_owner_of_the_database(
    roles: Roles, tmp_path: Path, come: Callable[[Roles, str, Path], Awaitable[None]], how: str
) -> None:
    """So the bot may use and change it, whichever way it came; a superuser's and a member's of the role alike."""
    database = roles.database_of(roles.crew)
    target = roles.admin_at(database) if how == "superuser" else _member(roles, database)
    await come(roles, target, tmp_path)
    assert roles.owners(database) == {roles.crew}
    await make(roles.crew_at(database))
    assert await tried(roles.crew_at(database)) == roles.crew


def _member(roles: Roles, database: str) -> str:
    name = f"member_{database}"
    roles.run(f"CREATE ROLE {name} LOGIN IN ROLE {roles.crew}")
    return roles.crew_at(database).replace(f"//{roles.crew}@", f"//{name}@")


async def test_a_registry_keeps_the_role_that_has_its_tables(roles: Roles) -> None:
    """An admin's registry in a database of somebody else goes on as it was: nothing is taken from who has it."""
    database = roles.database_of(roles.admin)
    await make(roles.admin_at(database))
    roles.run(f"ALTER DATABASE {database} OWNER TO {roles.crew}")
    assert await tried(roles.admin_at(database)) == roles.admin


async def test_tables_of_another_role_are_said_with_what_gives_them_over(roles: Roles) -> None:
    """At the start, by the doctor and by whoever reads; the statement that is said mends it."""
    database = roles.database_of(roles.admin)
    await started(roles, roles.admin_at(database), Path())
    mend = f"REASSIGN OWNED BY {roles.admin} TO {roles.crew}"
    crew = roles.crew_at(database)
    with pytest.raises(StorageError, match=f"permission denied for table alembic_version.*{mend}"):
        await make(crew)
    with pytest.raises(StorageError, match=mend):
        await tried(crew)
    opened = await Database.open(crew)
    with pytest.raises(StorageError, match=mend):
        await version_in(opened)
    await opened.close()
    roles.run(mend, database)
    await make(crew)
    assert await tried(crew) == roles.crew
    assert roles.owners(database) == {roles.crew}


async def test_tables_of_the_servers_own_role_are_put_back_elsewhere(roles: Roles, tmp_path: Path) -> None:
    """PostgreSQL does not give those over in one statement; a backup and a database of the bot's own do."""
    server = roles.server
    there = server.new_database()
    await make(there)
    database = there.rpartition("@/")[2].partition("?")[0]
    with pytest.raises(psycopg.errors.DependentObjectsStillExist):
        roles.run(f"REASSIGN OWNED BY {server.user} TO {roles.crew}", database)
    with pytest.raises(StorageError, match=rf"As {server.user} write a backup .*createdb -O {roles.crew}"):
        await make(roles.crew_at(database))
    await back_up(there, tmp_path / "kept")
    own = roles.database_of(roles.crew)
    restore(there.replace(f"/{database}?", f"/{own}?"), tmp_path / "kept")
    assert await tried(roles.crew_at(own)) == roles.crew


async def test_a_role_that_may_make_nothing_is_told_what_it_lacks(roles: Roles) -> None:
    """First the tables, then the schema for jobs; each with the statement that mends it."""
    database = roles.database_of(roles.admin)
    roles.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database)
    crew = roles.crew_at(database)
    mend = f"ALTER DATABASE {database} OWNER TO {roles.crew}"
    for look in (make, tried):
        with pytest.raises(StorageError, match=mend):
            await look(crew)
    roles.run(f"GRANT CREATE ON SCHEMA public TO {roles.crew}", database)
    with pytest.raises(StorageError, match=f"GRANT CREATE ON DATABASE {database} TO {roles.crew}"):
        await tried(crew)
    roles.run(mend)
    assert await tried(crew) == roles.crew


async def test_trying_changes_nothing(roles: Roles) -> None:
    """Reading alone is not enough, and what was written is taken back; rights on each table are enough."""
    database = roles.database_of(roles.admin)
    await started(roles, roles.admin_at(database), Path())
    roles.run(f"GRANT USAGE ON SCHEMA dbos TO {roles.crew}", database)
    for schema in ("public", "dbos"):
        roles.run(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {schema} TO {roles.crew}", database)
    with pytest.raises(StorageError, match=f"permission denied.*REASSIGN OWNED BY {roles.admin}"):
        await tried(roles.crew_at(database))
    roles.run(f"GRANT UPDATE ON alembic_version TO {roles.crew}", database)
    assert await tried(roles.crew_at(database)) == roles.crew
    opened = await Database.open(roles.crew_at(database))
    assert await version_in(opened) == newest_version()
    async with opened.read() as transaction:
        assert (await transaction.connection.execute(text("SELECT count(*) FROM alembic_version"))).scalar_one() == 1
    await opened.close()
