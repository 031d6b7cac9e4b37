"""Whatever leaves the program leaves without a secret: log lines, tracebacks, messages, kept rows."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.redact import REMOVED, Redactor

SECRET = "xoxb-" + "0123456789-made-up"
CREDENTIALS = (
    "xoxp-" + "1111-2222-made-up",
    "xapp-1-" + "A0-made-up-0123",
    "ghp_" + "0123456789abcdefghij0123456789abcdef",
    "github_pat_" + "11ABCDEFG0123456789_abcdef",
    "glpat-" + "0123456789abcdefghij",
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "sk-ant-" + "0123456789abcdefghijklmnop",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "c2lnbmF0dXJlLW1hZGUtdXA",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----",
)


@given(before=st.text(max_size=40), secret=st.text(min_size=6, max_size=60), after=st.text(max_size=40))
def test_our_own_secrets_never_come_through(before: str, secret: str, after: str) -> None:
    """Whatever the value is and wherever it stands, it does not come out."""
    assume(secret not in REMOVED)
    assume(secret not in before + REMOVED + after)
    assert secret not in Redactor([secret]).text(f"{before}{secret}{after}")


@pytest.mark.parametrize("credential", CREDENTIALS, ids=lambda one: one[:8])
def test_common_credentials_never_come_through(credential: str) -> None:
    """A credential of a known form does not come out, though we never saw it."""
    assert Redactor().text(f"it is {credential} there") == f"it is {REMOVED} there"


def test_an_address_keeps_its_host_and_loses_its_credentials() -> None:
    """The address can still be recognised, and that something was in it."""
    address = "https://user:ghp_x@github.com/a/b and postgresql+psycopg://bot:pw@db/x"
    assert Redactor().text(address) == f"https://{REMOVED}@github.com/a/b and postgresql+psycopg://{REMOVED}@db/x"


def test_ordinary_text_comes_through_whole() -> None:
    """Nothing is taken out of what holds no secret."""
    text = "Put a login in front of POST /refund (src/api.py:18); see https://github.com/acme/x?a=1@2"
    assert Redactor(["", "abc"]).text(text) == text


def test_every_text_of_a_tree_is_redacted() -> None:
    """Lists and objects are looked through; other values stay."""
    tree = {"a": [SECRET, 1, None, True], "b": {"c": f"x {SECRET}"}}
    assert Redactor([SECRET]).tree(tree) == {"a": [REMOVED, 1, None, True], "b": {"c": f"x {REMOVED}"}}
