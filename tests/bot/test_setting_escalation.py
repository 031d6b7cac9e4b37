"""The setting that says whom a page tells, in which order."""

import pytest
from pydantic import ValidationError

from bot.setting_groups.pages import PagesSettings


def test_the_default_chain_is_the_one_of_before() -> None:
    """Without the setting: the owner, the backup and the two channels."""
    assert PagesSettings(GROUNDCREW_ESCALATION="owner, backup, channel, reliability").escalation == (  # type: ignore[call-arg]
        "owner",
        "backup",
        "channel",
        "reliability",
    )


@pytest.mark.parametrize(
    ("written", "steps"),
    [
        ("group:@sre", ("group:@sre",)),
        ("owner,on-call:Payments EU , reliability", ("owner", "on-call:Payments EU", "reliability")),
    ],
)
def test_groups_and_schedules_may_stand_in_it(written: str, steps: tuple[str, ...]) -> None:
    """A schedule by its name, which may hold spaces."""
    assert PagesSettings(GROUNDCREW_ESCALATION=written).escalation == steps  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "must hold owner, backup"),
        ("owner, boss", "must hold owner, backup"),
        ("group:sre", "must hold owner, backup"),
        ("on-call:", "must hold owner, backup"),
        ("owner, owner", "each step once"),
        ("reliability, owner", "must have reliability last"),
    ],
)
def test_a_wrong_chain_is_refused_in_words(written: str, says: str) -> None:
    """The sentence says what may stand there, and not what stood there."""
    with pytest.raises(ValidationError, match=says) as caught:
        PagesSettings(GROUNDCREW_ESCALATION=written)  # type: ignore[call-arg]
    assert "boss" not in caught.value.errors()[0]["msg"]
