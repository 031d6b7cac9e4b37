"""Which repository a text means here; in the local workspace it may be a folder of this machine, too."""

from __future__ import annotations

from checks.gather.git import Unreadable
from checks.gather.target import Target, parse_target
from commands.world import World


def target_of(text: str, world: World) -> Target:
    """
    Return what *text* names; raises CheckError with a sentence.

    A folder is taken only below one of House.local_folders: what is found in it is told to everybody in a channel.
    """
    allowed = world.house.local_folders
    target = parse_target(text, world.house.engine.hosts, local=bool(allowed))
    if target.folder is not None and not any(target.folder.is_relative_to(one.resolve()) for one in allowed):
        raise Unreadable(
            f"I read folders below {allowed[0].resolve()} alone; set GROUNDCREW_LOCAL_FOLDERS to name others, and "
            "start me again."
        )
    return target
