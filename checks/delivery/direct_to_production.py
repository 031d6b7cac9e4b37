"""
A push to the main branch goes straight to production.

Where every push to the main branch is deployed and nothing stands between, neither a test that could fail nor a person
who says yes, whatever an AI builder last wrote is in front of users a minute later. That is convenient until the first
push that breaks sign-in on a Friday evening.

A workflow that deploys on a push holds the app back where no tests run before it, in its own jobs or on pull requests,
and it goes through no environment that could ask for approval. A web host that deploys each push by itself is told as
advice: whether it does is set at the host.

## How to fix

Let the deploying job wait for the job that runs the tests, and for a person: `needs: test`, and `environment:
production` with a required reviewer. With a web host, let pushes make previews, and promote to production by hand or
from a protected branch that only tested pull requests reach.

## Fix prompt

A push to the main branch of this app is deployed to production with nothing in between. Change the workflow so that the
deploying job has `needs:` on a job that installs the app, runs its tests and fails when one fails, and add
`environment: production` to it. Tell me which settings I must make at the code host: a required reviewer for that
environment and the tests as a required check of the main branch. Do not change what is deployed or where.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.delivery.deployments import Deployment, Deployments
from checks.facts.delivery.purposes import Purpose
from checks.facts.delivery.workflows import Workflows
from checks.model import Confidence, Finding, Outcome, Placement, Severity

_WAY = ".github/workflows/deploy.yml"
_PUSH = "on:\n  push:\n    branches: [main]\njobs:\n"
_TEST = "  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n"
_SHIP = (
    "  deploy:\n    runs-on: ubuntu-latest\n{more}    steps:\n      - uses: actions/checkout@v4\n      - run: {run}\n"
)


def _ship(run: str, more: str = "") -> str:
    """Return a job that deploys by *run*."""
    return _SHIP.format(run=run, more=more)


check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad({_WAY: _PUSH + _ship("flyctl deploy --remote-only")}, says="flyctl deploy", line=9),
        Bad(
            {
                _WAY: f"{_PUSH}  deploy:\n    steps:\n      - uses: appleboy/ssh-action@v1\n        with:\n"
                "          host: example.com\n          script: cd /srv/app && git pull && docker compose up -d\n"
            },
            says="appleboy/ssh-action",
            line=7,
        ),
        Bad(
            {_WAY: _PUSH + _TEST + _ship("vercel deploy --prod --token=$T")}, says="vercel deploy"
        ),  # beside, not before
        Bad({_WAY: _PUSH + _ship("npx firebase deploy", "    environment: production\n")}, says="unless"),  # advice
        Bad({"vercel.json": "{}"}, says="Vercel"),  # advice
        Good({"vercel.json": "{}", ".github/workflows/ci.yml": "on: pull_request\njobs:\n" + _TEST}),
        Good({_WAY: _PUSH + _TEST + _ship("flyctl deploy", "    needs: test\n")}),
        Good({_WAY: _PUSH + _ship("npm ci && npm test && flyctl deploy")}),
        Good({_WAY: "on:\n  release:\n    types: [published]\njobs:\n" + _ship("flyctl deploy")}),
        Good({_WAY: "on:\n  push:\n    tags: ['v*']\njobs:\n" + _ship("flyctl deploy")}),
        Good(
            {_WAY: _PUSH + _ship("flyctl deploy --config fly.staging.toml").replace("deploy:", "deploy-staging:", 1)},
            outcome=Outcome.NOT_APPLICABLE,
        ),
        Good({"app.py": "x = 1\n"}, outcome=Outcome.NOT_APPLICABLE),
        Good({_WAY: _PUSH + _TEST}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(deployments: Deployments, workflows: Workflows) -> Iterator[Finding]:
    """Ask of each way into production that a push starts what stands between."""
    ways = [(path, one) for path, several in deployments.by_path.items() for one in several if path.startswith(".")]
    if not ways and not deployments.hosts:
        raise NotApplicable("no file says how a push would come to production")
    # What a pull request had to pass before the merge was tested, if the branch is protected: that is no-review's.
    before = any(Purpose.TEST in pipeline.purposes and pipeline.on_pull_request for pipeline in workflows.pipelines)
    for path, one in ways:
        if one.on_push and not one.tested:
            yield _finding(path, one, tested_before=before)
    for path, host in () if before else deployments.hosts:
        yield Finding(
            f"{host} deploys each push to the main branch by itself, unless that is switched off there",
            path=path,
            line=1,
            severity=Severity.LOW,
            confidence=Confidence.MEDIUM,
            blocking=False,
            identity=f"host {host}",
        )


def _finding(path: str, one: Deployment, *, tested_before: bool) -> Finding:
    said = f"a push to the main branch goes to production by {one.how}, and no tests run before"
    if one.approved:
        said += ", unless its environment asks a person"
    elif tested_before:
        said += " but for those on pull requests, which a push can go around"
    else:
        said += " and nobody is asked"
    sure = not one.approved and not tested_before
    return Finding(
        said,
        path=path,
        line=one.line,
        severity=None if sure else Severity.LOW,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        blocking=sure,
        identity=f"push {one.how}",
    )
