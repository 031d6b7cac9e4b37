"""What PostgreSQL's own programs are given, and what is said where they are not there or too old."""

import os
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage import postgresql_programs
from storage.backup import back_up, restore
from storage.database import Database
from storage.errors import StorageError
from storage.migrate import migrate
from tests.postgres_roles import Roles
from tests.postgres_server import PostgresServer


def test_the_password_is_on_no_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program finds it elsewhere, and none of our tokens; every user of the machine could read its arguments."""
    program = tmp_path / "pg_restore"
    kept = (
        f'"$@" > {tmp_path}/arguments',
        f'"$PGPASSWORD" > {tmp_path}/password',
        f'"$(env)" > {tmp_path}/environment',
    )
    lines = [*(f"echo {one}" for one in kept), f'cat "$PGSERVICEFILE" > {tmp_path}/service']
    program.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-slack")
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "7")
    url = make_url("postgresql+psycopg://bot:s3cret%2Fword@db.example/registry?sslmode=require&sslpassword=k3y")
    postgresql_programs.load(tmp_path / "archive", url, "bot")
    assert (tmp_path / "password").read_text() == "s3cret/word\n"
    arguments = (tmp_path / "arguments").read_text()
    assert "s3cret" not in arguments
    assert "k3y" not in arguments
    assert "sslpassword=k3y\n" in (tmp_path / "service").read_text()
    environment = (tmp_path / "environment").read_text()
    assert "xoxb-of-slack" not in environment
    assert "PGCONNECT_TIMEOUT=7" in environment
    assert "--dbname=host=db.example dbname=registry user=bot sslmode=require" in arguments


async def test_a_missing_or_older_pg_dump_is_said(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what to install; nothing is written."""
    there = postgres.new_database()
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(StorageError, match=r"pg_dump is not on the PATH.*postgresql-client"):
        await back_up(there, tmp_path / "kept")
    (programs / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.2'\n")
    (programs / "pg_dump").chmod(0o700)
    with pytest.raises(StorageError, match="pg_dump here is of 9, which cannot read it"):
        await back_up(there, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


async def test_what_a_program_fails_over_is_said(roles: Roles, tmp_path: Path) -> None:
    """The line with the cause, and not the last one, which tells the statement."""
    database = roles.database_of(roles.admin)
    opened = await Database.open(roles.admin_at(database))
    await migrate(opened)
    await opened.close()
    with pytest.raises(StorageError, match=r"^pg_dump failed: query failed: ERROR:  permission denied for table \w+$"):
        await back_up(roles.crew_at(database), tmp_path / "kept")
    await back_up(roles.admin_at(database), tmp_path / "kept")
    empty = roles.database_of(roles.admin)
    roles.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", empty)
    with pytest.raises(StorageError, match=r"^pg_restore failed: .*permission denied for schema public$"):
        restore(roles.crew_at(empty), tmp_path / "kept")


def test_a_newer_archive_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that does not know its form is too old: it says so, and what to install."""
    program = tmp_path / "pg_restore"
    program.write_text("#!/bin/sh\necho 'pg_restore: error: unsupported version (1.99) in file header' >&2\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(StorageError, match=r"^pg_restore failed: unsupported version .*postgresql-client.* or newer"):
        postgresql_programs.look_at(tmp_path / "archive")
