"""The search for secrets: linear on hostile text, deaf to pragmas, silent about values."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.check import Check
from checks.example import run_example
from checks.facts.secrets.assigned_secrets import Strength
from checks.facts.secrets.candidates import Candidate, read
from checks.facts.secrets.files import kind_of
from checks.same_value import set_key
from checks.secrets import committed_env_file, fallback_secret, hardcoded_login, hardcoded_secret

CHECKS: tuple[Check, ...] = (
    hardcoded_secret.check,
    committed_env_file.check,
    fallback_secret.check,
    hardcoded_login.check,
)
TOKEN = "ghp_" + "Zk3Rw8Tn1Vb6Yq9Lc4Xd7Mf2Hs5Jg0PaBeUi"
SIZE = 2_000_000

BOMBS = {
    "keyword and blanks": "api_key" + " " * SIZE,
    "many keywords and blanks": ("api_key" + " " * 2000 + "\n") * 1000,
    "keyword over and over": "password" * (SIZE // 8),
    "assignments without an end": 'password="' * (SIZE // 10),
    "beginnings of tokens": "eyJ" * (SIZE // 3),
    "beginnings of keys": "sk-" * (SIZE // 3),
    "addresses without an end": "postgres://a:" * (SIZE // 13),
    "quotes in rows": "insert into users (name, password) values (" + "'a''b'" * (SIZE // 6),
    "long lines beside passwords": ('password = "aB3x!dkE" ' + "a" * 4000 + "\n") * 490,
    "one long line": "x" * SIZE,
    "one long hexadecimal line": "0123456789abcdef" * (SIZE // 16),
    "beginnings of private keys": "-----BEGIN RSA PRIVATE KEY-----" * (SIZE // 31),
    "a hundred thousand passwords": 'password = "aB3x!dkE"\n' * 90_000,
    "forty thousand tokens": f'key = "{TOKEN}"\n' * 40_000,
}


@pytest.fixture
def minute() -> Iterator[None]:
    """A guard, not a measure: what would go on for hours ends here, as the worker's deadline would end it."""

    def ended(*_: object) -> None:
        raise TimeoutError("read went on for a minute")

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("minute")
@pytest.mark.parametrize("kind", ["python", "config", "prose", "dump"])
@pytest.mark.parametrize("bomb", BOMBS)
def test_hostile_text_is_read_to_its_end(bomb: str, kind: str) -> None:
    """No text of two megabytes keeps the search busy, and what stands at its end is still found."""
    part = read(BOMBS[bomb] + f"\n# {TOKEN}\n", kind)
    assert part is not None
    assert len(part.candidates) <= 200
    assert Strength.CERTAIN in {each.strength for each in part.candidates}


def test_token_at_the_end_of_a_huge_line_is_found() -> None:
    """A line of two megabytes is searched to its end."""
    part = read("x" * SIZE + f' "{TOKEN}"', "code")
    assert part is not None
    assert [(each.line, each.what) for each in part.candidates] == [(1, "GitHub token")]


def test_strongest_are_kept_when_there_are_too_many() -> None:
    """A thousand doubtful passwords do not push out the one that is sure, and the rest is counted."""
    part = read("password: swordfish\n" * 500 + f"token: {TOKEN}\n", "config")
    assert part is not None
    assert part.candidates[-1].strength is Strength.CERTAIN
    assert part.more == 301


@pytest.mark.parametrize(
    "comment",
    [
        "# pragma: allowlist secret",
        "// gitleaks:allow",
        "# noqa: S105",
        "# nosec",
        "// trufflehog:ignore",
        "# ggignore",
    ],
)
def test_comments_that_hide_are_not_obeyed(comment: str) -> None:
    """A secret beside a comment that asks scanners to look away is found, and marked."""
    part = read(f'x = 1\nkey = "{TOKEN}"  {comment}\n', "python")
    assert part is not None
    assert [(each.line, each.hidden) for each in part.candidates] == [(2, True)]


def test_same_value_is_told_only_where_a_key_is_set() -> None:
    """With a key two places that hold one secret share a digest; without one there is none."""
    text = f'a = "{TOKEN}"\nb = "{TOKEN}"\nc = "{TOKEN[::-1]}"\n'
    assert [each.same_value for each in _candidates(text)] == [None, None]
    set_key(b"a key of at least sixteen bytes")
    try:
        first, second = (each.same_value for each in _candidates(text))
    finally:
        set_key(None)
    assert first == second
    assert first is not None
    assert len(first) == 32


def _candidates(text: str) -> tuple[Candidate, ...]:
    part = read(text, "python")
    return part.candidates if part else ()


PLACES = {
    "app.py": 'import os\napi_key = "{}"\nSECRET_KEY = os.getenv("SECRET_KEY", "{}")\nif password == "{}":\n    pass\n',
    "src/a.ts": 'const token = "{}";\nconst secret = process.env.JWT_SECRET || "{}";\njwt.sign(user, "{}");\n',
    ".env": "DB_PASSWORD={}\nAPI_TOKEN='{}'\nDATABASE_URL=postgres://app:{}@db.acme.io/app\n",
    "config.yaml": 'mail:\n  password: "{}"\n  secret_key: {}\nurl: mysql://root:{}@10.0.0.1/x\n',
    "README.md": "Password: `{}`\nAPI_KEY={}\nadmin / {}\n",
    "docker-compose.yml": (
        "services:\n  web:\n    environment:\n      JWT_SECRET: {}\n      A_TOKEN: ${{A:-{}}}\n      PASSWORD: '{}'\n"
    ),
    "dump.sql": "insert into users (name, password) values ('a', '{}'), ('b', '{}'), ('c', '{}');\n",
    "users.js": "const users = [{{ name: 'a', password: '{}' }}, {{ name: 'b', password: '{}' }}];\nhash('{}');\n",
}
VALUES = st.one_of(
    st.from_regex(r"[A-Za-z0-9]{12,40}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9!#%*_.-]{10,30}[0-9]", fullmatch=True),
    st.from_regex(r"sk-ant-api03-[A-Za-z0-9]{40}", fullmatch=True),
    st.from_regex(r"ghp_[A-Za-z0-9]{36}", fullmatch=True),
)


@settings(max_examples=60, deadline=None)
@given(value=VALUES, path=st.sampled_from(sorted(PLACES)))
def test_no_piece_of_a_value_leaves_the_search(value: str, path: str) -> None:
    """Neither what is stored of a file nor what is told about it holds eight characters of a secret in a row."""
    text = PLACES[path].format(value, value[::-1], value.swapcase())
    kind = kind_of(path)
    assert kind is not None
    said = msgspec.json.encode(read(text, kind)).decode()
    for check in CHECKS:
        said += msgspec.json.encode(run_example(check, type(check.examples[0])({path: text}))).decode()
    for each in (value, value[::-1], value.swapcase()):
        assert not any(each[start : start + 8] in said for start in range(len(each) - 7)), said


def test_shape_of_a_line_outlives_a_new_value_and_a_move() -> None:
    """The same line with another value, elsewhere in the file, has the same shape: its fingerprint stays."""
    lines = ('password = "aB3xdkE9"\n', '\n\npassword = "Zt7YwP4s"\n', 'mail_password = "aB3xdkE9"\n')
    first, moved, other = (part.candidates[0].shape for line in lines if (part := read(line, "python")))
    assert first == moved != other
    assert re.fullmatch(r"[0-9a-f]{16}", first)
