"""
The app runs in debug mode.

Debug mode shows visitors the code, the settings and often the secrets around an error; Flask's and Werkzeug's goes
further and lets whoever reaches the error page run Python on the server. It is meant for one's own machine.

Under `if __name__ == "__main__"` it is advice where another file starts the app with a production server (gunicorn,
uvicorn), because that server never gets to that line. What the environment decides (`debug=os.getenv("DEBUG") == "1"`)
is no finding, nor are settings for development beside others for production.

## How to fix

1. Read the switch from the environment, and let it be off when nothing is set.
2. Start the app with a production server: `gunicorn app:app`, `uvicorn main:app`, `next start`, `node server.js`.
3. In Django keep `DEBUG = False` in the settings that production uses, and set `ALLOWED_HOSTS`.

## Fix prompt

This app runs in debug mode (the places are listed below). Change it so that debug mode is off unless an environment
variable switches it on (`debug=os.environ.get("FLASK_DEBUG") == "1"`, `DEBUG = os.environ.get("DEBUG") == "1"`), and
start it with a production server in the Dockerfile, Procfile or start script (gunicorn or uvicorn without `--reload`
for Python, `next build` and `next start` or plain `node` for JavaScript). Add an error page that says that something
went wrong and shows no stack trace. Change nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.debug_switch import DebugSwitch, Switch
from checks.facts.debug_switches import DebugSwitches
from checks.facts.delivery.started_scripts import StartedScripts
from checks.facts.neighbours import is_set_aside
from checks.facts.tier import is_run_by_hand
from checks.model import Confidence, Finding, Placement, Severity

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {
                "app.py": "from flask import Flask\n\napp = Flask(__name__)\n\n\nif __name__ == '__main__':\n"
                "    app.run(host='0.0.0.0', port=5000, debug=True)\n"
            },
            says="debug=True",
            line=7,
        ),
        Bad({"mysite/settings.py": "ALLOWED_HOSTS = ['*']\nDEBUG = True\n"}, says="DEBUG is True", line=2),
        Bad({"Dockerfile": 'FROM python:3.12\nENV FLASK_DEBUG=1\nCMD ["python", "app.py"]\n'}, says="variable", line=2),
        Bad(
            {"Dockerfile": 'FROM python:3.12\nCMD ["uvicorn", "main:app", "--reload"]\n'},
            says="development server",
            line=2,
        ),
        Bad({"Procfile": "web: python manage.py runserver 0.0.0.0:$PORT\n"}, says="development server"),
        Bad({"main.py": "from fastapi import FastAPI\n\napp = FastAPI(debug=True)\n"}, says="debug on", line=3),
        Bad(
            {"server.js": "const errorHandler = require('errorhandler');\napp.use(errorHandler());\n"},
            says="stack traces",
            line=2,
        ),
        Bad(  # a Flask app that is made in another file
            {"app.py": "from config import web\n\nif __name__ == '__main__':\n    web.run(port=5000, debug=True)\n"},
            says="debug=True",
            line=4,
        ),
        Bad(  # advice
            {"mysite/settings.py": "DEBUG = os.getenv('DEBUG', 'True') == 'True'\n"},
            says="unless a variable switches it off",
            line=1,
        ),
        Bad(  # advice
            {
                "app/api/run/route.ts": "export async function POST() {\n"
                "  return NextResponse.json({ error: err.message, stack: err.stack }, { status: 500 });\n}\n"
            },
            says="stack trace",
            line=2,
        ),
        Bad(  # advice
            {
                "main.py": "import uvicorn\n\nif __name__ == '__main__':\n"
                "    uvicorn.run('main:app', host='0.0.0.0', port=8000, reload=True)\n"
            },
            says="reloads its code",
            line=4,
        ),
        Bad(  # advice: who takes himself for a developer's machine lets everybody in
            {
                "auth.py": "def login(name, password):\n    is_dev = settings.ENV != 'prod'\n"
                "    if is_dev:\n        logger.info('skipping the directory')\n        auth_ok = True\n"
                "    else:\n        auth_ok = directory.check(name, password)\n    return auth_ok\n"
            },
            says="any password is right",
            line=3,
        ),
        Good(
            {
                "main.py": "import uvicorn\n\nif __name__ == '__main__':\n"
                "    uvicorn.run('main:app', host='0.0.0.0', reload=True)\n",
                "Procfile": "web: uvicorn main:app --host 0.0.0.0\n",
            }
        ),
        Good({"app.js": "res.json({ stack: process.env.NODE_ENV === 'development' ? err.stack : undefined });\n"}),
        Good(
            {
                "app.py": "from flask import Flask\n\nif __name__ == '__main__':\n"
                "    app.run(debug=os.getenv('DEBUG') == '1')\n"
            }
        ),
        Good({"app.py": "from flask import Flask\n\nif os.getenv('ENV') == 'dev':\n    app.run(debug=True)\n"}),
        Good({"mysite/settings.py": "DEBUG = os.environ.get('DEBUG', '') == '1'\n"}),
        Good({"mysite/settings/local.py": "DEBUG = True\n"}),
        Good(
            {
                "server.js": "const errorHandler = require('errorhandler');\n"
                "if (process.env.NODE_ENV === 'development') {\n  app.use(errorHandler());\n}\n"
            }
        ),
        Good(
            {
                "Dockerfile": "FROM node:22 AS dev\nENV NODE_ENV=development\nFROM node:22\n"
                'ENV NODE_ENV=production\nCMD ["node", "server.js"]\n'
            }
        ),
        Good({"package.json": '{"scripts": {"dev": "next dev", "start": "next start"}}\n'}),
        Good({"run.sh": 'if [ "$NODE_ENV" = "development" ]; then\n  npm run build\nfi\n'}),
    ),
)


@check.detect
def detect(switches: DebugSwitches, started: StartedScripts, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield each place that switches debug mode on where the app may run for others."""
    for path, part in sorted(switches.files.items()):
        for each in part.switches:
            if each.switch is Switch.RELOAD and switches.servers:
                continue  # started otherwise where it counts
            by_hand = path.endswith(".sh") and is_run_by_hand(path) and not started.runs(path)
            yield _finding(path, each, switches, by_hand=by_hand)


def _finding(path: str, each: DebugSwitch, switches: DebugSwitches, *, by_hand: bool) -> Finding:
    elsewhere = (each.main or each.switch is Switch.RUN) and switches.servers
    others = each.switch is Switch.DJANGO and any(_beside(path, off) for off in switches.off - {path})
    overridden = each.switch is Switch.DJANGO and path in switches.off
    branch = each.switch is Switch.SERVER and path in switches.servers  # the other branch starts a real one
    blocking = each.sure and not (elsewhere or others or overridden or branch or by_hand or is_set_aside(path))
    said = f"; {switches.servers[0]} starts the app without it" if elsewhere else ""
    return Finding(
        each.switch[0].upper() + each.switch[1:] + said,
        path=path,
        line=each.line,
        kind=each.switch.name.lower(),
        severity=Severity.HIGH
        if blocking and each.switch is not Switch.SERVER
        else Severity.MEDIUM
        if blocking
        else Severity.LOW,
        confidence=Confidence.HIGH if blocking else Confidence.LOW,
        blocking=blocking,
        source=each.shape,
    )


def _beside(path: str, other: str) -> bool:
    """Whether *other* is another module of the same settings as *path*."""
    return other.rpartition("/")[0] == path.rpartition("/")[0]
