"""Which well-known name a package's name is one slip of the hand away from: what squatters register."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.packages import popular_npm, popular_pypi
from checks.facts.packages.packages import NPM, PYPI

_POPULAR = {NPM: popular_npm.NAMES, PYPI: popular_pypi.NAMES}
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_."
#: Shorter names are near too many others by chance.
_SHORTEST = 5
_LONGEST = 60  # longer ones are nobody's slip, and each letter costs some eighty tries


def is_popular(ecosystem: str, name: str) -> bool:
    """Return whether *name* is one that many apps rest on."""
    return name in _POPULAR[ecosystem]


def meant(ecosystem: str, name: str) -> str | None:
    """Return the well-known name that *name* is one slip away from; None where it is one itself, or near none."""
    popular = _POPULAR[ecosystem]
    if not _SHORTEST <= len(name) <= _LONGEST or name in popular:
        return None
    return next((one for one in _slips(name) if one in popular and len(one) >= _SHORTEST), None)


def _slips(name: str) -> Iterator[str]:
    """Yield every name one slip away: a letter left out, added, changed or swapped with the next; a scope lost."""
    scope, slash, plain = name.rpartition("/")
    if slash:
        yield f"{scope.removeprefix('@')}-{plain}"  # "@types-react" for "@types/react" the other way round
    else:
        first, dash, rest = name.partition("-")
        if dash:
            yield f"@{first}/{rest}"
    for place in range(len(name) + 1):
        before, after = name[:place], name[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]
