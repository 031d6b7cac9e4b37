"""
No text tells how to run the app and what to do when it fails.

Whoever is woken by an alarm did not write the app. They need one page: how it is started and deployed, how to go back
to the version before, what usually goes wrong, and whom to call. An AI builder's template README says none of that.

Any README or text in the repository counts, in whatever words. It is advice.

## How to fix
Write `RUNBOOK.md`: where it runs and where its logs are; how to deploy, and how to put the last version back; how to
restore the data; the three most likely faults with what to do; the owner and a second person, with a channel.

## Fix prompt
Write RUNBOOK.md for this app, one page, from what the repository shows: what it does and for whom; where it runs; every
environment variable and what breaks without it; how to start it on one's own machine; how to deploy and how to roll
back to the version before; how to back up and restore its data; how to see that it is well and where its logs are; the
most likely faults, each with a sign and a remedy. Leave marked gaps for the owner, a second contact and the channel,
which only people know. Link it from the README. Invent nothing that the repository does not show.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.operations.instructions import Instructions, Topic
from checks.facts.operations.service import Service
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_APP = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/items')\ndef items(): ...\n"

check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,
    examples=(
        Bad({"main.py": _APP}, says="how to start it"),
        Bad(
            {
                "package.json": '{"dependencies": {"next": "15"}}\n',
                "README.md": "# My app\n\nRun `npm run dev` and open http://localhost:3000.\n\n## Deploy on Vercel\n",
            },
            says="how to go back",
        ),
        Good(
            {
                "main.py": _APP,
                "README.md": "Start: `uvicorn main:app`.\n\n## Deploying\n\n...\n\n## Rolling back\n\n...\n\n"
                "Contact: the invoices team\n",
            }
        ),
        Good({"lib.py": "def add(a, b):\n    return a + b\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(service: Service, instructions: Instructions) -> Iterator[Finding]:
    """Yield one advice that names what no text tells."""
    if service.why_not:
        raise NotApplicable(service.why_not)
    missing = [topic.value for topic in Topic if topic.name not in instructions.told]
    if missing:
        listed = missing[0] if len(missing) == 1 else f"{', '.join(missing[:-1])} and {missing[-1]}"
        yield Finding(
            f"No text says {listed}",
            path=instructions.readme or None,
            line=1 if instructions.readme else None,
            confidence=Confidence.MEDIUM,
            blocking=False,
            identity="no runbook",
        )
