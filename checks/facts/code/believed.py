"""
Whether whoever likes can pass a check, as it believes a header that anybody can send.

`x-vercel-cron: 1` or a user agent says who somebody wants to be taken for. Only what is compared with a secret, or
signed, tells it. The hosts' own papers say so: Vercel's cron jobs send CRON_SECRET for this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from checks.facts.code.conditions import Condition, Surroundings, names_in

_ANYBODYS = re.compile(
    r"x[-_]vercel[-_]cron\b(?![-_])|x[-_]cron(?:[-_](?:job|trigger|source|run|request))?\b(?![-_])"
    r"|x[-_]internal(?:[-_](?:request|call|service|job))?\b(?![-_])|x[-_]scheduled(?:[-_]\w+)?\b"
    r"|x[-_](?:is[-_])?admin\b(?![-_])|x[-_](?:user[-_])?role\b|x[-_]forwarded[-_]for|x[-_]real[-_]ip|user[-_]?agent",
    re.IGNORECASE,
)
#: Headers that are sent for the purpose of being let in; browsers and proxies send the others on any call.
_CLAIMS = re.compile(r"x[-_](?:vercel|cron|internal|scheduled)", re.IGNORECASE)
_PROVES = re.compile(
    r"secret|token|passw|signature|hmac|api_?key|process\.env|environ|\bsettings\.|\bconfig\.|\bjwt\b|auth|bearer|cookie"
    r"|session|verif|valid|compare|timing|limit|user(?![-_]?agent)|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b(?!\W*:)",
)
#: A header of any name that must equal what only the owner and the caller know.
_SENT = re.compile(r"\bheaders?\b|\bheaders?\(|x[-_]\w+", re.IGNORECASE)
_EQUALS = re.compile(
    r"(?:[!=]==?|compare\w*\(|timingSafeEqual\()[^;&|]{0,60}?"
    r"(?:process\.env\.|environ|getenv|env\.get\(|settings\.|config[.\[]|\b[A-Z_]*(?:SECRET|TOKEN|KEY|PASS)[A-Z_]*\b)"
)
#: A person who is looked up by what the request names, and what would make it theirs.
_LOOK_UP = re.compile(
    r"(?:get|find|fetch|load)_?\w{0,20}(?:user|account|member|staff|profile|employee|person)\w{0,20}\("
    r"|\b(?:User|Account|Member|Profile|Staff|Employee)s?\.(?:find\w*|query|objects|get)\b",
    re.IGNORECASE,
)
_BODY = re.compile(r"\b(?:req|request)\.(?:body|params|query|args|form|json|get_json|GET|POST|values)\b")
_THEIRS = re.compile(r"passw|secret|token|\bpin\b|otp|compare|verif|hash|header|cookie|session", re.IGNORECASE)
#: A token is taken apart: the libraries' calls that look at no signature, and what is done by hand.
_TAKEN_APART = re.compile(
    r"\bjwt_?[dD]ecode\(|\bdecodeJwt\(|verify_signature[\"']?\s*[:=]\s*False"
    r"|split\(\s*[\"']\.[\"']\s*\)[^;\n]{0,20}\[\s*1\s*\]"
)
#: As JavaScript's library spells it; Python's looks at the signature unless it is told not to.
_DECODED = re.compile(r"\b(?:jwt|jsonwebtoken)\.decode\([^(),]{1,80}(?:,\s*\{[^{}]{0,60}\})?\s*\)")
_SIGNATURE = re.compile(
    r"verif(?!y_signature)|hmac|introspect|jwks|auth\.(?:get_?user|getClaims)|algorithms|compare"
    r"|\bjwt\.decode\([^()]*,\s*\w",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"[\"'`](?:X|USER)[-_][A-Z_-]+[\"'`]")  # headers in capitals are no constants
_OPENING, _CLOSING = "([{", ")]}"
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_DEEPEST = 5  # names and brackets within each other
_LONGEST = 600  # characters of one condition


def believes_anybody(conditions: Sequence[Condition], around: Surroundings) -> bool:
    """Whether what stands under *conditions* is passed by, whoever asks, with a header of one's own making."""
    for one in conditions:
        if one.text.startswith("catch "):
            continue
        if one.enclosing and _can_be(one.text[:_LONGEST], not one.holds, around, 0):
            return True
        plain = not re.search(r"!|\bnot\b", one.text)  # an exit that turns away who has no such header opens nothing
        opens = not one.enclosing and plain and _CLAIMS.search(_meant(one.text, around)) is not None
        if opens and _can_be(one.text[:_LONGEST], True, around, 0):
            return True
    return False


