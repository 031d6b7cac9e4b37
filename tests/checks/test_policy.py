"""The default policy, a team's own file, and what is said of its faults."""

from dataclasses import replace
from pathlib import Path

import pytest

from checks.check import Check, all_checks
from checks.documentation import check_ids
from checks.example import run_example
from checks.model import Audience, Context, DataClass, Exposure, Placement
from checks.policy import PolicyError, load


def written(folder: Path, text: str) -> Path:
    """Return a policy file of *text*."""
    path = folder / "policy.toml"
    path.write_text(text)
    return path


def test_the_default_names_only_checks_that_exist() -> None:
    """Every check that the default policy asks for, takes milder or takes stricter is there."""
    policy = load()
    named = {exemption.check for exemption in (*policy.milder, *policy.stricter)}
    assert policy.asks_for(Placement.PRODUCTION) | named <= check_ids()


def test_a_check_is_left_out_of_every_and_asked_for_by_name(tmp_path: Path) -> None:
    """A "-" before a check takes it out of "*"; a team that names it asks for it again."""
    policy = load()
    assert "open-route-live" not in policy.asks_for(Placement.PRODUCTION)
    assert policy.unseen("open-route-live") is Placement.PRODUCTION
    assert policy.unseen("no-review") is Placement.ISOLATED
    own = load(written(tmp_path, '[places.production]\nlooked_at = ["*"]\n'))
    assert own.unseen("open-route-live") is Placement.ISOLATED
    named = load(written(tmp_path, '[places.isolated]\nlooked_at = ["open-route-live"]\n'))
    assert named.unseen("open-route-live") is Placement.SANDBOX


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_a_check_that_only_advises_says_so(check: Check) -> None:
    """Only a check with something that blocks in an example names a place; the others are not asked for, either."""
    found = [one for each in check.examples for one in run_example(check, each).findings]
    assert any(one.blocking for one in found) is (check.allows is not Placement.PRODUCTION)
    if check.allows is Placement.PRODUCTION:
        assert check.holds == "advice only"
        assert check.id not in load().asks_for(Placement.PRODUCTION)
        assert load().unseen(check.id) is Placement.PRODUCTION


def test_each_place_says_how_to_get_in_and_who_grants_it() -> None:
    """By default, too, whoever may go up knows whom to ask."""
    policy = load()
    for place in (Placement.SANDBOX, Placement.ISOLATED, Placement.PRODUCTION):
        assert "How to get in: ask" in policy.places[place].words
        assert "Who grants it: the reliability team" in policy.places[place].words


def test_the_default_is_milder_only_for_a_teams_own_tools() -> None:
    """How bad a fault is, its check says; milder is the default only inside, for a team, with internal data."""
    policy = load()
    assert policy.stricter == ()
    for mild in policy.milder:
        assert mild.data in {DataClass.NONE, DataClass.INTERNAL}
        assert mild.audience in {Audience.ME, Audience.TEAM}
        assert mild.exposure in {Exposure.HERE, Exposure.INTERNAL}
        assert mild.because


def test_a_teams_own_tool_needs_no_pipeline() -> None:
    """An app of one team inside the network may do without tests; on the internet, or where nobody said, it may not."""
    inside = Context(DataClass.INTERNAL, Audience.TEAM, exposure=Exposure.INTERNAL)
    for context, allowed in (
        (inside, Placement.PRODUCTION),
        (replace(inside, exposure=Exposure.LOGIN), Placement.ISOLATED),
        (replace(inside, exposure=None), Placement.ISOLATED),
        (replace(inside, data=DataClass.PERSONAL), Placement.ISOLATED),
    ):
        assert load().allows("no-tests", Placement.ISOLATED, context) is allowed


def test_a_team_overrides_a_part_and_keeps_the_rest(tmp_path: Path) -> None:
    """A key of a place replaces that key alone."""
    path = written(tmp_path, '[places.sandbox]\nname = "Playground"\nlink = "https://play.example"\n')
    policy = load(path)
    assert policy.places[Placement.SANDBOX].words.startswith("Playground https://play.example: made-up data")
    assert policy.places[Placement.ISOLATED] == load().places[Placement.ISOLATED]
    assert policy.stricter == load().stricter


def test_a_list_of_exceptions_is_replaced_whole(tmp_path: Path) -> None:
    """A team that writes its own milder exceptions has only those."""
    path = written(tmp_path, '[[milder]]\ncheck = "no-tests"\ndata = "none"\naudience = "me"\nallows = "production"\n')
    policy = load(path)
    assert [exemption.check for exemption in policy.milder] == ["no-tests"]
    alone = Context(DataClass.NONE, Audience.ME)
    assert policy.allows("no-tests", Placement.ISOLATED, alone) is Placement.PRODUCTION
    assert policy.allows("no-tests", Placement.ISOLATED, Context(DataClass.NONE, Audience.TEAM)) is Placement.ISOLATED
    assert policy.allows("no-tests", Placement.ISOLATED, Context(None, Audience.ME)) is Placement.ISOLATED


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    """Unknown keys, places, checks and words and wrong types are each one sentence that names the spot."""
    path = written(
        tmp_path,
        """
        colour = "red"
        [places.moon]
        name = "Moon"
        [places.sandbox]
        name = 3
        colour = "red"
        looked_at = ["no-such-check"]
        [places.isolated]
        looked_at = "no-ci"
        [[milder]]
        check = "no-ci"
        data = "secret"
        audience = 5
        [[stricter]]
        check = "no-such-check"
        allows = "moon"
        until = "then"
        """,
    )
    with pytest.raises(PolicyError) as caught:
        load(path)
    said = "\n".join(caught.value.faults)
    assert len(caught.value.faults) == 12
    for words in (
        "'colour' is not a part of a policy",
        "no place 'moon'",
        "places.sandbox.name must be text",
        "places.sandbox has no key 'colour'",
        "places.sandbox.looked_at names the check 'no-such-check', which does not exist",
        "places.isolated.looked_at must be a list of check ids",
        "milder 1 lacks 'allows'",
        "milder 1: data 'secret' is none of none, internal, personal, payment",
        "milder 1: audience must be text",
        "stricter 1 names the check 'no-such-check'",
        "stricter 1: allows 'moon' is none of nowhere, sandbox, isolated, production",
        "stricter 1 has no key 'until'",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("places = 3", "places must be tables"),
        ("milder = 3", "milder must be a list of tables"),
        ("milder = [3]", "milder 1 must be a table"),
        ("[places]\nsandbox = 3", "places.sandbox must be a table"),
        ("[places", "is not TOML"),
        ('[[milder]]\ncheck = "no-c"\nallows = "sandbox"', "does not exist. Did you mean no-ci?"),
        (b"\xff", "is not UTF-8 text"),
        (b"\n" * 2_000_000, "is larger than 1 MiB"),
        ("places = " + "[" * 5000, "nests deeper|is not TOML"),
        (None, "cannot be read"),
    ],
)
def test_a_file_of_the_wrong_shape_is_told(tmp_path: Path, text: str | bytes | None, words: str) -> None:
    """A file that is missing, is not TOML, or holds a figure where a table belongs is one sentence with its name."""
    path = tmp_path / "policy.toml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PolicyError, match=words) as caught:
        load(path)
    assert str(path) in str(caught.value)
