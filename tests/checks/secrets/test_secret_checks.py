"""The checks for secrets where their examples are too small: tiers, guards, ports, many findings."""

from __future__ import annotations

import pytest

from checks.check import Bad, Check
from checks.example import run_example
from checks.model import Finding, Outcome, Placement, Result, Severity
from checks.secrets import committed_env_file, fallback_secret, hardcoded_login, hardcoded_secret

TOKEN = "ghp_" + "Zk3Rw8Tn1Vb6Yq9Lc4Xd7Mf2Hs5Jg0PaBeUi"


def ask(check: Check, files: dict[str, str]) -> Result:
    """What *check* answers on *files*."""
    return run_example(check, Bad(files))


def only(check: Check, files: dict[str, str]) -> Finding:
    """The one finding of *check* on *files*."""
    (finding,) = ask(check, files).findings
    return finding


@pytest.mark.parametrize(
    ("path", "blocking"),
    [
        ("app/mail.py", True),
        ("dist/assets/index.js", True),
        ("static/js/app.js", True),
        ("tests/test_mail.py", False),
        ("docs/setup.md", False),
        ("examples/mail.py", False),
        ("node_modules/x/index.js", False),
        ("package-lock.json", True),
    ],
)
def test_a_vendors_token_is_advice_where_no_code_runs(path: str, blocking: bool) -> None:
    """A token holds the app back where it runs or is shipped; in tests, docs and copies it is told, never dropped."""
    finding = only(hardcoded_secret.check, {path: f'x = "{TOKEN}"\n'})
    assert finding.blocking is blocking
    assert finding.allows is Placement.NOWHERE
    assert finding.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("path", "blocking"),
    [
        ("config.yaml", True),
        (".github/workflows/ci.yml", False),
        ("config/dev.yaml", False),
        ("scripts/load.yaml", False),
        ("backup.sql", None),
    ],
)
def test_a_default_password_counts_where_it_is_used(path: str, blocking: bool | None) -> None:
    """A default password is a fault in settings, advice in a pipeline, on a developer's machine and in a script."""
    result = ask(hardcoded_secret.check, {path: "password: admin123\n"})
    assert [finding.blocking for finding in result.findings] == ([] if blocking is None else [blocking])
    assert all(finding.allows is Placement.SANDBOX for finding in result.findings)


def test_a_file_full_of_secrets_is_told_in_few_findings() -> None:
    """Fifty findings of one file are told, and how many more there are."""
    result = ask(hardcoded_secret.check, {"app.py": f'x = "{TOKEN}"\n' * 90})
    assert len(result.findings) == 51
    assert result.findings[-1].message == "40 more secrets are written in this file"
    assert len({finding.fingerprint for finding in result.findings}) == 51


def test_fallbacks_and_logins_are_told_once() -> None:
    """What the checks for fallbacks and logins tell is not told again, unless it is a vendor's token."""
    files = {
        "a.py": (
            'import os\nSECRET_KEY = os.getenv("SECRET_KEY", "aB3x!dkE9qL2")\nif password == "aB3x!dkE":\n    pass\n'
        ),
        "b.py": f'import os\nGITHUB_TOKEN = os.getenv("GITHUB_TOKEN", "{TOKEN}")\n',
    }
    assert [finding.path for finding in ask(hardcoded_secret.check, files).findings] == ["b.py"]
    assert {finding.path for finding in ask(fallback_secret.check, files).findings} == {"a.py", "b.py"}
    assert only(hardcoded_login.check, files).line == 3


@pytest.mark.parametrize(
    "text",
    [
        (
            'SECRET_KEY = os.getenv("SECRET_KEY", "dev-key")\n'
            'if not DEBUG and SECRET_KEY == "dev-key":\n    raise ValueError\n'
        ),
        'if DEBUG:\n    SECRET_KEY = "dev-key"\n',
        'class TestingConfig:\n    SECRET_KEY = "dev-key"\n',
        'SECRET_KEY = "dev-key" if ENVIRONMENT == "development" else os.environ["SECRET_KEY"]\n',
    ],
)
def test_a_guarded_literal_is_advice(text: str) -> None:
    """A signing key that only serves in development, or that stops the start, holds nothing back."""
    assert [finding.blocking for finding in ask(fallback_secret.check, {"settings.py": text}).findings] == [False]


@pytest.mark.parametrize(
    "text",
    [
        'const secret = process.env.NODE_ENV === "production" ? process.env.JWT_SECRET : "dev-secret";\n',
        (
            'const secret = process.env.JWT_SECRET || "dev-secret";\n'
            'if (process.env.NODE_ENV === "production" && secret === "dev-secret") throw new Error("JWT_SECRET");\n'
        ),
    ],
)
def test_a_guarded_literal_is_advice_in_javascript_too(text: str) -> None:
    """The same guards count in JavaScript."""
    assert [finding.blocking for finding in ask(fallback_secret.check, {"auth.ts": text}).findings] == [False]