def proves_secret(meant: str) -> bool:
    """Whether *meant*, a condition with what its names stand for, compares a header with a secret of the owner's."""
    return _EQUALS.search(meant) is not None and _SENT.search(meant) is not None


def named_by_caller(meant: str) -> bool:
    """Whether *meant*, a condition with what its names stand for, asks after a person whom the request just names."""
    return _LOOK_UP.search(meant) is not None and _BODY.search(meant) is not None and _THEIRS.search(meant) is None


def unproved(text: str, *, python: bool) -> bool:
    """Whether *text*, a function's source, reads who is asking from a token whose signature nobody looks at."""
    found = _TAKEN_APART.search(text) or (None if python else _DECODED.search(text))
    return found is not None and ("verify_signature" in found[0] or _SIGNATURE.search(text) is None)


def rests_on_unproved(meant: str, around: Surroundings) -> bool:
    """Whether *meant*, a condition with what its names stand for, believes a token without a look at its signature."""
    if around.unproved is None:
        return False
    return any(name in around.unproved for name in names_in(meant)) or unproved(meant, python=around.python)


def _can_be(text: str, wanted: bool, around: Surroundings, depth: int) -> bool:
    """Whether anybody can bring it about that *text*, a condition, comes out as *wanted*."""
    text = _bare(text)
    if depth > _DEEPEST or not text:
        return False
    for signs, every in ((("||", " or "), not wanted), (("&&", " and "), wanted)):
        parts = _split(text, signs)
        if len(parts) > 1:
            found = (_can_be(part, wanted, around, depth + 1) for part in parts)
            return all(found) if every else any(found)
    denied = re.match(r"(?:!(?!=)|not\s)\s*", text)
    if denied:
        return _can_be(text[denied.end() :], not wanted, around, depth + 1)
    if _NAME.fullmatch(text) and text in around.local:
        return _can_be(around.local[text][:_LONGEST], wanted, around, depth + 1)
    meant = _meant(text, around)
    return _ANYBODYS.search(meant) is not None and _PROVES.search(_SPOKEN.sub(" ", meant)) is None


def _meant(text: str, around: Surroundings) -> str:
    """Return *text* with what its names were set from, one step back."""
    return " ; ".join([text, *(around.local[name][:_LONGEST] for name in names_in(text)[:12] if name in around.local)])


def _bare(text: str) -> str:
    """Return *text* without the brackets around all of it."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closing(text: str) -> int:
    """Return where the bracket that *text* begins with is closed, or -1."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in _OPENING) - (sign in _CLOSING)
        if depth == 0:
            return place
    return -1


def _split(text: str, signs: tuple[str, ...]) -> list[str]:
    """Return the parts of *text* between *signs* that stand in no brackets."""
    parts: list[str] = []
    depth = begin = 0
    place = 0
    while place < len(text):
        depth += (text[place] in _OPENING) - (text[place] in _CLOSING)
        sign = next((one for one in signs if text.startswith(one, place)), "") if depth == 0 else ""
        if sign:
            parts.append(text[begin:place])
            begin = place = place + len(sign)
        else:
            place += 1
    return [*parts, text[begin:]]
