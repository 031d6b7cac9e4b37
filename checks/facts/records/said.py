"""What is said of a route that does not ask enough."""

from __future__ import annotations

from checks.facts.records.unasked import Unasked

#: What is said of a route by its kind, where one sentence will do.
_SAID = {
    "admin": "asks for a login and for no role: whoever is signed in can {does} what is meant for administrators",
    "everybody": "gives every record of {table} to whoever is signed in: is that meant?",
    "whole": "writes the request's body into {table} as it comes: make sure that its sender may not set {named}",
    "room": (
        "writes into {table} under the {named} that the request names and never asks whether the caller belongs there:"
        " whoever is signed in can write among others"
    ),
    "tables": (
        "reads whatever table the request names and asks for a login and for no role: whoever is signed in can read"
        " passwords' hashes and everybody's data"
    ),
    "wipe": "asks for a login and for no role: whoever is signed in can delete every {table} at once",
    "child": (
        "asks whose one record is, and then lets its caller {does} another, of {table}, that only the request names:"
        " make sure that it belongs to the first, or to the caller"
    ),
    "sibling": (
        "asks for a login only, where other routes of this app ask for a role or permission before they {does} {table}:"
        " is whoever is signed in meant to?"
    ),
    "muted": "has its question of who may do this in a comment: whoever is signed in may",
    "shared": (
        "asks for a login and for no role: whoever is signed in can {does} {table}, which is the same for everybody"
    ),
}


def said(one: Unasked) -> str:
    """Return the end of the sentence that begins with the method and path of *one*."""
    does = {"list": "read", "create": "write"}.get(one.operation, one.operation)
    if one.kind in _SAID:
        return _SAID[one.kind].format(table=one.table, named=one.named, does=does)
    if one.kind == "privilege":
        if one.sure:
            return (
                f"writes the request's body into {one.table} as it comes: whoever calls it may set {one.named} as well"
            )
        return (
            f"takes {one.named} from the request: make sure that nobody may give themselves rights, or what others pay"
            " for, by it"
        )
    if one.kind == "message":
        whom = f"to whom {one.named} in the request says" if one.named else "about a record that the request names"
        return f"sends messages {whom} and asks for a login only: whoever is signed in can make the app write to people"
    if one.named:
        return (
            f"takes {one.named} from the request and never compares it with who is asking: whoever is signed in can"
            f" {does} anybody's {one.table}"
        )
    doubt = "" if one.sure else ", if these are not for everybody"
    return (
        f"reaches for the record that the request names and never asks whose it is: whoever is signed in can"
        f" {does} anybody's {one.table}{doubt}"
    )
