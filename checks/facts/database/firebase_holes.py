"""What Firebase's rules leave open."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.database.firebase_rules import Allowed, FirebaseRules
from checks.facts.database.holes import Hole
from checks.facts.database.schema import Place

_CALLED = {"firestore": "Firestore", "storage": "Storage", "realtime": "the Realtime Database"}


def open_rules(rules: FirebaseRules) -> Iterator[Hole]:
    """Yield each line of rules that lets in everybody, or everybody who is signed in, where that is a fault."""
    for path, file in sorted(rules.files.items()):
        for allowed in file.allowed:
            yield _hole(path, file.kind, allowed)


def _hole(path: str, kind: str, allowed: Allowed) -> Hole:
    where = allowed.path.rpartition("/documents")[2] or allowed.path or "/"
    whole = allowed.whole or where in {"", "/"}
    who = {
        "anyone": "anyone, without a login,",
        "signed_in": "anyone who is signed in",
        "until": f"anyone until {allowed.until} (test mode)",
    }[allowed.who]
    does = "read and change" if allowed.writes and "read" in allowed.verbs else "change" if allowed.writes else "read"
    what = "everything" if whole else where
    open_to_all = allowed.who != "signed_in"
    # Files and catalogues are read by everybody often enough; so are rows that every member may read.
    sure = allowed.writes or allowed.people if open_to_all else (allowed.writes and (whole or allowed.people)) or whole
    if kind == "storage" and not allowed.writes:
        sure = False
    if set(allowed.verbs) <= {"create"}:
        sure = False  # a form
    asked = "" if sure else ". Is that meant?"
    return Hole(
        "rls-open",
        Place(path, allowed.line),
        f"{_CALLED[kind]}'s rules let {who} {does} {what}{asked}",
        f"{kind} {where} {' '.join(allowed.verbs)}",
        sure=sure,
        people=sure and open_to_all and (allowed.people or whole) and kind != "storage",
    )
