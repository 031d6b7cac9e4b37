"""One workspace per installation: the registry keeps whose it is, from the first start on."""

from __future__ import annotations

from bot.settings_load import WrongSettings
from storage import marks
from storage.database import Database

_MARK = "team"


async def keep_team(database: Database, team_id: str, name: str) -> None:
    """
    Keep that the registry is of the workspace *team_id*, called *name*; raises WrongSettings where it is of another.

    Its people, channels and messages go by ids of that workspace, which mean something else, or nothing, in another.
    """
    async with database.write() as transaction:
        kept = await marks.get(transaction, _MARK)
        if kept is None and await marks.put_first(transaction, _MARK, f"{team_id} {name}"):
            return
        kept = kept or await marks.get(transaction, _MARK) or ""
        its_id, _, its_name = kept.partition(" ")
        if its_id == team_id:
            if its_name != name:
                await marks.put(transaction, _MARK, f"{team_id} {name}")
            return
    whose = f"SLACK_BOT_TOKEN is of the workspace {name} ({team_id}), and the registry is of {its_name} ({its_id})."
    mend = "put back its own token, or give the other one a registry of its own"
    where = "another GROUNDCREW_HOME, and another GROUNDCREW_DATABASE_URL where that is set"
    raise WrongSettings([f"{whose} One installation serves one workspace: {mend} ({where})."])
