"""Turns of phrase that many sentences to people share: where a finding is, and lists that end in "and 3 more"."""

from __future__ import annotations

from collections.abc import Sequence

from checks.model import Finding

#: Words that begin our own sentences and are no names: what else stands first may be a package, a path or a variable.
_OURS = frozenset(
    [
        *("a", "an", "and", "asking", "each", "every", "half", "it", "its", "no", "nobody", "none", "nothing", "of"),
        *("one", "only", "reviews", "somebody", "still", "that", "the", "there", "these", "this", "those", "what"),
        *("where", "whether", "whoever"),
    ]
)


def begun(text: str) -> str:
    """Return *text* with a capital where its first word is one of ours; a name keeps its own letters."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first in _OURS else text


def place(finding: Finding) -> str:
    """Return `path:line`, as far as either is known; empty where *finding* is about the repository as a whole."""
    if finding.path is None:
        return ""
    return finding.path if finding.line is None else f"{finding.path}:{finding.line}"


def placed(finding: Finding) -> str:
    """Return the message of *finding* with its place in brackets, where the message does not name it itself."""
    where = place(finding)
    return f"{finding.message} ({where})" if where and where not in finding.message else finding.message


def names(several: Sequence[str], most: int) -> str:
    """Return `a, b and 3 more`: the first *most* of *several*."""
    return ", ".join(several[:most]) + (f" and {len(several) - most} more" if len(several) > most else "")


def reasons(several: Sequence[str], most: int) -> str:
    """Return `a; b (and 3 more)`: the first *most* of *several*, each of which is a sentence."""
    return "; ".join(several[:most]) + (f" (and {len(several) - most} more)" if len(several) > most else "")