@pytest.mark.parametrize(
    ("name", "ports", "password", "blocking"),
    [
        ("docker-compose.yml", '      - "5432:5432"\n', "postgres", True),
        ("docker-compose.yml", '      - "127.0.0.1:5432:5432"\n', "postgres", False),
        ("docker-compose.yml", "", "postgres", False),
        ("docker-compose.yml", "", "kR7!mQ2x9pLw", True),
        ("docker-compose.yml", '      - "5432:5432"\n', "change-me", False),
        ("docker-compose.dev.yml", '      - "5432:5432"\n', "postgres", False),
    ],
)
def test_a_databases_password_counts_where_its_port_is_open(
    name: str, ports: str, password: str, blocking: bool
) -> None:
    """A weak database password in a compose file holds the app back only where others can reach the database."""
    listed = f"    ports:\n{ports}" if ports else ""
    text = (
        f"services:\n  db:\n    image: postgres:16\n{listed}    environment:\n      POSTGRES_PASSWORD: {password}\n"
        '  web:\n    build: .\n    ports:\n      - "80:8000"\n'
    )
    assert only(fallback_secret.check, {name: text}).blocking is blocking


def test_a_login_in_a_seed_script_is_advice() -> None:
    """What a seed script makes is told, and holds nothing back."""
    text = 'User.objects.create_superuser("admin", "a@b.org", "admin123")\n'
    assert only(hardcoded_login.check, {"app.py": text}).blocking
    assert not only(hardcoded_login.check, {"seed_demo.py": text}).blocking


@pytest.mark.parametrize(
    ("path", "blocking"), [(".env", True), ("api/.env.production", True), (".env.example", False), (".env.test", False)]
)
def test_only_a_real_file_of_settings_holds_back(path: str, blocking: bool) -> None:
    """A token in a template or in a test's settings is told, and holds nothing back."""
    assert only(committed_env_file.check, {path: f"GITHUB_TOKEN={TOKEN}\n"}).blocking is blocking


def test_nothing_is_found_in_nothing() -> None:
    """A repository without secrets passes all four."""
    files = {"app.py": "print('hello')\n", ".env.example": "PORT=\n", "README.md": "# Hello\n"}
    for check in (hardcoded_secret.check, fallback_secret.check, hardcoded_login.check, committed_env_file.check):
        assert ask(check, files).outcome is Outcome.PASSED


def test_a_piece_of_a_value_and_what_a_tool_printed_are_advice() -> None:
    """A literal that more is joined to, and one on a line that nobody wrote by hand, hold nothing back."""
    joined = only(hardcoded_secret.check, {"src/a.ts": "const user = { password: 'hashed9x_' + form.password };\n"})
    printed = only(
        hardcoded_secret.check, {"out.json": '{"a": "' + "x y " * 400 + '", "password": "vK8#mQ2x!pL"}' + " " * 1200}
    )
    assert not joined.blocking
    assert not printed.blocking


def test_a_login_that_is_shown_to_everybody_is_told() -> None:
    """What a page says about its default login is advice with its line."""
    finding = only(
        hardcoded_secret.check, {"app.py": 'import streamlit as st\n\nst.info("Default login: admin / highland2025")\n'}
    )
    assert (finding.line, finding.blocking) == (3, False)


def test_who_keeps_the_password_is_no_password() -> None:
    """A user that another service signs in has the name of that service in the field."""
    code = "await prisma.user.create({ data: { email, name, password: 'clerk_managed' } });\n"
    assert not ask(hardcoded_login.check, {"app/sync.ts": code}).findings


@pytest.mark.parametrize(
    ("check", "files"),
    [
        (
            fallback_secret.check,
            {"db.ts": "const u = process.env.MONGO_URL || 'mongodb+srv://a:a9#x@cluster0.mongodb.net/x';\n"},
        ),
        (fallback_secret.check, {"job.py": 'def start():\n    secret = "mock-secret"\n    return Job(secret)\n'}),
        (hardcoded_secret.check, {"src/Sign.tsx": '// create({ name: "x", password: "password123" })\n'}),
        (hardcoded_login.check, {"src/try.ts": "const users = [{ email: 'a', password: 'TestPassword123!' }];\n"}),
        (
            hardcoded_login.check,
            {"otp.js": "function otp() {\n  if (env.NODE_ENV === 'dev') {\n    return '2222';\n  }\n}\n"},
        ),
    ],
)
def test_what_opens_nothing_is_advice(check: Check, files: dict[str, str]) -> None:
    """An address of nobody's cluster, a stand-in, a comment and a trial's account are told and hold nothing back."""
    assert not only(check, files).blocking
