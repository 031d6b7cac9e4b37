"""Firebase's rules, as far as they are read."""

from __future__ import annotations

import pytest

from checks.facts.database.firebase_rules import read

RULES = """rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    function signedIn() { return request.auth != null; }
    // allow read: if true;
    match /notes/{id} {
      allow read: if signedIn();
      allow create, update: if request.auth.uid == id;
      match /parts/{part} { allow write; }
    }
    match /{document=**} {
      allow read, write: if request.time < timestamp.date(2024, 1, 31);
    }
  }
}
"""


def test_each_line_is_told_with_its_path_and_who_it_lets_in() -> None:
    """Helpers are looked up, comments are no rules, an allow without a condition lets in everybody, a date is told."""
    told = [
        (each.line, each.path.rpartition("/documents")[2], each.who, each.until)
        for each in read(RULES, "firestore").allowed
    ]
    assert told == [
        (7, "/notes/{id}", "signed_in", ""),
        (9, "/notes/{id}/parts/{part}", "anyone", ""),
        (12, "/{document=**}", "until", "2024-01-31"),
    ]


def test_the_realtime_database_is_told_by_path() -> None:
    """A .read or .write that is true, or asks for a login alone, is told where it stands."""
    text = (
        '{"rules": {\n "users": {\n ".read": "auth != null",\n "$id": {".write": "$id === auth.uid"}},\n'
        ' ".write": true\n}}'
    )
    assert [(each.line, each.path, each.who) for each in read(text, "realtime").allowed] == [
        (3, "/users", "signed_in"),
        (5, "/", "anyone"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "match /" * 30_000,
        "allow " + " " * 100_000,
        "allow read: if " * 20_000,
        "{" * 100_000,
        "/*" * 50_000,
        '"a":{' * 40_000,
    ],
)
@pytest.mark.parametrize("kind", ["firestore", "realtime"])
def test_a_hostile_file_is_read_to_its_end(text: str, kind: str) -> None:
    """Long and unclosed rules are read like others; the suite's own limit on time is the bound."""
    assert len(read(text, kind).allowed) <= 500
