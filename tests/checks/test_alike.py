"""Findings that say the same are told once, with all their places."""

from __future__ import annotations

from checks.alike import alike
from checks.model import Finding, Route


def test_the_same_words_are_told_once() -> None:
    """One sentence at two lines is one group; another fix makes it another one."""
    one, two = Finding("fetch sets no limit", "a.js", 1), Finding("fetch sets no limit", "b.js", 2)
    other = Finding("fetch sets no limit", "c.js", 3, fix="Set it")
    groups = alike([one, two, other])
    assert [(group.words, group.findings, group.fix) for group in groups] == [
        ("fetch sets no limit", (one, two), ""),
        ("fetch sets no limit", (other,), "Set it"),
    ]


def test_routes_are_taken_out_of_the_sentence() -> None:
    """Routes of which the same is true are counted in front of it; a lone one keeps its name there."""
    found = [Finding(f"GET /{name} is open", "a.py", 1, route=Route("GET", f"/{name}")) for name in "xy"]
    (group,) = alike(found)
    assert (group.words, group.subjects) == ("Each of 2 routes is open", ("GET /x", "GET /y"))
    assert alike(found[:1])[0].words == "GET /x is open"


def test_a_route_inside_the_sentence_stays() -> None:
    """A message that does not begin with its route is left as it is."""
    (group,) = alike([Finding("q (GET /x) goes into SQL", route=Route("GET", "/x"))])
    assert (group.words, group.subjects) == ("q (GET /x) goes into SQL", ("",))
