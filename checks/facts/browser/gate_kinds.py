"""What code in the browser may decide by, when it decides who is let in."""

from __future__ import annotations

from enum import StrEnum


class Gate(StrEnum):
    """What the decision rests on; the value is how a message tells it."""

    FLAG = "an entry in the browser's own storage says who is signed in or an administrator"
    SET = "the browser notes for itself that somebody is signed in or an administrator"
    PAID = "an entry in the browser's own storage says what somebody has paid for"
    USER = "a role is read from a user kept in the browser's own storage"
    PASSWORD = "a password is compared in the browser with one that is built into it"  # noqa: S105 - words for people
    METADATA = "a role is read from user_metadata, which every user can change for themselves"
    ADDRESS = "a list of addresses in the browser's code decides who is an administrator"
    LITERAL = "the browser's code gives rights by an e-mail address, or a part of one, that is written into it"
    PLACE = "the page's own address, its frame or its query decides who is let in"
    SWITCH = "a switch in the browser's code lets people past the login"
    PRETENDED = (
        "a login is only pretended here: a timer runs, no server is asked, and whatever was typed lets people in"
    )
    STORED = "who is signed in is a record in the browser's own storage, which everybody can write for themselves"
    WALL = "the app is shown or hidden by a record in the browser's own storage alone"
    PAGE = "nothing but the browser keeps people from this page, and the server does what it asks for anybody"
