"""Files of data are read as bytes: real databases and packed files are counted, damaged and huge ones hurt nothing."""

import gzip
import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from checks.facts.secrets.people_data import kind_of, read
from checks.model import Outcome, Placement
from tests.checking import checked, result_of
from tests.repositories import repository

HASH = "$2b$" + "12$" + "Q9xT7vLp2RkZ7nWc5JdHsu9YbFg4Ua6EoNi1XtBqVy0Kd3Mw8Rz5C"
PEOPLE = [f"{first}.{last}@gmail.com" for first in ("mia", "ben", "ida", "tom") for last in ("lang", "roth")]


def database(folder: Path) -> bytes:
    """A real SQLite database of eight people and one password hash."""
    with closing(sqlite3.connect(folder / "made.db")) as connection:
        connection.execute("create table user (id integer primary key, email text, password text)")
        connection.executemany("insert into user (email, password) values (?, ?)", [(each, HASH) for each in PEOPLE])
        connection.commit()
    return (folder / "made.db").read_bytes()


async def test_a_real_database_is_counted_and_no_address_is_told(tmp_path: Path) -> None:
    """A committed database with people in it holds the app back from every place, by counts alone."""
    app = repository(tmp_path / "app", {"instance/app.db": database(tmp_path), "app.py": b"print(1)\n"})
    for _ in range(2):  # the second time from the cache
        report = await checked(app, tmp_path / "home")
        result = result_of(report, "committed-data")
        (finding,) = result.findings
        assert (result.outcome, finding.allows, finding.line) == (Outcome.FAILED, Placement.NOWHERE, None)
        assert "8 people and 1 password hash" in finding.message
        assert "gmail" not in repr(report)


def test_packed_files_are_unfolded_within_bounds() -> None:
    """A dump in gzip and a workbook are read; a bomb and a damaged file end at once and hold nothing."""
    row = "INSERT INTO users VALUES ('{}', '{}');\n"
    rows = "".join(row.format(each, HASH) for each in PEOPLE)
    packed = read(gzip.compress(rows.encode()), "packed")
    assert packed is not None
    assert (packed.people, packed.hashes) == (8, 1)
    with zipfile.ZipFile(book := io.BytesIO(), "w") as sheet:
        sheet.writestr("xl/sharedStrings.xml", "".join(f"<t>phone</t><t>{each}</t>" for each in PEOPLE))
    workbook = read(book.getvalue(), "sheet")
    assert workbook is not None
    assert workbook.people == 8
    assert read(gzip.compress(b"\0" * 100_000_000), "packed") is None
    assert read(b"PK\x03\x04 damaged", "sheet") is None
    assert read(b"\x1f\x8b damaged", "packed") is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("app.db", "database"),
        ("x/dump.sql.gz", "packed"),
        ("package.json", None),
        ("locales/de.json", None),
        ("a.py", None),
    ],
)
def test_what_is_data_is_known_by_its_name(path: str, kind: str | None) -> None:
    """Databases, dumps and exports are data; what describes a program or translates it is none."""
    assert kind_of(path) == kind
