"""
What a denial depends on: the caller, some other input, or only what the whole process shares; and for which paths.

A reader (outline_python.py, outline_javascript.py) finds the statements that turn somebody away and the conditions they
stand under, as text; here the text is judged and dropped. The rule comes from measurement: guards judged by their name
were right one time in five on unseen code, guards judged by whether their body can deny nine times in ten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from checks.facts.code.believed import believes_anybody, named_by_caller, proves_secret, rests_on_unproved
from checks.facts.code.conditions import Condition, Surroundings, names_in
from checks.facts.code.denial_words import (
    CALLED,
    COMPARES,
    CREDENTIAL,
    ERROR_KIND,
    HEADER,
    IDENTITY,
    LONG_TEXT,
    LONGEST,
    NEGATED,
    NO_GUARD,
    OWN_LOGIN,
    OWN_STATE,
    PARTS,
    REQUEST,
    SENT,
    SHARED,
    SIGNATURE,
    SPOKEN_TEXT,
    TAKES_APART,
    THROWS,
    UPSTREAM,
    VERIFIES,
    WRITES,
)
from checks.facts.code.outline import Denial
from checks.facts.code.path_tests import reach_of


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
    if about is None or _only_when_sent(conditions, around) or believes_anybody(conditions, around):
        return None
    return Denial(line, how, about, *reach_of(conditions, around))


def _about(how: str, conditions: list[Condition], around: Surroundings) -> str | None:
    if not conditions:
        return None if how in {"exit", "throw"} else "always"
    parts = [_about_callers(condition.text[:LONGEST], around) for condition in conditions]
    meant = [_expanded(part, around) for part in parts]
    if not parts[0].strip() or (ERROR_KIND.search(meant[0]) and not _tried_a_check(conditions)):
        return None
    if how != "login" and any(rests_on_unproved(text, around) for text in meant):
        return None
    plain = [OWN_LOGIN.sub(" ", _without_shared(text, around)) for text in meant]
    if how in {"exit", "throw"}:
        # The nearest condition must be the one about the caller: `if session: if not item: return` denies nobody.
        return _whose(plain[:1]) if _turns_on_absence(conditions[0], meant[0]) else None
    found = "identity" if any(proves_secret(text) for text in meant) else _whose(plain)
    credential = how != "login" and any(CREDENTIAL.search(text) and not named_by_caller(text) for text in plain)
    if found is None and not credential:
        return "request" if any(names_in(text) for text in plain) else "state"
    return found or "identity"


def _whose(texts: list[str]) -> str | None:
    """Return identity, own, presence or signed, as *texts* ask for who is calling (outline.Denial), or None."""
    asking = [text for text in texts if IDENTITY.search(text)]
    if not asking:
        return None
    if _only_presence(asking, HEADER):
        return "presence"
    if _only_presence(asking, SIGNATURE):
        return "signed"
    return "identity" if any(IDENTITY.search(OWN_STATE.sub(" ", text)) for text in asking) else "own"


def _only_presence(texts: list[str], header: re.Pattern[str]) -> bool:
    """Whether *texts* ask only that *header* is there, or how it begins."""
    return all(
        header.search(text)
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
        not NEGATED.search(condition.text) and (IDENTITY.search(_without_shared(meant, around)) or proves_secret(meant))
        for condition in conditions
        for meant in [_expanded(condition.text[:LONGEST], around)]
    )


def _turns_on_absence(condition: Condition, meant: str) -> bool:
    """Whether *condition* holds where something is missing or wrong; a caught error counts where it was a check's."""
    if condition.text.startswith("catch "):
        return VERIFIES.search(meant) is not None
    return not condition.holds or NEGATED.search(f"{condition.text} {meant}") is not None


def _only_when_sent(conditions: Sequence[Condition], around: Surroundings) -> bool:
    """Whether a credential is asked for only where one was sent: `if token: if not ok(token)`, `if token and not`."""
    before = any(not condition.enclosing for condition in conditions)
    for place, condition in enumerate(conditions):
        parts = PARTS.split(condition.text) if condition.enclosing and condition.holds else []
        alone = place == 0 and (len(parts) == 1 or before)  # the denial's own condition, or one after another
        for match in [match for part in parts for match in [SENT.fullmatch(part)] if match and not alone]:
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
        names = [name for name in names_in(fresh) if name in around.local and name not in known]
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
    return LONG_TEXT.sub(" ", meaning)


def _forget(text: str, names: list[str]) -> str:
    for name in names[:12]:
        text = re.sub(rf"(?<![\w.$]){re.escape(name)}(?![\w$])", "it", text)
    return text


def _without_shared(text: str, around: Surroundings) -> str:
    text = SHARED.sub(" ", text)
    return _forget(text, [name for name in names_in(text) if name in around.state and name not in around.parameters])
