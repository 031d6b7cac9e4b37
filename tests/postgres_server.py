"""A PostgreSQL server of a test's own, in a temporary folder, reached by a socket in it; fast rather than safe."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

_NUMBERS = count(1)
_RISKY = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


class PostgresServer:
    """A running server. *folder* holds its socket, *user* is its superuser; *control* runs pg_ctl on it."""

    def __init__(self, folder: Path, user: str, control: Callable[..., None]) -> None:
        self.folder = folder
        self.user = user
        self._control = control

    @property
    def socket(self) -> str:
        """The path of the socket that it listens on."""
        return str(self.folder / ".s.PGSQL.5432")

    def restart(self) -> None:
        """End it as a crash would, and start it again."""
        self._control("-m", "immediate", "restart")

    def new_database(self, *, template: str = "template1") -> str:
        """Make a database, a copy of the one called *template*, and return its URL."""
        name = f"test{next(_NUMBERS)}"
        with psycopg.connect(host=str(self.folder), user=self.user, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
        return f"postgresql+psycopg://{self.user}@/{name}?host={self.folder}"


@contextmanager
def running_postgres(initdb: str, *, safe: bool = False) -> Iterator[PostgresServer]:
    """
    Run a server made by the program *initdb*; PostgreSQL refuses to run as root, so then it runs as nobody.

    It is fast and loses what it was told last when it dies, unless it is *safe*.
    """
    user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="groundcrew-postgres-"))
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    as_user = user if os.getuid() == 0 else None
    data = folder / "data"

    def run(*line: str) -> None:
        subprocess.run(line, check=True, cwd="/", user=as_user, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)

    program = str(Path(initdb).resolve().with_name("pg_ctl"))
    options = f"{'' if safe else _RISKY} -c listen_addresses='' -k {folder}"

    def control(*words: str) -> None:
        run(program, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, *words)

    try:
        run(initdb, "-D", str(data), "-U", user, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        control("start")
        try:
            yield PostgresServer(folder, user, control)
        finally:
            control("-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
