"""
The app keeps its own data, and nothing backs it up.

A database in the app's own container, or an SQLite file on its disk, is gone with the disk, a wrong migration or one
wrong command. What a database service keeps (Supabase, Neon, RDS and their like) is backed up there, as far as the
plan says: look it up, and try once to get something back.

Any mention of a backup counts: a script, a job, a tool, a paragraph in the README. It is advice, since a company's
platform may back up all volumes without a word in any repository.

## How to fix
Dump the database every night to another place (`pg_dump`, `sqlite3 app.db ".backup ..."`, Litestream), keep the dumps
for a month, encrypt them, and restore one into an empty database to see that it works. Write down how.

## Fix prompt
Add backups to this app. Write a script `scripts/backup.sh` that dumps the app's database (pg_dump --format=custom for
PostgreSQL, mysqldump --single-transaction for MySQL, `.backup` for SQLite), encrypts the dump, copies it to the storage
that the environment variable BACKUP_TARGET names, and deletes dumps older than 30 days; have it run every night (a
service in the compose file, a cron job or a scheduled workflow). Write `scripts/restore.sh` for the way back. Describe
both in the README, with the time a restore takes. No credentials in any file.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.operations.local_state import LocalState
from checks.facts.operations.service import Service
from checks.facts.operations.signs import Sign, Signs
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_APP = "from flask import Flask\nimport sqlite3\napp = Flask(__name__)\n@app.get('/x')\ndef x():\n"
_SQLITE = _APP + "    return sqlite3.connect('app.db').execute('select 1').fetchall()\n"
_PAGE = "from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef page(): ...\n"

check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,
    examples=(
        Bad({"app.py": _SQLITE}, says="an SQLite file", line=6),
        Bad(
            {
                "app.py": _PAGE,
                "docker-compose.yml": "services:\n  db:\n    image: postgres:16\n    volumes:\n"
                "      - pg:/var/lib/postgresql/data\n",
            },
            says="postgres",
            line=3,
        ),
        Good({"app.py": _SQLITE, "README.md": "# App\n\nThe database backup runs every night.\n"}),
        Good({"app.py": _SQLITE, "scripts/backup.sh": "cp app.db /mnt\n"}),
        Good(
            {"app.py": _PAGE, ".env.example": "DATABASE_URL=postgres://x.supabase.co/db\n"},
            outcome=Outcome.NOT_APPLICABLE,
            says="Supabase",
        ),
        Good({"app.py": _PAGE}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(service: Service, signs: Signs, data: LocalState) -> Iterator[Finding]:
    """Yield one advice where the app keeps data of its own and no file speaks of a backup."""
    if service.why_not:
        raise NotApplicable(service.why_not)
    own, managed = signs.first(Sign.OWN), signs.first(Sign.MANAGED)
    if signs.first(Sign.BACKUP) is not None:
        return
    if own is None and (managed is not None or not data.databases):
        raise NotApplicable(
            f"a service keeps its data ({_name(managed[1].word)}, {managed[0]}): see what its plan backs up"
            if managed
            else "no database of its own was found"
        )
    if own is not None:
        path, line, what = own[0], own[1].line, f"a {own[1].word} server of its own"
    else:
        path, first = data.databases[0]
        line, what = first.line, "an SQLite file"
    yield Finding(
        f"The app keeps its data in {what}, and no file speaks of a backup",
        path=path,
        line=line,
        confidence=Confidence.MEDIUM,
        blocking=False,
        identity="no backups",
    )


def _name(word: str) -> str:
    """Return what to call a service by the *word* that showed it."""
    plain = word.lower()
    known = {
        "supabase": "Supabase",
        "neon": "Neon",
        "firebase": "Firebase",
        "firestore": "Firestore",
        "mongodb": "MongoDB Atlas",
    }
    return next((name for part, name in known.items() if part in plain), "a database service")
