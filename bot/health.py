"""How the bot is: each part says so itself, and the listener, the auditor and the doctor read it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Health:
    """What is wrong now, by part: a sentence each. No part with a fault is a healthy bot."""

    faults: dict[str, str] = field(default_factory=dict)

    def good(self, part: str) -> None:
        """Say that *part* works."""
        self.faults.pop(part, None)

    def bad(self, part: str, why: str) -> None:
        """Say that *part* does not work, and *why*, without any secret."""
        self.faults[part] = why

    def stuck(self) -> dict[str, str]:
        """
        Return the faults that a restart could mend: the sender's and the clock's, while the registry takes writes.

        It mends none of the others (Slack or the registry away, a token that was taken back), and would only hold up
        the pages that go out by second routes meanwhile.
        """
        if "registry" in self.faults:
            return {}
        return {part: why for part, why in self.faults.items() if part in ("sender", "clock")}
