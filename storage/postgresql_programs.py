"""
PostgreSQL's own pg_dump and pg_restore, which know every kind of object that a database can hold.

Passwords stand in their environment, or in a file of ours, and never on a command line, which every user of the machine
can read. Of our own environment, which holds tokens, they get what they look for alone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL

from storage import postgresql
from storage.errors import StorageError

#: What an archive of pg_dump's custom format begins with.
MAGIC = b"PGDMP"
_INSTALL = "Install PostgreSQL's client programs (on Debian and Ubuntu: apt install postgresql-client)"
_SECRETS = ("password", "sslpassword")
_SERVICE = "groundcrew"
#: TMPDIR for pg_restore's own files.
_FOUND = frozenset({"PATH", "HOME", "TMPDIR"})
_VERSION = re.compile(r"(\d+)(?:\.\d+)*")


def dump(url: URL, target: Path) -> None:
    """Write the database at *url* as it is at one moment to *target*; raises StorageError."""
    there = _server_version(url)
    program = _program("pg_dump")
    here = _version(program)
    if here < there:
        raise StorageError(
            f"The server is PostgreSQL {there} and pg_dump here is of {here}, which cannot read it. "
            f"{_INSTALL} of version {there} or newer, and put them first on the PATH."
        )
    where, secrets = _where(url)
    _run(
        program,
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--file={target}",
        f"--dbname={where}",
        secrets=secrets,
    )


def look_at(archive: Path) -> str:
    """Read the whole *archive*, and return the version of its tables; raises StorageError where that cannot be."""
    program = _program("pg_restore")
    try:
        _run(program, "--file=/dev/null", str(archive))
    except StorageError as error:
        if "unsupported version" in str(error):
            raise StorageError(f"{error}. {_INSTALL} of the version that wrote it or newer.") from None
        raise StorageError(f"{archive} is damaged, or no registry ({error}). Use another backup.") from None
    rows = _run(program, "--data-only", "--table=alembic_version", "--file=-", str(archive))
    found = re.search(r"^COPY \S*alembic_version .*\n(\S+)$", rows, re.MULTILINE)
    if found is None:
        raise StorageError(f"{archive} is a database of PostgreSQL, but no registry of Groundcrew.")
    return found[1]


def role(url: URL) -> str:
    """Return the role that we act for in the database at *url*; raises StorageError where it cannot be reached."""
    return str(_ask(url, "SELECT current_user"))


def load(archive: Path, url: URL, owner: str) -> None:
    """Bring what *archive* holds into the database at *url* as *owner*'s, all or nothing; raises StorageError."""
    where, secrets = _where(url)
    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", f"--role={owner}")
    _run(_program("pg_restore"), *options, f"--dbname={where}", str(archive), secrets=secrets)


def change(url: URL, statement: str) -> None:
    """Run *statement* in the database at *url*; raises StorageError where it cannot be reached."""
    with _connected(url) as connection:
        connection.execute(statement.encode())


def is_empty(url: URL) -> bool:
    """Whether nobody has made a table in the database at *url* yet; raises StorageError where it cannot be reached."""
    return not _ask(url, "SELECT count(*) FROM pg_stat_user_tables")


def _server_version(url: URL) -> int:
    return int(_ask(url, "SELECT current_setting('server_version_num')::int / 10000"))


def _ask(url: URL, question: str) -> Any:
    with _connected(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


@contextmanager
def _connected(url: URL) -> Iterator[psycopg.Connection]:
    where, secrets = _where(url)
    try:
        with psycopg.connect(
            where, password=secrets.get("password"), sslpassword=secrets.get("sslpassword")
        ) as connection:
            connection.execute(postgresql.ACT_FOR_OWNER.encode())
            yield connection
    except psycopg.Error as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise StorageError(f"The registry at {postgresql.named(url)} cannot be reached: {reason}") from None


def _where(url: URL) -> tuple[str, dict[str, str]]:
    """Return *url* as libpq reads it, without its passwords, and these by libpq's names for them."""
    parts = url.translate_connect_args(username="user", database="dbname")
    parts |= {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()}
    secrets = {name: str(parts.pop(name)) for name in _SECRETS if parts.get(name) is not None}
    return make_conninfo(**parts), secrets


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise StorageError(f"The program {name} is not on the PATH. {_INSTALL}.")
    return found


def _version(program: str) -> int:
    found = _VERSION.search(_run(program, "--version"))
    if found is None:
        raise StorageError(f"{program} does not say its version. {_INSTALL}.")
    return int(found[1])


@contextmanager
def _environment(secrets: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Give what a program finds: where programs and its own files are, libpq's settings, and *secrets*."""
    environment = {name: value for name, value in os.environ.items() if name in _FOUND or name.startswith("PG")}
    environment["LC_ALL"] = "C.UTF-8"
    if "password" in secrets:
        environment["PGPASSWORD"] = secrets["password"]
    if "sslpassword" not in secrets:
        yield environment
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as services:  # libpq takes it from no environment
        services.write(f"[{_SERVICE}]\nsslpassword={secrets['sslpassword']}\n")
        services.flush()
        yield environment | {"PGSERVICEFILE": services.name, "PGSERVICE": _SERVICE}


def _run(program: str, *arguments: str, secrets: Mapping[str, str] = MappingProxyType({})) -> str:
    """Run *program* and return what it printed; raises StorageError with what it says where it fails."""
    with _environment(secrets) as found:
        done = subprocess.run(
            [program, *arguments], env=found, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise StorageError(f"{Path(program).name} failed: {_cause(done.stderr) or f'it ended with {done.returncode}'}")
    return done.stdout


def _cause(said: str) -> str:
    """Return the line of what a program *said* that has the cause; those after it tell the statement that failed."""
    lines = said.strip().splitlines()
    found = next((line for line in lines if "error:" in line), lines[-1] if lines else "")
    return re.sub(r"^\S+: error: ", "", found)
