"""Logs that an app keeps itself: rows of an audit with every column of a record, mails with the link in them."""

from __future__ import annotations

import re

import re2
from tree_sitter import Node

from checks.facts.code.literals import short, string_of
from checks.facts.secrets.assigned_secrets import judge
from checks.facts.secrets.log_words import Leak

_AUDITS = re.compile(
    r"audit|(?:^|[._])(?:log|record)_?(?:change|action|event|activity|update|create|delete)", re.IGNORECASE
)
_STATES = re.compile(
    r"^(?:(?:old|new|before|after|previous)_?(?:data|values?|state|row)?|before|after|changes|snapshot)$", re.IGNORECASE
)
# Every column of a record, whatever it is called.
_ALL_COLUMNS = re2.compile(r"\bcolumn_attrs\b|__table__\.columns|_meta\.(?:get_)?fields|\bmodel_to_dict\(|\.__dict__\b")
_LEFT_OUT = re2.compile(r"exclude|sensitive|redact|\bmask|skip_?fields|ignored?_?fields|password|SENSITIVE|EXCLUDE")
_MAILS = re.compile(
    r"(?:^|[._])(?:log|record|store|save|track)_?(?:sent_?)?(?:e?mail|sms|message)$"
    r"|(?:e?mail|sms)_?logs?(?:\.objects)?(?:\.(?:create|insert|add))?$",
    re.IGNORECASE,
)
_TEXTS = re.compile(r"^(?:body|html|html_?body|text_?body|content|message|text)$", re.IGNORECASE)
_LETS_IN = re2.compile(r"(?i)password_?reset|reset_?password|verification|magic_?link|one_?time|\botp\b|activation")
_LOGIN = re.compile(
    r"(?i)[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}[ \t]{1,40}[/|│:][ \t]{1,4}(?P<value>[^\s\"'`|│{}$]{5,40})"
    r"|[\"'`][^\"'`{}]{0,80}\bpassword[ \t]{0,4}(?:is|[:=])[ \t]{0,4}(?P<said>[^\s\"'`{}$%]{5,40})"
)


def keepable(text: str) -> frozenset[Leak]:
    """Return what *text* may put into a log that the app keeps itself: whole records, mails that let somebody in."""
    text = text.encode("utf-8", "replace").decode()  # RE2 takes no lone surrogates
    records = _ALL_COLUMNS.search(text) and not _LEFT_OUT.search(text)
    return frozenset(({Leak.RECORD} if records else set()) | ({Leak.MAIL} if _LETS_IN.search(text) else set()))


def keeps(call: Node, function: str, keepable: frozenset[Leak]) -> Leak | None:
    """Return which of what is *keepable* in its file *call* of *function* puts into such a log, or None."""
    if Leak.RECORD in keepable and _AUDITS.search(function) and _hands(call, _STATES):
        return Leak.RECORD
    if Leak.MAIL in keepable and _MAILS.search(function) and _hands(call, _TEXTS):
        return Leak.MAIL
    return None


def _hands(call: Node, names: re.Pattern[str]) -> bool:
    """Whether *call* is handed a value that is no literal under one of *names*."""
    arguments = call.child_by_field_name("arguments")
    stack = list(arguments.named_children) if arguments is not None else []
    for node in [*stack, *(child for each in stack if each.type == "object" for child in each.named_children)]:
        name = short(node.child_by_field_name("name") or node.child_by_field_name("key"))
        name = short(node) if node.type == "shorthand_property_identifier" else name
        value = node.child_by_field_name("value")
        if name and names.match(name) and string_of(value) is None:
            return True
    return False


def tells_login(call: str) -> bool:
    """Whether the text of a call writes a password that stands in it: "admin@shop.com / admin123"."""
    for match in _LOGIN.finditer(call):
        value = (match["value"] or match["said"]).rstrip(".,!)")
        if any(map(str.isdigit, value)) and judge("password", value, "prose") is not None:
            return True
    return False
