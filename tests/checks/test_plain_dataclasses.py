"""In a child dataclasses of ours are made with less; they compare, hash and hold as before."""

import dataclasses
from types import ModuleType
from typing import Any

import msgspec
import pytest

from checks.plain_dataclasses import plain_dataclasses

SOURCE = """
from dataclasses import dataclass, field

@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 2
    seen: list = field(default_factory=list, compare=False)

@dataclass(frozen=True, slots=True)
class Far(Point):
    z: int = 3

@dataclass
class Loose:
    x: int

@dataclass(frozen=True)
class Own:
    x: int
    def __hash__(self):
        return 7
"""


def executed(name: str) -> Any:
    """Return the module *name* made of the classes above, while dataclasses are plain."""
    module = ModuleType(name)
    with plain_dataclasses():
        exec(SOURCE, module.__dict__)  # noqa: S102 - it stands above
    return module


def test_plain_classes_compare_and_hash_by_their_fields() -> None:
    """Equality, hash, replacing, inheritance and msgspec work as with the real classes."""
    made = executed("checks.made")
    point = made.Point(1)
    assert point == made.Point(1, 2)
    assert hash(point) == hash(made.Point(1, 2)) == hash((1, 2))
    assert len({point, made.Point(1), made.Point(2)}) == 2
    assert dataclasses.replace(point, y=5) == made.Point(1, 5)
    assert made.Far(1).z == 3
    assert hash(made.Own(1)) == 7
    assert msgspec.json.decode(msgspec.json.encode(made.Loose(1)), type=made.Loose) == made.Loose(1)
    with pytest.raises(TypeError):
        hash(made.Loose(1))
    with pytest.raises(AttributeError):
        point.other = 1  # slots stay


def test_dataclasses_of_others_are_untouched() -> None:
    """A module of another package gets its frozen classes, and so does everybody afterwards."""
    other = executed("other.made")
    with pytest.raises(dataclasses.FrozenInstanceError):
        other.Point(1).x = 2
    assert repr(other.Loose(1)) == "Loose(x=1)"
    assert dataclasses.dataclass.__module__ == "dataclasses"
    assert dataclasses.dataclass.__name__ == "dataclass"
