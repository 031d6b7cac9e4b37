"""Which addresses and folders are taken, and what is said of the others."""

from pathlib import Path

import pytest

from commands.command import Refused
from storage import audit, check_requests
from tests.commands.repository import Repository
from tests.world import CY, Town
from tests.world import town as a_town

_TOKEN = "Do not put a token in the address; that token is now in Slack's history: revoke it."


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("file:///etc", "Only https:// repository addresses are accepted (got file)."),
        ("ext::sh -c touch% x", "That is not an https:// repository address."),
        ("--upload-pack=touch x", "That is not an https:// repository address."),
        ("git@github.com:a/b.git", "Use the https form: https://github.com/a/b"),
        ("ssh://-oProxyCommand=x/y", "Use the https form: "),
        ("https://user:ghp_x@github.com/a/b", _TOKEN),
        ("https://127.0.0.1/a", "Address is inside this network (127.0.0.1): not allowed."),
        ("http://[::1]/", "Address is inside this network (::1): not allowed."),
        ("https://github.com\\@evil.example/x", "Address contains a character that is not allowed (\\)."),
        ("https://github.com:443@10.0.0.1/x", "Address is inside this network (10.0.0.1): not allowed."),
        ("https://github.com/a/b\n--x", "Address contains a line break."),
        ("https://github.com/a/../../b", "Address must not contain .."),
        ("https://gıthub.com/a/b", "Host xn--gthub-n4a.com is not in the allowed list (github.com, gitlab.com, "),
    ],
)
async def test_bad_addresses_are_answered_as_listed(tmp_path: Path, address: str, says: str) -> None:
    """Each gets its own sentence, by command and in the form, and nothing is stored of it."""
    async with a_town(tmp_path, local_folders=()) as town:
        with pytest.raises(Refused) as caught:
            await town.ask(CY, "check-app", address)
        assert str(caught.value).startswith(says)
        with pytest.raises(Refused) as caught:
            await town.ask(CY, "register-app", name="billing-bot", repository=address)
        assert str(caught.value).startswith(says)
        assert "ghp_x" not in str(caught.value)
        async with town.world.database.read() as transaction:
            assert await check_requests.left(transaction, town.clock.now(), 10) == ()
            assert await audit.entries(transaction, address) == ()
        assert (await town.ask(CY, "apps", "all")).total == 0


@pytest.mark.parametrize("order", ["check-app", "register-app"])
async def test_an_option_of_git_is_no_folder(town: Town, order: str) -> None:
    """Where folders may be named, too, what begins like an option is not looked for on the disk."""
    given = {"name": "billing-bot", "repository": "--upload-pack=touch x"} if order == "register-app" else {}
    with pytest.raises(Refused, match=r"^That is not an https:// repository address"):
        await town.ask(CY, order, "" if given else "--upload-pack=touch x", **given)


@pytest.mark.parametrize("order", ["check-app", "register-app"])
async def test_a_folder_elsewhere_on_the_machine_is_not_read(tmp_path: Path, order: str) -> None:
    """The local workspace reads what lies below the folders that it was given, also where a link leads out of them."""
    inside, outside = tmp_path / "apps", tmp_path / "etc"
    inside.mkdir()
    for folder in (inside / "billing", outside):
        Repository(folder)
    (inside / "link").symlink_to(outside)
    async with a_town(tmp_path, local_folders=(inside,)) as town:
        for name in ("../etc", "link"):
            given = {"name": "billing-bot", "repository": f"{inside}/{name}"} if order == "register-app" else {}
            with pytest.raises(Refused, match=r"I read folders below .*/apps alone; set GROUNDCREW_LOCAL_FOLDERS"):
                await town.ask(CY, order, "" if given else f"{inside}/{name}", **given)
        started = await town.ask(CY, "check-app", f"{inside}/billing")
        assert started.request.repository == f"{inside}/billing"


async def test_slack_own_wrapping_of_an_address_is_undone(tmp_path: Path) -> None:
    """An address that was turned into a link is the same address."""
    async with a_town(tmp_path, local_folders=()) as town:
        started = await town.ask(CY, "check-app", "<https://github.com/a/b|github.com/a/b>")
        assert started.request.repository == "https://github.com/a/b"
        assert not started.request.with_token
