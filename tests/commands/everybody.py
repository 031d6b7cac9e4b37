"""Everybody there is, and every order that they try: the rows of tests/commands/test_rights.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.world import ANN, BO, CY, DEE, EVE, RELIABILITY

FAY, GIL, OTTO, GUS, ROB = "UFAY", "UGIL", "UOTTO", "UGUS", "UROB"
#: Everybody, by what they are towards the app billing-bot; Gil is asked to be the backup of the app shop.
EVERYBODY = {
    "owner": ANN,
    "backup": BO,
    "member": CY,
    "admin": DEE,
    "approver": FAY,
    "asked": GIL,
    "guest": EVE,
    "outsider": OTTO,
    "gone": GUS,
    "bot": ROB,
}
MEMBERS = frozenset({"owner", "backup", "member", "admin", "approver", "asked"})
HOLDERS = frozenset({"owner", "backup", "admin"})

HOUSE: Mapping[str, Any] = {"approvers": "@sre", "own_domains": ("acme.example",)}
ADDRESS = "https://github.com/acme"


@dataclass(frozen=True)
class Row:
    """One order as it is given; *may* are those who may. *changes*: it leaves something behind."""

    says: str
    order: str
    may: frozenset[str]
    text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    changes: bool = True
    form: bool = False
    at: str | None = None
    owner_gone: bool = False


BILLING, SHOP = "{billing}", "{shop}"  # filled in with the app's id
ROWS = (
    Row("see the apps", "apps", MEMBERS, "all", changes=False),
    Row("check an address", "check-app", MEMBERS, f"{ADDRESS}/unknown"),
    Row("check it again", "check-again", MEMBERS, fields={"id": BILLING}, changes=False),
    Row("register an app", "register-app", MEMBERS, f"another {ADDRESS}/another"),
    Row("open its form", "register-app", HOLDERS, "billing-bot", changes=False),
    Row(
        "open its form, ownerless",
        "register-app",
        HOLDERS | {"approver"},
        "billing-bot",
        changes=False,
        owner_gone=True,
    ),
    Row("change it", "register-app", HOLDERS, fields={"purpose": "Another"}, form=True),
    Row(
        "hand it over and change it, ownerless",
        "register-app",
        frozenset({"backup", "admin"}),
        fields={"owner": GIL, "purpose": "Another"},
        form=True,
        owner_gone=True,
    ),
    Row("hand it over", "register-app", frozenset({"owner", "admin"}), fields={"owner": GIL}, form=True),
    Row(
        "hand it over, ownerless",
        "register-app",
        frozenset({"backup", "admin", "approver"}),
        fields={"owner": GIL},
        form=True,
        owner_gone=True,
    ),
    Row("have routes asked", "probe-routes", HOLDERS, fields={"id": f"{BILLING}:on"}),
    Row("read private findings", "show-details", HOLDERS | {"approver"}, fields={"id": "private"}, changes=False),
    Row("read how to mend them", "show-fix-prompt", HOLDERS | {"approver"}, fields={"id": "private"}, changes=False),
    Row("read open findings", "show-details", MEMBERS, fields={"id": "open"}, changes=False),
    Row("ask for leave to read", "ask-private", MEMBERS, fields={"id": SHOP}, changes=False),
    Row("ask for leave to look", "ask-probe", MEMBERS, fields={"id": SHOP}, changes=False),
    Row("give leave to read", "allow-private", frozenset({"admin"}), fields={"id": "asked"}),
    Row("give leave to look", "allow-probe", frozenset({"admin"}), fields={"id": "{probe}"}),
    Row("accept", "accept-app", frozenset({"asked"}), fields={"id": f"{SHOP}:backup"}),
    Row("be no owner", "decline-app", frozenset({"asked"}), fields={"id": f"{SHOP}:backup"}, changes=False),
    Row("name somebody", "name-somebody", frozenset({"asked"}), fields={"id": f"{SHOP}:backup", "person": "@dee"}),
    Row("page", "page-owner", MEMBERS, "shop it is down"),
    Row("rehearse a page", "page-owner", MEMBERS, "--dry-run shop", changes=False),
    Row("acknowledge", "acknowledge-page", HOLDERS, fields={"id": "{page}"}),
    Row("acknowledge in a told channel", "acknowledge-page", MEMBERS, fields={"id": "{page}"}, at=RELIABILITY),
    Row("resolve", "resolve-page", HOLDERS, fields={"id": "{page}"}),
    Row("be still on it", "still-on-it", HOLDERS, fields={"id": "{page}"}, changes=False),
    Row("see a page's log", "show-page-log", MEMBERS, fields={"id": "{page}"}, changes=False),
    Row("see who is on call", "on-call", MEMBERS, changes=False),
    Row("hand over a shift", "on-call", HOLDERS | {"approver"}, "web override @cy for 1d"),
    Row("remove a schedule", "on-call", frozenset({"admin"}), "web remove"),
)
