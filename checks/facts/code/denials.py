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

from checks.facts.code.denial_words import (
    ANY_TEXT,
    CALLED,
    COMMENT,
    COMPARES,
    CREDENTIAL,
    DENIED,
    ERROR_KIND,
    HEADER,
    IDENTITY,
    KEYWORDS,
    LIST,
    LONGEST,
    METHOD_TEXT,
    METHOD_WORD,
    NAME,
    NEGATED,
    NO_GUARD,
    OWN_LOGIN,
    OWN_STATE,
    PARTS,
    PATH_TEXT,
    PATH_WORD,
    PREFIX,
    REQUEST,
    SENT,
    SHARED,
    SPOKEN_TEXT,
    STRING,
    TAKES_APART,
    THROWS,
    UPSTREAM,
    VERIFIES,
    WRITES,
)
from checks.facts.code.outline import Denial


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


def judge(
    how: str, line: int, conditions: Sequence[Condition], around: Surroundings, *, failing: bool = False
) -> Denial | None:
    """
    Return the denial *how* at *line* under *conditions*, or None where it turns nobody away for who they are.

    *failing* says that it answers that the server failed: of a caught error, that is a denial where a check throws.
    """
    nearest = next((one.text for one in conditions if one.enclosing), "")
    if failing and nearest.startswith("catch ") and not THROWS.search(SPOKEN_TEXT.sub(" ", nearest)):
        return None
    about = _about(how, [condition for condition in conditions if condition.enclosing], around)
    if how == "login" and about == "always" and _left_before(conditions, around):
        about = "identity"
    if how in {"throw", "401"} and about in {None, "always"} and _gave_back(conditions, around):
        about = "identity"
    if about is None or _only_when_sent(conditions, around):
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
    parts = [_about_callers(condition.text[:LONGEST], around) for condition in conditions]
    meant = [_expanded(part, around) for part in parts]
    if not parts[0].strip() or (ERROR_KIND.search(meant[0]) and not _tried_a_check(conditions)):
        return None
    plain = [OWN_LOGIN.sub(" ", _without_shared(text, around)) for text in meant]
    if how in {"exit", "throw"}:
        # The nearest condition must be the one about the caller: `if session: if not item: return` denies nobody.
        return _whose(plain[:1]) if _turns_on_absence(conditions[0], meant[0]) else None
    found = _whose(plain)
    credential = how != "login" and any(CREDENTIAL.search(text) for text in plain)
    if found is None and not credential:
        return "request" if any(_names(text) for text in plain) else "state"
    return found or "identity"


def _whose(texts: list[str]) -> str | None:
    """Return identity, own or presence, as *texts* ask for who is calling (outline.Denial), or None."""
    asking = [text for text in texts if IDENTITY.search(text)]
    if not asking or _only_presence(asking):
        return "presence" if asking else None
    return "identity" if any(IDENTITY.search(OWN_STATE.sub(" ", text)) for text in asking) else "own"


def _only_presence(texts: list[str]) -> bool:
    """Whether *texts* ask only that the Authorization header is there, or how it begins."""
    return all(
        HEADER.search(text)
        and not COMPARES.search(text)
        and TAKES_APART.issuperset(map(str.lower, CALLED.findall(text)))
        for text in texts
    )


def _tried_a_check(conditions: Sequence[Condition]) -> bool:
    """Whether an error that is told apart under *conditions* came from a check of the caller."""
    tried = " ".join(one.text for one in conditions if one.text.startswith("catch "))
    return VERIFIES.search(tried) is not None or IDENTITY.search(tried) is not None


def _left_before(conditions: Sequence[Condition], around: Surroundings) -> bool:
    """Whether callers with an identity left before: `if session: return page` and then, for the others, the login."""
    before = [_expanded(condition.text[:LONGEST], around) for condition in conditions if not condition.enclosing]
    return any(IDENTITY.search(_without_shared(text, around)) for text in before)


def _gave_back(conditions: Sequence[Condition], around: Surroundings) -> bool:
    """Whether whoever is signed in left before, and nothing else is asked: `if user: return user`, then it throws."""
    return not any(condition.enclosing for condition in conditions) and any(
        not NEGATED.search(condition.text)
        and IDENTITY.search(_without_shared(_expanded(condition.text[:LONGEST], around), around))
        for condition in conditions
    )


def _turns_on_absence(condition: Condition, meant: str) -> bool:
    """Whether *condition* holds where something is missing or wrong; a caught error counts where it was a check's."""
    if condition.text.startswith("catch "):
        return VERIFIES.search(meant) is not None
    return not condition.holds or NEGATED.search(f"{condition.text} {meant}") is not None


def _only_when_sent(conditions: Sequence[Condition], around: Surroundings) -> bool:
    """Whether a credential is asked for only where one was sent: `if token: if not valid(token): abort(403)`."""
    for condition in conditions[1:]:
        parts = PARTS.split(condition.text) if condition.enclosing and condition.holds else []
        for match in [match for part in parts for match in [SENT.fullmatch(part)] if match]:
            # Whoever sends none is let past; a setting of the same name is the owner's to make.
            if match[1] in around.parameters or REQUEST.search(around.local.get(match[1], "")):
                return "or" not in condition.text.split() and "||" not in condition.text
    return False


def _about_callers(text: str, around: Surroundings) -> str:
    """Return the parts of *text* that are no check that anybody passes, by their words or what these were set from."""
    if text.startswith("catch "):
        text = SPOKEN_TEXT.sub(" ", text)
    return " and ".join(part for part in PARTS.split(text) if not NO_GUARD.search(_expanded(part, around)))


