"""Notes that only their author can read or remove."""

import logging
import os
import sqlite3
from collections.abc import Iterator

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, Field

from auth import current_user

logger = logging.getLogger("notes")
app = FastAPI(title="Sound notes")


class NewNote(BaseModel):
    """A note as its author sends it."""

    text: str = Field(min_length=1, max_length=2000)


def database() -> Iterator[sqlite3.Connection]:
    """Yield a connection whose changes are kept together or not at all."""
    # One request may be served by several threads in turn, never at once.
    connection = sqlite3.connect(os.environ["NOTES_DATABASE"], timeout=5, check_same_thread=False)
    connection.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, author TEXT, text TEXT)")
    try:
        with connection:
            yield connection
    finally:
        connection.close()


@app.get("/health")
def health(connection: sqlite3.Connection = Depends(database)) -> dict[str, str]:
    """Say whether the app and its database answer."""
    connection.execute("SELECT 1")
    return {"status": "ok"}


@app.get("/notes")
def notes(
    user: str = Depends(current_user), connection: sqlite3.Connection = Depends(database)
) -> list[dict[str, object]]:
    """Return the notes of whoever asks."""
    rows = connection.execute("SELECT id, text FROM notes WHERE author = ? ORDER BY id LIMIT 200", (user,))
    return [{"id": number, "text": text} for number, text in rows]


@app.post("/notes", status_code=201)
def add(
    note: NewNote, user: str = Depends(current_user), connection: sqlite3.Connection = Depends(database)
) -> dict[str, int | None]:
    """Keep a note of whoever asks."""
    number = connection.execute("INSERT INTO notes (author, text) VALUES (?, ?)", (user, note.text)).lastrowid
    logger.info("note %s added", number)
    return {"id": number}


@app.delete("/notes/{number}", status_code=204)
def remove(
    number: int, user: str = Depends(current_user), connection: sqlite3.Connection = Depends(database)
) -> None:
    """Remove a note of whoever asks; somebody else's is not there."""
    if connection.execute("DELETE FROM notes WHERE id = ? AND author = ?", (number, user)).rowcount == 0:
        raise HTTPException(404, "No such note")
