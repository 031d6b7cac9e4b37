"""Storage: buckets that are public, and policies on their files that ask for no owner."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.database.conditions import Reach
from checks.facts.database.data_words import holds_private_files
from checks.facts.database.holes import Hole
from checks.facts.database.policy_holes import reach_of
from checks.facts.database.schema import PlacedPolicy, Schema, Table

_BUCKET = re.compile(r"bucket_id (?:= (?:any \( (?:array \[ )?)?|in \( )'([^']+)'")
_DOES = {
    "select": "read all files",
    "insert": "upload files, as many and as large as they like,",
    "update": "overwrite everybody's files",
    "delete": "delete everybody's files",
    "all": "read, overwrite and delete all files",
}


def open_storage(schema: Schema) -> Iterator[Hole]:
    """Yield the public buckets that hold private files, and the policies that let others at a user's files."""
    for bucket in schema.buckets.values():
        if bucket.public and holds_private_files(bucket.name):
            yield Hole(
                "rls-open",
                bucket.place,
                f"Bucket {bucket.name} is public: whoever has or guesses a link reads the file, without a login",
                f"bucket {bucket.name}",
                people=False,
            )
    table = schema.tables.get("storage.objects")
    for placed in table.policies.values() if table is not None else ():
        assert table is not None
        yield from _of_policy(schema, table, placed)


def _of_policy(schema: Schema, table: Table, placed: PlacedPolicy) -> Iterator[Hole]:
    policy = placed.policy
    judged = reach_of(table, policy, "update" if policy.command == "all" else policy.command, schema.functions)
    if not policy.permissive or judged.reach < Reach.ROWS:
        return
    named = _BUCKET.search((policy.using or policy.check or "").lower())
    name = named[1] if named is not None else ""
    anyone = judged.reach is Reach.ANYONE
    # Of a public bucket too: a link must be guessed, and this policy lists them all.
    if policy.command == "select" and name and not holds_private_files(name):
        return
    sure = policy.command in {"update", "delete", "all"} or (policy.command == "insert" and anyone)
    sure = sure or (policy.command == "select" and anyone and holds_private_files(name))
    who = "anyone with the public key" if anyone else "anyone who is signed in"
    where = f"bucket {name}" if name else "every bucket"
    yield Hole(
        "rls-open",
        placed.place,
        f'Policy "{policy.name}" lets {who} {_DOES[policy.command]} in {where}: it asks for no owner'
        + ("" if sure else ". Is that meant?"),
        f"storage {policy.name}",
        sure=sure,
        people=sure and policy.command == "select",
    )
