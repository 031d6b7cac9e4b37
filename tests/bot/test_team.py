"""One workspace per installation: the first start says which, and a token of another is refused in words."""

import pytest

from bot.settings_load import WrongSettings
from bot.team import keep_team
from storage.database import Database


async def test_the_first_start_says_whose_the_registry_is(registry_url: str) -> None:
    """The same workspace goes on, also under another name; another one learns what to do, and changes nothing."""
    database = await Database.open(registry_url)
    for name in ("Acme", "Acme", "Acme Ltd"):
        await keep_team(database, "T1", name)
    for _ in range(2):
        with pytest.raises(WrongSettings) as caught:
            await keep_team(database, "T2", "Other")
        (fault,) = caught.value.faults
        assert fault.startswith(
            "SLACK_BOT_TOKEN is of the workspace Other (T2), and the registry is of Acme Ltd (T1). "
            "One installation serves one workspace: put back its own token"
        )
        assert "GROUNDCREW_HOME" in fault
    await keep_team(database, "T1", "Acme Ltd")
    await database.close()
