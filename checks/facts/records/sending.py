"""Which calls send a message, and whether the request itself says to whom."""

from __future__ import annotations

import re

from checks.facts.records.access import Access
from checks.facts.records.callers import Scope

#: Functions that send mail, pushes or texts, by their names; people name them in their own language.
_SENDS = re.compile(
    r"(?:send|enviar?|envoyer|invia|senden|dispatch|deliver|trigger|queue)_?\w{0,40}"
    r"(?:mail|correo|sms|push|notif|whats_?app|aviso)\w{0,40}$|notify_?[A-Za-z]\w{0,40}$",
    re.IGNORECASE,
)
#: Methods of a sender that are called `send` alone.
_SENDER = re.compile(
    r"(?:e?mails?|messaging\(?\)?|mailer|transport\w*|sg_?mail|resend|sms|push|notifications?|messages|telegram|bot)"
    r"\.(?:send\w*|create)$",
    re.IGNORECASE,
)
_TO = (
    r"to|to_?email|email|e?mails|email_?address|recipients?|recipient_?(?:id|email)|tokens?|device_?tokens?|push_?tokens?"
    r"|phones?|phone_?number|chat_?id|user_?ids?|usuario_?id|destinat\w+"
)
_KEY = re.compile(
    rf"(?:^|[{{,(\s])[\"']?(?P<key>{_TO})[\"']?\s{{0,9}}(?::|=(?!=))\s{{0,9}}(?P<value>[^,}})\n]{{1,120}})",
    re.IGNORECASE,
)
_NAME = re.compile(rf"(?:{_TO})$", re.IGNORECASE)
_SHORTHAND = re.compile(rf"[{{,]\s{{0,40}}(?P<key>{_TO})\s{{0,40}}(?=[,}}])", re.IGNORECASE)
_ALL = re.compile(r"(?:params|data|input|payload|body|values|props|message|req\.body|request\.body)$")


def sent_by(line: int, callee: str, last: str, arguments: tuple[str, ...], scope: Scope) -> Access | None:
    """Return the message that the call of *callee* sends for a request and how that says to whom, or None."""
    if not _SENDS.match(last) and not _SENDER.search(callee):
        return None
    for position, argument in enumerate(arguments[:6]):
        named = _recipient(argument.strip(), position, scope)
        if named:
            return Access(line, "message", "send", (named,), given=True)
    given = any(scope.given(argument) for argument in arguments[:6])
    return Access(line, "message", "send", given=True) if given else None


def _recipient(argument: str, position: int, scope: Scope) -> str:
    """Return the name by which *argument* says to whom a message goes, as the request says it, or nothing."""
    if argument.startswith(("{", "[")) or "=" in argument[:40]:
        for match in _KEY.finditer(argument):
            if scope.brought(match["value"]):
                return match["key"]
        short = (match["key"] for match in _SHORTHAND.finditer(argument))
        return next((key for key in short if scope.brought(key)), "")
    last = argument.rpartition(".")[2]
    names_all = position == 0 and _ALL.match(argument) is not None
    return last if (names_all or _NAME.match(last)) and scope.brought(argument) else ""
