"""A real git repository that a test changes."""

import subprocess
from pathlib import Path

SOUND = "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/healthz')\ndef healthz():\n    return 'ok'\n"
_DELETES = "    db.execute('DELETE FROM orders')\n"
#: The same with a fault in line 11.
OPEN_ROUTE = f"{SOUND}\n\n@app.post('/refund')\ndef refund():\n{_DELETES}    return 'done'\n"


class Repository:
    """A repository in *folder*, at its first commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._git("init", "-q", "-b", "main")
        self.commit("README.md", "# Billing\n")

    def __str__(self) -> str:
        """Return its address as a person of the local mode gives it."""
        return str(self.folder)

    def commit(self, path: str, text: str) -> str:
        """Put *text* into the file at *path* and commit; return the commit."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")
        self._git("add", "-A")
        self._git("-c", "user.name=Ann", "-c", "user.email=ann@acme.example", "commit", "-q", "-m", f"Change {path}")
        return self._git("rev-parse", "HEAD")

    def _git(self, *words: str) -> str:
        done = subprocess.run(["git", "-C", str(self.folder), *words], check=True, capture_output=True, text=True)
        return done.stdout.strip()