def _expanded(text: str, around: Surroundings) -> str:
    """Return *text* with what its local names were set from added to it, two steps back."""
    seen = [text]
    fresh = text
    known: set[str] = set()
    for _ in range(2):
        names = [name for name in _names(fresh) if name in around.local and name not in known]
        known.update(names)
        fresh = " ; ".join(_own_words(around.local[name][:LONGEST]) for name in names[:12])
        if not fresh:
            break
        # A local name means what it was set from, whatever it is called.
        seen = [*(_forget(part, names) for part in seen), fresh]
    return " ; ".join(seen)[: 4 * LONGEST]


def _own_words(meaning: str) -> str:
    """Return *meaning*, or a word that says nothing where it is another server's answer or what a write came to."""
    if WRITES.search(meaning) or (UPSTREAM.search(meaning) and not REQUEST.search(meaning)):
        return "elsewhere"
    return meaning


def _forget(text: str, names: list[str]) -> str:
    for name in names[:12]:
        text = re.sub(rf"(?<![\w.$]){re.escape(name)}(?![\w$])", "it", text)
    return text


def _without_shared(text: str, around: Surroundings) -> str:
    text = SHARED.sub(" ", text)
    return _forget(text, [name for name in _names(text) if name in around.state and name not in around.parameters])


def _names(text: str) -> list[str]:
    bare = STRING.sub(" ", text)
    return [name for name in dict.fromkeys(NAME.findall(bare)) if name.lower() not in KEYWORDS and name != "it"]


def _tests(condition: Condition, around: Surroundings) -> list[tuple[bool, tuple[str, ...], tuple[str, ...]]]:
    """Return (must hold, path patterns, methods) of each part of *condition* that tells paths or methods apart."""
    text = condition.text[:LONGEST].strip()
    whole = True
    inner = re.fullmatch(r"(?:!|not\s)\s*\((.*)\)", text, re.DOTALL)
    if inner:
        text, whole = inner[1], False
    parts = PARTS.split(text)
    found = [test for part in parts for test in [_test(part, around)] if test is not None]
    both = re.search(r"&&|\band\b", text)
    if not (condition.holds and whole) and both and (len(found) < len(parts) or len({bool(t[1]) for t in found}) > 1):
        return []  # not (path and something else): it holds for the path as well
    return [((positive == condition.holds) == whole, paths, verbs) for positive, paths, verbs in found]


def _test(part: str, around: Surroundings) -> tuple[bool, tuple[str, ...], tuple[str, ...]] | None:
    positive = not DENIED.match(part)
    if re.search(r"\bnot\s+in\b|!==?|===?\s*-1", part):
        positive = not positive
    meaning = next((around.local[name] for name in _names(part) if name in around.local), "")
    if meaning and DENIED.match(meaning):
        positive = not positive  # const isProtected = !OPEN.includes(path)
    paths, verbs = _patterns(part, around, 0)
    return (positive, tuple(paths), tuple(verbs)) if paths or verbs else None


def _patterns(text: str, around: Surroundings, depth: int) -> tuple[list[str], list[str]]:
    """Return the path patterns and methods that *text* tells apart, also through names, two steps back."""
    paths: list[str] = []
    verbs: list[str] = []
    text = COMMENT.sub("", text)
    if METHOD_WORD.search(text):
        verbs += [verb.upper() for verb in METHOD_TEXT.findall(text)]
    if "endpoint" in text:
        paths += ["@" + name for name in ANY_TEXT.findall(text)]
    elif PATH_WORD.search(text):
        for match in PATH_TEXT.finditer(text):
            whole = match[1].endswith("*") or not PREFIX.search(text[: match.start()])
            paths.append(match[1] if whole else match[1] + "*")
    for name in _names(text):
        if name in around.lists and (PATH_WORD.search(text) or f"{name}(" in text):
            paths += _begun(around.lists[name], text)
        elif name in around.local and depth < 2:  # noqa: PLR2004 - two steps back
            meaning = around.local[name]
            if LIST.match(meaning) and PATH_WORD.search(text):
                paths += _begun(paths_in(meaning), text)
            elif _holds_for_paths_alone(meaning):
                inner = _patterns(meaning, around, depth + 1)
                paths += inner[0]
                verbs += inner[1]
    return paths, verbs


def _begun(paths: Sequence[str], text: str) -> list[str]:
    """Return *paths* of a list as patterns: with "*" where *text* asks for a beginning; "/" only where by itself."""
    if not re.search(r"startswith\(", text, re.IGNORECASE):
        return list(paths)
    alone = re.search(r"startswith\(\s*\w+\s*\)", text, re.IGNORECASE) is not None  # not startsWith(path + "/")
    return [path if path.endswith("*") or (path == "/" and not alone) else path + "*" for path in paths]


def _holds_for_paths_alone(meaning: str) -> bool:
    """Whether *meaning* asks for nothing beside a path: `path === "/in" && secret` lets no path pass by itself."""
    parts = [part for part in re.split(r"&&|\band\b", COMMENT.sub("", meaning)) if part.strip()]
    return all(PATH_TEXT.search(part) or METHOD_TEXT.search(part) or PATH_WORD.search(part) for part in parts)


def paths_in(text: str) -> tuple[str, ...]:
    """Return the path patterns and names that stand as strings in *text*, the text of a list."""
    return tuple(dict.fromkeys(PATH_TEXT.findall(text)))[:80]
