"""The words for what could not be seen: the same thing is said once, and what lacks becomes something to do."""

from __future__ import annotations

from checks.sight import Lack, lack_of, listed, merged, step_for


def test_what_is_true_of_several_files_is_said_once() -> None:
    """Files and packages of which the same is true share a sentence, which names a few of them."""
    said = merged(
        [
            *(f"{name}.py was not read: it is too large" for name in "abcd"),
            "e.py was not read: it is binary",
            *(f"@org/{name}: the package index is not asked here" for name in "xy"),
            "reqs.txt:6: ui has no exact version",
            "nobody can tell",
            "nobody can tell",
        ]
    )
    assert said == (
        "a.py, b.py, c.py and 1 more were not read: it is too large",
        "e.py was not read: it is binary",
        "@org/x, @org/y: the package index is not asked here",
        "reqs.txt:6: ui has no exact version",
        "nobody can tell",
    )


def test_a_long_list_is_cut() -> None:
    """Of many different sentences the first few are kept, and how many are left out is said."""
    said = merged(f"reason {number}" for number in range(20))
    assert (len(said), said[-1]) == (9, "and 12 things more")


def test_every_lack_has_a_step_that_is_known_again() -> None:
    """A step that tells what to give begins so that whoever shows it can add how."""
    for lack in Lack:
        assert lack_of(f"so: {lack}, alas") is lack
        assert lack_of(step_for(f"2 Go files (a.go, ...) are {lack}", ["x"])) is lack


def test_what_nobody_can_read_is_for_a_person() -> None:
    """Code in a language that is not read asks for a person, and keeps naming the files."""
    step = step_for("38 Swift files (ios/App.swift, ...) are in a language that is not read", ["open-route"])
    assert step.startswith("Have a person look")
    assert "38 Swift files (ios/App.swift" in step


def test_lists_end_in_and() -> None:
    """Names in a sentence are joined by commas and one "and"."""
    assert (listed(["a"]), listed(["a", "b", "c"])) == ("a", "a, b and c")
