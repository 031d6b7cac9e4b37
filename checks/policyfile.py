"""Reads a team's policy file and says in sentences what is wrong with it; what it means is in checks.policy."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from checks.documentation import check_ids
from checks.model import Audience, DataClass, Exposure, Placement

EVERY = "*"  # in `looked_at`: every check that exists
BUT = "-"  # before a check there: it is left out of "every"
_TEXTS = ("name", "what", "link", "enter", "granted_by")
_CHOICES: Mapping[str, type[StrEnum]] = {
    "allows": Placement,
    "data": DataClass,
    "audience": Audience,
    "exposure": Exposure,
}


_LARGEST = 1024 * 1024  # bytes; an honest one has a few thousand


class PolicyError(Exception):
    """A policy file cannot be used; *faults* holds one sentence a fault, for the person who wrote the file."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read(path: Path) -> dict[str, Any]:
    """Return what the file at *path* says. Raises PolicyError with every fault of it at once."""
    own = _parsed(path)
    faults = tuple(_faults(own))
    if faults:
        raise PolicyError(tuple(f"{path}: {fault}" for fault in faults))
    return own


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise PolicyError((f"{path}: the policy is larger than {_LARGEST // 2**20} MiB.",))
        return tomllib.loads(text.decode("utf-8"))
    except OSError as error:
        raise PolicyError((f"{path}: the policy cannot be read: {error.strerror}.",)) from None
    except UnicodeDecodeError:
        raise PolicyError((f"{path}: the policy is not UTF-8 text.",)) from None
    except RecursionError:
        raise PolicyError((f"{path}: the policy nests deeper than any does.",)) from None
    except tomllib.TOMLDecodeError as error:
        raise PolicyError((f"{path}: the policy is not TOML: {error}.",)) from None


def _faults(own: Mapping[str, Any]) -> Iterator[str]:
    for key in own.keys() - {"places", "milder", "stricter"}:
        yield f"{key!r} is not a part of a policy; use places, milder or stricter."
    places = own.get("places", {})
    if isinstance(places, dict):
        for name, keys in places.items():
            yield from _faults_of_place(name, keys)
    else:
        yield "places must be tables, such as [places.sandbox]."
    for part in ("milder", "stricter"):
        entries = own.get(part, [])
        if not isinstance(entries, list):
            yield f"{part} must be a list of tables, each beginning with [[{part}]]."
            continue
        for number, keys in enumerate(entries, 1):
            yield from _faults_of_exemption(f"{part} {number}", keys)


def _faults_of_place(name: str, keys: object) -> Iterator[str]:
    if name not in list(Placement):
        yield f"there is no place {name!r}; the places are {', '.join(Placement)}."
        return
    if not isinstance(keys, dict):
        yield f"places.{name} must be a table."
        return
    for key, value in keys.items():
        if key in _TEXTS:
            if not isinstance(value, str):
                yield f"places.{name}.{key} must be text."
        elif key != "looked_at":
            yield f"places.{name} has no key {key!r}; its keys are {', '.join(_TEXTS)} and looked_at."
        elif not isinstance(value, list) or not all(isinstance(check, str) for check in value):
            yield f"places.{name}.looked_at must be a list of check ids."
        else:
            checks = (word.removeprefix(BUT) for word in value)
            yield from (_unknown(f"places.{name}.looked_at", check) for check in checks if not _known(check, EVERY))


def _faults_of_exemption(where: str, keys: object) -> Iterator[str]:
    if not isinstance(keys, dict):
        yield f"{where} must be a table."
        return
    for key in ("check", "allows"):
        if key not in keys:
            yield f"{where} lacks {key!r}."
    for key, value in keys.items():
        if key not in {"check", "because", *_CHOICES}:
            yield f"{where} has no key {key!r}; its keys are check, allows, data, audience, exposure and because."
        elif not isinstance(value, str):
            yield f"{where}: {key} must be text."
        elif key in _CHOICES and value not in list(_CHOICES[key]):
            yield f"{where}: {key} {value!r} is none of {', '.join(_CHOICES[key])}."
        elif key == "check" and not _known(value):
            yield _unknown(where, value)


def _known(check: str, *also: str) -> bool:
    return check in check_ids() or check in also


def _unknown(where: str, check: str) -> str:
    near = difflib.get_close_matches(check, sorted(check_ids()), 1)
    return f"{where} names the check {check!r}, which does not exist." + (f" Did you mean {near[0]}?" if near else "")
