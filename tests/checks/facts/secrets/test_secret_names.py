"""Names and values judged by themselves."""

from __future__ import annotations

import pytest

from checks.facts.secrets.names import Sort, is_public, sort_of
from checks.facts.secrets.values import Look, is_random, look_of


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("password", Sort.PASSWORD),
        ("DB_PASSWORD", Sort.PASSWORD),
        ("adminPassword", Sort.PASSWORD),
        ("smtp_pass", Sort.PASSWORD),
        ("$dbpasswd", Sort.PASSWORD),
        ("PASSWORD_DEV", Sort.PASSWORD),
        ("JWT_SECRET", Sort.SIGNING),
        ("secretKey", Sort.SIGNING),
        ("SECRET_KEY_BASE", Sort.SIGNING),
        ("SESSION_SECRET", Sort.SIGNING),
        ("apiKey", Sort.TOKEN),
        ("OPENAI_API_KEY", Sort.TOKEN),
        ("STRIPE_WEBHOOK_SECRET", Sort.TOKEN),
        ("access_token", Sort.TOKEN),
        ("AWS_SECRET_ACCESS_KEY", Sort.TOKEN),
        ("SUPABASE_SERVICE_ROLE_KEY", Sort.TOKEN),
        ("salt", Sort.KEY),
        ("password_field", None),
        ("passwordPlaceholder", None),
        ("max_tokens", None),
        ("primary_key", None),
        ("PUBLIC_KEY", None),
        ("NEXT_PUBLIC_SUPABASE_ANON_KEY", None),
        ("AWS_ACCESS_KEY_ID", None),
        ("tokenizer", None),
        ("csrf_token", None),
        ("keyboard", None),
        ("name", None),
        ("", None),
    ],
)
def test_a_name_promises_what_its_last_words_say(name: str, sort: Sort | None) -> None:
    """The last words of a name say what it holds."""
    assert sort_of(name) is sort


@pytest.mark.parametrize(
    ("value", "look"),
    [
        ("", Look.EMPTY),
        ("${DB_PASSWORD}", Look.REFERENCE),
        ("process.env.X", Look.REFERENCE),
        ("{{ secrets.X }}", Look.REFERENCE),
        ("get_secret('x')", Look.REFERENCE),
        ("{account['password']}", Look.REFERENCE),
        ("your-key-here", Look.PLACEHOLDER),
        ("changeme", Look.PLACEHOLDER),
        ("xxxxxxxx", Look.PLACEHOLDER),
        ("<password>", Look.REFERENCE),
        ("aaaaaaaaaaaa", Look.PLACEHOLDER),
        ("dummy-pass", Look.DUMMY),
        ("Wrong password given", Look.WORDS),
        ("auth.password.label", Look.WORDS),
        ("user_password", Look.WORDS),
        ("DB_PASSWORD", Look.WORDS),
        ("Пароль", Look.WORDS),
        ("me@acme.io", Look.WORDS),
        ("/run/app/key", Look.WORDS),
        ("#9c27b0", Look.WORDS),
        ("admin123", Look.WEAK),
        ("password", Look.WEAK),
        ("swordfish", Look.PLAIN),
        ("aB3x!dkE", Look.STRONG),
        ("4StV8PVvCLC6gkJXgGdkYd", Look.STRONG),
    ],
)
def test_a_value_is_taken_for_what_it_looks_like(value: str, look: Look) -> None:
    """Each kind of value is known by its look."""
    assert look_of(value) is look


@pytest.mark.parametrize(
    ("value", "drawn"),
    [
        ("3b6311afca5bd8aac647b316704e9c6d", True),
        ("4StV8PVvCLC6gkJXgGdkYdlWW0suqjb2", True),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", False),
        ("this is a sentence of eight words here", False),
        ("just-some-kebab-case-name-here", False),
        ("short1", False),
    ],
)
def test_randomness_is_told_from_text(value: str, drawn: bool) -> None:
    """What a machine drew is told from what a person wrote."""
    assert is_random(value) is drawn


def test_what_a_bundler_ships_is_public() -> None:
    """A build tool's prefix and the word "publishable" make a name public; a password's name is not."""
    assert is_public("VITE_MAPS_KEY")
    assert is_public("STRIPE_PUBLISHABLE_KEY")
    assert not is_public("DB_PASSWORD")
