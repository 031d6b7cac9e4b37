"""Which paths and methods the conditions of a denial tell apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checks.facts.code.conditions import Condition, Surroundings, names_in
from checks.facts.code.denial_words import (
    ANY_TEXT,
    COMMENT,
    DENIED,
    LIST,
    LONGEST,
    METHOD_TEXT,
    METHOD_WORD,
    PARTS,
    PATH_TEXT,
    PATH_WORD,
    PREFIX,
)

_MOST = 60  # patterns or methods of one denial


def reach_of(conditions: Sequence[Condition], around: Surroundings) -> tuple[tuple[str, ...], ...]:
    """Return the *only*, *unless*, *methods* and *not_methods* of a denial (outline.Denial) under *conditions*."""
    only: list[str] = []
    unless: list[str] = []
    methods: list[str] = []
    not_methods: list[str] = []
    for condition in conditions:
        here: list[str] = []
        every = condition.holds and "||" not in condition.text and re.search(r"\bor\b", condition.text) is None
        for positive, paths, verbs in _tests(condition, around):
            if positive:
                here = _both(here, paths) if every else [*here, *paths]
            else:
                unless.extend(paths)
            (methods if positive else not_methods).extend(verbs)
        only = _both(only, here)
    return tuple(tuple(dict.fromkeys(found))[:_MOST] for found in (only, unless, methods, not_methods))


def _both(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return the patterns of what lies below one of *one* and one of *other*; all of them where that is nothing."""
    if not one or not other:
        return [*one, *other]
    one, other = one[:_MOST], other[:_MOST]
    kept = [path for path in one if any(_below(path, wider) for wider in other)]
    kept += [path for path in other if any(_below(path, wider) for wider in one)]
    return kept or [*one, *other]


def _below(path: str, wider: str) -> bool:
    return path == wider or (wider.endswith("*") and path.startswith(wider[:-1]) and path[:1] != "@")


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
    meaning = next((around.local[name] for name in names_in(part) if name in around.local), "")
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
    for name in names_in(text):
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
