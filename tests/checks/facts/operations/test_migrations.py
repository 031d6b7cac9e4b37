"""Which steps of which migrations are told, and what counts as emptying a database at each start."""

from __future__ import annotations

import pytest

from checks.fact import Listing
from checks.facts.operations import migrations, wipes
from checks.facts.operations.migration_step import Harm


def steps(*texts: str) -> list[tuple[str, int]]:
    """The steps of SQL migrations with *texts* in this order, with the line of each."""
    paths = [f"migrations/{number:04}_x.sql" for number in range(len(texts))]
    parts = {path: migrations.read(text, "sql") for path, text in zip(paths, texts, strict=True)}
    newest = migrations.join(parts, Listing(())).newest
    return [(step.harm, step.line) for found in newest.values() for step in found]


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("DROP TABLE IF EXISTS a CASCADE", Harm.TABLE),
        ('ALTER TABLE "public"."a" DROP COLUMN "b"', Harm.COLUMN),
        ("alter table a drop b", Harm.COLUMN),
        ("TRUNCATE TABLE a", Harm.EMPTIES),
        ("DELETE FROM a", Harm.EMPTIES),
        ("ALTER TABLE a RENAME COLUMN b TO c", Harm.RENAMES),
        ("ALTER TABLE a ALTER COLUMN b SET NOT NULL", Harm.NOT_NULL),
        ("ALTER TABLE a ADD COLUMN b int NOT NULL", Harm.NOT_NULL),
        ("ALTER TABLE a ALTER COLUMN b TYPE bigint", Harm.TYPE),
        ("CREATE UNIQUE INDEX i ON a (b)", Harm.INDEX),
    ],
)
def test_each_step_is_told_at_its_line(text: str, harm: Harm) -> None:
    """A step that touches data which is already there is told at the line where its statement begins."""
    assert steps("SELECT 1;\n", f"-- why; not\n\n{text};\n") == [(harm.name, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE a (id int); CREATE INDEX i ON a (id); ALTER TABLE a DROP COLUMN id;",
        "CREATE INDEX CONCURRENTLY i ON a (b);",
        "ALTER TABLE a ADD COLUMN b int NOT NULL DEFAULT 0;",
        "ALTER TABLE a DROP CONSTRAINT b;",
        "DELETE FROM a WHERE id = 1;",
        "CREATE FUNCTION f() RETURNS void AS $$ BEGIN DELETE FROM a; END $$ LANGUAGE plpgsql;",
        "/* DROP TABLE a; */",
    ],
)
def test_what_harms_nothing_is_not_told(text: str) -> None:
    """Tables made in the same file, defaults, functions and comments do no harm."""
    assert steps("SELECT 1;\n", text) == []


def test_only_the_newest_migrations_count() -> None:
    """What stands before the last three has long been carried out, and the first one makes the tables."""
    drop = "DROP TABLE a;\n"
    assert steps(drop) == []
    assert len(steps(*[drop] * 9)) == 3


@pytest.mark.parametrize(
    "text", ["/*" * 20_000, "$a$" * 20_001, "".join(f"$t{n}$" for n in range(20_000)), ";" * 90_000]
)
def test_what_nothing_closes_is_read_to_its_end(text: str) -> None:
    """Comments and quotes that are opened again and again cost no more than a few looks."""
    assert steps("SELECT 1;\n", text) == []


@pytest.mark.parametrize(
    ("path", "text", "line", "sure"),
    [
        ("Procfile", "release: npx prisma db push --accept-data-loss\n", 1, True),
        ("docker-entrypoint.sh", "#!/bin/sh\nphp artisan migrate:fresh --force\n", 2, True),
        ("docker-compose.yml", "services:\n  web:\n    command: sh -c 'rm -f app.db && node .'\n", 3, True),
        ("package.json", '{\n "scripts": {\n  "postinstall": "prisma migrate reset --force"\n }\n}\n', 3, True),
        ("app.py", "if __name__ == '__main__':\n    db.drop_all()\n", 2, True),
        ("app.py", "if os.getenv('RESET'):\n    db.drop_all()\n", 2, False),
        ("app.py", "@app.on_event('startup')\nasync def startup():\n    Base.metadata.drop_all(engine)\n", 3, False),
        ("server.ts", "await sequelize.sync({ force: true });\n", 1, True),
    ],
)
def test_a_wipe_at_the_start_is_seen(path: str, text: str, line: int, sure: bool) -> None:
    """Commands and calls that empty the database at the start are seen, and whether anything stands before them."""
    kind = wipes.kind_of(path)
    assert kind is not None
    part = wipes.read(text, kind)
    assert part is not None
    assert [(each.line, each.sure) for each in part.wipes] == [(line, sure)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", '{"scripts": {"db:reset": "prisma migrate reset", "start": "prisma migrate deploy"}}'),
        ("package.json", '{"scripts": ["prisma migrate reset"]}'),
        ("package.json", "[" * 5_000),
        ("Dockerfile", "FROM node\nRUN npx prisma db push --accept-data-loss\n"),
        ("app.py", "def reset_everything():\n    db.drop_all()\n"),
        ("server.ts", "if (process.env.NODE_ENV === 'test') {\n  sequelize.sync({ force: true });\n}\n"),
        ("server.ts", "sequelize.sync({ force: false });\n"),
    ],
)
def test_what_a_person_starts_is_no_wipe(path: str, text: str) -> None:
    """Scripts for a developer, steps of a build and functions that nothing calls at the start are left alone."""
    kind = wipes.kind_of(path)
    assert kind is not None
    assert wipes.read(text, kind) is None
