"""
People's data or password hashes are committed.

A database file, a dump or an export that was committed "to have something to test with" is in every clone for good:
names and addresses of people who never agreed to that, and hashes of passwords that can be guessed at leisure. In most
places the law calls it a breach that has to be reported.

More than a few people's data holds an app back from every place, password hashes hold it back to the sandbox. What is
plainly made up (example.com, user1@...) is not counted; tests, examples and seed files are advice. Counts are told,
never a value.

## How to fix

1. Find out whose data it is. If they are real people, tell whoever answers for data protection today.
2. Take the file out of the repository (`git rm --cached`), add it to `.gitignore`, and have the repository's history
   rewritten (git filter-repo), since it holds the file as well.
3. Change every password whose hash was in it, and make test data from a script with made-up people (Faker,
   example.com).

## Fix prompt

This repository holds files with people's data or password hashes (paths and counts are listed below). Remove each of
them from the repository with `git rm --cached` and add patterns for them to `.gitignore` (`*.db`, `*.sqlite3`,
`*.dump`, `backups/`, `exports/`). Where the app needs data to start, write a seed script that makes people up with
addresses at example.com and takes every password from an environment variable. Do not print or copy any row. Then list
for me what has to be removed from the history, and whose passwords have to be changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.secrets.people_data import PeopleData, PeopleInFile
from checks.facts.tier import Tier, tier_of
from checks.model import Confidence, Finding, Placement, Severity

_FEW = 5  # people up to whom it may be the team itself
_MADE_UP = re.compile(
    r"(^|/)[\w.-]*(seed|demo|mock|sample|dummy|faker|fixture|synthetic|fake|template|example|testdata|benchmark|schema"
    r"|migrat|init)[\w.-]*(/|\.\w+)",
    re.IGNORECASE,
)
#: Folders in which developers keep a handful of records to try things with; a dump of everybody is told there, too.
_TRIAL = re.compile(r"(^|/)(dev|devel|development|playground)/", re.IGNORECASE)
_HANDFUL = 30  # people
_HASH = "$2b$" + "12$" + "Q9xT7vLp2RkZ7nWc5JdHsu9YbFg4Ua6EoNi1XtBqVy0Kd3Mw8Rz5C"
_PEOPLE = tuple(f"{first}.{last}@gmail.com" for first in ("mia", "ben", "ida", "tom") for last in ("lang", "roth"))


def _rows(addresses: tuple[str, ...]) -> str:
    row = "INSERT INTO users (email, phone) VALUES ('{}', '0151 2345');\n"
    return "".join(map(row.format, addresses))


check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.NOWHERE,
    examples=(
        Bad({"backup.sql": _rows(_PEOPLE)}, says="8 people"),
        Bad(
            {"exports/customers.csv": "name,email,phone\n" + "".join(f"X Y,{each},0151 2345\n" for each in _PEOPLE)},
            says="8 people",
        ),
        Bad(
            {"instance/app.db": f"SQLite format 3 CREATE TABLE user (id) adminowner@corp.io{_HASH}"},
            says="password hash",
        ),
        Bad(
            {
                "data/stays.csv": "paid;guest_name;phone;arrival\n"
                + "".join(f"yes;M. K{n};+49 151 20{n}7{n} 88{n};2025-06-0{n}\n" for n in range(1, 8))
            },
            says="names and telephone numbers of 7 people",
            line=2,
        ),
        Bad({"db/seed.sql": _rows(_PEOPLE)}, says="8 people"),
        Bad({"scripts/dev/data.sql": _rows(_PEOPLE)}, says="8 people"),  # advice
        Good({"backup.sql": _rows(tuple(f"user{number}@example.com" for number in range(20)))}),
        Good({"schema.sql": "CREATE TABLE users (email text, password_hash text);\n"}),
        Good({"package.json": '{"author": {"name": "A", "email": "a@corp.io"}, "phone": "1"}\n'}),
        Good({"data/cities.csv": "city,country\nBonn,Germany\n"}),
    ),
)


@check.detect
def detect(data: PeopleData) -> Iterator[Finding]:
    """Yield each file of data that holds people or password hashes."""
    for path, found in sorted(data.files.items()):
        if tier_of(path) is not Tier.VENDORED and _tells(found):
            yield _finding(path, found)


def _tells(found: PeopleInFile) -> bool:
    return bool(found.hashes) or max(found.people, found.phones) > _FEW or found.sort == "database"


def _finding(path: str, found: PeopleInFile) -> Finding:
    people = max(found.people, found.phones)
    trial = people < _HANDFUL and _TRIAL.search(path) is not None
    real = tier_of(path) is Tier.CODE and _MADE_UP.search(path) is None and not trial
    many = people > _FEW
    blocking = real and (many or found.hashes > 0)
    holds = [_counted(found.hashes, "password hash", "password hashes")] if found.hashes else []
    if found.people:
        holds.insert(0, f"e-mail addresses of {_counted(found.people, 'person', 'people')}")
    if found.phones > _FEW:
        holds.insert(0, f"names and telephone numbers of {_counted(found.phones, 'person', 'people')}")
    return Finding(
        f"{path} is committed and holds {' and '.join(holds)}",
        path=path,
        line=found.line,
        kind="people" if many else "hashes" if found.hashes else "addresses",
        severity=Severity.LOW if not blocking else Severity.CRITICAL if many else Severity.HIGH,
        confidence=Confidence.MEDIUM if blocking else Confidence.LOW,
        blocking=blocking,
        allows=Placement.NOWHERE if many else Placement.SANDBOX,
        identity="data",
    )


def _counted(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
