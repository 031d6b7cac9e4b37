"""
There is no way back to the version before.

Where a deployment overwrites what runs (`git pull` on the server, rsync, an image that is always called `latest`), the
version before is gone with it: after a bad change the only way is forward, under pressure, with users watching. It is
advice and holds no app back; hosts that keep every deployment (Vercel, Netlify, Render, Fly) have the way built in.

## How to fix

Give each version a name of its own and keep the last few: tag images with the commit (`app:3f2c1ab`), or copy releases
into folders of their own and turn a link. Write down the one command that goes back, and try it once.

## Fix prompt

A deployment of this app overwrites what runs, so there is no way back. Change it so that each version keeps a name:
build the image with the commit's id as its tag, or copy the files into `releases/<commit>` and turn a `current` link
only when the new version answers its health check. Keep the last five. Add a script or a manual workflow that goes back
to the version before with one command, say in the README how to use it, and note which database migrations cannot be
taken back. Do not change anything else.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.delivery.deployments import Deployments
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_WAY = ".github/workflows/deploy.yml"
_PUSH = "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - run: "

check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,
    examples=(
        Bad({"deploy.sh": "#!/bin/sh\nrsync -az ./ root@example.com:/srv/app\n"}, says="rsync", line=2),
        Bad(
            {
                "scripts/deploy.sh": "set -e\nssh app@host 'cd /srv/app && git pull origin main && npm ci "
                "&& pm2 restart all'\n"
            },
            says="git pull",
            line=2,
        ),
        Bad({_WAY: f"{_PUSH}ssh me@host 'cd app && git pull && docker compose up -d --build'\n"}, line=6),
        Good({_WAY: f"{_PUSH}ssh me@host 'cd app && IMAGE=app:${{{{ github.sha }}}} docker compose up -d'\n"}),
        Good({_WAY: f"{_PUSH}flyctl deploy\n"}),
        Good({"deploy.sh": "rsync -az ./ host:/srv/releases/$(date +%s)\nssh host ln -sfn x /srv/current\n"}),
        Good({"vercel.json": "{}"}),
        Good({"app.py": "x = 1\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(deployments: Deployments) -> Iterator[Finding]:
    """Ask of each deployment that overwrites whether a version is named that one could go back to."""
    if not deployments.by_path and not deployments.hosts:
        raise NotApplicable("no file says how it is deployed")
    for path, several in deployments.by_path.items():
        for one in several:
            if one.overwrites and not one.keeps:
                yield Finding(
                    f"{one.how} overwrites the version that runs, and nothing keeps it to go back to",
                    path=path,
                    line=one.line,
                    confidence=Confidence.MEDIUM,
                    blocking=False,
                    identity=f"overwrites {one.how}",
                )
