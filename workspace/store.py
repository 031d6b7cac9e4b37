"""Keeps messages, App Homes and small facts in one SQLite file, so that threads survive a restart.

Only the standard library's sqlite3: the workspace stands beside the program and shares none of its storage.
"""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workspace.wire import Json

_TABLES = """
create table if not exists message (
  channel text not null, ts text not null, thread text not null default '', visible_to text not null default '',
  body text not null, primary key (channel, ts));
create index if not exists message_by_thread on message (channel, thread, ts);
create table if not exists home (person text primary key, view text not null);
create table if not exists fact (name text primary key, value text not null);
"""
_COLUMNS = "channel, ts, thread, visible_to, body"


@dataclass(frozen=True, slots=True)
class Kept:
    """One message as it is kept.

    *thread* is the ts of the root, empty for a root; *visible_to* is the one person who sees it, empty for all.
    """

    channel: str
    ts: str
    body: Json
    thread: str = ""
    visible_to: str = ""


class Store:
    """The file of one workspace, in *folder*, which is made with mode 0700 and its file with 0600.

    Raises ValueError with a sentence where the file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "workspace.sqlite3"
        path.touch(mode=0o600)
        self._lock = _hold(folder)
        self._sql = sqlite3.connect(path, isolation_level=None)
        try:
            self._sql.execute("pragma journal_mode = wal")
            self._sql.execute("pragma synchronous = normal")
            self._sql.executescript(_TABLES)
        except sqlite3.Error as error:
            self.close()
            mend = "Make room on its disk" if "full" in str(error) or "disk" in str(error) else "Move the file away"
            message = f"its messages in {path} cannot be used ({error}). {mend}, and start again."
            raise ValueError(message) from None

    def close(self) -> None:
        """Close the file."""
        self._sql.close()
        os.close(self._lock)

    def put(self, message: Kept) -> None:
        """Write *message*, in place of one with the same channel and ts."""
        self._sql.execute(
            f"insert or replace into message ({_COLUMNS}) values (?, ?, ?, ?, ?)",  # noqa: S608 -- a constant
            (message.channel, message.ts, message.thread, message.visible_to, json.dumps(message.body)),
        )

    def remove(self, channel: str, ts: str) -> None:
        """Forget one message."""
        self._sql.execute("delete from message where channel = ? and ts = ?", (channel, ts))

    def get(self, channel: str, ts: str) -> Kept | None:
        """Read one message."""
        return next(iter(self._read("channel = ? and ts = ?", (channel, ts))), None)

    def roots(self, channel: str, *, person: str = "", most: int | None = None) -> list[Kept]:
        """List the newest *most* messages outside threads, oldest first, with those only *person* sees."""
        rows = self._read(
            "channel = ? and thread = '' and visible_to in ('', ?) order by ts desc limit ?",
            (channel, person, -1 if most is None else most),
        )
        return rows[::-1]

    def replies(self, channel: str, thread: str, *, person: str = "") -> list[Kept]:
        """List the replies in a thread, oldest first, with those only *person* sees."""
        where = "channel = ? and thread = ? and visible_to in ('', ?) order by ts"
        return self._read(where, (channel, thread, person))

    def count_after(self, channel: str, ts: str, *, person: str, words: tuple[str, ...]) -> tuple[int, int]:
        """Count what others wrote after *ts* that *person* can see: all of it, and what holds one of *words*."""
        found = " or ".join(["instr(body, ?) > 0"] * len(words)) or "0"
        row = self._sql.execute(
            f"select count(*), coalesce(sum({found}), 0) from message where channel = ? and ts > ?"  # noqa: S608 -- constants of this file
            " and visible_to in ('', ?) and json_extract(body, '$.user') <> ?",
            (*words, channel, ts, person, person),
        ).fetchone()
        return int(row[0]), int(row[1])

    def last_ts(self) -> str:
        """Give the newest ts of all, so that a restart never hands out an older one."""
        found = self._sql.execute("select max(ts) from message").fetchone()[0]
        return str(found or "0.000000")

    def home(self, person: str) -> Json | None:
        """Read the App Home that was last published for *person*."""
        row = self._sql.execute("select view from home where person = ?", (person,)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def put_home(self, person: str, view: Json) -> None:
        """Write the App Home of *person*."""
        self._sql.execute("insert or replace into home (person, view) values (?, ?)", (person, json.dumps(view)))

    def fact(self, name: str, otherwise: Any = None) -> Any:
        """Read a small fact, such as ``read:U0ANN:C0APPS``; *otherwise* where nothing was written."""
        row = self._sql.execute("select value from fact where name = ?", (name,)).fetchone()
        return otherwise if row is None else json.loads(row[0])

    def put_fact(self, name: str, value: Any) -> None:
        """Write a small fact."""
        self._sql.execute("insert or replace into fact (name, value) values (?, ?)", (name, json.dumps(value)))

    def _read(self, where: str, values: Iterable[object]) -> list[Kept]:
        rows = self._sql.execute(f"select {_COLUMNS} from message where {where}", tuple(values))  # noqa: S608 -- constants of this file
        return [Kept(row[0], row[1], json.loads(row[4]), row[2], row[3]) for row in rows]


def _hold(folder: Path) -> int:
    """Take *folder* for this process alone; raises ValueError that names the process which has it."""
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        number = os.read(lock, 32).decode("ascii", "replace").strip() or "unknown"
        os.close(lock)
        message = f"process {number} keeps its messages in {folder} already. End it (kill {number}), and start again."
        raise ValueError(message) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock
