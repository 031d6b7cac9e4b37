"""
A change of the database loses data or stops the app.

Some commands throw data away by design: `prisma db push --accept-data-loss`, `migrate reset`, `drop_all()`,
`sync({ force: true })`. Where one of them runs at each start or deployment, the next release empties the database:
that holds the app back.

What the newest migrations do to tables that already hold rows is advice, to be looked at before they run: dropped and
renamed columns (the version that still runs uses them), values demanded of rows that have none, an index that locks a
large table.

## How to fix

1. Take commands that reset or push without asking out of start scripts; use migrations (`prisma migrate deploy`,
   `alembic upgrade head`, `manage.py migrate`).
2. Drop and rename in two releases: first stop using the column, then drop it. Back up before.
3. Add columns with a default or as nullable, fill them, then demand them; make indexes CONCURRENTLY.

## Fix prompt
Make the database changes of this app safe. Remove every command from start, build and deploy scripts and from code that
runs at the start which resets the database or accepts data loss (the places are listed below), and use versioned
migrations instead: `prisma migrate deploy`, `alembic upgrade head` or `python manage.py migrate`, once for each
release. Split the listed migrations that drop or rename a column so that the code stops using it one release earlier;
give new NOT NULL columns a default; create indexes on existing PostgreSQL tables with CONCURRENTLY outside a
transaction. Do not run anything against a database.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.operations.migration_step import LOSES, Harm
from checks.facts.operations.migrations import Migrations
from checks.facts.operations.wipes import Wipes
from checks.facts.tier import is_run_by_hand
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_FIRST = "CREATE TABLE orders (id int);\n"

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.ISOLATED,
    examples=(
        Bad(
            {
                "package.json": '{\n  "scripts": {\n    "build": "prisma generate && prisma db push --accept-data-loss'
                ' && next build"\n  }\n}\n'
            },
            says="--accept-data-loss",
            line=3,
        ),
        Bad(
            {"Dockerfile": 'FROM node:22\nCMD ["sh", "-c", "npx prisma migrate reset --force && npm start"]\n'}, line=2
        ),
        Bad(
            {"app.py": "db = SQLAlchemy(app)\nwith app.app_context():\n    db.drop_all()\n    db.create_all()\n"},
            says="drop_all()",
            line=3,
        ),
        Bad({"server.js": "sequelize.sync({ force: true }).then(() => app.listen(3000));\n"}, says="force", line=1),
        Bad(
            {
                "supabase/migrations/20250101_a.sql": _FIRST,
                "supabase/migrations/20250201_b.sql": "-- tidy\nALTER TABLE public.orders DROP COLUMN note;\n",
            },
            says="drops a column of orders",
            line=2,
        ),
        Bad(
            {
                "migrations/0001_a.sql": _FIRST,
                "migrations/0002_b.sql": "ALTER TABLE orders ADD COLUMN owner uuid NOT NULL;\n",
            },
            says="may not have",
        ),
        Bad(
            {
                "alembic/versions/a.py": "revision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\n",
                "alembic/versions/b.py": "revision = 'b'\ndown_revision = 'a'\ndef upgrade():\n"
                "    op.drop_table('orders')\ndef downgrade():\n    op.drop_table('x')\n",
            },
            says="drops table orders",
            line=4,
        ),
        Bad(
            {
                "shop/migrations/0001_initial.py": "x = 1\n",
                "shop/migrations/0002_b.py": "operations = [migrations.RemoveField(model_name='order', name='note')]\n",
            },
            says="order",
        ),
        Good({"migrations/0001_a.sql": _FIRST, "migrations/0002_b.sql": "ALTER TABLE orders ADD COLUMN note text;\n"}),
        Good(
            {
                "prisma/migrations/1/migration.sql": _FIRST,
                "prisma/migrations/2/migration.sql": 'CREATE TABLE "new_orders" ("id" INTEGER);\n'
                'INSERT INTO "new_orders" SELECT id FROM "orders";\nDROP TABLE "orders";\n'
                'ALTER TABLE "new_orders" RENAME TO "orders";\n',
            }
        ),
        Good(
            {"package.json": '{"scripts": {"db:reset": "prisma migrate reset", "build": "prisma migrate deploy"}}\n'},
            outcome=Outcome.NOT_APPLICABLE,
        ),
        Good(
            {"server.js": "if (process.env.NODE_ENV === 'test') { sequelize.sync({ force: true }); }\n"},
            outcome=Outcome.NOT_APPLICABLE,
        ),
    ),
)


@check.detect
def detect(migrations: Migrations, wipes: Wipes) -> Iterator[Finding]:
    """Yield what throws data away at each start, which holds back, then what the newest migrations do, as advice."""
    if not migrations.count and not wipes.files:
        raise NotApplicable("no migrations, and no command that changes a database")
    for path, part in sorted(wipes.files.items()):
        for wipe in part.wipes:
            sure = wipe.sure and not is_run_by_hand(path)
            yield Finding(
                f"{wipe.what} {_loss(wipe.what)}",
                path=path,
                line=wipe.line,
                kind="wipe",
                severity=Severity.HIGH if sure else Severity.MEDIUM,
                confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
                blocking=sure,
                source=wipe.what,
            )
    for path, steps in migrations.newest.items():
        for name in dict.fromkeys(step.harm for step in steps):
            alike = [step for step in steps if step.harm == name]
            step, harm, more = alike[0], Harm[name], len(alike) - 1
            yield Finding(
                f"This migration {harm.format(name=step.name)}{f' ({more} more such steps)' if more else ''}",
                path=path,
                line=step.line,
                kind=step.harm.lower(),
                severity=Severity.MEDIUM if harm in LOSES else Severity.LOW,
                confidence=Confidence.MEDIUM,
                blocking=False,
                source=step.name,
            )


def _loss(what: str) -> str:
    """Return what *what* does, as the end of a sentence."""
    if "accept-data-loss" in what:
        return (
            "runs as the app is started or deployed: it drops what the schema no longer names, with its data, unasked"
        )
    return "throws data away each time the app is started or deployed"
