"""Whether a code host may be asked about a repository, known before anything that could ask it is loaded."""

from __future__ import annotations

from checks.engine import Engine
from checks.gather.address import Address

#: Why nobody was asked where the token may not be used; commands look for it, to offer that an admin is asked.
NOT_LET = (
    "GitHub was not asked about reviews and CI: the token is used only for registered apps, once an admin has let the "
    "bot use it for them"
)
_OWNER_AND_NAME = 2


def why_not_asked(engine: Engine, address: Address | None, revision: str | None, *, with_token: bool) -> str:
    """Return why nobody may be asked about *revision* at *address* and what to connect, or an empty text."""
    if address is None or revision is None:
        return "reviews and CI cannot be seen in a clone: the code host was not asked"
    if address.host != engine.token_host:
        return (
            f"reviews and CI cannot be seen in a clone: {address.host} cannot be asked, only {engine.token_host} can be"
        )
    if engine.token is None:
        return "reviews and CI cannot be seen in a clone, and GitHub is not connected"
    if not with_token:
        return NOT_LET
    if len(address.path.split("/")) != _OWNER_AND_NAME:
        return f"the address is not that of a repository: https://{address.host}/OWNER/REPOSITORY"
    return ""
