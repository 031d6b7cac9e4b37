"""What counts as a secret in a log."""

from __future__ import annotations

import pytest

from checks.check import Bad
from checks.example import run_example
from checks.exposure import leaky_logging
from checks.model import Finding


def told(path: str, text: str) -> list[Finding]:
    """The findings on *text* in *path*."""
    return list(run_example(leaky_logging.check, Bad({path: text})).findings)


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("a.py", 'print("pw:", password)\n', "A password is written to the log"),
        ("a.py", 'print("pw: %s" % user.password)\n', "A password is written to the log"),
        ("a.py", 'print("pw: {}".format(form.password.data))\n', "A password is written to the log"),
        ("a.py", 'logger.info("in", extra={"password": password})\n', "A password is written to the log"),
        ("a.py", "print(dict(os.environ))\n", "The whole environment, with every secret in it is written to the log"),
        ("a.py", 'print(os.getenv("OPENAI_API_KEY"))\n', "An access key or token is written to the log"),
        ("a.ts", "console.log({ password });\n", "A password is written to the log"),
        ("a.ts", "console.log('x' + JSON.stringify({ pw: user.password }));\n", "A password is written to the log"),
        ("a.ts", "console.log(`t ${data.access_token}`);\n", "An access key or token is written to the log"),
        ("a.ts", "logger.error('auth', req.headers.authorization);\n", "An access key or token is written to the log"),
        ("a.ts", "console.log(ok ? password : '');\n", "A password is written to the log"),
        ("a.ts", "console.log(process.env.STRIPE_SECRET_KEY);\n", "A signing key is written to the log"),
    ],
)
def test_a_value_is_followed_into_the_log(path: str, text: str, message: str) -> None:
    """A secret is found however it is put into the line, and the message says which it is."""
    (finding,) = told(path, text)
    assert finding.message == message
    assert finding.blocking


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'print("Enter your password:")\n'),
        ("a.py", 'print(f"key: {api_key[:4]}...")\n'),
        ("a.py", "print(bool(password), len(token), password is not None)\n"),
        ("a.py", 'logger.info("sync token: %s", sync_token)\n'),
        ("a.py", "print(mask(password), hash_password(password))\n"),
        ("a.ts", "console.log(!!apiKey, password.length, typeof token);\n"),
        ("a.ts", "console.log(`missing ${passwordField} ${tokenCount}`);\n"),
        ("a.ts", "console.log(password ? 'set' : 'missing');\n"),
        ("a.ts", "console.log(import.meta.env.MODE, process.env.NODE_ENV);\n"),
        ("a.ts", "console.log('order', req.body);\n"),
        ("a.ts", "console.log(user.mustChangePassword);\n"),
        ("vendor/a.ts", "console.log(password);\n"),
    ],
)
def test_what_gives_nothing_away_is_not_told(path: str, text: str) -> None:
    """Names, lengths, beginnings and whether something is set may be logged."""
    assert told(path, text) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tests/test_a.py", "print(password)\n"),
        ("scripts/show.py", "print(password)\n"),
        ("generate_token.py", "print(access_token)\n"),
        ("a.py", "logger.debug(password)\n"),
        ("a.py", "print(token)\n"),
    ],
)
def test_what_nobody_else_reads_is_advice(path: str, text: str) -> None:
    """Tests, scripts run by hand, the debug level, and a name that may mean another thing hold nothing back."""
    assert [finding.blocking for finding in told(path, text)] == [False]
