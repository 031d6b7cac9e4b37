"""
What a denial depends on: the caller, some other input, or only what the whole process shares; and for which paths.

A reader (outline_python.py, outline_javascript.py) finds the statements that turn somebody away and the conditions they
stand under, as text; here the text is judged and dropped. The rule comes from measurement: guards judged by their name
were right one time in five on unseen code, guards judged by whether their body can deny nine times in ten.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.facts.code.outline import Denial

#: What speaks of who is asking. Names of database rows do not count: `user = db.get(id); if not user` is a 404.
_IDENTITY = re.compile(
    r"""
    \b(?:request|req|ctx|context|c|event|self|locals|info|socket|handshake|g)\b
        (?!\??\.(?:req\w*\.)?(?:params?|body|query\w*|args|form|json|data|GET|POST|view_args|match_info|path_params|values)\b)
        [\w.?!]*\.
        (?:user|session|auth(?!ors?\b)|cookies?|signedCookies|isAuthenticated|identity|jwt|viewer|account|admin)\w*\b
    | \bcurrent_?user\b | \b(?:is_?)?authenticated\b | (?:is_?)?logged_?in\b | \bidentity\b | \buser_?info\b
    | \bsession\s*(?:\[|\??\.(?:user|get\(\s*["']|\w*[iI]d\b|data|access|expires|is_)|\?\.) | \bin\s+session\b
    | (?:\bnot|!)\s*session\b | \bsession\s*(?:={2,3}|!={1,2}|is)\s
    | \bvalidate_?request\(\s*(?:\)|req)
    | get_?(?:server_?|auth_?|current_?)?session\b | \b(?:use|server)?session\(\s*\)
    | \b\w*user\w*\(\s*(?:\)
        |(?:req|request|ctx|context|event)(?!\w*\??\.(?:param|body|query|arg|form|json|data|path|POST|GET))
        |token|cookie|header|authorization|auth|bearer|jwt|access)
    | \b_*(?:auth|authenticate\w*|authori[sz]e\w*)\s*\(
    | \b_*(?:require|check|verify|validate|ensure|is|has|assert|with|get|resolve|load|parse|protect)_?\w*?
        (?:(?<!o)auth(?!ors?\b|_?token\b|_?header)|admin(?!_?(?:client|db|sdk|app|supabase))|jwt|login)\w*\s*\(
    | \bauth\b\s*[.?(!)] | \bauth\s*$ | (?:\bnot|!)\s*auth\w*
    | \b\w*(?:token|claims|principal)\w*\(\s*\{?\s*(?:req|request|ctx|context|c|event|header|cookie)\b
    | \b(?:verify|validate|decode|check)\w*(?:token|signature|jwt|key|secret|hmac|otp)\w*\(
    | \bcookies?\b | authorization | \bbearer\b | \bjwt\b | \bclaims?\b | x-[\w-]*(?:key|token|secret|sign|auth)[\w-]*
    | \b\w*signature\w*\b | \bunsign\w*\( | \bhmac\b | compare_?digest | timingSafeEqual
    | construct_?event | webhooks?\.verify
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: Weaker words: they count where the answer is 401 or 403, not where the body merely returns early.
_CREDENTIAL = re.compile(
    r"token|passw(?:or)?d|passcode|secret|api_?key|credential|permission|has_perm|\broles?\b|is_?(?:admin|staff|super)"
    r"|\badmin\b|\bpin\b|owner|verif|allowed",
    re.IGNORECASE,
)
#: What every caller shares: the environment, settings, constants.
_SHARED = re.compile(
    r"process\.env(?:\??\.\w+|\[[^\]]*\])|os\.environ(?:\.get)?[\[(][^\])]*[\])]|os\.getenv\([^)]*\)"
    r"|Deno\.env\.get\([^)]*\)|import\.meta\.env\.\w+|\b(?:settings|config|env|app\.config)\??\.\w+"
    r"|\b(?:current_)?app\.config(?:\.get)?[\[(][^\])]*[\])]|\b[A-Z][A-Z0-9_]{2,}\b"
)
#: Checks that anybody passes.
_NO_GUARD = re.compile(
    r"csrf|xsrf|captcha|rate_?limit|honeypot|turnstile|\borigin\b|referr?er|user-?agent|content-?(?:length|type)"
    r"|\berr(?:or)?_?(?:msg|message|str)\w*|\b(?:e|err|error|exc)\.message|str\((?:e|err|exc|error)\)"
    r"|allowed_?hosts?|status_?code|\.status\s*(?:={2,3}|!={1,2}|<|>|in\b)",
    re.IGNORECASE,
)
#: An answer from elsewhere, unless it was asked with the caller's own words: its 401 is not this app's.
_UPSTREAM = re.compile(r"\b(?:fetch|axios|requests|httpx|got|aiohttp|urlopen|client|http)\b[\w.]*\s*\(", re.IGNORECASE)
_WRITES = re.compile(
    r"\.(?:insert\w*|upsert|update\w*|delete\w*|create|createUser|save|commit|send\w*|upload)\s*\("
    r"|^\s*(?:await\s+)?[\w.]{0,60}?(?:insert|upsert|update|delete|save|remove|store)\w{0,40}\s*\("
    r"|\bauth\.admin\.|\bauth\.sign(?:Up|In)\w*\(",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\breq(?:uest)?\b|cookies|headers\(\)|authorization\s*[,)}]", re.IGNORECASE)
_PARTS = re.compile(r"&&|\|\||\band\b|\bor\b")
_STRING = re.compile(r"""(["'`])(?:(?!\1)[^\\\n]|\\.){0,200}\1""")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_$][\w$]*")
_SPOKEN = """
if not and or is in none true false null undefined await async typeof instanceof new return const let var len bool
str int boolean string this self catch except any all for else lambda console log print
"""
_KEYWORDS = frozenset(_SPOKEN.split())
_NEGATED = re.compile(r"!|\bnot\b|\bnone\b|\bnull\b|\bundefined\b|\berr(?:or)?\b|\bfalse\b|\bcatch\b", re.IGNORECASE)
_VERIFIES = re.compile(r"verif|construct_?event|decode|signature|unsign|authenticate|protect", re.IGNORECASE)
_PATH_WORD = re.compile(r"path|url|endpoint|route|\.includes\(|\.has\(|some\(|matcher", re.IGNORECASE)
_COMMENT = re.compile(r"^\s*(?://|#|\*).*$", re.MULTILINE)
_DENIED = re.compile(r"\s*\(*\s*(?:!(?!=)|not\b)")
_METHOD_WORD = re.compile(r"method\b", re.IGNORECASE)
#: What stands before a path that begins the wanted ones: startsWith("/a"), startswith(("/a", "/b")).
_PREFIX = re.compile(r"startswith\([^)]*$", re.IGNORECASE)
_PATH_TEXT = re.compile(r"""["'`](/[^"'`\s]{0,150})["'`]""")
_ANY_TEXT = re.compile(r"""["'`]([\w./:-]{1,80})["'`]""")
_METHOD_TEXT = re.compile(r"""["'`](GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)["'`]""", re.IGNORECASE)
_LONGEST = 600  # characters of one condition


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    What a condition's words mean where it stands.

    *local* maps a name to the text it was set from, *parameters* are the function's own, *state* names what the module
    holds for everybody, *lists* named lists of paths.
    """

    local: Mapping[str, str]
    parameters: frozenset[str]
    state: frozenset[str]
    lists: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition a statement stands under; *holds* False where it must not hold (an else, an early exit before)."""

    text: str
    holds: bool = True
    enclosing: bool = True  # False for an early exit before the statement


def judge(how: str, line: int, conditions: Sequence[Condition], around: Surroundings) -> Denial | None:
    """Return the denial *how* at *line* under *conditions*, or None where it turns nobody away for who they are."""
    about = _about(how, [condition for condition in conditions if condition.enclosing], around)
    if how == "login" and about == "always" and _left_before(conditions, around):
        about = "identity"
    if about is None:
        return None
    only: list[str] = []
    unless: list[str] = []
    methods: list[str] = []
    not_methods: list[str] = []
    for condition in conditions:
        for positive, paths, verbs in _tests(condition, around):
            (only if positive else unless).extend(paths)
            (methods if positive else not_methods).extend(verbs)
    return Denial(
        line, how, about, *(tuple(dict.fromkeys(found))[:60] for found in (only, unless, methods, not_methods))
    )


def _about(how: str, conditions: list[Condition], around: Surroundings) -> str | None:
    if not conditions:
        return None if how in {"exit", "throw"} else "always"
    if not _about_callers(conditions[0].text[:_LONGEST], around).strip():
        return None
    meant = [_expanded(_about_callers(condition.text[:_LONGEST], around), around) for condition in conditions]
    plain = [_without_shared(text, around) for text in meant]
    if how in {"exit", "throw"}:
        # The nearest condition must be the one about the caller: `if session: if not item: return` denies nobody.
        return "identity" if _IDENTITY.search(plain[0]) and _turns_on_absence(conditions[0], meant[0]) else None
    named = any(_IDENTITY.search(text) or (how != "login" and _CREDENTIAL.search(text)) for text in plain)
    if named:
        return "identity"
    return "request" if any(_names(text) for text in plain) else "state"


def _left_before(conditions: Sequence[Condition], around: Surroundings) -> bool:
    """Whether callers with an identity left before: `if session: return page` and then, for the others, the login."""
    before = [_expanded(condition.text[:_LONGEST], around) for condition in conditions if not condition.enclosing]
    return any(_IDENTITY.search(_without_shared(text, around)) for text in before)


def _turns_on_absence(condition: Condition, meant: str) -> bool:
    """Whether *condition* holds where something is missing or wrong; a caught error counts where it was a check's."""
    if condition.text.startswith("catch "):
        return _VERIFIES.search(meant) is not None
    return not condition.holds or _NEGATED.search(f"{condition.text} {meant}") is not None


def _about_callers(text: str, around: Surroundings) -> str:
    """Return the parts of *text* that are no check that anybody passes, by their words or what these were set from."""
    return " and ".join(part for part in _PARTS.split(text) if not _NO_GUARD.search(_expanded(part, around)))


def _expanded(text: str, around: Surroundings) -> str:
    """Return *text* with what its local names were set from added to it, two steps back."""
    seen = [text]
    fresh = text
    known: set[str] = set()
    for _ in range(2):
        names = [name for name in _names(fresh) if name in around.local and name not in known]
        known.update(names)
        fresh = " ; ".join(_own_words(around.local[name][:_LONGEST]) for name in names[:12])
        if not fresh:
            break
        # A local name means what it was set from, whatever it is called.
        seen = [*(_forget(part, names) for part in seen), fresh]
    return " ; ".join(seen)[: 4 * _LONGEST]


def _own_words(meaning: str) -> str:
    """Return *meaning*, or a word that says nothing where it is another server's answer or what a write came to."""
    if _WRITES.search(meaning) or (_UPSTREAM.search(meaning) and not _REQUEST.search(meaning)):
        return "elsewhere"
    return meaning


def _forget(text: str, names: list[str]) -> str:
    for name in names[:12]:
        text = re.sub(rf"(?<![\w.$]){re.escape(name)}(?![\w$])", "it", text)
    return text


def _without_shared(text: str, around: Surroundings) -> str:
    text = _SHARED.sub(" ", text)
    return _forget(text, [name for name in _names(text) if name in around.state and name not in around.parameters])


def _names(text: str) -> list[str]:
    bare = _STRING.sub(" ", text)
    return [name for name in dict.fromkeys(_NAME.findall(bare)) if name.lower() not in _KEYWORDS and name != "it"]


def _tests(condition: Condition, around: Surroundings) -> list[tuple[bool, tuple[str, ...], tuple[str, ...]]]:
    """Return (must hold, path patterns, methods) of each part of *condition* that tells paths or methods apart."""
    text = condition.text[:_LONGEST].strip()
    whole = True
    inner = re.fullmatch(r"(?:!|not\s)\s*\((.*)\)", text, re.DOTALL)
    if inner:
        text, whole = inner[1], False
    parts = _PARTS.split(text)
    found = [test for part in parts for test in [_test(part, around)] if test is not None]
    both = re.search(r"&&|\band\b", text)
    if not (condition.holds and whole) and both and (len(found) < len(parts) or len({bool(t[1]) for t in found}) > 1):
        return []  # not (path and something else): it holds for the path as well
    return [((positive == condition.holds) == whole, paths, verbs) for positive, paths, verbs in found]


def _test(part: str, around: Surroundings) -> tuple[bool, tuple[str, ...], tuple[str, ...]] | None:
    positive = not _DENIED.match(part)
    if re.search(r"\bnot\s+in\b|!==?|===?\s*-1", part):
        positive = not positive
    meaning = next((around.local[name] for name in _names(part) if name in around.local), "")
    if meaning and _DENIED.match(meaning):
        positive = not positive  # const isProtected = !OPEN.includes(path)
    paths, verbs = _patterns(part, around, 0)
    return (positive, tuple(paths), tuple(verbs)) if paths or verbs else None


def _patterns(text: str, around: Surroundings, depth: int) -> tuple[list[str], list[str]]:
    """Return the path patterns and methods that *text* tells apart, also through names, two steps back."""
    paths: list[str] = []
    verbs: list[str] = []
    text = _COMMENT.sub("", text)
    if _METHOD_WORD.search(text):
        verbs += [verb.upper() for verb in _METHOD_TEXT.findall(text)]
    if "endpoint" in text:
        paths += ["@" + name for name in _ANY_TEXT.findall(text)]
    elif _PATH_WORD.search(text):
        for match in _PATH_TEXT.finditer(text):
            whole = match[1].endswith("*") or not _PREFIX.search(text[: match.start()])
            paths.append(match[1] if whole else match[1] + "*")
    for name in _names(text):
        if name in around.lists and (_PATH_WORD.search(text) or f"{name}(" in text):
            prefix = re.search(r"startswith\(", text, re.IGNORECASE) is not None
            paths += [path + "*" if prefix and not path.endswith("*") else path for path in around.lists[name]]
        elif name in around.local and depth < 2:  # noqa: PLR2004 - two steps back
            meaning = around.local[name]
            if _holds_for_paths_alone(meaning):
                inner = _patterns(meaning, around, depth + 1)
                paths += inner[0]
                verbs += inner[1]
    return paths, verbs


def _holds_for_paths_alone(meaning: str) -> bool:
    """Whether *meaning* asks for nothing beside a path: `path === "/in" && secret` lets no path pass by itself."""
    parts = [part for part in re.split(r"&&|\band\b", _COMMENT.sub("", meaning)) if part.strip()]
    return all(_PATH_TEXT.search(part) or _METHOD_TEXT.search(part) or _PATH_WORD.search(part) for part in parts)


def paths_in(text: str) -> tuple[str, ...]:
    """Return the path patterns and names that stand as strings in *text*, the text of a list."""
    return tuple(dict.fromkeys(_PATH_TEXT.findall(text)))[:80]
