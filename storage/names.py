"""
What an app may be called, and when two names are the same name.

Names are typed, said aloud and searched for, so they are compared without case and Unicode form, and hold no character
that cannot be seen. Every word of `/apps` is reserved, else an app of that name could not be shown.
"""

from __future__ import annotations

import unicodedata

RESERVED = frozenset({"all", "unowned", "failing", "mine", "help"})
RULE = "Name may use letters, digits, - _ . (2-64)."
_SHORTEST, _LONGEST = 2, 64
_MARKS = "-_."


def name_key(name: str) -> str:
    """Return *name* as it is compared: Unicode's NFKC, case-folded, NFKC again (what folding took apart)."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())


def is_help(text: str) -> bool:
    """Whether *text* asks how a command is used; no app can be called so."""
    return name_key(text.strip("-? ")) == "help"


def clean_name(text: str) -> str:
    """Return the name that *text* means: its NFKC form, without space around it."""
    return unicodedata.normalize("NFKC", text).strip()


def name_fault(name: str) -> str | None:
    """Return the rule and what in *name* (as `clean_name` gives it) breaks it, or None where it may be a name."""
    wrong = _wrong(name)
    if wrong:
        return f"{RULE} {wrong}"
    if name_key(name) in RESERVED:
        return f"“{name}” is a word of /apps and cannot be a name. Choose another."
    return None


def _wrong(name: str) -> str:
    for character in name:
        if not _is_allowed(character):
            return f"{_called(character)} is not allowed."
    if len(name) < _SHORTEST:
        return "This one is too short."
    if len(name) > _LONGEST or len(name_key(name)) > _LONGEST:
        return f"This one has {len(name)} characters."
    if unicodedata.category(name[0])[0] not in "LN":
        return "It must begin with a letter or digit."
    return ""


def _is_allowed(character: str) -> bool:
    # Mn and Mc are the vowel signs without which many scripts cannot be written.
    return character in _MARKS or unicodedata.category(character) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Mn", "Mc"}


def _called(character: str) -> str:
    """Return what to call *character* in a sentence, without printing what cannot be seen."""
    if character == " ":
        return "A space"
    if character in "\r\n":
        return "A line break"
    if unicodedata.category(character)[0] in "CZM":
        return f"The invisible character U+{ord(character):04X}"
    return f"“{character}”"
