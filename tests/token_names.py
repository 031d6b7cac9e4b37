"""A repository whose routes, packages, variables and files are named like tokens, as real ones sometimes are."""

from __future__ import annotations

from pathlib import Path

#: Made up here, and put together at run time, so that no scanner takes this file for a leak.
TELEGRAM = "7123456789:" + "AAHk" + "x9Yq7LmZpQw3Rt5UvB1nC8dEfGhJkM2"
GITHUB = "ghp_" + "q7Lm9ZpQw3Rt5UvB1nC8dEfGhJkM2x4Y6aSd"
SLACK = "xoxb-" + "731204958612-7312049586134-Qw3Rt5UvB1nC8dEfGhJkM2x4"
ANTHROPIC = "sk-ant-" + "api03-" + "Zk3vQ9rTw7Lm_Xc5Bn1Hs8Jd2Gf4Pq6Yt0Uo-We" * 2
STRIPE = "sk_live_" + "9eK27QpLwzXcVbNmAsDfGh4J"
TOKENS = (TELEGRAM, GITHUB, SLACK, ANTHROPIC, STRIPE)


def files() -> dict[str, str]:
    """Return the repository's files by path."""
    return {
        "flask_app.py": "from flask import Flask\napp = Flask(__name__)\n\n\n"
        f'@app.post("/telegram/{TELEGRAM}")\ndef hook():\n    return "1"\n\n\n'
        f'@app.post("/bot{TELEGRAM}/again")\ndef again():\n    return "1"\n',
        "fast_app.py": "import os\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        f'where = os.environ.get("{SLACK}")\nother = os.environ["{STRIPE}"]\n\n\n'
        f'@app.post("/hooks/{GITHUB}")\ndef hook():\n    return "1"\n',
        "server.js": "const express = require('express')\nconst app = express()\n"
        f"app.post('/hooks/{ANTHROPIC}', (req, res) => res.send('1'))\napp.listen(3000)\n",
        f"old_{GITHUB}.py": "from flask import Flask\napp = Flask(__name__)\n\n\n"
        '@app.post("/refund")\ndef refund():\n    return "1"\n',
        f"{ANTHROPIC}/broken.py": "x = 1\0\n" * 50,
        "package.json": f'{{"dependencies": {{"a": "npm:{GITHUB}@1", "{STRIPE}": "^1.0.0", "b": "{SLACK}"}}}}\n',
        "requirements.txt": f"{GITHUB}==1.0\nflask=={SLACK}\n{STRIPE}\n",
        "poetry.lock": f'[[package]]\nname = "flask"\nversion = "{SLACK}"\n',
        "pyproject.toml": f'[project]\nname = "x"\ndependencies = ["{STRIPE}>=1", "{GITHUB}"]\n',
        f"logs_{STRIPE}.py": f'import logging\nlogging.info("%s", {GITHUB})  # pragma: allowlist secret\n',
    }


def folder_of_them(folder: Path) -> Path:
    """Return *folder*, a plain one, with the files in it."""
    for path, text in files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def bytes_below(folder: Path, beside: Path | None = None) -> list[bytes]:
    """Return what every file below *folder* holds, those below *beside* left out."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file() and beside not in path.parents]
