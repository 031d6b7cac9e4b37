"""When debug mode reaches others."""

from __future__ import annotations

import pytest

from checks.check import Bad
from checks.example import run_example
from checks.exposure import debug_mode
from checks.model import Finding

MAIN = "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run(debug=True)\n"


def told(files: dict[str, str]) -> list[Finding]:
    """The findings on *files*."""
    return list(run_example(debug_mode.check, Bad(files)).findings)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Procfile", "web: gunicorn app:app\n"),
        ("Dockerfile", 'FROM python:3.12\nCMD ["gunicorn", "app:app"]\n'),
        ("render.yaml", "services:\n  - startCommand: waitress-serve app:app\n"),
        ("vercel.json", '{"builds": [{"src": "app.py", "use": "@vercel/python"}]}\n'),
    ],
)
def test_a_production_server_passes_over_the_main_block(path: str, text: str) -> None:
    """Debug mode under the main block is advice where another file starts the app, and the message names that file."""
    assert [finding.blocking for finding in told({"app.py": MAIN})] == [True]
    (finding,) = told({"app.py": MAIN, path: text})
    assert not finding.blocking
    assert path in finding.message


def test_debug_mode_outside_the_main_block_holds_back_all_the_same() -> None:
    """A production server runs what stands at the module's level."""
    files = {
        "app.py": "from flask import Flask\napp = Flask(__name__)\napp.debug = True\n",
        "Procfile": "web: gunicorn app:app\n",
    }
    assert [finding.blocking for finding in told(files)] == [True]


@pytest.mark.parametrize(
    "files",
    [
        {"site/settings/base.py": "DEBUG = True\n", "site/settings/production.py": "DEBUG = False\n"},
        {"site/settings.py": "DEBUG = True\nif os.environ.get('PROD'):\n    pass\nDEBUG = env.bool('DEBUG')\n"},
        {"docker-compose.yml": "services:\n  web:\n    environment:\n      FLASK_DEBUG: 1\n"},
    ],
)
def test_settings_that_others_replace_are_advice(files: dict[str, str]) -> None:
    """Django's DEBUG beside settings that switch it off, and a compose file's, hold nothing back."""
    assert [finding.blocking for finding in told(files)] == [False]


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile.dev": 'FROM python:3.12\nENV FLASK_DEBUG=1\nCMD ["flask", "run", "--debug"]\n'},
        {"site/settings/dev.py": "DEBUG = True\n"},
        {"tests/test_app.py": MAIN},
        {"app.py": "from aiohttp import web\nweb.run(main(), debug=True)\n"},
        {"app.py": MAIN.replace("debug=True", "debug=settings.debug")},
        {"package.json": '{"scripts": {"start": "node server.js", "dev": "nodemon server.js"}}\n'},
        {".replit": 'run = "npm run dev"\n\n[deployment]\nrun = ["npm", "run", "start"]\n'},
        {"start.sh": "# flask run --debug\nexec gunicorn app:app\n"},
    ],
)
def test_what_is_for_development_alone_is_not_told(files: dict[str, str]) -> None:
    """Files for development, other frameworks, and what the settings decide are no findings."""
    assert told(files) == []


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (".replit", 'run = "x"\n\n[deployment]\nrun = ["npm", "run", "dev"]\n', 4),
        ("package.json", '{\n  "scripts": {\n    "start": "nodemon server.js"\n  }\n}\n', 3),
        ("start.sh", "#!/bin/sh\nexport NODE_ENV=development\nnode server.js\n", 2),
        ("Dockerfile", "FROM python:3.12\nCMD python manage.py runserver 0.0.0.0:8000\n", 2),
    ],
)
def test_a_development_server_in_a_start_command_is_told(path: str, text: str, line: int) -> None:
    """The line that starts a development server where the app is deployed is named."""
    (finding,) = told({path: text})
    assert finding.line == line
    assert finding.blocking
