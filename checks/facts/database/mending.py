"""What mends a hole in a database, in one sentence for all holes of its kind."""

from __future__ import annotations

import re

from checks.facts.database.holes import Hole

_ROLES = "Keep roles, plans and credits in a table that users cannot write, and ask that table in policies"
#: By the kind of a hole and how its `about` begins or ends, the first that fits.
_MENDS = (
    (r"rls-user-metadata ", "Ask a table that users cannot write for roles, in place of user_metadata"),
    (r"rls-escalation ", _ROLES),
    (r".* without row level security$", "Switch row level security on for every table, and write a policy a command"),
    (r"\S+ view ", "Make views with (security_invoker = true), so that policies hold for who asks them"),
    (
        r"\S+ function ",
        (
            "Have functions with their owner's rights ask auth.uid() who calls, set their search_path, and revoke "
            "execute from public, anon and authenticated where only the server calls them"
        ),
    ),
    (r"\S+ bucket ", "Make buckets with private files private, and hand out signed links"),
    (r"\S+ storage /", "Let the rules of Firebase ask who calls: request.auth.uid, and whose the record is"),
    (r"\S+ storage ", "Bind storage policies to the owner: (storage.foldername(name))[1] = (select auth.uid())::text"),
    (r"\S+ (?:firestore|realtime) ", "Let the rules of Firebase ask who calls: request.auth.uid, and whose it is"),
)
_POLICY = "Replace the policies by ones that compare the row's owner with the caller: (select auth.uid()) = user_id"


def mend_of(hole: Hole) -> str:
    """Return what mends *hole*, in an imperative sentence without full stop."""
    named = f"{hole.kind} {hole.about}"[:500]
    return next((mend for begins, mend in _MENDS if re.match(begins, named)), _POLICY)
