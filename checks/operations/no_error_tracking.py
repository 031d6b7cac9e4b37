"""
Nobody is told when the app fails.

What goes wrong for users shows in a log that nobody reads. An error tracker (Sentry, GlitchTip, Rollbar, Application
Insights, OpenTelemetry and their like) collects each fault with its stack trace, counts how many people meet it, and
tells somebody. Without one the first report comes from a user, days later and without the trace.

Any sign of one counts: a package, an import, a handler that sends errors by mail. It is advice, since a host may be set
up to watch the log, which no repository shows.

## How to fix
Add the SDK of the tracker that your company uses, start it before anything else from an address in the environment, and
send one test error. Leave request bodies, cookies and authorization headers out of what it sends.

## Fix prompt
Add error tracking to this app with the Sentry SDK for its framework (`sentry-sdk` for Python, `@sentry/nextjs`,
`@sentry/node` or `@sentry/react` for JavaScript), started at the very beginning from an environment variable SENTRY_DSN
and doing nothing when that is not set. Set send_default_pii to false, set the environment and release, and report
unhandled exceptions of the server, of background jobs and of the frontend. Add the variable, without a value, to
`.env.example`. Change nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.operations.service import Service
from checks.facts.operations.signs import Sign, Signs
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/items')\ndef items(): ...\n"

check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,
    examples=(
        Bad({"main.py": _APP}, says="no error tracking"),
        Bad(
            {
                "package.json": '{"dependencies": {"@supabase/supabase-js": "2", "react": "18"},'
                ' "devDependencies": {"vite": "5"}}\n',
                "src/main.tsx": "createRoot(document.getElementById('root')!).render(<App />);\n",
            },
            says="no error tracking",
        ),
        Bad(  # the interface alone, which sends nothing
            {"package.json": '{"dependencies": {"next": "15", "@opentelemetry/api": "latest"}}\n'},
            says="no error tracking",
        ),
        Good({"main.py": "import sentry_sdk\nsentry_sdk.init()\n" + _APP}),
        Good({"main.py": _APP, "requirements.txt": "fastapi==0.1\nopentelemetry-sdk==1.0\n"}),
        Good({"package.json": '{"dependencies": {"next": "15", "@sentry/nextjs": "8"}}\n'}),
        Good({"lib.py": "def add(a, b):\n    return a + b\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(service: Service, signs: Signs, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield one advice where an app shows no sign that anybody is told of its faults."""
    if service.why_not:
        raise NotApplicable(service.why_not)
    if signs.first(Sign.ERRORS) is None:
        yield Finding(
            "no error tracking: no package, import or setting sends the app's faults to anybody",
            confidence=Confidence.MEDIUM,
            blocking=False,
            identity="no error tracking",
        )
