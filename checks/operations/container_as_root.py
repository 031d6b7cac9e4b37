"""
A container runs as root, or with powers over its host.

Root in a container is root of everything that the container can touch. A fault in the app or in one of its packages
then reaches mounted files, the secrets of the container and, with a fault of the kernel, the host. With `privileged` or
the docker socket no further fault is needed.

It is advice: much well-known software starts as root and hands on to a user of its own (gosu, su-exec and s6 count),
and some hosts map root to nobody.

## How to fix
End the Dockerfile with a user of its own: `RUN useradd --create-home app` and `USER app` behind the last step that
needs root. Give the folders that the app writes to that user. Take `privileged` and the docker socket out of the
compose file.

## Fix prompt
Make the containers of this app run as an ordinary user. In the last stage of each Dockerfile create a user and group
without a login, give them only the folders that the app writes to, and switch to them with USER before CMD; use a port
from 1024 up. Remove `privileged: true`, `user: root` and mounts of /var/run/docker.sock from compose files unless it
is made to manage containers. Build and start the container once to see that it still works. Change nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.operations.containers import Containers
from checks.model import Confidence, Finding, Outcome, Placement, Severity

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.PRODUCTION,
    examples=(
        Bad(
            {
                "Dockerfile": "FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
                'CMD ["python", "app.py"]\n'
            },
            says="names no USER",
            line=1,
        ),
        Bad({"Dockerfile": "FROM node:22\nUSER node\nRUN npm ci\nUSER root\nCMD node .\n"}, says="USER root", line=4),
        Bad(
            {
                "docker-compose.yml": "services:\n  web:\n    image: app\n    volumes:\n"
                "      - /var/run/docker.sock:/var/run/docker.sock\n"
            },
            says="docker.sock",
            line=5,
        ),
        Bad({"compose.yaml": "services:\n  web:\n    privileged: true\n"}, says="privileged", line=3),
        Good({"Dockerfile": "FROM node:22 AS build\nRUN npm ci\nFROM node:22\nUSER node\nCMD node .\n"}),
        Good({"Dockerfile": "FROM python:3.12 AS base\nUSER app\nFROM base\nCMD python app.py\n"}),
        Good({"Dockerfile": "FROM python:3.12\nENTRYPOINT exec gosu app python app.py\n"}),
        Good({"Dockerfile": "FROM gcr.io/distroless/nodejs22:nonroot\nCMD server.js\n"}),
        Good({"app.py": "print(1)\n"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(containers: Containers) -> Iterator[Finding]:
    """Yield each container that runs as root or has powers over its host, as advice."""
    if not containers.files:
        raise NotApplicable("nothing here makes or starts a container")
    for path, part in sorted(containers.files.items()):
        for each in part.powers:
            yield Finding(
                f"This container {each.what}",
                path=path,
                line=each.line,
                kind=each.kind,
                severity=Severity.LOW if each.kind == "root" else Severity.MEDIUM,
                confidence=Confidence.HIGH,
                blocking=False,
                source=each.kind,
            )
