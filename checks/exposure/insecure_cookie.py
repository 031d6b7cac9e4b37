"""
The cookie that keeps people signed in is not protected.

Whoever has that cookie is that person. `httpOnly` keeps scripts from reading it, so that one injected script does not
take over every account; `secure` keeps it off unencrypted connections, where anybody on the way reads it; `sameSite`
keeps other sites' requests from carrying it.

Where a login cookie can be read by scripts, or secure is switched off, this holds the app back. An attribute that is
merely not set is advice, and so is a token in the browser's storage, which every script on the page can read.

## How to fix

1. Set the login cookie on the server, out of reach of scripts: `httpOnly: true, secure: true, sameSite: "lax"`.
2. For development without TLS let a variable decide: `secure: process.env.NODE_ENV === "production"`.
3. In Flask and Django set `SESSION_COOKIE_SECURE`, `SESSION_COOKIE_HTTPONLY` and `SESSION_COOKIE_SAMESITE = "Lax"`.
4. Move tokens from localStorage into such a cookie.

## Fix prompt
The cookies listed below keep people signed in and are not protected. Set each on the server with httpOnly, secure and
sameSite "lax" (secure may depend on NODE_ENV or a DEBUG setting, and must be on in production; behind a proxy set
`app.set("trust proxy", 1)` in Express). Use the framework's settings where it has them: the cookie option of
express-session, SESSION_COOKIE_SECURE and its like in Flask and Django, https_only=True for Starlette's
SessionMiddleware. Where a token is kept in localStorage or written with document.cookie, have the login route set an
httpOnly cookie instead, and take the token out of the frontend. Then check that login and logout still work.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.code.other_languages import OtherLanguages
from checks.facts.deployment import Deployment
from checks.facts.neighbours import is_set_aside
from checks.facts.tier import is_for_development
from checks.facts.web.cookie_fault import CookieFault, Fault
from checks.facts.web.cookies import Cookies
from checks.model import Confidence, Finding, Placement, Severity

_HOLDS_BACK = frozenset({Fault.READABLE.value, Fault.PLAIN.value})

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad(
            {
                "server/index.ts": 'import session from "express-session";\napp.use(\n  session({\n'
                "    secret: process.env.SESSION_SECRET,\n    resave: false,\n    cookie: {\n"
                "      secure: false, // set to true in production with HTTPS\n      maxAge: 86400000,\n    },\n"
                "  }),\n);\n"
            },
            says="secure is switched off",
            line=7,
        ),
        Bad(
            {
                "app/api/login/route.ts": "import { cookies } from 'next/headers';\nexport async function POST(req) {\n"
                "  const cookieStore = await cookies();\n  cookieStore.set('auth-token', token, { path: '/' });\n}\n"
            },
            says="scripts on the page can read it",
            line=4,
        ),
        Bad({"auth.js": "router.post('/login', (req, res) => {\n  res.cookie('token', token);\n});\n"}, line=2),
        Bad(
            {
                "auth.py": "def login(response):\n    response.set_cookie(\n        key='access_token', value=token,"
                " httponly=True, secure=False\n    )\n"
            },
            says="secure is switched off",
            line=2,
        ),
        Bad({"settings.py": "SESSION_COOKIE_HTTPONLY = False\n"}, says="scripts", line=1),
        Bad({"src/auth.ts": "export const save = (token) => localStorage.setItem('token', token);\n"}, says="storage"),
        Bad({"src/auth.ts": "document.cookie = `auth_token=${token}; path=/`;\n"}, says="script", line=1),
        Bad(
            {
                "app.py": "from flask import Flask, session\n\napp = Flask(__name__)\n"
                "app.secret_key = os.environ['SECRET_KEY']\n\n\ndef login():\n    session['user'] = 1\n"
            },
            says="secure is not set",
            line=3,
        ),
        Good(
            {
                "server.ts": 'import session from "express-session";\napp.use(session({ secret: key, cookie: {'
                " httpOnly: true, secure: process.env.NODE_ENV === 'production', sameSite: 'lax' } }));\n"
            }
        ),
        Good(
            {
                "app/actions.ts": "(await cookies()).set('session', value, { httpOnly: true, secure: true,"
                " sameSite: 'lax' });\ncookies().set('theme', 'dark');\n"
            }
        ),
        Good({"auth.py": "response.set_cookie('session', token, httponly=True, secure=True, samesite='lax')\n"}),
        Good({"auth.py": "response.set_cookie('session', '', max_age=0)\n"}),
        Good({"src/ui.ts": "localStorage.setItem('theme', 'dark');\nres.cookie('locale', 'en');\n"}),
        Good({"mail.ts": "createTransport({ host, port: 587, secure: false });\n"}),
        Good(
            {
                "app.py": "from flask import Flask, session\napp = Flask(__name__)\n"
                "app.config.update(SESSION_COOKIE_SECURE=True)\nsession['user'] = 1\n"
            }
        ),
    ),
)


@check.detect
def detect(cookies: Cookies, deployment: Deployment, _others: OtherLanguages) -> Iterator[Finding]:
    """Yield each login cookie or stored token that is not protected, then sessions whose settings say nothing."""
    # What the page's own scripts write too, they must be able to read: that this is a login's token is not sure.
    scripted = {
        each.name for part in cookies.files.values() for each in part.faults if Fault.SCRIPT.value in each.faults
    }
    for path, part in sorted(cookies.files.items()):
        ours = not (deployment.is_library or is_for_development(path) or is_set_aside(path))
        for each in part.faults:
            yield _finding(path, each, ours=ours and each.name not in scripted)
    for path, part in sorted(cookies.files.items()):
        if part.session and not cookies.settled and not is_for_development(path):
            unset = CookieFault(part.session, "session", (Fault.UNENCRYPTED.value,), "session", sure=False)
            yield _finding(path, unset, ours=False)


def _finding(path: str, each: CookieFault, *, ours: bool) -> Finding:
    blocking = ours and each.sure and not _HOLDS_BACK.isdisjoint(each.faults)
    stored = Fault.STORAGE.value in each.faults
    what = f"The login token {each.name!r}" if stored else f"The login cookie {each.name!r}"
    return Finding(
        f"{what}: {'; '.join(each.faults)}",
        path=path,
        line=each.line,
        kind="storage" if stored else "cookie",
        severity=Severity.MEDIUM if blocking else Severity.LOW,
        confidence=Confidence.HIGH if each.sure else Confidence.MEDIUM,
        blocking=blocking,
        source=each.shape,
    )
