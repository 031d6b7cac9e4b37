"""Which cookies are taken for those that keep people signed in, and what holds an app back."""

from __future__ import annotations

import pytest

from checks.check import Bad
from checks.example import run_example
from checks.exposure.insecure_cookie import check
from checks.model import Finding


def told(files: dict[str, str]) -> list[Finding]:
    """The findings on *files*."""
    return list(run_example(check, Bad(files)).findings)


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("a.ts", "response.cookies.set({\n  name: 'session',\n  value: token,\n  path: '/',\n});\n", 1),
        ("a.ts", "import { setCookie } from 'hono/cookie';\nsetCookie(c, 'auth_token', token, { path: '/' });\n", 2),
        ("a.ts", "res.setHeader('Set-Cookie', `token=${jwt}; Path=/`);\n", 1),
        ("a.ts", "const OPTIONS = {\n  httpOnly: false,\n  sameSite: 'lax',\n};\nres.cookie('sid', id, OPTIONS);\n", 5),
        ("a.ts", "export const sessionCookie = {\n  secure: false,\n  maxAge: 60,\n};\n", 2),
        ("a.py", "response.set_cookie('access_token', token)\n", 1),
        ("a.py", "app.config['SESSION_COOKIE_SECURE'] = False\n", 1),
        ("a.py", "app.config.update(\n    SESSION_COOKIE_HTTPONLY=False,\n)\n", 2),
        ("a.py", "app.add_middleware(SessionMiddleware, secret_key=key, https_only=False)\n", 1),
        ("a.py", "storage = RedisStorage(redis, httponly=False)\n", 1),
    ],
)
def test_a_login_cookie_without_protection_holds_back(path: str, text: str, line: int) -> None:
    """A login cookie that scripts can read, or whose secure is switched off, holds the app back at its line."""
    findings = told({path: text})
    assert (findings[0].path, findings[0].line, findings[0].blocking) == (path, line, True)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ts", "Cookies.set('token', token);\nimport Cookies from 'js-cookie';\n"),
        ("a.ts", "sessionStorage.setItem('access_token', token);\n"),
        ("a.ts", "import session from 'express-session';\napp.use(session({ secret: key }));\n"),
        ("a.py", "app.add_middleware(SessionMiddleware, secret_key=key)\n"),
        ("a.py", "response.set_cookie('session', token, httponly=True)\n"),
        ("dev-server.ts", "res.cookie('token', token);\n"),
        ("page.html", "<script>\nlocalStorage.setItem('jwt', data.token)\n</script>\n"),
    ],
)
def test_what_is_not_set_and_what_scripts_keep_is_advice(path: str, text: str) -> None:
    """An attribute that nobody set, a token in the browser and a developer's server are told and hold nothing back."""
    findings = told({path: text})
    assert findings
    assert not any(each.blocking for each in findings)


@pytest.mark.parametrize(
    "text",
    [
        "res.cookie('csrf_token', token);\n",
        "res.cookie('session', id, { ...options });\n",
        "res.cookie('session', '', { maxAge: 0 });\n",
        "request.cookies.set('session', id);\n",
        "import { getSession } from '@sveltejs/kit';\ncookies.set('session', id, { path: '/' });\n",
        "ctx.cookies.set('accessToken', token, { sameSite: 'lax' });\n",
        "localStorage.setItem('tokens_used', n);\n",
        "document.cookie = 'session=; max-age=0';\n",
        "const pool = new Pool({ ssl: { secure: false } });\n",
    ],
)
def test_other_cookies_and_safe_defaults_are_not_told(text: str) -> None:
    """Cookies that sign nobody in, that are taken away, or that a framework protects are no finding."""
    assert told({"a.ts": text}) == []


def test_flask_and_django_are_asked_once_for_all_settings() -> None:
    """Sessions whose settings say nothing are advice at one line, unless any file sets SESSION_COOKIE_SECURE."""
    app = {
        "app.py": "from flask import Flask, session\napp = Flask(__name__)\napp.secret_key = key\nsession['u'] = 1\n"
    }
    (finding,) = told(app)
    assert (finding.line, finding.blocking) == (2, False)
    assert told(app | {"config.py": "SESSION_COOKIE_SECURE = env.bool('SECURE')\n"}) == []
